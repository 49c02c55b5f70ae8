"""Every page and its address; what serves them asks who somebody is first, and knows nothing else of them."""

from __future__ import annotations

from collections.abc import Callable

from xiezuo.pages import releases
from xiezuo.pages.asked import Asked, Given, Shown
from xiezuo.pages.batches import batch, batches, receipt, return_workbook
from xiezuo.pages.compare import compare
from xiezuo.pages.dictionary import dictionary, relation
from xiezuo.pages.done import done
from xiezuo.pages.figures import figure, figures
from xiezuo.pages.overview import overview
from xiezuo.pages.reconciliation import reconciliation
from xiezuo.pages.row import row
from xiezuo.pages.rules import rule, rules
from xiezuo.pages.words import words

ROUTES: dict[str, Callable[[Asked], Shown | Given]] = {
    "": overview,
    "batches": batches,
    "batches/{county}/{batch_id}": batch,
    "batches/{county}/{batch_id}/receipt": receipt,
    "batches/{county}/{batch_id}/return": return_workbook,
    "dictionary": dictionary,
    "dictionary/{name}": relation,
    "done": done,
    "figures": figures,
    "figures/compare": compare,
    "figures/{county}/{period}/{indicator}": figure,
    "reconciliation": reconciliation,
    "releases": releases.listed,
    "releases/{county}/{release_id}": releases.one,
    "releases/{county}/{release_id}/{name}": releases.document,
    "rows/{county}/{batch_id}/{row_no}": row,
    "rules": rules,
    "rules/{dataset}/{rule_id}": rule,
    "words": words,
}
"""Addresses below the pages' own, each with what answers it; a part in braces varies."""
