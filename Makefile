# Two commands do all the set-up: `make app` opens the page, `make test` runs every check.
SHELL := bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install app test slurm studies sweep-bench bench latency screenshots lessons verification calibration mutation lint format browser clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP)  ## create .venv with everything in it

# The first Python that really runs (a version manager's stand-in may exist and fail) and is new enough.
$(STAMP): pyproject.toml constraints.txt
	@rm -f $(STAMP)
	@for python in python3.13 python3.12 python3 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
	    found=$$python; break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.12 or newer (with venv) is needed; install it, for example with: pyenv install 3.13"; exit 1; fi; \
	echo "Building $(VENV) with $$($$found --version) ..."; \
	$$found -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@echo "Compiling the engine ..." && $(BIN)/python -c 'from abm.simulation import warm_up; warm_up()'
	@touch $(STAMP)

app: install  ## open the what-if page on 127.0.0.1
	$(BIN)/abm app

test: install browser lint  ## run every check that CI runs
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

slurm: install  ## run sweeps on a real Slurm, which it installs from Debian and starts here (5 minutes)
	$(BIN)/python -m pytest -m slurm tests/slurm tests/sweep

studies: install  ## run the studies of experiments/studies and write their answers (30 minutes on 2 cores)
	@$(BIN)/python experiments/studies/write.py

sweep-bench: install  ## time sweeps against what two cores can do, and against mesa.batch_run (20 minutes)
	@$(BIN)/python experiments/benchmarks/sweeps.py

bench: install  ## time the engine against NumPy, Mesa and the machine's limits (15 minutes, 6 GiB; 20 GiB more if free)
	$(BIN)/abm bench --write docs/performance.md

latency: install browser  ## time the page from lever to chart in Chromium (2 minutes)
	@$(BIN)/python experiments/page/latency.py

screenshots: install browser  ## picture each view of the page, light, dark and on a phone, into out/screenshots
	@$(BIN)/python experiments/page/screenshots.py

lessons: install  ## write the lessons' notebooks and hand-outs into docs/lessons (1 minute)
	$(BIN)/abm lesson --write docs/lessons --overwrite

verification: install  ## compare the model with its theorems, write docs/verification.md (5 minutes)
	$(BIN)/python -m pytest tests/theory tests/invariants tests/world tests/limits --claims out/claims.json
	$(BIN)/abm verify --write docs --tests out/claims.json

calibration: install  ## estimate the parameters, ship the posteriors, write docs/calibration.md (2 hours on 2 cores)
	@$(BIN)/python -c 'import sklearn, numpyro' 2>/dev/null || \
	  $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[calibration]'
	$(BIN)/abm calibrate --out out/calibration --write docs
	cp out/calibration/posterior_fit.csv out/calibration/posterior_all.csv abm/scenario/data/

mutation: install  ## change the code place by place: do the tests notice? (hours; SAMPLE=40 for 40 places a folder)
	@$(BIN)/python -c 'import cosmic_ray' 2>/dev/null || \
	  $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[mutation]'
	$(BIN)/python experiments/mutation/run.py $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(ONLY),--only '$(ONLY)')

lint: install  ## ruff, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install  ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The tests of the page drive Debian's Chromium.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the tests of the page ..."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
	  echo "No Chromium found: the tests of the page will be skipped. Install it with: sudo apt-get install chromium"; fi

clean:  ## remove what was built
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis out
