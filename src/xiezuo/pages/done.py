"""What became of something that was asked for on a page."""

from __future__ import annotations

from xiezuo.pages.asked import Asked, Shown


def done(asked: Asked) -> Shown:
    """Show how an act stands; the page asks again by itself until it has ended."""
    county, run = asked.county, asked.query.get("run", "")
    rows = asked.rows("pages/done", county_code=county, run_id=f"office:{run}")
    state = rows[0]["state"] if rows else "queued"
    back = asked.query.get("back", "").lstrip("/")
    return Shown(
        "done.html",
        {"state": state, "said": rows[0]["reason_zh"] if rows else "", "run": run, "back": back},
    )
