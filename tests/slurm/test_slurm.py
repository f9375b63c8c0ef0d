"""The cluster path on a real Slurm (`make slurm`): the same store as on this machine, bit for bit, whatever is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sweep import toys

from abm.sweep import engines
from abm.sweep.files import ClusterFile, load_study
from abm.sweep.running import run_study

pytestmark = pytest.mark.slurm

MODEL = """
question = "Does a subsidy in China move adoption?"
seeds = 2
firms = 1000
quarters = ["2027Q4", "2030Q4"]
[design]
method = "sobol"
points = 10
[factors]
"demand.price_elasticity" = {}
subsidy = { low = 0.0, high = 0.5, region = "china" }
draw = {}
[indicators]
adoption = "penetration(china, people)"
open = "open_share(world, tokens)"
[cluster]
cores = 1
memory = "1GB"
walltime = "00:20:00"
jobs = 2
"""


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """A running Slurm of two nodes with a processor each; yields its folder."""
    folder, script = tmp_path_factory.mktemp("slurm"), Path(__file__).with_name("slurm.sh")
    subprocess.run([script, "start", folder, "2"], check=True, timeout=600)
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # jobs get the environment of who submits
    yield folder
    subprocess.run([script, "stop", folder], check=True)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "study.toml"
    path.write_text(MODEL)
    return path


@pytest.fixture(scope="module")
def content(file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("local") / "store"
    run_study(load_study(file), folder, engines.local(2), runs_per_part=3)
    return bytes_of(folder)


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}


def abm(*words):
    return subprocess.run(
        [sys.executable, "-m", "abm", "sweep", *map(str, words)], capture_output=True, text=True, check=True
    ).stdout


def left(folder):
    return json.loads(abm("status", folder, "--json"))["left"]


def queue():
    return subprocess.run(["squeue", "--noheader"], capture_output=True, text=True, check=True).stdout.strip()


def wait_until(true, seconds=300):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, queue()
        time.sleep(0.2)


def test_a_job_array_without_a_driver_gives_the_same_store(slurm, file, tmp_path, content):
    folder = tmp_path / "store"
    assert "2 tasks for 7 parts" in abm("submit", file, "--store", folder, "--part", 3)
    wait_until(lambda: not queue())
    assert left(folder) == 0, "\n".join(path.read_text() for path in (folder / "logs").iterdir())
    assert bytes_of(folder) == content


def test_dask_jobqueue_gives_the_same_store_and_leaves_no_job(slurm, file, tmp_path, content):
    folder = tmp_path / "store"
    abm(file, "--store", folder, "--part", 3, "--engine", "slurm")
    assert bytes_of(folder) == content
    wait_until(lambda: not queue(), 60)


def test_a_dask_cluster_started_by_hand_in_slurm_gives_the_same_store(slurm, file, tmp_path, content):
    folder, scheduler = tmp_path / "store", tmp_path / "scheduler.json"
    beside = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--scheduler-file", scheduler, "--port", "0"],
        stderr=subprocess.DEVNULL, cwd=tmp_path,
    )  # fmt: skip
    wait_until(scheduler.exists, 60)
    worker = f"{sys.executable} -m distributed.cli.dask_worker --scheduler-file {scheduler} --nthreads 1"
    job = ["sbatch", "--ntasks=2", "--output", str(tmp_path / "job.log"), "--wrap", f"srun {worker}"]
    subprocess.run(job, check=True, capture_output=True)
    try:
        abm(file, "--store", folder, "--part", 3, "--engine", "dask", "--address", scheduler)
        assert bytes_of(folder) == content
    finally:
        subprocess.run(["scancel", "--user", str(os.getuid())], check=True)
        beside.kill()
        beside.wait()
        wait_until(lambda: not queue(), 60)


def test_a_lost_node_loses_nothing_that_was_kept(slurm, tmp_path):
    asked = 'cluster = { jobs = 2, memory = "1GB", walltime = "00:20:00" }'
    file = toys.file(tmp_path / "study.toml", "slow", points=60, more=asked)
    run_study(load_study(file), tmp_path / "local", engines.local(2), runs_per_part=3)
    whole, folder = bytes_of(tmp_path / "local"), tmp_path / "store"
    abm("submit", file, "--store", folder, "--part", 3)
    wait_until(lambda: len(list(folder.glob("parts/*"))) >= 3)
    # The daemon of a node and all that it has started, at once.
    node = psutil.Process(int((slurm / "run" / "slurmd.n2.pid").read_text()))
    for one in [node, *steps_of("n2")]:
        one.kill()
    subprocess.run(["scontrol", "update", "nodename=n2", "state=down", "reason=killed"], check=True)
    wait_until(lambda: "R" not in queue().split(), 120)
    kept = bytes_of(folder)
    assert 3 <= len(kept) < len(whole) and kept.items() <= whole.items()
    subprocess.run(["scancel", "--user", str(os.getuid())], check=True)
    wait_until(lambda: not queue(), 60)
    profile = tmp_path / "one.toml"
    profile.write_text('jobs = 1\nmemory = "1GB"\nwalltime = "00:20:00"\n')
    abm("submit", file, "--store", folder, "--profile", profile)
    wait_until(lambda: not queue())
    assert bytes_of(folder) == whole


def steps_of(node):
    """What a node's daemon has started: step daemons, their jobs and everything below."""
    found = []
    for one in psutil.process_iter(["cmdline"]):
        if any("slurmstepd" in word for word in one.info["cmdline"] or []):
            below = one.children(recursive=True)
            if any(child.environ().get("SLURMD_NODENAME") == node for child in below):
                found += [one, *below]
    return found


def test_a_killed_driver_leaves_no_job_behind(slurm, file, tmp_path, content):
    folder = tmp_path / "store"
    driver = subprocess.Popen(
        [sys.executable, "-m", "abm", "sweep", file, "--store", folder, "--part", "3", "--engine", "slurm"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_until(lambda: list(folder.glob("parts/*")))
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    wait_until(lambda: not queue(), 180)  # workers whose scheduler is gone end after a minute
    assert bytes_of(folder).items() <= content.items()


def test_the_script_asks_for_what_the_profile_says(file, tmp_path):
    from abm.sweep.running import store_for
    from abm.sweep.submit import job_script

    store = store_for(load_study(file), tmp_path / "store", 3, 1)
    asked = ClusterFile(
        partition="long", account="econ", cores=4, memory="8GiB", options=["--nice=10"], prologue=["module load x"]
    )
    script = job_script(store, asked, 5)
    for words in ("--array=0-4", "--partition=long", "--account=econ", "--cpus-per-task=4", "--mem=8G\n", "--nice=10",
                  "module load x", "--of 5 --workers 4"):  # fmt: skip
        assert words in script
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
