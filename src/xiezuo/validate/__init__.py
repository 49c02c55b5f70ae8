"""Stage three: Great Expectations judges typed rows and whole deliveries by the suites in ``expectations/``.

In: conformed tables. Out: which rows wait and why, and whether a delivery's gate is closed.
"""

from __future__ import annotations
