"""What ``make run`` shows at the end: the year's figures, and where to look next."""

from __future__ import annotations

from xiezuo.publish import summarise
from xiezuo.warehouse import access
from xiezuo_local.configuration import USER
from xiezuo_local.console import Console, table
from xiezuo_local.instance import Instance, Request


def show(instance: Instance, request: Request, console: Console) -> None:
    """Print the annual figures as a table, and the ways in."""
    settings = instance.settings
    rows = summarise.annual_table(settings, request.county, request.year)
    console.line("")
    if rows:
        header = ("指标", "名称", f"{request.year} 年", "单位", "")
        for line in table([header, *rows], right=frozenset({2})):
            console.say(line)
    else:
        console.say(f"no figures for {request.county} in {request.year}: nothing was loaded for it")
    console.line("")
    places = [
        ("output", str(settings.out / request.county / str(request.year))),
        ("warehouse (analyst)", access.analyst_url(settings)),
        ("Airflow's pages", "make up"),
        ("who may log in", f"{USER}, and whom xiezuo people lists"),
        ("stop the database too", "make down"),
    ]
    for line in table(places):
        console.say(line)
