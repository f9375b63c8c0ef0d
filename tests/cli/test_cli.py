"""The command line as its user meets it: real processes, but for the many ways to ask for what cannot be."""

import json
import math
import subprocess
import sys

import pytest

from abm.cli import main

SHORT = ["--firms", "1500", "--end", "2024Q4"]


def run(*words, **more):
    return subprocess.run([sys.executable, "-m", "abm", *words], capture_output=True, text=True, check=False, **more)


@pytest.fixture(scope="module")
def told():
    done = run("run", "baseline", *SHORT, "--seed", "3", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_has_what_it_should(told):
    assert told["scenario"] == "baseline" and told["seed"] == 3 and told["firms"] == 1500
    assert told["quarters"][0] == "2023Q1" and told["quarters"][-1] == "2024Q4" and len(told["quarters"]) == 8
    assert told["penetration_population"] == "firms_10plus"
    for name in ("penetration", "open_share"):
        assert set(told[name]) >= {"world", "china", "european_union", "low_income"}
        assert all(len(series) == 8 for series in told[name].values())
        assert all(0 <= v <= 1 for series in told[name].values() for v in series if v is not None)
    assert told["open_share_weight"] == "firms"
    assert len(told["spending_hhi"]) == 8 and told["seconds"] > 0 and len(told["digest"]) == 12


def test_two_runs_with_one_seed_print_the_same(told):
    again = json.loads(run("run", "baseline", *SHORT, "--seed", "3", "--json").stdout)
    assert {k: v for k, v in again.items() if k != "seconds"} == {k: v for k, v in told.items() if k != "seconds"}


def test_table_and_files(tmp_path):
    out = tmp_path / "results"
    done = run("run", "ai_plus", *SHORT[:2], "--end", "2026Q1", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "european_union" in done.stdout and "sampled firms" in done.stdout
    assert {f.name for f in out.iterdir()} == {
        "record.nc", "cells.csv", "scenario.toml", "adoption.png", "open_share.png", "map.png", "vendors.png"
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == [out]
    again = run("run", "ai_plus", *SHORT[:2], "--end", "2026Q1", "--out", str(out))
    assert again.returncode == 2 and "not empty" in again.stderr


def test_overwrite_replaces_results_and_nothing_else(tmp_path):
    out, words = tmp_path / "results", ["run", "baseline", "--firms", "1000", "--end", "2023Q2", "--overwrite", "--out"]
    for _ in range(2):
        assert run(*words, str(out)).returncode == 0
    (out / "thesis.doc").write_text("years of work")
    done = run(*words, str(out))
    assert done.returncode == 2 and "thesis.doc" in done.stderr
    assert (out / "thesis.doc").read_text() == "years of work"
    assert list(tmp_path.iterdir()) == [out]


def test_compare_prints_intervals():
    words = ["compare", "baseline", "baseline", "--enact", "training:region=china,level=0.4,start=2023Q2"]
    done = run(*words, *SHORT, "--seeds", "3", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    rows = {(row["indicator"], row["region"]): row for row in told["indicators"]}
    china = rows["penetration", "china"]
    assert china["low"] <= china["difference"] <= china["high"]
    assert china["difference"] == pytest.approx(china["variant"] - china["base"])
    assert china["difference"] > 0 and "training 0.4 in china" in told["difference"][0]
    assert "sampling noise" in told["interval"]


def test_theory_tells_simulated_from_closed_form():
    words = ["theory", "limit_bass", "--set", "diffusion.innovation=0.02", "--set", "diffusion.imitation=0.5"]
    done = run(*words, "--firms", "20000", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    errors = [abs(a - b) for a, b in zip(told["simulated"], told["closed_form"], strict=True)]
    assert max(errors) == pytest.approx(told["max_error"]) and told["holds"]
    assert all(e <= t for e, t in zip(errors, told["tolerances"], strict=True)) and told["tolerance"] > 0
    # F' after one quarter: 1 - exp(-p / 4)
    assert told["closed_form"][0] == pytest.approx(1 - math.exp(-0.02 / 4))


BAD = [
    (["run", "nothing"], "'nothing'"),
    (["run", "baseline", "--firms", "10"], "10"),
    (["run", "baseline", "--firms", "abc"], "abc"),
    (["run", "baseline", "--seed", "-1"], "-1"),
    (["run", "baseline", "--set", "demand.price_elasticity=9"], "1.02 to 3"),
    (["run", "baseline", "--set", "choice.foo=1"], "choice.foo"),
    (["run", "baseline", "--set", "regions.china.wage=abc"], "'abc'"),
    (["run", "baseline", "--set", "nonsense"], "PATH=VALUE"),
    (["run", "baseline", "--enact", "subsidy:region=mars,level=0.1,start=2026Q1"], "'mars'"),
    (["run", "baseline", "--enact", "subsidy:region=china,level=2,start=2026Q1"], "0 to 0.9"),
    (["run", "baseline", "--enact", "training:level=0.1,start=2020Q1"], "2023Q1"),
    (["run", "baseline", "--enact", "levy:level=0.1,start=2026Q1"], "'levy'"),
    (["run", "baseline", "--start", "2021Q1"], "2021Q1"),
    (["run", "baseline", "--weight", "euros"], "'euros'"),
    (["run", "missing.toml"], "missing.toml"),
    (["run", "baseline", "--nope"], "--nope"),
    (["frobnicate"], "frobnicate"),
    (["compare", "baseline", "baseline"], "same scenario"),
    (["compare", "baseline", "ai_plus", "--quarter", "2050Q1"], "2050Q1"),
    (["app", "--port", "0"], "'0'"),
    (["compare", "baseline", "ai_plus", "--weight", "kilos"], "'kilos'"),
    (["theory", "limit_cournot"], "'limit_cournot'"),
    (["theory", "limit_bass", "--set", "diffusion.innovation=0"], "diffusion.innovation"),
    (["theory", "limit_bass", "--set", "offers.openai_flagship.capability=100"], "every firm wants"),
    (["theory", "limit_bass", "--set", "interaction.network=hashed"], "everyone"),
    (["theory", "limit_brock_durlauf", "--set", "choice.taste_renewal=0.5"], "choice.taste_renewal"),
    (["theory", "limit_arthur", "--set", "interaction.strength=0", "--json"], "interaction.strength"),
    (["theory", "limit_arthur", "--set", "interaction.strength=1"], "firms on average"),
    (["theory", "limit_arthur", "--set", "interaction.form=share"], "count"),
    (["theory", "limit_polya", "--set", "interaction.timing=synchronous"], "sequential"),
    (["theory", "limit_logit", "--set", "diffusion.innovation=0", "--json"], "diffusion.innovation"),
    (["theory", "limit_mean_field", "--set", "cost.entry_cost=10"], "cost.entry_cost"),
    (["verify", "--tests", "missing.json"], "missing.json"),
]


@pytest.mark.parametrize(("words", "named"), BAD, ids=lambda x: " ".join(x) if isinstance(x, list) else "")
def test_bad_input_gets_one_clear_line(words, named, tmp_path, monkeypatch, capfd):
    """In this process, as each of its own would take seconds to begin."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(words)
    told = capfd.readouterr()
    assert left.value.code == 2
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1, told.err
    assert named in told.err and "Traceback" not in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_process_ends_with_that_line_and_code(tmp_path):
    done = run("run", "baseline", "--firms", "abc", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("abm: firms = 'abc'")


def test_a_folder_that_cannot_be_is_refused_before_the_run(tmp_path):
    (tmp_path / "file").write_text("x")
    done = run("run", "baseline", "--out", str(tmp_path / "file" / "below"))
    assert done.returncode == 2 and "file" in done.stderr and len(done.stderr.splitlines()) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_unreadable_scenario_file(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_bytes(b"\xff\xfe\x00")
    done = run("run", str(path))
    assert done.returncode == 2 and "odd" in done.stderr


@pytest.mark.parametrize(
    "words", [["--version"], ["library"], ["parameters"], ["interventions"], ["cite"], ["--help"], []]
)
def test_catalogues(words):
    done = run(*words)
    assert done.returncode == 0 and done.stdout.strip() and done.stderr == ""


def test_show_prints_toml_that_runs(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(run("show", "ai_plus").stdout)
    digest = json.loads(run("run", str(path), *SHORT[:2], "--end", "2026Q1", "--json").stdout)["digest"]
    library = json.loads(run("run", "ai_plus", *SHORT[:2], "--end", "2026Q1", "--json").stdout)["digest"]
    assert digest == library


def test_a_closed_pipe_is_quiet():
    process = subprocess.Popen(
        [sys.executable, "-m", "abm", "parameters"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=60)
