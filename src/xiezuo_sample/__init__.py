"""Sample year of a county: source files, source systems, and the figures they must give.

Every name, number and organisation in it is invented; identity numbers begin with the impossible
region 99. Nothing here imports the pipeline that reads the sample, so that the two can disagree.
"""

from __future__ import annotations

from xiezuo_sample.generate import generate

__all__ = ["generate"]
