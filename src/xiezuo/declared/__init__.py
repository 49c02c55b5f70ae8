"""What the installation declares in files: contracts, suites, indicators, counties, divisions, calendar, thresholds.

In: ``include/`` and ``expectations/``. Out: typed, checked declarations, or a ConfigError that names the place.
"""

from __future__ import annotations
