"""Charts, drawn on the server as SVG by vl-convert from descriptions in Vega-Lite: no script, nothing from elsewhere.

Colours are variables of the stylesheet, so that a chart is dark where the page is. Text in a chart is repeated by the
table beside it; the picture itself is named for whoever hears the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

_CONFIG = {
    "font": "system-ui, Noto Sans CJK SC, Microsoft YaHei, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink)", "titleColor": "var(--ink)", "gridColor": "var(--line)",
        "domainColor": "var(--line)", "tickColor": "var(--line)", "labelFontSize": 12, "titleFontSize": 12,
    },
    "legend": {"labelColor": "var(--ink)", "titleColor": "var(--ink)"},
}  # fmt: skip


def sparkline(values: Iterable[Decimal | None], name: str) -> Markup:
    """Return a small line of values in order, drawn by hand: it has no scale to get right, and pages have many.

    Nothing where there are fewer than two.
    """
    points = [(at, float(value)) for at, value in enumerate(values) if value is not None]
    if len(points) < 2:
        return Markup()
    low, high = min(0.0, *(value for _, value in points)), max(0.0, *(value for _, value in points))
    step, scale = 92 / max(points[-1][0], 1), 18 / ((high - low) or 1)
    line = " ".join(f"{2 + at * step:.1f},{20 - (value - low) * scale:.1f}" for at, value in points)
    return Markup(
        '<svg role="img" aria-label="{}" class="chart" width="96" height="22" viewBox="0 0 96 22">'
        '<polyline points="{}" fill="none" stroke="var(--accent)" stroke-width="1.5"/></svg>'
    ).format(name, line)


def bars(lines: Iterable[Mapping[str, Any]], label: str, value: str, unit: str, name: str) -> Markup:
    """Return upright bars, one a line in the order given; ``label`` and ``value`` name what of a line is drawn."""
    points = [
        {"label": str(one[label]), "value": float(one[value])} for one in lines if one[value] is not None
    ]
    if not points:
        return Markup()
    return _drawn(
        {
            "width": {"step": 44}, "height": 180, "data": {"values": points},
            "mark": {"type": "bar", "color": "var(--accent)", "cornerRadiusEnd": 2},
            "encoding": {
                "x": {"field": "label", "type": "ordinal", "title": None, "sort": None, "axis": {"labelAngle": -30}},
                "y": {"field": "value", "type": "quantitative", "title": unit},
            },
        },
        name,
    )  # fmt: skip


def ranking(lines: Iterable[Mapping[str, Any]], label: str, value: str, unit: str, name: str) -> Markup:
    """Return bars lying on their side, the longest first."""
    points = [
        {"label": str(one[label]), "value": float(one[value])} for one in lines if one[value] is not None
    ]
    if not points:
        return Markup()
    return _drawn(
        {
            "width": 420, "height": {"step": 22}, "data": {"values": points},
            "mark": {"type": "bar", "color": "var(--accent)", "cornerRadiusEnd": 2},
            "encoding": {
                "y": {"field": "label", "type": "ordinal", "title": None, "sort": "-x"},
                "x": {"field": "value", "type": "quantitative", "title": unit},
            },
        },
        name,
    )  # fmt: skip


def fates(parts: Iterable[tuple[str, str, int]], name: str) -> Markup:
    """Return one bar cut into parts, drawn to scale: ``(what, colour of the stylesheet, how much)``."""
    points = [
        {"what": what, "colour": f"var(--{colour})", "much": much, "at": at}
        for at, (what, colour, much) in enumerate(parts)
        if much > 0
    ]
    if not points:
        return Markup()
    return _drawn(
        {
            "width": 640, "height": 20, "data": {"values": points}, "mark": {"type": "bar"},
            "encoding": {
                "x": {"field": "much", "type": "quantitative", "stack": "zero", "axis": None},
                "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
                "order": {"field": "at", "type": "quantitative"},
            },
        },
        name,
    )  # fmt: skip


def _drawn(chart: Mapping[str, Any], name: str) -> Markup:
    svg = _svg(json.dumps(chart, sort_keys=True, ensure_ascii=False))
    head = f'<svg role="img" aria-label="{escape(name)}" class="chart"'
    return Markup(svg.replace("<svg", head, 1))  # noqa: S704  (made here; every text in it was escaped by vl-convert)


@lru_cache(maxsize=512)
def _svg(chart: str) -> str:
    """Return the picture; the same description is drawn once a process."""
    import vl_convert

    spec = {"config": _CONFIG, "background": None, **json.loads(chart)}
    return str(vl_convert.vegalite_to_svg(spec, vl_version="6.4"))
