"""Parameter sweeps: studies over many points and seeds, kept run by run, from a laptop to a cluster.

Example:
    >>> import abm
    >>> store = abm.sweep.run_study(abm.sweep.load_study("study.toml"), "out/study")  # doctest: +SKIP
    >>> rows = store.table().to_pandas()  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm.sweep.analysis import analyse, possible
    from abm.sweep.files import load_study, study_of
    from abm.sweep.manifest import opened
    from abm.sweep.running import run_study

__all__ = ["analyse", "load_study", "opened", "possible", "run_study", "study_of"]

# Names are fetched when they are first used: the workers of a sweep need few of them.
_HOME = {
    "analyse": "abm.sweep.analysis",
    "possible": "abm.sweep.analysis",
    "load_study": "abm.sweep.files",
    "study_of": "abm.sweep.files",
    "run_study": "abm.sweep.running",
    "opened": "abm.sweep.manifest",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module."""
    if name not in _HOME:
        raise AttributeError(f"module 'abm.sweep' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
