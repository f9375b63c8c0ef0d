"""A sweep as a job array of Slurm: each task does its share of the parts, and nobody has to drive them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from pydantic import ValidationError

from abm.quantities import InputError
from abm.scenario.files import refused, text_of
from abm.sweep.files import ClusterFile
from abm.sweep.store import LOGS, Store


def job_script(store: Store, asked: ClusterFile, tasks: int, again: bool = False) -> str:
    """The script that `sbatch` is given.

    Args:
        store: The store; its folder must be on every node.
        asked: What each task is asked for.
        tasks: Tasks of the array.
        again: Whether runs that have failed are tried again.
    """
    folder = store.folder.resolve()
    directives = {
        "job-name": f"abm-{re.sub(r'[^A-Za-z0-9_-]', '-', store.study.name)}",
        "array": f"0-{tasks - 1}",
        "partition": asked.partition,
        "account": asked.account,
        "cpus-per-task": str(asked.cores),
        "mem": re.sub(r"(?<=[KMGT])i?B$", "", asked.memory),
        "time": asked.walltime,
        "output": str(folder / LOGS / "%A_%a.log"),
    }
    work = [
        sys.executable,
        "-m",
        "abm",
        "sweep",
        "work",
        str(folder),
        "--of",
        str(tasks),
        "--workers",
        str(asked.cores),
        *(["--again"] if again else []),
    ]
    return "\n".join(
        [
            "#!/bin/bash",
            *(f"#SBATCH --{name}={value}" for name, value in directives.items() if value),
            *(f"#SBATCH {option}" for option in asked.options),
            *asked.prologue,
            f'exec {shlex.join(work)} --task "$SLURM_ARRAY_TASK_ID"',
            "",
        ]
    )


def submit(store: Store, asked: ClusterFile, again: bool = False) -> str:
    """Hand the store's missing parts to Slurm.

    Args:
        store: The store.
        asked: What each task is asked for, and how many tasks there are at most.
        again: Whether runs that have failed are tried again.

    Returns:
        What Slurm calls the job.

    Raises:
        InputError: If Slurm is not here or refuses.
    """
    if shutil.which("sbatch") is None:
        raise InputError(
            "there is no sbatch on this machine: submit from a node of the cluster, or print the --script."
        )
    script = job_script(store, asked, tasks_of(store, asked), again)
    (store.folder / LOGS).mkdir(exist_ok=True)
    done = subprocess.run(["sbatch", "--parsable"], input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"Slurm refuses the job: {' '.join(done.stderr.split())}")
    return done.stdout.strip().partition(";")[0]


def tasks_of(store: Store, asked: ClusterFile) -> int:
    """Tasks of the array: no more than there are parts."""
    return max(1, min(asked.jobs, store.parts))


def profile(path: Path) -> ClusterFile:
    """What a cluster is asked for, from a TOML file of its own.

    Raises:
        InputError: If it cannot be read or holds something unknown.
    """
    what = f"profile {str(path)!r}"
    try:
        return ClusterFile.model_validate(tomllib.loads(text_of(path, what)))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{what} is not valid TOML: {error}.") from None
    except ValidationError as error:
        raise refused(error, what, ClusterFile, {}) from None
