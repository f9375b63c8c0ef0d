"""The decisions of firms, compiled: the same as `abm.dynamics.reference`, firm by firm, in one pass over the population.

Firms are handled in groups of neighbours of one region and sector, so that tables are constants and loops run over
numbers side by side, which compilers turn into vector instructions: tables are looked up in loops of their own. What a
step needs firm by firm lies in the columns of a small workspace that stays in the near cache. Sums are kept per block of
firms and added in the order of the blocks, so that neither threads nor chunks change a bit.
"""

from abm.dynamics.kernel.entry import decide_compiled

__all__ = ["decide_compiled"]
