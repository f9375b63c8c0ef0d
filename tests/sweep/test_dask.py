"""Dask: the same store as on this machine, whichever of its processes is killed."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import psutil
import pytest
from sweep.toys import study

import abm
from abm.sweep import engines
from abm.sweep.files import study_of
from abm.sweep.running import run_study

SLOW = study_of(study("slow", points=12))


@contextmanager
def cluster(folder, workers=2):
    """A scheduler and workers as anybody starts them; yields the scheduler file and the processes, the scheduler first."""
    file = folder / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def start(*words):
        command = [sys.executable, "-m", "distributed.cli." + words[0], "--scheduler-file", str(file), *words[1:]]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment, cwd=folder)

    processes = [start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        while not file.exists():
            time.sleep(0.1)
        more = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "10")
        processes += [start("dask_worker", "--host", "127.0.0.1", *more) for _ in range(workers)]
        yield str(file), processes
    finally:
        for one in processes:
            one.kill()
            one.wait()


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("local") / "store"
    run_study(SLOW, folder, engines.local(2), runs_per_part=3)
    return bytes_of(folder)


def when_some_are_kept(folder, do):
    def wait():
        while len(list(folder.glob("parts/*"))) < 2:
            time.sleep(0.05)
        do()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_the_same_store_though_a_worker_is_killed_and_no_run_outlives_it(tmp_path, content):
    folder = tmp_path / "store"
    with cluster(tmp_path) as (file, processes):
        children = []

        def kill():
            children.extend(psutil.Process(processes[1].pid).children())
            processes[1].kill()

        killed = when_some_are_kept(folder, kill)
        told = []
        run_study(SLOW, folder, engines.dask(file), told.append, 3)
        killed.join()
        assert (told[-1].done, told[-1].failed, told[-1].left) == (24, 0, 0)
        assert children and psutil.wait_procs(children, 5)[1] == []
    assert bytes_of(folder) == content


@pytest.mark.slurm
def test_a_lost_scheduler_ends_the_driver_in_words_and_it_goes_on_elsewhere(tmp_path, content):
    folder = tmp_path / "store"
    with cluster(tmp_path) as (file, processes):
        when_some_are_kept(folder, processes[0].kill)
        with pytest.raises(abm.InputError, match=r"has been lost.*same command"):
            run_study(SLOW, folder, engines.dask(file), None, 3)
    assert 2 <= len(bytes_of(folder)) < len(content)
    run_study(SLOW, folder, engines.local(2))
    assert bytes_of(folder) == content


def test_what_is_not_there_is_said_in_words(tmp_path):
    for address, words in ((str(tmp_path / "none.json"), "is not there"), ("tcp://127.0.0.1:9", "cannot be reached")):
        with pytest.raises(abm.InputError, match=words), engines.dask(address):
            pass
