"""The pages as people use them, in a real browser on a real installation: what they came for is four clicks away.

Nobody types an address: every answer is reached by links and forms from the front page, and every click is counted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, Request, expect

from tests.browser.office import CHROMIUM, COUNTY, HEADER, JANUARY, PASSWORD, Office
from tests.data.signers import CLERK, NAMES
from xiezuo import pipeline
from xiezuo.declared.people import Person
from xiezuo.operations import accounts
from xiezuo.publish.release import closing
from xiezuo.publish.release.files import put_release
from xiezuo.values import identity

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no browser here: apt-get install chromium"),
]
MENU = ("批次", "数字", "定稿", "词表", "字典", "对账", "规则")
MOST_CLICKS = 4


@dataclass
class Visit:
    """Somebody on the pages: counts clicks, and notes which hosts his browser asked."""

    page: Page
    front: str
    clicks: int = 0
    hosts: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Open the front page, from where clicks are counted."""
        self.page.goto(self.front)
        self.clicks = 0

    def click(self, name: str, *, kind: str = "link", exact: bool = False) -> None:
        """Click the first link or button of a name."""
        self.page.get_by_role(kind, name=name, exact=exact).first.click()  # type: ignore[arg-type]
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS

    def text(self) -> str:
        """Return what the page says."""
        return self.page.locator("main").inner_text()


def put(office: Office, name: str, unit: str, reported: str, rows: list[list[str]]) -> None:
    """Drop a labour ledger into the inbox."""
    path = office.settings.inbox / COUNTY / "labour" / name
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["劳务输转台账", f"填报单位：{unit}", f"填报日期：{reported}"], HEADER, *rows])


def somebody(number: int) -> str:
    """Return an identity number of nobody, none of those of the ledgers that the office delivers."""
    body = f"9900001985{number // 28 + 2:02d}{number % 28 + 1:02d}{number:03d}"
    return body + identity.check_digit(body)


def taken_in(office: Office) -> None:
    pipeline.run(office.settings, county=COUNTY, first=date(2021, 1, 1), last=date(2022, 1, 31), sources=("labour",))


def closed(office: Office, reason: str = "") -> str:
    """Close January by all three; return the release."""
    draft = closing.draft(office.settings, COUNTY, JANUARY, reason)
    assert draft is not None
    for step, account in enumerate(NAMES, start=1):
        outcome = closing.answer(office.settings, draft, step, account, accepts=True)
    assert outcome.release is not None
    put_release(office.settings, outcome.release)
    return outcome.release.release_id


@pytest.fixture(scope="module")
def filled(office: Office) -> Office:
    """A county with two releases of January, a station that fell silent, and a file whose row 17 waits."""
    put(office, "乙站_2021-12.csv", "乙站", "2021-12-31", [["李四", somebody(50), "会师镇", "天津市", "晨屿电子", "2021-12-01"]])
    taken_in(office)
    closed(office)
    office.deliver("甲站_补报.csv", "2022-02-05", people=4)
    closed(office, "甲站补报1人")
    rows = [["王五", somebody(60 + n), "会师镇", "天津市", "晨屿电子", "2022-01-20"] for n in range(20)]
    rows[14][2] = "无此镇"  # a title and a header stand above
    put(office, "丙站_2022-01.csv", "丙站", "2022-01-31", rows)
    taken_in(office)
    closing.draft(office.settings, COUNTY, JANUARY, "丙站补报")
    return office


@pytest.fixture
def visit(filled: Office) -> Iterator[Visit]:
    page = filled.pages[CLERK]
    page.set_viewport_size({"width": 1300, "height": 900})
    here = Visit(page, f"{filled.address}/xiezuo/?county={COUNTY}&period={JANUARY}")

    def note(asked: Request) -> None:
        here.hosts.add(urlsplit(asked.url).netloc)

    page.on("request", note)
    here.begin()
    yield here
    page.remove_listener("request", note)
    assert here.hosts - {""} == {urlsplit(filled.address).netloc}  # an empty frame of Airflow's has no host


def test_which_station_did_not_report(visit: Visit) -> None:
    row = visit.page.locator("tr", has_text="乙站").first
    expect(row).to_contain_text("逾期未报")
    expect(visit.page.locator("tr", has_text="甲站").first).to_contain_text("迟报")


def test_why_row_17_of_a_file_waits_and_how_it_is_mended(visit: Visit) -> None:
    visit.click("批次")
    visit.click("丙站_2022-01.csv")
    visit.page.get_by_label("行号").fill("17")
    visit.click("查找", kind="button")
    row = visit.page.locator("#row-17")
    expect(row).to_contain_text("没有这个乡镇")
    expect(row).to_contain_text("填本县乡镇全称")
    expect(visit.page.locator("#return")).to_be_visible()


def test_where_a_figure_comes_from_down_to_three_rows(visit: Visit) -> None:
    """23 people in January: four of one ledger and nineteen of another; a row tells the figures it counts in."""
    visit.click("赴东部结对省份就业")
    expect(visit.page.get_by_role("heading", name="计入的行（23）")).to_be_visible()
    rows = visit.page.locator("h2#rows ~ .wide tbody tr")
    assert rows.count() == 23
    places = {rows.nth(at).inner_text() for at in range(3)}
    assert len(places) == 3
    assert all("甲站_补报.csv" in place or "丙站_2022-01.csv" in place for place in places)
    visit.click("内容和去处")
    assert "LAB1" in visit.text()
    assert "张三" not in visit.page.content()
    assert "王五" not in visit.page.content()
    assert "9900001985" not in visit.page.content()


def test_what_changed_between_two_releases(visit: Visit) -> None:
    visit.click("定稿")
    expect(visit.page.locator("#closed ~ .wide").first).to_contain_text("620422-2022-01-r2")
    visit.page.locator("tr", has_text="620422-2022-01-r2").get_by_role("link").first.click()
    line = visit.page.locator("h2#changes ~ .wide tr", has_text="赴东部结对省份就业").first
    expect(line).to_contain_text("3 人")
    expect(line).to_contain_text("4 人")
    assert "甲站补报1人" in visit.text()


def test_which_approval_waits_for_whom(visit: Visit) -> None:
    visit.click("定稿")
    row = visit.page.locator("#waiting ~ .wide").first.locator("tbody tr").first
    expect(row).to_contain_text("第 1 步 经办人送审")
    expect(row).to_contain_text(NAMES[CLERK])
    expect(row.get_by_role("link", name="去办理")).to_be_visible()


def test_a_file_is_verified_by_upload(visit: Visit, filled: Office) -> None:
    document = filled.settings.out / COUNTY / JANUARY / "release-2" / "bulletin.docx"
    visit.click("定稿")
    visit.page.locator("input[type=file]").set_input_files(str(document))
    visit.click("核验", kind="button")
    assert "620422-2022-01-r2：全部数字与定稿一致" in visit.text()


def test_a_row_is_waived_under_the_name_of_who_did_it(visit: Visit, filled: Office) -> None:
    visit.click("批次")
    visit.click("丙站_2022-01.csv")
    visit.page.locator("#row-17 summary").click()
    visit.page.locator("#row-17").get_by_label("理由").fill("已核实，该镇已撤并")
    visit.page.locator("#row-17").get_by_role("button").click()
    expect(visit.page.get_by_text("已办理：1 条已说明")).to_be_visible(timeout=120_000)
    visit.page.get_by_role("link", name="返回").click()
    expect(visit.page.locator("#row-17")).to_contain_text(f"已核实，该镇已撤并（{NAMES[CLERK]}）")
    assert filled.ask("select distinct state from audit.quarantine") == [("explained",)]


def test_a_word_is_decided_and_the_row_counts(visit: Visit, filled: Office) -> None:
    """The page offers what waits; the ledger is read again, and the figure follows."""
    visit.click("词表")
    row = visit.page.locator("tr", has_text="无此镇").first
    row.get_by_label("登记为").fill("620422100")
    row.get_by_role("button").click()
    expect(visit.page.get_by_text("已登记，重读")).to_be_visible(timeout=120_000)
    value = "select value::integer from mart.indicator_value where indicator_id = 'LAB2' and period = '2022-01'"
    assert filled.ask(f"{value} and period_kind = 'month' and breakdown = ''") == [(24,)]


@pytest.mark.parametrize("width", [390, 1300])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_menu_stands_on_a_phone_in_light_and_dark(visit: Visit, width: int, scheme: str) -> None:
    """Nothing is wider than the screen but tables, which scroll by themselves; one heading; every picture has a name."""
    visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    visit.page.set_viewport_size({"width": width, "height": 800})
    for name in ("今日", *MENU):
        visit.page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(visit.page.locator("[aria-current=page]")).to_have_text(name)
        assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= width, name
        assert visit.page.locator("h1").count() == 1
        assert visit.page.evaluate("[...document.querySelectorAll('svg')].every(one => one.getAttribute('aria-label'))")
        paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


def test_the_keyboard_reaches_the_content_first_and_pages_speak_english(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "跳到正文"
    visit.page.get_by_role("link", name="English").click()
    expect(visit.page.get_by_role("heading", name="Headline figures")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    visit.page.get_by_role("link", name="中文").click()
    expect(visit.page.get_by_role("heading", name="主要数字")).to_be_visible()


def test_the_pages_stand_in_airflows_menu(visit: Visit, filled: Office) -> None:
    visit.page.goto(filled.address)
    visit.page.get_by_role("link", name="协作 Xiezuo").click()
    frame = visit.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="主要数字")).to_be_visible(timeout=60_000)


def test_a_viewer_finds_no_form_and_another_county_is_not_there(filled: Office) -> None:
    code = accounts.add(filled.settings, Person(account="kanke", name="钱查看", role="viewer", counties=[COUNTY]))
    accounts.set_password(filled.settings, code, PASSWORD)
    login = {"username": "kanke", "password": PASSWORD}
    token = requests.post(f"{filled.address}/auth/token", json=login, timeout=60).json()["access_token"]
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        for name in ("batches", "words", "reconciliation", "releases"):
            page = session.get(f"{filled.address}/xiezuo/{name}", timeout=60)
            assert page.status_code == 200
            assert 'method="post"' not in page.text
        assert session.get(f"{filled.address}/xiezuo/?county=990101", timeout=60).status_code == 404
        for place in ("acts/waive", "acts/word", "acts/delivery", "acts/finding"):
            done = session.post(f"{filled.address}/xiezuo/{place}", data={"county": COUNTY}, timeout=60)
            assert done.status_code == 403
    accounts.remove(filled.settings, "kanke")
