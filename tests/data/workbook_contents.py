"""Contents to make workbooks of: a month and a year of two invented counties, numbers by rule, no person in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from xiezuo.publish.documents.content import (
    Check,
    Column,
    Content,
    County,
    Restated,
    Row,
    Stamp,
    Table,
    Value,
)
from xiezuo.values.periods import Kind

COUNTIES = {
    "620422": County(
        code="620422",
        name="会宁县",
        city="白银市",
        province="甘肃省",
        paired_county="和平区",
        paired_province="天津市",
    ),
    "530999": County(
        code="530999",
        name="云岭县",
        city="南岭市",
        province="云南省",
        paired_county="临江区",
        paired_province="上海市",
    ),
}
TOWNS = {
    "620422": [
        "会师镇",
        "甲川镇",
        "乙原镇",
        "丙岔镇",
        "丁家镇",
        "戊湾镇",
        "己河镇",
        "庚坪镇",
        "辛店镇",
        "壬沟镇",
        "癸山镇",
        "子口镇",
        "丑坡镇",
        "寅塬镇",
        "卯梁镇",
        "辰庄镇",
        "巳寨镇",
        "午台乡",
    ],
    "530999": ["东乡", "西乡", "南乡"],
}
CHAPTERS = (
    ("ORG", "组织领导"),
    ("FUN", "财政帮扶资金"),
    ("LAB", "劳务协作"),
    ("CON", "消费帮扶"),
    ("IND", "产业合作"),
    ("SOC", "社会帮扶"),
)
# identity, name, unit, year so far, target, told by township
INDICATORS = [
    ("ORG1", "研究部署会议", "次", "8", "8", False),
    ("ORG1.government", "其中：政府常务会", "次", "4", None, False),
    ("FUN1", "财政帮扶资金", "元", "39000000.00", "39000000", False),
    ("FUN1.industry", "产业培育类", "元", "16490000.50", None, False),
    ("FUN2", "财政帮扶项目", "个", "26", "26", False),
    ("LAB1", "帮助农村劳动力转移就业", "人", "2625", "2000", True),
    ("LAB1.lifted", "其中：脱贫人口", "人", "1302", "1000", True),
    ("LAB2", "到东部结对省份就业", "人", "157", "150", False),
    ("LAB3", "省内就近就业", "人", "2308", "1700", False),
    ("LAB4", "到其他地区就业", "人", "160", "200", False),
    ("CON1", "消费帮扶销售额", "元", "118000000.01", "100000000", True),
    ("CON5.agreed", "采购框架协议金额", "元", "5000000.00", None, False),
    ("IND3", "完成投资", "元", "26000000.00", "30000000", False),
    ("SOC1", "社会帮扶资金", "元", None, None, False),
    ("SOC1.cash", "其中：捐款", "元", None, None, False),
]  # fmt: skip


def month_content(code: str = "620422") -> Content:
    """Return September 2022: month and year to date, four annexes, findings, two values stated otherwise before."""
    return Content(
        county=COUNTIES[code], period="2022-09", as_of=date(2022, 9, 30),
        values=(*_values(code, "month", "2022-09"), *_values(code, "year_to_date", "2022-09")),
        towns=towns(code), chapters=CHAPTERS, tables=(labour_by_town(code), sales_by_channel(), fund_progress()),
        checks=checks(), restates=f"{code}-2022-09-r1", restated=restated(code),
    )  # fmt: skip


def year_content(code: str = "620422") -> Content:
    """Return the year 2022 with its annexes."""
    return Content(
        county=COUNTIES[code], period="2022", as_of=date(2022, 12, 20), values=tuple(_values(code, "year", "2022")),
        towns=towns(code), chapters=CHAPTERS,
        tables=(projects(40), labour_by_town(code), sales_by_channel(), secondments(), donations()),
    )  # fmt: skip


def stamp_of(content: Content, *, is_draft: bool = False) -> Stamp:
    """Return what a release, or a draft, of that content says of itself."""
    name = f"{content.county.code}-{content.period}"
    if is_draft:
        return Stamp(release_id=f"{name}-d3", digest=content.digest)
    return Stamp(
        release_id=f"{name}-r2",
        digest=content.digest,
        head="ab" * 32,
        approved_by="县委农村工作领导小组办公室",
        approved_on=date(2022, 12, 25),
    )


def towns(code: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{code}{number:03d}", name) for number, name in enumerate(TOWNS[code], start=100))


def _values(code: str, kind: Kind, period: str) -> Iterator[Value]:
    """Yield values in the order of a summary; 完成投资 is told by the year so far only, 捐款 nobody reported."""
    share = {"month": Decimal("0.1"), "year_to_date": Decimal("0.75"), "year": Decimal(1)}[kind]
    scale = Decimal(1) if code == "620422" else Decimal("0.37")
    ends = date(2022, 12, 20) if kind == "year" else date(2022, 9, 30)
    for key, name, unit, text, target, by_town in INDICATORS:
        if kind == "month" and key == "IND3":
            continue
        places = Decimal("0.01") if unit == "元" else Decimal(1)
        value = None if text is None else (Decimal(text) * share * scale).quantize(places)
        qualifier = "not_reported" if value is None else "at_least" if key == "CON5.agreed" else "exact"
        aim = Decimal(target) if target and kind != "month" else None
        yield Value(
            period_kind=kind, period=period, indicator_id=key, name_zh=name, value=value, unit=unit,
            qualifier=qualifier, as_of=date(2022, 9, 28) if key == "CON1" else ends,
            last_year=None if value is None else (value * Decimal("0.87")).quantize(places),
            last_year_qualifier=None if value is None else "exact", target=aim,
            completion_pct=None if aim is None or value is None else (100 * value / aim).quantize(Decimal("0.01")),
        )  # fmt: skip
        if by_town and value is not None:
            for at, (town, _) in enumerate(towns(code)[:-1]):
                part = (value * Decimal((at * 7) % 11 + 1) / 120).quantize(places)
                yield Value(period_kind=kind, period=period, indicator_id=key, breakdown=town, name_zh=name,
                            value=part, unit=unit, qualifier="exact", as_of=ends)  # fmt: skip


def _column(key: str, zh: str, kind: str, unit: str = "", **more: object) -> Column:
    return Column.model_validate({"key": key, "zh": zh, "kind": kind, "unit": unit, **more})


def fund_progress() -> Table:
    names = ["产业培育类", "乡村振兴示范村", "就业培训类", "教育培训类", "医疗设备采购"]
    rows = tuple(
        Row(
            key=str(at),
            cells=(
                name,
                f"{1649 + at * 311}0000.00",
                f"{1200 + at * 97}0000.00",
                f"{900 + at * 51}0000.37",
                f"{54.57 + at}",
            ),
        )
        for at, name in enumerate(names)
    )
    return Table(
        key="fund_progress", zh="财政帮扶资金使用进度", rows=rows,
        columns=(_column("name", "类别", "text"), _column("allocated", "拨付", "money", "元", is_total=True),
                 _column("arrived", "到账", "money", "元", is_total=True), _column("paid", "支付", "money", "元", is_total=True),
                 _column("percent", "支付率", "percent", "%")),
        total=("合计", "113550000.00", "69700000.00", "50100001.85", "44.12"), note_zh="支付率＝支付÷拨付。",
    )  # fmt: skip


def labour_by_town(code: str) -> Table:
    rows = tuple(
        Row(key=key, cells=(name, str(3 * at), str(at), None if at == 2 else str(2 * at)))
        for at, (key, name) in enumerate(towns(code))
    )
    columns = (_column("town", "乡镇", "text"), _column("LAB1", "转移就业", "count", "人", is_total=True),
               _column("LAB2", "到东部就业", "count", "人", is_total=True), _column("LAB3", "省内就业", "count", "人"))  # fmt: skip
    return Table(
        key="labour_by_town",
        zh="劳务协作分乡镇情况",
        columns=columns,
        rows=rows,
        total=("合计", "459", "153", None),
    )


def sales_by_channel() -> Table:
    rows = tuple(Row(key=name, cells=(name, amount, orders)) for name, amount, orders in [
        ("淘宝", "30000000.10", "41234"), ("抖音", "26000000.00", "50123"), ("832平台", "18000000.20", "3012"), ("线下采购", "14500000.00", "88"),
    ])  # fmt: skip
    columns = (_column("channel", "渠道", "text"), _column("CON1", "销售额", "money", "元", is_total=True),
               _column("orders", "订单", "count", "笔", is_total=True))  # fmt: skip
    return Table(
        key="sales_by_channel",
        zh="消费帮扶分渠道情况",
        columns=columns,
        rows=rows,
        total=("合计", "88500000.30", "94457"),
    )


def projects(count: int) -> Table:
    columns = (
        _column("no", "项目编号", "text"), _column("name", "项目名称", "text"), _column("category", "类别", "text"),
        _column("town", "实施地点", "text"), _column("owner", "责任单位", "text"), _column("start", "开工日期", "date"),
        _column("allocated", "协作资金", "money", "元", is_total=True), _column("paid", "已支付", "money", "元", is_total=True),
        _column("percent", "支付率", "percent", "%"), _column("people", "受益人数", "count", "人", is_total=True),
    )  # fmt: skip
    rows = tuple(
        Row(key=f"P{at:03d}", cells=(
            f"2022{at:03d}", f"第{at}号蔬菜大棚及冷链配套设施建设项目（含分拣包装车间、田间道路和灌溉设施）", "产业培育类", "甲川镇",
            "县农业农村局", f"2022-{at % 12 + 1:02d}-15" if at % 7 else "2022年", f"{at * 12345}.67", f"{at * 10000}.00", "81.01", str(at * 13),
        )) for at in range(1, count + 1)
    )  # fmt: skip
    return Table(key="projects", zh="财政帮扶项目明细", columns=columns, rows=rows, is_wide=True,
                 total=("合计", None, None, None, None, None, "10123456.78", "8200000.00", "81.00", "10660"))  # fmt: skip


def secondments() -> Table:
    columns = (
        _column("unit", "选派单位", "text"),
        _column("to", "接收单位", "text"),
        _column("people", "人数", "count", "人"),
    )
    return Table(key="secondments", zh="挂职干部人才选派", columns=columns, rows=())


def donations() -> Table:
    columns = (
        _column("donor", "捐赠单位", "text"),
        _column("day", "日期", "date"),
        _column("cash", "捐款", "money", "元"),
    )
    return Table(
        key="donations",
        zh="社会捐赠",
        columns=columns,
        rows=(Row(key="1", cells=('=HYPERLINK("http://invalid")公司', "2022-06-01", "200000.00")),),
    )


def checks() -> tuple[Check, ...]:
    return (
        Check(kind="arrival", state="open", subject_zh="甲川镇劳务站", detail_zh="9月台账未报送，应于9月28日前报送", count=1),
        Check(kind="quarantine", state="open", subject_zh="乙原镇劳务站", detail_zh="身份证号码校验位不符等，已退回更正表", count=17),
        Check(kind="refused", state="explained", subject_zh="县商务局", detail_zh="文件加密，无法读取", count=1),
        Check(kind="reconciliation", state="passed", subject_zh="县财政局", detail_zh="拨付与到账一致", count=0),
    )  # fmt: skip


def restated(code: str) -> tuple[Restated, ...]:
    return (
        Restated(period_kind="month", period="2022-08", indicator_id="CON1", name_zh="消费帮扶销售额", unit="元", old=Decimal("9000000.10"), old_qualifier="exact",
                 new=Decimal("8999800.10"), new_qualifier="exact", reason_zh="8月订单退款", batches=("b-0001", "b-0002")),
        Restated(period_kind="year_to_date", period="2022-08", indicator_id="LAB1", breakdown=towns(code)[0][0], name_zh="帮助农村劳动力转移就业", unit="人",
                 old=None, old_qualifier="not_reported", new=Decimal(12), new_qualifier="exact", reason_zh="补报台账"),
    )  # fmt: skip
