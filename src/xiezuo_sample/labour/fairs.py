"""Job fairs: posts that firms offer, their ledger, and what it adds up to.

A firm may come to two fairs; one with a social credit code is known by it however its name is typed,
one without by its name. Every row of a fair repeats the fair's views, some rows an earlier, lower count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.codes import credit_code
from xiezuo_sample.goals import Goals
from xiezuo_sample.ledger import Head, Ledger, inbox, mixed, shares, spoiled_code, typed_day, write_ledgers
from xiezuo_sample.outcome import BadRow, Fact, Value, additive, counted
from xiezuo_sample.people import job
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import World

_COLUMNS = (
    *("fair_name", "fair_date", "mode", "company", "uscc", "job", "headcount", "wage", "place"),
    *("age_req", "edu_req", "viewers"),
)
_JOBS = (
    "操作工",
    "质检员",
    "仓库管理员",
    "叉车司机",
    "服务员",
    "厨师",
    "客服",
    "保安",
    "电工",
    "分拣员",
    "护工",
)
_KINDS = ("“春风行动”招聘会", "劳务协作专场招聘会", "直播带岗招聘会", "就业援助招聘会")


@dataclass(frozen=True)
class Company:
    """A firm that recruits; ``uscc`` is '' where its rows never give one."""

    name: str
    uscc: str
    place: str


@dataclass(frozen=True)
class Fair:
    """A fair; ``views`` is 0 where nothing was streamed."""

    name: str
    held_on: date
    views: int


@dataclass(frozen=True)
class Post:
    """One row: a job that a company offers at a fair."""

    fair: Fair
    company: Company
    job: str
    headcount: int
    viewers: int | None


@dataclass
class FairPlan:
    """``posts`` count; ``withdrawn`` stood in the June ledger only."""

    posts: list[Post]
    withdrawn: list[Post]


def plan_fairs(world: World, goals: Goals) -> FairPlan:
    """Draw fairs, who comes to them and what they offer, to the numbers the goals say."""
    rng, wanted = world.rng("fairs"), goals.fairs
    fairs = _fairs(world, rng, goals)
    companies = _companies(world, rng, wanted.firms)
    offers = []
    for number, company in enumerate(companies):
        visited = [fairs[number % len(fairs)], *([rng.choice(fairs)] if number % 4 < 2 else [])]
        for fair in dict.fromkeys(visited):
            offers += [(fair, company, title) for title in rng.sample(_JOBS, rng.randint(1, 3))]
    offers.sort(key=lambda offer: (offer[0].held_on, offer[1].name, offer[2]))
    seen: set[str] = set()
    posts = []
    counts = shares(wanted.posts, [rng.uniform(0.3, 3) for _ in offers])
    for (fair, company, title), headcount in zip(offers, counts, strict=True):
        first = fair.name not in seen
        seen.add(fair.name)
        lower = rng.choice((None, fair.views // 2, fair.views, fair.views))
        posts.append(Post(fair, company, title, headcount, (fair.views if first else lower) or None))
    first_fair = posts[0].fair
    gone = Post(first_fair, _companies(world, world.rng("withdrawn firm"), 1)[0], "普工", 25, None)
    return FairPlan(posts, [gone])


def fair_values(plan: FairPlan, year: int) -> Iterator[Value]:
    """Count firms by code or else name, add up posts, and each fair's largest number of views."""
    yield from counted(
        "LAB6.firms",
        "家",
        year,
        lambda period: (
            (post.company.uscc or post.company.name, "")
            for post in plan.posts
            if period.holds(post.fair.held_on)
        ),
    )
    posts = [Fact(post.fair.held_on, "", Decimal(post.headcount)) for post in plan.posts]
    yield from additive("LAB6.posts", "个", year, posts)
    most: dict[Fair, int] = {}
    for post in plan.posts:
        most[post.fair] = max(most.get(post.fair, 0), post.viewers or 0)
    views = [Fact(fair.held_on, "", Decimal(count)) for fair, count in most.items()]
    yield from additive("LAB6.views", "人次", year, views)


def write_fairs(world: World, plan: FairPlan, out: Path) -> list[BadRow]:
    """Write June's and December's ledger below ``inbox/<county>/labour``; only December's has bad rows."""
    rng = world.rng("fair files")
    june, december = date(world.year, 6, 30), date(world.year, 12, 31)
    early = [post for post in (*plan.posts, *plan.withdrawn) if post.fair.held_on <= june]
    if early:
        _write(world, early, june, out, rng)
    return _write(world, plan.posts, december, out, rng)


def _fairs(world: World, rng: Random, goals: Goals) -> list[Fair]:
    """Return fairs of different days; all but the last are streamed."""
    wanted = goals.fairs
    streamed = max(1, wanted.fairs - 1)
    views = [*shares(wanted.views, [rng.uniform(0.5, 2) for _ in range(streamed)]), 0]
    first = date(world.year, 2, 12)
    return [
        Fair(
            f"{world.year}年{world.county.name}{_KINDS[number % len(_KINDS)]}",
            first + timedelta(days=number * 290 // wanted.fairs + rng.randint(0, 40)),
            views[number],
        )
        for number in range(wanted.fairs)
    ]


def _companies(world: World, rng: Random, count: int) -> list[Company]:
    """Return firms of different names; every fourth gives no social credit code."""
    found: dict[str, Company] = {}
    while len(found) < count:
        place = rng.choice((world.county.paired_county, world.county.paired_province, world.county.name))
        name = job(rng, place).employer
        found.setdefault(name, Company(name, "" if len(found) % 4 == 3 else credit_code(rng), place))
    return list(found.values())


def _write(world: World, posts: list[Post], day: date, out: Path, rng: Random) -> list[BadRow]:
    head = Head(
        f"{world.county.name}{world.year}年劳务协作招聘会岗位信息表",
        "县公共就业服务中心",
        day,
        "fair",
        _COLUMNS,
    )
    ledger = Ledger.begin("labour_job_fair", "岗位信息", head, rng)
    good = [("", _cells(post, rng)) for post in posts]
    bad = _broken(posts[-1], world, rng) if day.month == 12 else []
    for hint, cells in mixed(good, bad, rng):
        ledger.add(cells, hint)
    if day.month == 12:
        ledger.add(good[-1][1], "the row stands twice", "duplicate")
    ledger.total({"headcount": sum(post.headcount for post in posts)})
    return write_ledgers(out, inbox(world, "labour", f"招聘会岗位信息_{day:%Y-%m}.xlsx"), [ledger])


def _cells(post: Post, rng: Random) -> dict[str, Cell]:
    company = post.company
    name = company.name
    if company.uscc and len(post.job) == 4:
        name = name.removesuffix("有限公司") + "公司"  # its code says who it is
    elif rng.random() < 0.2:
        name = f"{name[:2]} {name[2:]}"
    viewers: Cell = post.viewers
    if post.viewers and rng.random() < 0.3:
        viewers = f"{post.viewers}人次"
    return {
        "fair_name": post.fair.name,
        "fair_date": typed_day(post.fair.held_on, rng),
        "mode": "线上" if post.fair.views else "线下",
        "company": name,
        "uscc": company.uscc or None,
        "job": post.job,
        "headcount": rng.choice((post.headcount, f"{post.headcount}人")),
        "wage": f"{rng.randint(35, 60)}00-{rng.randint(61, 90)}00元",
        "place": company.place,
        "age_req": "18-50周岁",
        "edu_req": rng.choice(("不限", "初中及以上")),
        "viewers": viewers,
    }


def _broken(model: Post, world: World, rng: Random) -> list[tuple[str, dict[str, Cell]]]:
    """Return rows of a firm that counts nowhere, each with one cell broken."""
    other = _companies(world, world.rng("broken firms"), 1)[0]
    breaks: Mapping[str, dict[str, Cell]] = {
        "the row names no firm": {"company": None, "uscc": None},
        "the social credit code's check digit is wrong": {"uscc": spoiled_code(other.uscc)},
        "the number of posts is no number": {"headcount": "若干"},
        "the day cannot be read": {"fair_date": "年后"},
    }
    post = Post(model.fair, other, "学徒", 7, None)
    return [(hint, _cells(post, rng) | cells) for hint, cells in breaks.items()]
