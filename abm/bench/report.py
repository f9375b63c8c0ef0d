"""All measurements in one table, as data and as a page of the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from abm.bench import limits
from abm.bench.quarters import nanoseconds, quarter_times, world_in_the_middle
from abm.bench.runs import run_apart, start_time
from abm.bench.stages import STAGES, stage_times
from abm.bench.steps import Line, shortest_time
from abm.quantities import InputError
from abm.scenario.parameters import Interaction
from abm.world.memory import check_memory

PACKAGES = ("numba", "numpy", "mesa", "xarray")
Say = Callable[[str], None]


@dataclass
class Report:
    """What was measured.

    Attributes:
        quick: Whether the large worlds and the cold start were left out.
        machine: Machine and versions, by name.
        firms: Firms of the side-by-side timing.
        ways: Nanoseconds per firm-quarter of each way to compute a quarter.
        threads: Threads of the second timing.
        limits: What the machine can do at best, by name with unit.
        account: What a firm-quarter needs at best, line by line.
        stages: Nanoseconds per firm-quarter of the kernel's stages on one thread, by name.
        runs: Whole runs, one mapping each.
        scaling: Nanoseconds per firm-quarter of the kernel by number of firms.
        starts: Seconds of a short process, warm and cold.
    """

    quick: bool
    machine: dict[str, str] = field(default_factory=dict)
    firms: int = 0
    ways: dict[str, float] = field(default_factory=dict)
    threads: int = 1
    limits: dict[str, float] = field(default_factory=dict)
    account: list[Line] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    scaling: dict[int, float] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values."""
        parallel = self.ways.get(f"kernel on {self.threads} threads", self.ways["kernel"])
        mesa = self.ways.get("mesa")
        run = next(r for r in self.runs if r["firms"] == 20_000)
        return {
            "machine": self.machine,
            "firms": self.firms,
            "threads": self.threads,
            "kernel_ns": parallel,
            "kernel_one_thread_ns": self.ways["kernel"],
            "numpy_ns": self.ways["numpy"],
            "mesa_ns": mesa,
            "numpy_over_kernel": self.ways["numpy"] / parallel,
            "mesa_over_kernel": mesa / parallel if mesa else None,
            "threads_speedup": self.ways["kernel"] / parallel,
            "ms_20k_firms_52_quarters": 1e3 * run["seconds"],
            "limits": self.limits,
            "least_ns_one_thread": sum(line.total for line in self.account),
            "stage_ns": self.stages,
            "runs": self.runs,
            "kernel_ns_by_firms": {str(n): ns for n, ns in self.scaling.items()},
            "start_seconds": self.starts,
        }


def measure(quick: bool, largest: int, say: Say) -> Report:
    """Measure everything.

    Args:
        quick: Leave out the worlds above a million firms, the stages and the cold start.
        largest: Firms of the largest whole run of the full measurement.
        say: Told what is being measured.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    report = Report(quick, _machine(cores), threads=min(2, cores), firms=1_000_000)
    say("the limits of the machine")
    arithmetic = limits.arithmetic()
    report.limits = {f"{name}, ns": ns for name, ns in arithmetic.items()}
    one = limits.bandwidth(1, 256)
    report.limits |= {"memory in order, 1 thread, GB/s": one}
    report.limits |= {f"memory in order, {cores} threads, GB/s": limits.bandwidth(cores, 256)}
    report.limits[f"hashes, {report.threads} threads over one"] = limits.speedup(report.threads)
    reads = {name: limits.random_read(megabytes) for name, megabytes in (("16 KB", 1 / 64), ("1 MB", 1), ("64 MB", 64))}
    report.limits |= {f"random read in {name}, ns": ns for name, ns in reads.items()}
    say("one quarter, side by side")
    # The twin's objects of a million firms would need some GB: its cost per firm is that at 100,000.
    rounds, small = 3 if quick else 5, 100_000
    for firms, twin in ((small, True), (report.firms, False)):
        taken = quarter_times(firms, rounds, report.threads, numpy=not twin, twin=twin)
        report.ways |= {way: nanoseconds(times, firms) for way, times in taken.items()}
    report.account = shortest_time(world_in_the_middle(small), arithmetic, (reads["16 KB"], reads["1 MB"]), one)
    if not quick:
        say("the stages of the kernel")
        report.stages = stage_times(report.firms)
    for firms in [10_000, small] if quick else [10_000, small, report.firms, 10_000_000, largest]:
        say(f"the kernel at {firms:,} firms")
        times = quarter_times(firms, 3, 1, numpy=False, twin=False)["kernel"]
        report.scaling[firms] = nanoseconds(times, firms)
    report.scaling.setdefault(report.firms, report.ways["kernel"])
    runs = [(10_000, 52, 5), (20_000, 52, 7)] if quick else [(10_000, 52, 5), (20_000, 52, 15), (1_000_000, 52, 3)]
    if not quick:
        runs += [(largest, 32, 1), (largest, 52, 1)]
        with suppress(InputError):  # if the memory holds them
            check_memory(10 * largest, Interaction())
            runs += [(10 * largest, 8, 1)]
    for firms, quarters, repeats in runs:
        say(f"a whole run of {firms:,} firms and {quarters} quarters")
        done = run_apart(firms, quarters, repeats)
        report.runs.append({"firms": firms, "quarters": quarters, **done, "seconds": median(done["seconds"])})
    say("the start of a short run")
    report.starts = {"warm": median(start_time(cold=False) for _ in range(3))}
    if not quick:
        report.starts["cold"] = start_time(cold=True)
    return report


def _machine(cores: int) -> dict[str, str]:
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] if (
        info.is_file()
    ) else []  # fmt: skip
    return {
        "processor": f"{names[0] if names else platform.processor() or platform.machine()}, {cores} cores",
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def lines_of(report: Report) -> list[tuple[str, list[str], list[list[str]]]]:
    """The report as titled tables: title, column names, rows of text."""
    best, told = min(report.ways[way] for way in report.ways if way.startswith("kernel")), report.as_dict()
    ways = [[way, f"{ns:,.1f}", f"{ns / best:,.1f}"] for way, ns in report.ways.items()]
    whole = [
        [
            f"{run['firms']:,}", str(run["quarters"]), f"{run['seconds']:,.3f}", f"{run['birth']:,.3f}",
            f"{run['peak_mib']:,.0f}", f"{run['peak_mib'] - run['idle_mib']:,.0f}",
        ]
        for run in report.runs
    ]  # fmt: skip
    least = told["least_ns_one_thread"]
    account = [
        [line.what, line.stage, f"{line.count:.2f}", f"{line.cost:.2f}", f"{line.total:.1f}"] for line in report.account
    ]
    account += [
        ["together, at best", "", "", "", f"{least:.1f}"],
        ["the kernel on one thread", "", "", "", f"{told['kernel_one_thread_ns']:.1f}"],
        ["the kernel over the best", "", "", "", f"{told['kernel_one_thread_ns'] / least:.2f}"],
    ]
    best_of = {stage: sum(line.total for line in report.account if line.stage == stage) for stage in STAGES}
    stages = [
        [stage, f"{best_of[stage]:.1f}", f"{ns:.1f}", f"{ns - best_of[stage]:.1f}", STAGES[stage]]
        for stage, ns in report.stages.items()
    ]
    smallest = min(report.scaling.values())
    return [
        (
            f"One quarter of decisions, {report.firms:,} firms (Mesa: 100,000), nanoseconds per firm-quarter",
            ["way", "ns", "over the fastest"], ways,
        ),
        ("Whole runs: birth, quarters (and 8 of warm-up), indicators",
         ["firms", "quarters", "seconds", "of which birth", "peak MiB", "above an idle process"], whole),
        ("The kernel as the number of firms grows, one thread", ["firms", "ns per firm-quarter", "over the least"],
         [[f"{n:,}", f"{ns:.1f}", f"{ns / smallest:.2f}"] for n, ns in report.scaling.items()]),
        ("Limits of this machine", ["limit", "value"], [[name, f"{x:.2f}"] for name, x in report.limits.items()]),
        ("What a firm-quarter needs at best", ["line", "stage", "times", "ns each", "ns"], account),
        *([("The kernel's stages, one thread, nanoseconds per firm-quarter",
            ["stage", "at best", "measured", "gap", "what the gap holds"], stages)] if stages else []),
        ("Start of a process that runs 1,000 firms for a quarter", ["start", "seconds"],
         [[name, f"{x:.2f}"] for name, x in report.starts.items()]),
    ]  # fmt: skip


def as_markdown(report: Report, day: str) -> str:
    """The report as a page.

    Args:
        report: The measurements.
        day: Date of the measurements.
    """
    told = report.as_dict()
    speed = f"{told['mesa_over_kernel']:,.0f}" if told["mesa_over_kernel"] else "an unknown number of"
    page = [
        "# Performance", "",
        f"Measured on {day} by `make bench` in one process family: " + ", ".join(
            f"{name} {value}" for name, value in report.machine.items()) + ". Ratios hold better than times: the machine may"
        " have been busy. Each figure is the median of several turns, the ways taking turns.", "",
        f"On {report.threads} threads the kernel needs {told['kernel_ns']:.1f} ns per firm-quarter: "
        f"{told['numpy_over_kernel']:.1f} times faster than the NumPy reference and {speed} times faster than the same "
        f"quarter with one Mesa agent per firm; {report.threads} threads are {told['threads_speedup']:.2f} times as fast as "
        "one.", "",
    ]  # fmt: skip
    for title, columns, rows in lines_of(report):
        page += [f"## {title}", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        page += ["| " + " | ".join(row) + " |" for row in rows] + [""]
    return "\n".join(page)
