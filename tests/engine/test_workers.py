"""Processes beside this one end with it, even if it is killed, and leave an interrupt to it."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

DRIVER = """
import os, time
from abm.workers import in_worker, pool

if __name__ == "__main__":
    processes = pool(1, background=True)
    print(processes.submit(os.getpid).result(), processes.submit(in_worker).result(), in_worker(), flush=True)
    processes.submit(time.sleep, 600)
    time.sleep(600)
"""


@pytest.fixture
def driver(tmp_path):
    path = tmp_path / "driver.py"
    path.write_text(DRIVER)
    started = subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE, text=True)
    yield started
    started.kill()
    started.wait()


def runs(process):
    """Whether a process is there and no zombie."""
    try:
        return psutil.Process(int(process)).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_worker_ends_with_a_driver_that_is_killed_and_not_by_an_interrupt(driver):
    worker, inside, outside = driver.stdout.readline().split()
    assert (inside, outside) == ("True", "False") and runs(worker)
    os.kill(int(worker), signal.SIGINT)
    time.sleep(0.5)
    assert runs(worker), "who gave the jobs decides what an interrupt means"
    driver.kill()
    driver.wait()
    end = time.monotonic() + 10
    while runs(worker):
        assert time.monotonic() < end, "the worker outlives its driver"
        time.sleep(0.05)
