"""Whatever is killed: nothing kept is lost, no worker outlives its driver, and the sweep goes on to the same store."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from sweep import toys
from sweep.toys import study

import abm
from abm.sweep import engines
from abm.sweep.collect import collected
from abm.sweep.engines import Engine
from abm.sweep.files import study_of
from abm.sweep.manifest import made, opened
from abm.sweep.running import go_on, run_study


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return toys.file(tmp_path_factory.mktemp("study") / "study.toml", "slow", points=12, seeds=2)


def driver(file, folder, *more):
    """A driver in a process group of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "abm", "sweep", str(file), "--store", str(folder), "--part", "3", "--workers", "2", *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


def workers(folder):
    """Processes that do runs of a store."""
    found = []
    for one in psutil.process_iter(["cmdline"]):
        line = one.info["cmdline"] or []
        if "abm.sweep.guarded" in line and str(folder) in line:
            found.append(one)
    return found


def wait_until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def some_parts(folder):
    return len(list(folder.glob("parts/*"))) >= 2


@pytest.fixture(scope="module")
def content(file, tmp_path_factory):
    """The bytes of an uninterrupted sweep."""
    folder = tmp_path_factory.mktemp("whole") / "store"
    assert driver(file, folder).wait() == 0
    return bytes_of(folder)


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}


@pytest.mark.parametrize("by", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_a_killed_driver_leaves_no_worker_and_the_sweep_goes_on(file, tmp_path, content, by):
    folder = tmp_path / "store"
    process = driver(file, folder)
    wait_until(lambda: some_parts(folder))
    if by == "SIGINT":
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: to all of them
    else:
        process.send_signal(getattr(signal, by))
    _, told = process.communicate(timeout=30)
    wait_until(lambda: not workers(folder), 10)
    kept = bytes_of(folder)
    assert 2 <= len(kept) < len(content) and kept.items() <= content.items()
    if by == "SIGINT":
        assert process.returncode == 130
        assert "of 24 runs are done" in told and "goes on" in told and "Traceback" not in told
    process = driver(file, folder)
    assert process.wait() == 0
    assert bytes_of(folder) == content


def test_a_run_that_lets_nothing_else_work_ends_with_its_driver_too(tmp_path):
    folder = tmp_path / "store"
    process = driver(toys.file(tmp_path / "study.toml", "deaf", points=12), folder)
    wait_until(lambda: len(workers(folder)) == 4)  # each with its child
    process.kill()
    wait_until(lambda: not workers(folder), 10)


def test_a_killed_worker_is_no_failure_of_its_run(file, tmp_path, content):
    folder = tmp_path / "store"
    process = driver(file, folder)
    wait_until(lambda: some_parts(folder))
    for one in workers(folder):
        one.kill()
    assert process.wait() == 0
    assert bytes_of(folder) == content


@pytest.mark.parametrize(("function", "words"), [
    ("failing", "ValueError: nothing beyond a half"),
    ("hanging", "TimeoutError: the run took more than 1 seconds"),
    ("dying", "ended 2 times, the last time with exit code 7"),
])  # fmt: skip
def test_a_run_that_raises_hangs_or_dies_is_a_recorded_failure(tmp_path, function, words):
    asked = study_of(study(function, points=16, seeds=1, timeout=1.0))
    run_study(asked, tmp_path / "store", engines.local(2), runs_per_part=5)
    table = opened(tmp_path / "store").table().to_pandas()
    bad = table["x"] > (0.5 if function == "failing" else 0.9)
    assert bad.any() and table["error"].notna().tolist() == bad.tolist()
    assert table.loc[bad, "z"].isna().all() and table.loc[~bad, "z"].notna().all()
    assert table.loc[bad, "error"].str.contains(words).all()
    assert ("Traceback" in table.loc[bad, "error"].iloc[0]) == (function == "failing")
    store = opened(tmp_path / "store")
    assert sum(map(len, store.failures(store.kept()).values())) == bad.sum()


def test_a_child_that_a_hanging_run_has_started_ends_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("ABM_TEST_CHILD", str(tmp_path / "child"))
    asked = study_of(study("leaving", points=16, seeds=1, timeout=1.0))
    began = time.monotonic()
    run_study(asked, tmp_path / "store", engines.local(1), runs_per_part=16)
    assert time.monotonic() - began < 60  # the child would hold the way of the answers for ever
    child = int((tmp_path / "child").read_text())
    wait_until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE, 10)
    table = opened(tmp_path / "store").table().to_pandas()
    assert table["error"].notna().tolist() == (table["x"] > 0.9).tolist()


def test_failures_are_tried_again_when_asked_and_the_rest_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("ABM_TEST_MENDED", str(tmp_path / "mended"))
    asked = study_of(study("mended", points=16, seeds=1))
    told = []
    run_study(asked, tmp_path / "store", engines.local(1), told.append, 5)
    assert (told[-1].done, told[-1].left) == (16, 0) and told[-1].failed > 4
    (tmp_path / "mended").touch()
    run_study(asked, tmp_path / "store", engines.local(1), told.append)
    assert told[-1].failed > 4  # not unless asked
    run_study(asked, tmp_path / "store", engines.local(1), told.append, again=True)
    assert (told[-1].done, told[-1].failed) == (16, 0)
    table = opened(tmp_path / "store").table().to_pandas()
    assert table["z"].notna().all() and table["run"].tolist() == list(range(16))


def test_a_longer_timeout_mends_what_took_too_long(tmp_path):
    for timeout, failed in ((0.05, 6), (30.0, 0)):
        told = []
        asked = study_of(study("slow", points=6, seeds=1, timeout=timeout))
        run_study(asked, tmp_path / "store", engines.local(2), told.append, 3, again=True)
        assert (told[-1].done, told[-1].failed) == (6, failed)


def test_another_study_in_a_folder_that_was_emptied_is_run_as_it_is(tmp_path):
    """Threads of a cluster's worker outlive a sweep, and its store."""
    with ThreadPoolExecutor(1) as pool:
        for high in (1.0, 100.0):
            factors = {"x": {"low": high / 2, "high": high}, "y": {"low": -1.0, "high": 1.0}}
            asked = study_of(study("linear", points=4, seeds=1) | {"factors": factors})
            run_study(asked, tmp_path / "store", contextlib.nullcontext(Engine(pool, lambda: 1)), None, 2)
            found = opened(tmp_path / "store").table().to_pandas()["x"]
            assert len(found) == 4 and found.between(high / 2, high).all()
            shutil.rmtree(tmp_path / "store")


def test_a_worker_that_cannot_start_ends_the_sweep_in_words_and_no_run_has_failed(tmp_path):
    store = made(study_of(study("linear", points=4)), tmp_path / "store", 2)
    text = (store.folder / "manifest.json").read_text()
    (store.folder / "manifest.json").write_text(text.replace("sweep.toys:linear", "nowhere:linear"))
    with pytest.raises(abm.InputError, match=r"cannot start.*nowhere"), engines.local(1) as here:
        go_on(opened(store.folder), here, lambda now: None)
    assert not list((store.folder / "parts").iterdir())


def test_what_runs_print_does_not_stand_among_the_answers(tmp_path):
    run_study(study_of(study("talkative", points=8)), tmp_path / "store", engines.local(1), runs_per_part=4)
    table = opened(tmp_path / "store").table().to_pandas()
    assert table["error"].isna().all() and table["z"].notna().all()


def test_the_size_of_parts_and_the_number_of_workers_change_nothing(tmp_path):
    asked, found = study_of(study("linear", points=30)), set()
    for workers_, part in ((1, 60), (2, 7), (3, 1)):
        run_study(asked, tmp_path / str(part), engines.local(workers_), runs_per_part=part)
        path, rows = collected(opened(tmp_path / str(part)))
        found.add(path.read_bytes())
        assert rows == 60
    assert len(found) == 1


def test_a_stopped_sweep_in_this_process_ends_its_workers(tmp_path):
    class EnoughError(Exception):
        pass

    def enough(now):
        if now.done >= 3:
            raise EnoughError

    threads = threading.active_count()
    with pytest.raises(EnoughError):
        run_study(study_of(study("slow")), tmp_path / "store", engines.local(2), enough, 5)
    wait_until(lambda: not workers((tmp_path / "store").resolve()), 5)
    wait_until(lambda: threading.active_count() <= threads, 5)
