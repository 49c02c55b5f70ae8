"""Charts, drawn on the server as SVG by vl-convert from descriptions in Vega-Lite: no script, nothing from elsewhere.

Colours are variables of the stylesheet, so that a chart is dark where the page is. Text in a chart is repeated by the
table beside it; the picture itself is named for whoever hears the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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


def tree(edges: Sequence[tuple[str, str]], name: str) -> Markup:
    """Return what comes from what as a drawn tree: each edge from a thing to what it comes from, the first one's first.

    The root stands at the left; a thing that several others come from is drawn once.
    """
    if not edges:
        return Markup()
    places = _places(edges)
    nodes = [{"x": x, "y": y, "what": what} for what, (x, y) in places.items()]
    lines = [
        {"x": places[one][0], "y": places[one][1], "x2": places[source][0], "y2": places[source][1]}
        for one, source in edges if one in places and source in places
    ]
    deep, high = max(x for x, _ in places.values()), max(y for _, y in places.values())
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, deep + 1], "nice": False}}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [high + 0.5, -0.5], "nice": False}}
    return _drawn(
        {
            "width": 290 * (deep + 1), "height": 24 * (high + 1), "padding": 6,
            "layer": [
                {
                    "data": {"values": lines}, "mark": {"type": "rule", "color": "var(--idle)"},
                    "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
                },
                {
                    "data": {"values": nodes}, "mark": {"type": "circle", "color": "var(--accent)", "size": 40},
                    "encoding": {"x": x, "y": y},
                },
                *(
                    {
                        "data": {"values": nodes}, "encoding": {"x": x, "y": y, "text": {"field": "what"}},
                        "mark": {"type": "text", "align": "left", "dx": 8, "dy": -8, "fontSize": 12} | colours,
                    }
                    for colours in (
                        # under the words, their outline in the colour of the page: no line is drawn through them
                        {"color": "var(--paper)", "stroke": "var(--paper)", "strokeWidth": 4}, {"color": "var(--ink)"},
                    )
                ),
            ],
        },
        name,
    )  # fmt: skip


def _places(edges: Sequence[tuple[str, str]]) -> dict[str, tuple[int, float]]:
    """Return a column and a line for every thing: as deep as its nearest way from the root, beside its sources."""
    sources: dict[str, list[str]] = {}
    for one, source in edges:
        sources.setdefault(one, []).append(source)
    root = edges[0][0]
    depths, waiting = {root: 0}, [root]
    while waiting:
        one = waiting.pop(0)
        for source in sources.get(one, ()):
            if source not in depths:
                depths[source] = depths[one] + 1
                waiting.append(source)
    lines: dict[str, float] = {}
    free = 0

    def put(one: str) -> None:
        nonlocal free
        own = [other for other in sources.get(one, ()) if depths[other] == depths[one] + 1 and other not in lines]
        own = list(dict.fromkeys(own))
        for other in own:
            if other not in lines:
                put(other)
        if own:
            lines[one] = (lines[own[0]] + lines[own[-1]]) / 2
        else:
            lines[one], free = float(free), free + 1

    put(root)
    return {one: (depths[one], lines[one]) for one in depths if one in lines}


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
