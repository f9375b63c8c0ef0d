"""Who adopts which AI: firms and governments choose between free open and paid proprietary models.

Example:
    >>> import abm
    >>> abm.library()[0]
    'baseline'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm import sweep
    from abm.explanation import Explanation, explain
    from abm.goal import seek
    from abm.incidence import Gains, gains
    from abm.observe.record import Record
    from abm.pairing import flips
    from abm.quantities import InputError
    from abm.scenario.differing import difference
    from abm.scenario.entrant import Entrant
    from abm.scenario.policy import Intervention
    from abm.scenario.scenario import Scenario, library
    from abm.simulation import Comparison, compare, ensemble, simulate

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Entrant",
    "Explanation",
    "Gains",
    "InputError",
    "Intervention",
    "Record",
    "Scenario",
    "__version__",
    "compare",
    "difference",
    "ensemble",
    "explain",
    "flips",
    "gains",
    "library",
    "seek",
    "simulate",
    "sweep",
]

# Names are fetched when they are first used, so that `abm --help` need not load the model.
_HOME = {
    "Entrant": "abm.scenario.entrant",
    "Explanation": "abm.explanation",
    "explain": "abm.explanation",
    "flips": "abm.pairing",
    "Gains": "abm.incidence",
    "gains": "abm.incidence",
    "seek": "abm.goal",
    "Record": "abm.observe.record",
    "InputError": "abm.quantities",
    "Intervention": "abm.scenario.policy",
    "Scenario": "abm.scenario.scenario",
    "difference": "abm.scenario.differing",
    "library": "abm.scenario.scenario",
    "Comparison": "abm.simulation",
    "compare": "abm.simulation",
    "ensemble": "abm.simulation",
    "simulate": "abm.simulation",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module; "sweep" is a module itself."""
    if name == "sweep":
        return import_module("abm.sweep")
    if name not in _HOME:
        raise AttributeError(f"module 'abm' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
