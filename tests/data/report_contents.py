"""Contents to print as Word documents: the sample county's year in full, a month, and an invented county; no person."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from docx import Document
from lxml import etree

from xiezuo.declared.indicator_sets import load_sets
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish.documents.content import (
    Check,
    Column,
    Content,
    County,
    Heading,
    Passage,
    Restated,
    Row,
    Stamp,
    Table,
    Value,
)
from xiezuo.publish.documents.word.render import template_name
from xiezuo.publish.documents.wording import load_themes

ROOT = Path(__file__).parents[2]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

HUINING = County(
    code="620422",
    name="会宁县",
    city="白银市",
    province="甘肃省",
    paired_county="和平区",
    paired_province="天津市",
)
INVENTED = County(
    code="530999",
    name="云岭县",
    city="临沧市",
    province="云南省",
    paired_county="浦江新区",
    paired_province="上海市",
)
CHAPTERS = (
    ("ORG", "组织领导"),
    ("FUN", "财政帮扶资金"),
    ("LAB", "劳务协作"),
    ("CON", "消费帮扶"),
    ("IND", "产业合作"),
    ("TAL", "干部人才交流"),
    ("SOC", "社会帮扶"),
    ("VIL", "乡村振兴示范"),
)
TOWNS = tuple((f"6204221{number:02d}", f"第{number}镇") for number in range(28))

# identity, name, unit, value, and how the year's report prints it
YEAR_2022 = """
ORG1 研究部署会议 次 8 8次
ORG1.government 其中：政府常务会 次 4 4次
ORG1.leading_group 其中：县委农村工作领导小组会 次 4 4次
ORG2 双方互访 次 2 2次
ORG2.east_to_west 东部来访 次 1 1次
ORG2.west_to_east 赴东部对接 次 1 1次
ORG3.street_town 街道与乡镇结对 对 2 2对
ORG3.community_village 社区与示范村结对 对 2 2对
ORG3.school 学校结对 对 35 35对
ORG3.hospital 医院结对 对 2 2对
ORG3.social_organisation 社会组织与示范村结对 对 2 2对
ORG3.enterprise 企业与示范村结对 对 4 4对
LAB1 帮助农村劳动力转移就业 人 2625 2625人
LAB1.lifted 其中：脱贫人口 人 2271 2271人
LAB2 赴东部结对省份就业 人 232 232人
LAB2.lifted 其中：脱贫人口 人 232 232人
LAB3 省内就近就业 人 822 822人
LAB3.lifted 其中：脱贫人口 人 468 468人
LAB4 到其他地区就业 人 1571 1571人
LAB4.lifted 其中：脱贫人口 人 1571 1571人
LAB5.classes 劳务协作培训班 期 8 8期
LAB5.trainees 培训农村劳动力 人 362 362人
LAB5.lifted 其中：脱贫人口 人 331 331人
LAB6.firms 招聘会推荐企业 家 14 14家
LAB6.posts 招聘会提供岗位 个 378 378个
LAB6.views 直播观看 人次 2800 2800人次
CON1 消费帮扶销售额 元 118000000.00 1.18亿元
CON2.firms 认定产品企业 家 44 44家
CON2.products 认定产品 类 531 531类
CON3 脱贫地区农副产品销售平台供应商 家 35 35家
CON4.households 带动脱贫户 户 2225 2225户
CON4.people 带动脱贫人口 人 9849 9849人
CON5.online 线上消费帮扶对接会 次 3 3次
CON5.higher 参加省市组织的对接会 次 2 2次
CON5.agreements 采购框架协议 个 5 5个
CON5.agreed 采购框架协议金额 元 5000000.00+ 500余万元
IND1 共建产业园 个 1 1个
IND1.fund 共建产业园协作资金 元 16490000.00 1649万元
IND2 新引进落地企业 家 5 5家
IND3 完成投资 元 26870000.00 2687万元
IND4 吸纳农村劳动力就业 人 95 95人
IND4.lifted 其中：脱贫劳动力 人 27 27人
TAL1.east_to_west 东部选派党政干部 人 5 5人
TAL1.west_to_east 选派党政干部 人 6 6人
TAL2.east_to_west 东部选派专技人员 人 30 30人
TAL2.teachers 支教教师 人 24 24人
TAL2.teachers_long 支教教师（长期） 人 14 14人
TAL2.teachers_short 支教教师（短期） 人 10 10人
TAL2.doctors 支医医生 人 4 4人
TAL2.doctors_long 支医医生（长期） 人 3 3人
TAL2.doctors_short 支医医生（短期） 人 1 1人
TAL2.park 园区建设人员 人 1 1人
TAL2.party 党务工作者 人 1 1人
TAL3.education 选派教育专技人才 人 28 28人
TAL3.health 选派卫生专技人才 人 10 10人
TAL3.agriculture 选派农业专技人才 人 10 10人
FUN1 财政帮扶资金 元 56000000.00 5600万元
FUN2 财政帮扶项目 个 24 24个
FUN1.industry 产业培育类 元 27462000.00 2746.2万元
FUN1.village 乡村振兴示范村 元 15410000.00 1541万元
FUN1.employment 就业培训类 元 5890000.00 589万元
FUN1.school 红军小学建设提升 元 2000000.00 200万元
FUN1.education 教育培训类 元 1684300.00 168.43万元
FUN1.medical 医疗设备采购 元 2000000.00 200万元
FUN1.clinic 村级卫生室金保专网 元 338000.00 33.8万元
FUN1.street 镇区街道修缮排水渠 元 900000.00 90万元
FUN1.lighting 乡村亮化 元 215700.00 21.57万元
FUN1.workshop 支持帮扶车间 元 100000.00 10万元
SOC1 社会帮扶资金 元 1259400.00 125.94万元
SOC1.in_kind 其中：捐物折价 元 487900.00 48.79万元
SOC1.cash 其中：捐款 元 771500.00 77.15万元
VIL1 共建乡村振兴示范村 个 4 4个
"""
LISTED = [line.split() for line in YEAR_2022.strip().splitlines()]
CATALOGUE = {entry.indicator_id: entry.zh for one in load_indicators(ROOT) for entry in one.entries} | {
    line[0]: line[1] for line in LISTED
}
PRINTED = {line[0]: line[4] for line in LISTED}


THEMES = load_themes(ROOT)


def outline_of(year: str) -> tuple[Heading, ...]:
    """Return the outline of the newest indicator set that holds in a year for every county."""
    holding = [one for one in load_sets(ROOT) if one.holds_in(int(year)) and not one.applies_to.model_dump(exclude_none=True)]
    newest = max(holding, key=lambda one: one.valid_from)
    return tuple(Heading.model_validate(one.model_dump()) for one in newest.report)


def values_of(year: int, factor: int = 1) -> Iterator[Value]:
    """Yield the year's values; another ``factor`` makes another county's of the same kind."""
    for indicator_id, name, unit, amount, _ in LISTED:
        yield Value(
            period_kind="year",
            period=str(year),
            indicator_id=indicator_id,
            name_zh=name,
            value=Decimal(amount.rstrip("+")) * factor,
            unit=unit,
            qualifier="at_least" if amount.endswith("+") else "exact",
            as_of=date(year, 12, 31),
        )


def changed(values: tuple[Value, ...], indicator_id: str, **said: Any) -> tuple[Value, ...]:
    """Return values of which one indicator's say otherwise."""
    return tuple(
        value.model_copy(update=said) if value.indicator_id == indicator_id else value for value in values
    )


def projects(count: int, *, is_wide: bool = True) -> Table:
    """Return an annex of projects."""
    columns = (
        Column(key="name", zh="项目名称", kind="text"),
        Column(key="place", zh="实施地点", kind="text"),
        Column(key="approved", zh="批复日期", kind="date"),
        Column(key="allocated", zh="安排资金", kind="money", unit="元", is_total=True),
        Column(key="people", zh="受益人口", kind="count", unit="人"),
        Column(key="paid_pct", zh="支付进度", kind="percent"),
    )
    rows = tuple(
        Row(
            key=f"P{number:03d}",
            cells=(
                f"第{number}号种养循环项目",
                "某镇",
                "2022-05-11",
                str(120000 + number),
                str(number),
                "49.875",
            ),
        )
        for number in range(count)
    )
    total = (None, None, None, str(sum(120000 + number for number in range(count))), None, None)
    return Table(
        key="projects",
        zh="财政帮扶项目明细表",
        columns=columns,
        rows=rows,
        total=total if rows else None,
        is_wide=is_wide,
    )


def year_content(**said: Any) -> Content:
    """Return the sample county's year 2022, with anything said otherwise."""
    given: dict[str, Any] = {
        "county": HUINING,
        "period": "2022",
        "as_of": date(2022, 12, 31),
        "values": tuple(values_of(2022)),
        "towns": TOWNS,
        "chapters": CHAPTERS,
        "tables": (projects(3),),
        "outline": outline_of(str((said | {"period": said.get("period", "2022")})["period"])[:4]),
        "themes": THEMES,
    }
    return Content(**(given | said))


def month_values(towns: int = 20) -> Iterator[Value]:
    """Yield a month's values and those of the year to date, of the first townships too for LAB1."""
    for kind, share in (("month", 10), ("year_to_date", 1)):
        for value in values_of(2022):
            amount = (value.value or Decimal(0)) // share
            told = {"period_kind": kind, "period": "2022-09", "value": amount, "as_of": date(2022, 9, 30)}
            yield value.model_copy(update=told)
            if value.indicator_id == "LAB1":
                for place, (code, _) in enumerate(TOWNS[:towns]):
                    yield value.model_copy(
                        update=told | {"breakdown": code, "value": Decimal(place // 2 * share)}
                    )


def month_content(**said: Any) -> Content:
    """Return a month, with anything said otherwise."""
    fund = Table(
        key="fund_progress",
        zh="资金使用进度",
        columns=(
            Column(key="name", zh="资金类别", kind="text"),
            Column(key="allocated", zh="下达", kind="money", unit="元", is_total=True),
            Column(key="paid", zh="支付", kind="money", unit="元", is_total=True),
            Column(key="percent", zh="支付进度", kind="percent"),
        ),
        rows=(Row(key="fiscal", cells=("财政帮扶资金", "56000000", "12345600", "22.05")),),
        total=(None, "56000000", "12345600", "22.05"),
    )
    checks = (
        Check(kind="arrival", state="open", subject_zh="第3镇劳务台账", detail_zh="9月未报送，由第3镇负责"),
        Check(
            kind="quarantine", state="explained", subject_zh="就业台账", detail_zh="证件号校验不符", count=12
        ),
        Check(kind="reconciliation", state="passed", subject_zh="就业去向合计"),
    )
    given: dict[str, Any] = {
        "county": HUINING,
        "period": "2022-09",
        "as_of": date(2022, 9, 30),
        "values": tuple(month_values()),
        "towns": TOWNS,
        "chapters": CHAPTERS,
        "tables": (fund,),
        "checks": checks,
        "outline": outline_of("2022"),
        "themes": THEMES,
    }
    return Content(**(given | said))


RESTATED = Restated(
    period_kind="year",
    period="2021",
    indicator_id="LAB1",
    name_zh="帮助农村劳动力转移就业",
    unit="人",
    old=Decimal(2300),
    old_qualifier="exact",
    new=Decimal(2362),
    new_qualifier="exact",
    reason_zh="补报台账",
)


def passage(section: str, text: str | None = None, seq: int = 1, **said: Any) -> Passage:
    """Return a paragraph of the office."""
    return Passage(section=section, seq=seq, text=text, **said)


def stamp_of(content: Content, *, is_draft: bool = False) -> Stamp:
    """Return the stamp of a first release, or of a third draft."""
    release = f"{content.county.code}-{content.period}"
    if is_draft:
        return Stamp(release_id=f"{release}-d3", digest=content.digest)
    return Stamp(
        release_id=f"{release}-r1",
        digest=content.digest,
        head="0f" * 32,
        approved_by="审定人",
        approved_on=date(2023, 1, 20),
    )


def template_of(content: Content) -> bytes:
    """Return the template that is committed for a content."""
    return (ROOT / "include/reports" / template_name(content)).read_bytes()


def made_template(*paragraphs: str) -> bytes:
    """Return a template of these paragraphs, as python-docx makes documents."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def saved(document: Any) -> bytes:
    """Return a document as a file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def edited(document: bytes, change: Callable[[str], str], part: str = "word/document.xml") -> bytes:
    """Return a file of which the XML of one part was changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as found,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in found.namelist():
            data = found.read(name)
            made.writestr(name, change(data.decode()).encode() if name == part else data)
    return buffer.getvalue()


def body_of(document: bytes) -> etree._Element:
    """Return the XML of a document's body."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def paragraphs_of(document: bytes) -> list[str]:
    """Return the text of every paragraph, those in tables too."""
    return ["".join(node.text or "" for node in one.iter(f"{W}t")) for one in body_of(document).iter(f"{W}p")]


def text_of(document: bytes) -> str:
    """Return the text of a document, a line a paragraph."""
    return "\n".join(paragraphs_of(document))


def outside_controls(document: bytes) -> str:
    """Return the text that stands in no content control."""
    body = body_of(document)
    for control in list(body.iter(f"{W}sdt")):
        control.getparent().remove(control)
    return "\n".join("".join(node.text or "" for node in one.iter(f"{W}t")) for one in body.iter(f"{W}p"))


def tags_of(document: bytes) -> list[str]:
    """Return the tags of all controls, in order."""
    return [one.get(f"{W}val") for one in body_of(document).iter(f"{W}tag")]


def without_tags(document: bytes) -> bytes:
    """Return a document as LibreOffice saves it: the controls are there, their tags, titles and ids are not."""
    return edited(document, lambda xml: re.sub(r"<w:sdtPr>.*?</w:sdtPr>", "<w:sdtPr/>", xml))
