"""An invented region of many counties, and what its offices deliver each night: light data, written directly.

Every county has a station's placement ledger, an export of the 832 platform, a ledger of meetings, and rows in
the region's finance database; a few have a shop on a sales platform. On later nights only some have anything
new: a further ledger of each kind, and one row of finance.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo_sample.codes import credit_code, identity_number

FIRST_DAY = date(2022, 7, 1)
SHOPS = 3
"""Counties with a shop on a sales platform."""
_TOWNS = ("青石镇", "白水乡", "红土镇")
_PEOPLE, _ORDERS, _MEETINGS = 12, 10, 4

_DIVISION = ("code", "level", "name", "parent_code", "aliases")
_PLACEMENT = ("序号", "姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间")
_EXPORT = (
    "订单编号", "店铺名称", "统一社会信用代码", "采购单位", "采购单位所在省", "商品名称", "规格", "数量", "实付金额",
    "退款金额", "订单状态", "下单时间", "支付时间", "更新时间",
)  # fmt: skip
_MEETING = ("序号", "会议时间", "会议类型", "议题")
_TABLES = """
create table fund_allocation (county_code char(6), doc_no varchar(80), doc_date date, year int, source varchar(40),
    batch varchar(40), amount_wan decimal(14, 4), updated_at timestamp, primary key (county_code, doc_no));
create table fund_project (county_code char(6), project_no varchar(40), project_name varchar(200), category varchar(40),
    secondary_category varchar(40), town varchar(40), village varchar(40), builder varchar(100), alloc_doc varchar(80),
    planned_wan decimal(14, 4), allocated_wan decimal(14, 4), arrived_wan decimal(14, 4), plan_start date,
    start_date date, finish_date date, accept_date date, linkage varchar(200), households int, people int,
    households_lifted int, people_lifted int, status varchar(20), updated_at timestamp,
    primary key (county_code, project_no));
create table fund_payment (county_code char(6), pay_no varchar(40), project_no varchar(40), pay_date date,
    payee varchar(100), amount_yuan decimal(16, 2), purpose varchar(200), updated_at timestamp,
    primary key (county_code, pay_no));
create table fund_donation (county_code char(6), receipt_no varchar(40), donor varchar(100), donor_type varchar(20),
    donated_on date, cash_wan decimal(14, 4), goods_name varchar(100), goods_value_wan decimal(14, 4),
    valuation_basis varchar(100), recipient varchar(100), purpose varchar(200), updated_at timestamp,
    primary key (county_code, receipt_no));
"""


@dataclass(frozen=True)
class Region:
    """A region of ``count`` counties in a folder; the same numbers give the same data."""

    folder: Path
    count: int
    seed: int = 1

    @property
    def codes(self) -> list[str]:
        """Division codes of the counties."""
        return [f"53{1000 + n}" for n in range(self.count)]

    @property
    def environ(self) -> dict[str, str]:
        """What the pipeline has to know of the region: its counties and its finance database."""
        ledger = {"conn_type": "generic", "extra": {"sqlalchemy_url": f"sqlite:///{self.folder / 'fund.db'}"}}
        return {
            "XIEZUO_COUNTIES": str(self.folder / "counties.yaml"),
            "XIEZUO_DIVISIONS": str(self.folder / "divisions"),
            "XIEZUO_INBOX": str(self.folder / "inbox"),
            "XIEZUO_INBOX_SETTLE": "0",
            "AIRFLOW_CONN_FUND_LEDGER": json.dumps(ledger),
        }

    def shops(self, port: int) -> dict[str, str]:
        """Return the connections of the counties that have a shop, on a sample platform at ``port``."""
        extra = {"profile": "top", "platform": "taobao", "session": "sample-session", "sign_method": "md5"}
        document = {"conn_type": "http", "host": "127.0.0.1", "port": port, "schema": "http", "login": "taobao",
                    "password": "sample-secret"}  # fmt: skip
        return {
            f"AIRFLOW_CONN_SALES_{code}_TAOBAO": json.dumps(document | {"extra": extra | {"county_code": code}})
            for code in self.codes[:SHOPS]
        }

    def now(self, night: int) -> datetime:
        """Return the clock of a night; the first is night 0."""
        return datetime.combine(FIRST_DAY + timedelta(days=night), datetime.min.time(), SHANGHAI).replace(hour=1)

    def changed(self, night: int, share: float) -> list[str]:
        """Return the counties that delivered anything for a night: all for the first, then a share of them."""
        if night == 0:
            return self.codes
        return sorted(Random(f"{self.seed}/{night}").sample(self.codes, max(1, round(share * self.count))))

    def found(self) -> None:
        """Write counties and divisions, and an empty finance database."""
        (self.folder / "divisions").mkdir(parents=True)
        entries = {
            code: {"name": f"云岭{n}县", "city": "临沧市", "province": "云南省",
                   "paired": {"county": "浦江区", "province": "上海市"}}
            for n, code in enumerate(self.codes)
        }  # fmt: skip
        text = json.dumps(entries, ensure_ascii=False, indent=0)  # JSON is YAML
        (self.folder / "counties.yaml").write_text(text, encoding="utf-8")
        for n, code in enumerate(self.codes):
            towns = [(f"{code}{100 + t}", "township", name, code, "") for t, name in enumerate(_TOWNS)]
            county = (code, "county", f"云岭{n}县", "530900", "")
            _write(self.folder / "divisions" / f"{code}.csv", [_DIVISION, county, *towns])
        with closing(sqlite3.connect(self.folder / "fund.db")) as ledger, ledger:
            ledger.executescript(_TABLES)

    def deliver(self, night: int, share: float) -> int:
        """Put a night's deliveries in place; return how many counties have any."""
        changed = self.changed(night, share)
        for code in changed:
            rng, day = Random(f"{self.seed}/{code}/{night}"), self.now(night).date() - timedelta(days=1)
            inbox = self.folder / "inbox" / code
            station = inbox / "labour" / f"青石镇劳务工作站_劳务输转台账_{day}新增.csv"
            _write(station, _placements(int(code), night, day))
            _write(inbox / "sales" / f"832平台订单导出_{day}.csv", _orders(rng, code, night, day))
            _write(inbox / "work" / f"会议台账_{day}.csv", _meetings(day))
        with closing(sqlite3.connect(self.folder / "fund.db")) as ledger, ledger:
            for code in changed:
                for table, row in _funds(code, night, self.now(night)):
                    marks = ", ".join("?" * len(row))
                    ledger.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", [*row.values()])  # noqa: S608
        return len(changed)


def _placements(county: int, night: int, day: date) -> Iterator[Sequence[Any]]:
    yield (f"劳务输转台账（填报日期：{day:%Y年%m月%d日}）",)
    yield _PLACEMENT
    count = _PEOPLE if night == 0 else 3
    for n in range(count):
        serial = (county % 10_000) * 100 + night * 20 + n
        number = identity_number(serial, date(1980 + n, 1 + n, 3))
        name = f"张{'一二三四五六七八九十百千'[n]}"
        yield (n + 1, name, number, _TOWNS[n % 3], "上海市", "晨屿电子有限公司", f"{day:%Y-%m}-05")


def _orders(rng: Random, code: str, night: int, day: date) -> Iterator[Sequence[Any]]:
    yield _EXPORT
    shop = credit_code(Random(code))
    for n in range(_ORDERS if night == 0 else 3):
        paid = f"{day} 10:{n:02d}:00"
        amount = f"{rng.randrange(20_00, 900_00) / 100:.2f}"
        yield (
            f"832{code}{night:03d}{n:04d}", "云岭粮油有限公司", shop, "浦江区教育工会", "上海市", "荞麦面", "5斤装", 2,
            amount, "0.00", "已完成", paid, paid, paid,
        )  # fmt: skip


def _meetings(day: date) -> Iterator[Sequence[Any]]:
    yield (f"会议台账（填报日期：{day:%Y年%m月%d日}）",)
    yield _MEETING
    for n in range(_MEETINGS):
        yield (n + 1, day - timedelta(days=n), "县政府常务会议", f"研究东西部协作第{n + 1}项工作")


def _funds(code: str, night: int, now: datetime) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield rows of finance: a letter, a project, a payment and a gift at first, later a payment a night."""
    key, stamp, day = f"{code}-{night:03d}", f"{now:%Y-%m-%d %H:%M:%S}", f"{now.date() - timedelta(days=1)}"
    own = {"county_code": code, "updated_at": stamp}
    if night == 0:
        yield "fund_allocation", own | {
            "doc_no": f"云财农〔2022〕{int(code) % 10_000}号", "doc_date": day, "year": 2022, "source": "财政",
            "batch": "第一批", "amount_wan": 1200,
        }  # fmt: skip
        yield "fund_project", own | {
            "project_no": f"P{key}", "project_name": "荞麦加工车间", "category": "产业培育", "town": "青石镇",
            "planned_wan": 300, "allocated_wan": 280, "arrived_wan": 280, "start_date": day, "households": 40,
            "people": 150, "status": "在建",
        }  # fmt: skip
        yield "fund_donation", own | {
            "receipt_no": f"D{key}", "donor": "浦江区慈善会", "donor_type": "社会组织", "donated_on": day,
            "cash_wan": 5, "recipient": "红土镇小学", "purpose": "助学",
        }  # fmt: skip
    yield "fund_payment", own | {
        "pay_no": f"Z{key}", "project_no": f"P{code}-000", "pay_date": day, "payee": "云岭建筑有限公司",
        "amount_yuan": 98_000, "purpose": "工程款",
    }  # fmt: skip


def _write(path: Path, lines: Sequence[Sequence[Any]] | Iterator[Sequence[Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
