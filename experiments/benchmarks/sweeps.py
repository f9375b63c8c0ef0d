"""What sweeps cost: measured on this machine, the ways taking turns where they are compared.

`make sweep-bench`, or `python experiments/benchmarks/sweeps.py [--runs 2000]`. Prints JSON; docs/sweeps.md quotes it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import mesa
from mesa_twin import Twin, decisions

from abm.model import market_of
from abm.scenario.scenario import Scenario
from abm.simulation import simulate, warm_up
from abm.sweep import engines, running
from abm.sweep.files import study_of
from abm.sweep.manifest import made, opened
from abm.sweep.running import go_on, run_study
from abm.sweep.study import Study

FIRMS, CORES = 20_000, 2
SPENT = 0.02  # seconds of a run of `spend`


def spend(values: dict[str, Any], seed: int) -> dict[str, float]:
    """A run of 20 ms of work."""
    end = time.perf_counter() + SPENT
    while time.perf_counter() < end:
        pass
    return {"z": values["x"]}


def toy(points: int, function: str = "sweeps:spend") -> Study:
    """A study of a function of this file."""
    return study_of({
        "function": function, "design": {"method": "sobol", "points": points}, "indicators": {"z": ""},
        "factors": {name: {"low": 0.0, "high": 1.0} for name in ("x", "y", "u", "v")},
    })  # fmt: skip


def of_the_model(points: int, firms: int = FIRMS) -> Study:
    """A study of the model over draws, as most are."""
    return study_of({
        "firms": firms, "design": {"method": "sobol", "points": points},
        "factors": {"draw": {}, "subsidy": {"low": 0.0, "high": 0.5, "region": "china"}},
        "indicators": {"adoption": "penetration(china, people)", "open": "open_share(world, tokens)"},
    })  # fmt: skip


class TwinRun(Twin):
    """A whole run of the Mesa twin, as `mesa.batch_run` makes it: born here, a quarter each step.

    The world's other verbs are the package's own, and its firms' decisions are made a second time by the compiled kernel,
    which adds some hundredths to the time of the twin.
    """

    def __init__(self, firms: int, rng: int = 1) -> None:
        scenario = Scenario.load("baseline")
        world = market_of(scenario, firms, rng, "compiled", 1).world
        super().__init__(world, rng)
        self.left = len(scenario.quarters) + scenario.parameters.population.warm_up
        self.lived = decisions(world, self.left)
        self.datacollector = mesa.DataCollector(model_reporters={"users": lambda model: sum(model.users)})
        self.users = [0.0]

    def step(self) -> None:
        """A quarter."""
        conditions = next(self.lived)
        self.users = [float(self.quarter(conditions)[..., 1:, 0].sum())]
        self.left -= 1
        self.running = self.left > 0
        self.datacollector.collect(self)

    def quarter(self, conditions: Any) -> Any:
        """A quarter of the firms alone: a step of this model is more than a step of its firms."""
        step, self.step = self.step, lambda: Twin.step(self)
        try:
            return super().quarter(conditions)
        finally:
            self.step = step


def alone(runs: int) -> float:
    """Runs per second of as many processes as there are cores that do nothing but run the model."""
    code = "import sys, time; from sweeps import model_runs; print(model_runs(int(sys.argv[1])))"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(runs)], stdout=subprocess.PIPE, text=True,
                         env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        for _ in range(CORES)
    ]  # fmt: skip
    return sum(runs / float(one.communicate()[0]) for one in started)


def model_runs(runs: int) -> float:
    """Seconds of runs one after the other, in this process."""
    warm_up()
    study = of_the_model(max(runs, 2))
    worlds = [study.world(study.values(point)) for point in range(runs)]
    simulate(worlds[0], FIRMS, threads=1)
    began = time.perf_counter()
    for world in worlds:
        record = simulate(world, FIRMS, threads=1)
        for one in study.indicators.values():
            one.of(record, list(study.quarters))
    return time.perf_counter() - began


def swept(study: Study, folder: Path, part: int = 0) -> float:
    """Seconds of a sweep at the pace from its first tenth to its last, without the loading of its processes and its tail."""
    marks: list[tuple[float, int]] = []

    def mark(now: running.Progress) -> None:
        if 0.1 <= now.done / study.runs <= 0.9:
            marks.append((time.perf_counter(), now.done))

    run_study(study, folder, engines.local(CORES), mark, part)
    (began, first), (ended, last) = marks[0], marks[-1]
    return (ended - began) * study.runs / (last - first)


def throughput(runs: int) -> dict[str, float]:
    """Runs per second of sweeps, start and end included, against two processes that do nothing else, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        ideal = [alone(40)]
        shares, rates, paces, pieces = [], [], [], 4
        for piece in range(pieces):
            study, began = of_the_model(runs // pieces), time.perf_counter()
            pace = study.runs / swept(study, Path(folder) / str(piece))
            rates.append(study.runs / (time.perf_counter() - began))
            ideal.append(alone(40))
            shares.append(rates[-1] / ((ideal[-1] + ideal[-2]) / 2))
            paces.append(pace / ((ideal[-1] + ideal[-2]) / 2))
    return {"runs": runs, "sweeps": pieces, "firms": FIRMS, "runs_per_second": median(rates), "ideal": median(ideal),
            "share_of_ideal": median(shares), "least_share": min(shares), "share_at_pace": median(paces)}  # fmt: skip


def overhead(runs: int = 1000) -> dict[str, float]:
    """What a sweep adds to runs of 20 ms."""
    with tempfile.TemporaryDirectory() as folder:
        taken = [swept(toy(runs), Path(folder) / str(turn)) for turn in range(3)]
    return {"runs": runs, "share_added": median(taken) / (runs * SPENT / CORES) - 1}


def against_mesa(turns: int = 5, mesa_runs: int = 4) -> dict[str, float]:
    """Runs per second against `mesa.batch_run` on the twin, with as many processes and firms."""
    ours, theirs = [], []
    for _ in range(turns):
        began = time.perf_counter()
        mesa.batch_run(TwinRun, {"firms": FIRMS}, number_processes=CORES, rng=list(range(mesa_runs)),
                       display_progress=False)  # fmt: skip
        theirs.append(mesa_runs / (time.perf_counter() - began))
        with tempfile.TemporaryDirectory() as folder:
            study = of_the_model(160)
            ours.append(study.runs / swept(study, Path(folder) / "store", 5))
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return {"firms": FIRMS, "ours": median(ours), "mesa": median(theirs), "ratio": median(ratios), "least": min(ratios)}


def opening(rows: int = 100_000) -> dict[str, float]:
    """A store of many rows: opened, read and plotted."""
    from matplotlib.figure import Figure

    with tempfile.TemporaryDirectory() as folder:
        store = made(toy(rows), folder, 1000)
        for part in range(store.parts):
            store.keep(part, [row for run in store.runs_of(part) for row in store.study.failed(run, "")])
        began = time.perf_counter()
        table = opened(folder).table().to_pandas()
        figure = Figure()
        figure.subplots().hexbin(table["x"], table["y"], table["u"])
        figure.savefig(Path(folder) / "plot.png")
        return {"rows": len(table), "seconds": time.perf_counter() - began}


def saturation(seconds: float = 0.5) -> list[dict[str, float]]:
    """Parts per second that one driver hands out to virtual workers whose parts take half a second."""
    found, real = [], running.run_part

    def wait(folder: str, part: int, *_: Any) -> int:
        time.sleep(seconds)
        runs = f"runs-{part * size:09d}-{(part + 1) * size - 1:09d}"
        (Path(folder) / "parts" / f"{runs}-{0:016x}.parquet").touch()  # the driver looks whether it is there
        return 0

    running.run_part = wait
    try:
        for workers in (1, 10, 100, 300, 1000, 3000):
            with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
                store = made(toy(8 * workers), folder, 1)
                size = store.runs_per_part
                began, spent = time.perf_counter(), time.process_time()
                go_on(store, engines.Engine(pool, lambda count=workers: count), lambda now: None)
                took = time.perf_counter() - began
                found.append({"workers": workers, "parts_per_second": store.parts / took, "ideal": workers / seconds,
                              "busy": (time.process_time() - spent) / took})  # fmt: skip
    finally:
        running.run_part = real
    return found


def dask_saturation(seconds: float = 0.5, processes: int = 4) -> list[dict[str, float]]:
    """Tasks per second through Dask's own scheduler, whose workers' threads wait instead of working.

    Scheduler and workers are processes of their own, so that the time that the scheduler spends on a task is known.
    """
    import psutil
    from distributed import Client

    def started(program: str, *words: str) -> psutil.Popen:
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}", "--host", "127.0.0.1", "--no-dashboard"]
        return psutil.Popen([*command, *words], stderr=subprocess.DEVNULL)

    found = []
    for slots in (100, 400, 1000):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "scheduler.json"
            scheduler = started("scheduler", "--port", "0", "--scheduler-file", str(file))
            plain = ("--no-nanny", "--memory-limit", "0", "--nthreads", str(slots // processes))
            workers = [started("worker", "--scheduler-file", str(file), *plain) for _ in range(processes)]
            try:
                while not file.exists() and scheduler.poll() is None:
                    time.sleep(0.1)
                with Client(scheduler_file=str(file)) as client:
                    client.wait_for_workers(processes)
                    executor, tasks = client.get_executor(pure=False), 8 * slots
                    began, spent = time.perf_counter(), sum(scheduler.cpu_times()[:2])
                    for task in [executor.submit(time.sleep, seconds) for _ in range(tasks)]:
                        task.result()
                    took, spent = time.perf_counter() - began, sum(scheduler.cpu_times()[:2]) - spent
                    found.append({
                        "workers": slots, "tasks_per_second": tasks / took, "ideal": slots / seconds,
                        "scheduler_busy": spent / took, "scheduler_ms_per_task": 1000 * spent / tasks,
                    })  # fmt: skip
            finally:
                for one in (*workers, scheduler):
                    one.terminate()
                    one.wait()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    ways = {
        "overhead": overhead, "throughput": lambda: throughput(asked.runs), "against_mesa": against_mesa,
        "opening": opening, "saturation": saturation, "dask_saturation": dask_saturation,
    }  # fmt: skip
    for name, way in ways.items():
        if asked.only in ("", name):
            print(json.dumps({name: way()}), flush=True)
    print(json.dumps({
        "machine": platform.processor() or platform.machine(), "cores": os.cpu_count(), "python": platform.python_version(),
        **{name: version(name) for name in ("mesa", "numpy", "numba", "pyarrow")},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
