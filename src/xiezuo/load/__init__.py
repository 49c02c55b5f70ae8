"""Stage four: one transaction a delivery: rows are staged, their fates settled and counted, the batch closed.

In: judged tables. Out: ``core``, ``audit`` and ``vault``, and the months whose figures may have changed.
"""

from __future__ import annotations
