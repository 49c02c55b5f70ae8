"""Every page and its address; what serves them asks who somebody is first, and knows nothing else of them."""

from __future__ import annotations

from collections.abc import Callable

from xiezuo.pages.asked import Asked, Given, Shown
from xiezuo.pages.done import done
from xiezuo.pages.overview import overview

ROUTES: dict[str, Callable[[Asked], Shown | Given]] = {
    "": overview,
    "done": done,
}
"""Addresses below the pages' own, each with what answers it; a part in braces varies."""
