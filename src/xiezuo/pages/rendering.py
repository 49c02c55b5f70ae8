"""A page as HTML: the templates of ``include/pages``, Chinese first, and how numbers and times stand in them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import XiezuoError
from xiezuo.pages import charts
from xiezuo.pages.asked import Asked, Language, Shown

MENU = (
    ("", "今日", "Overview"),
    ("batches", "批次", "Batches"),
    ("figures", "数字", "Figures"),
    ("releases", "定稿", "Releases"),
    ("words", "词表", "Words"),
    ("dictionary", "字典", "Dictionary"),
    ("reconciliation", "对账", "Reconciliation"),
    ("rules", "规则", "Rules"),
)
"""Address, Chinese and English name of every page of the menu."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'",
}
"""What goes with every page: nothing is loaded from elsewhere, no script runs, no other site may frame it."""


def html(asked: Asked, shown: Shown) -> str:
    """Return the page."""
    template = _environment(asked.settings.root).get_template(shown.template)
    return template.render(
        asked=asked, menu=MENU, charts=charts, t=partial(_told, asked.language), link=partial(_link, asked),
        **shown.values,
    )  # fmt: skip


def fault(asked: Asked, error: XiezuoError, status: int) -> Shown:
    """Return the page of what cannot be shown."""
    said = error.zh if asked.language == "zh" else error.message
    return Shown("fault.html", {"said": said, "next_step": error.next_step, "at": ""}, status)


@lru_cache(maxsize=4)
def _environment(root: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(root / "include" / "pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "number": number,
        "percent": percent,
        "moment": moment,
        "day": day,
    }
    return environment


def _told(language: Language, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def _link(asked: Asked, *parts: str, **query: Any) -> Markup:
    """Return the relative address of a page, like ``link("batches", county, batch_id)``; parts of None fall out."""
    place = "/".join(quote(str(part), safe="") for part in parts)
    told = {key: value for key, value in query.items() if value not in (None, "")}
    return Markup(f"{asked.root}{place}{f'?{urlencode(told)}' if told else ''}".replace("&", "&amp;"))  # noqa: S704


def number(value: Decimal | int | str | None, qualifier: str = "exact") -> str:
    """Return a count or an amount with its thousands; a lower bound says so, nothing is a dash."""
    if value is None or value == "":
        return "—"
    amount = Decimal(value)
    text = f"{amount:,.2f}" if amount != amount.to_integral_value() else f"{amount:,.0f}"
    return f"≥ {text}" if qualifier == "at_least" else text


def percent(value: Decimal | float | None) -> str:
    """Return a share that is in percent already."""
    return "—" if value is None else f"{Decimal(value).quantize(Decimal('0.1'))}%"


def moment(value: datetime | str | None) -> str:
    """Return a time as the office's clock has it."""
    if value is None or value == "":
        return "—"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def day(value: date | None) -> str:
    """Return a day."""
    return "—" if value is None else value.isoformat()
