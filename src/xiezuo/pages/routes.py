"""Every page and its address; what serves them asks who somebody is first, and knows nothing else of them."""

from __future__ import annotations

from collections.abc import Callable

from xiezuo.pages.asked import Asked, Given, Shown
from xiezuo.pages.batches import batch, batches, receipt, return_workbook
from xiezuo.pages.done import done
from xiezuo.pages.overview import overview
from xiezuo.pages.rules import rule, rules

ROUTES: dict[str, Callable[[Asked], Shown | Given]] = {
    "": overview,
    "batches": batches,
    "batches/{county}/{batch_id}": batch,
    "batches/{county}/{batch_id}/receipt": receipt,
    "batches/{county}/{batch_id}/return": return_workbook,
    "done": done,
    "rules": rules,
    "rules/{dataset}/{rule_id}": rule,
}
"""Addresses below the pages' own, each with what answers it; a part in braces varies."""
