"""Who adopts which AI: firms and governments choose between free open and paid proprietary models.

Example:
    >>> import abm
    >>> abm.library()[0]
    'baseline'
"""

from abm.observe.record import Record
from abm.quantities import InputError
from abm.scenario.policy import Intervention
from abm.scenario.scenario import Scenario, difference, library
from abm.simulate import Comparison, compare, ensemble, simulate

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "InputError",
    "Intervention",
    "Record",
    "Scenario",
    "__version__",
    "compare",
    "difference",
    "ensemble",
    "library",
    "simulate",
]
