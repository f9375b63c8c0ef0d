"""Whole runs, each in a process of its own so that its peak memory is its own: birth, quarters, indicators."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def run_once(firms: int, quarters: int, repeats: int = 1) -> dict[str, Any]:
    """Run the baseline and all indicators here, and say what it took.

    Args:
        firms: Number of firms.
        quarters: Recorded quarters.
        repeats: Runs after a first one that loads the engine.

    Returns:
        Seconds of each run and of the last run's birth, and the peak memory of the process, MiB.
    """
    from abm.model import market_of
    from abm.observe.indicators import INDICATORS
    from abm.quarters import quarter_name, quarter_number
    from abm.scenario.scenario import Scenario
    from abm.simulation import warm_up

    base = Scenario.load("baseline")
    scenario = base.replace(end=quarter_name(quarter_number(base.start) + quarters - 1))
    warm_up()
    idle = _peak()
    seconds, births = [], []
    for _ in range(repeats):
        began = time.perf_counter()
        market = market_of(scenario, firms, 1)
        births.append(time.perf_counter() - began)
        for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up):
            market.step()
        record = market.recorder.record(market.world)
        for name in INDICATORS:
            record.indicator(name, by="region" if name == "target_distance" else None)
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds, "birth": births[-1], "peak_mib": _peak(), "idle_mib": idle}


def _peak() -> float:
    """Largest memory of this process so far, MiB."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux: the figure of getrusage starts with what the parent process had
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def run_apart(firms: int, quarters: int, repeats: int = 1) -> dict[str, Any]:
    """The same in a new process."""
    code = (
        f"import json; from abm.bench.runs import run_once; print(json.dumps(run_once({firms}, {quarters}, {repeats})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def start_time(cold: bool) -> float:
    """Seconds of a whole process that runs 1,000 firms for one quarter.

    Args:
        cold: Start with an empty folder of machine code, so that the engine is compiled.
    """
    command = [sys.executable, "-m", "abm", "run", "baseline", "--firms", "1000", "--end", "2023Q1", "--json"]
    with tempfile.TemporaryDirectory() as empty:
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(Path(empty))} if cold else None
        began = time.perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=True)
        return time.perf_counter() - began
