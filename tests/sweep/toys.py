"""Functions that stand in for the model, so that sweeps can be tested by the second."""

import ctypes
import os
import signal
import time
from pathlib import Path

from abm.rng import name_key

FACTORS = {"x": {"low": 0.0, "high": 1.0}, "y": {"low": -1.0, "high": 1.0}}


def study(function, points=40, seeds=2, **more):
    """A study of a function of this file as plain values, as they stand in a file."""
    return {
        "name": function, "function": f"sweep.toys:{function}", "seeds": seeds, "factors": FACTORS,
        "design": {"method": "sobol", "points": points}, "indicators": {"z": ""}, **more,
    }  # fmt: skip


def file(path, function, points, seeds=1, more=""):
    """The same as a file."""
    path.write_text(f"""
function = "sweep.toys:{function}"
seeds = {seeds}
design = {{ method = "sobol", points = {points} }}
{more}
[factors]
x = {{ low = 0, high = 1 }}
y = {{ low = -1, high = 1 }}
[indicators]
z = ""
""")
    return path


def linear(values, seed):
    return {"z": 3 * values["x"] + values["y"] + 1e-3 * (seed + int(name_key(seed, "noise")) % 7)}


def talkative(values, seed):
    print("a line that is no answer", flush=True)
    return linear(values, seed)


def slow(values, seed):
    time.sleep(0.2)
    return linear(values, seed)


def twentieth(values, seed):
    end = time.perf_counter() + 0.02
    while time.perf_counter() < end:
        pass
    return linear(values, seed)


def failing(values, seed):
    if values["x"] > 0.5:
        raise ValueError(f"nothing beyond a half, seed {seed}")
    return linear(values, seed)


def hanging(values, seed):
    while values["x"] > 0.9:
        signal.pause()
    return linear(values, seed)


def deaf(values, seed):
    """Sleeps without letting any other thread of its process work, beside a child that does the same."""
    if values["x"] > 0.2:
        os.fork()
        ctypes.PyDLL(None).sleep(600)
    return linear(values, seed)


def leaving(values, seed):
    """Hangs with a child of its own, whose number it leaves in a file."""
    if values["x"] > 0.9:
        child = os.fork()
        if child:
            Path(os.environ["ABM_TEST_CHILD"]).write_text(str(child))
        while True:
            signal.pause()
    return linear(values, seed)


def dying(values, seed):
    if values["x"] > 0.9:
        os._exit(7)
    return linear(values, seed)


def mended(values, seed):
    """Fails until a file is there."""
    if values["x"] > 0.5 and not Path(os.environ["ABM_TEST_MENDED"]).exists():
        raise ValueError("not yet")
    return linear(values, seed)


def counted(values, seed):
    """Leaves a mark for each time that a point is run."""
    with Path(os.environ["ABM_TEST_COUNT"]).open("a") as file:
        file.write(f"{values['x']!r} {seed}\n")
    return linear(values, seed)
