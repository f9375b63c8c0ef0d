"""Where the parts of a sweep are done: on this machine, on a Dask cluster, or on a Slurm cluster through Dask."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abm.quantities import InputError
from abm.sweep.files import ClusterFile
from abm.sweep.parts import Workers


@dataclass(frozen=True, slots=True)
class Engine:
    """Something that does parts.

    Attributes:
        executor: Takes the parts.
        width: How many it does at a time, which may change while workers come and go.
        beside: Whether it works in this process, so that it can tell of each run.
    """

    executor: Executor
    width: Callable[[], int]
    beside: bool = False


def default_workers() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local(workers: int = 0) -> Iterator[Engine]:
    """Processes on this machine, a run at a time in each.

    Args:
        workers: How many; 0 for one on each processor.

    Raises:
        InputError: If the number cannot be used.
    """
    if workers < 0:
        raise InputError(f"workers = {workers} must be a whole number from 1, or 0 for one on each processor.")
    count = workers or default_workers()
    # Threads that wait: each has the process beside it that does the work.
    workers_here = Workers()
    executor = ThreadPoolExecutor(count, thread_name_prefix="sweep", initializer=workers_here.use)
    try:
        yield Engine(executor, lambda: count, beside=True)
    finally:
        workers_here.stop()
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask(address: str) -> Iterator[Engine]:
    """A Dask cluster that is there already, whose workers see the store's folder under the same name.

    Args:
        address: Its scheduler's address ("tcp://host:8786"), or the path of its scheduler file.

    Raises:
        InputError: If it cannot be reached, or Dask is not installed.
    """
    _needed("distributed")
    from distributed import Client

    where: dict[str, Any] = {"address": address} if "://" in address else {"scheduler_file": address}
    if "scheduler_file" in where and not Path(address).exists():
        raise InputError(
            f"scheduler file {address!r} is not there; start one with: dask scheduler --scheduler-file FILE"
        )
    try:
        client = Client(**where, timeout="20s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(f"the Dask scheduler at {address!r} cannot be reached ({error}); is it running?") from None
    with client:
        yield _of(client)


@contextmanager
def slurm(asked: ClusterFile, logs: Path) -> Iterator[Engine]:
    """Workers that Slurm starts for this sweep, and that end with it.

    Args:
        asked: What each of them is asked for, and how many.
        logs: Folder for what they say.

    Raises:
        InputError: If dask-jobqueue is not installed.
    """
    _needed("distributed", "dask_jobqueue")
    from dask_jobqueue import SLURMCluster
    from distributed import Client

    with SLURMCluster(
        queue=asked.partition or None, account=asked.account or None, cores=asked.cores, processes=1, memory=asked.memory,
        walltime=asked.walltime, job_script_prologue=asked.prologue, job_extra_directives=asked.options,
        log_directory=str(logs),
        # A worker whose driver has gone ends.
        worker_extra_args=["--death-timeout", "60"],
    ) as cluster:  # fmt: skip
        cluster.scale(jobs=asked.jobs)
        with Client(cluster, set_as_default=False) as client:
            yield _of(client)


def _of(client: Any) -> Engine:
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of a lost engine the driver says

    def width() -> int:
        return sum(one["nthreads"] for one in client.scheduler_info(n_workers=-1)["workers"].values()) or 1

    return Engine(client.get_executor(pure=False), width)


def _needed(*modules: str) -> None:
    from importlib.util import find_spec

    if any(find_spec(module) is None for module in modules):
        raise InputError("this engine needs Dask; install it with: pip install 'abm[cluster]'")
