"""The recipes of CONTRIBUTING.md, followed word for word: they add files, and what they promise comes true."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from yamllint import linter
from yamllint.config import YamlLintConfig

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.settings import Settings
from xiezuo.cli import main
from xiezuo.warehouse import access

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MARKED = re.compile(r"<!-- (file|run|prints|answer)\b:?\s*([^>]*?) -->\n```\w*\n(.*?\n)```$", re.DOTALL | re.MULTILINE)
ADDING = ("Add a source", "Add an indicator", "Add a sales platform", "Add a check")
CLEARED = "After trying"
OURS = ("XIEZUO_", "AIRFLOW_CONN_")
WRITTEN_PORT = '"port": 9077'
NOW = datetime(2022, 12, 31, 23, tzinfo=SHANGHAI)


@dataclass
class Recipe:
    """One chapter: the files it adds, its commands each with the output it promises (or ""), its example answer."""

    title: str
    files: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)
    answer: str = ""


def read_recipes(page: str) -> dict[str, Recipe]:
    """Return the chapters of the page that hold marked blocks, by title, in order."""
    found = {}
    for chapter in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        recipe = Recipe(chapter.partition("\n")[0])
        for kind, name, text in MARKED.findall(chapter):
            match kind:
                case "file":
                    recipe.files[name] = text
                case "run":
                    recipe.steps.append((text, ""))
                case "prints":
                    recipe.steps[-1] = (recipe.steps[-1][0], text)
                case "answer":
                    recipe.answer = text
        if recipe.files or recipe.steps:
            found[recipe.title] = recipe
    return found


RECIPES = read_recipes(PAGE)
FILES = {path: text for recipe in RECIPES.values() for path, text in recipe.files.items()}
EXAMPLE = json.loads(RECIPES["Add a sales platform"].answer)["result"]["orders"]


def as_pattern(promised: str) -> re.Pattern[str]:
    """Return what the promised lines stand for: … is any text, alone any lines; without one the last line is the last."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*?") + r"\n" for line in promised.splitlines()
    ]
    return re.compile("^" + "".join(lines) + ("" if promised.rstrip().endswith("\n…") else r"\Z"), re.MULTILINE)


class Platform:
    """A shop on the invented platform, as the page quotes its documentation; shares no code with the client."""

    def __init__(self, orders: list[dict[str, Any]]) -> None:
        self.orders = sorted(orders, key=lambda order: str(order["changed"]), reverse=True)
        self.answered: list[tuple[int, dict[str, str]]] = []
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = json.dumps(platform.answer(self.path), ensure_ascii=False).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def answer(self, address: str) -> dict[str, Any]:
        place, asked = urlsplit(address).path, urlsplit(address).query
        given = dict(parse_qsl(asked, keep_blank_values=True, strict_parsing=True))
        status, reason = (14, "no such path") if place != "/v3/orders" else self.judge(given)
        self.answered.append((status, given))
        if status:
            return {"status": status, "reason": reason}
        page, rows = int(given["page"]), int(given["rows"])
        since, before = (f"{moment(given[name]):%Y/%m/%d %H:%M:%S}" for name in ("since", "before"))
        found = [order for order in self.orders if since <= order["changed"] < before]
        part = found[(page - 1) * rows : page * rows]
        return {"status": 0, "reason": "", "result": {"more": page * rows < len(found), "orders": part}}

    def judge(self, given: dict[str, str]) -> tuple[int, str]:
        signed = "".join(name + given[name] for name in sorted(set(given) - {"sign"}))
        own = hmac.new(b"the-app-secret", signed.encode(), hashlib.sha256).hexdigest().upper()
        if given.get("sign") != own or given.get("app") != "the-app-key":
            return 11, "sign"
        if given.get("token") != "the-token":
            return 12, "token"
        if set(given) != {"app", "token", "at", "since", "before", "page", "rows", "sign"}:
            return 14, "parameters"
        at = datetime.strptime(given["at"], "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
        if abs(at - NOW) > timedelta(minutes=10):
            return 13, "at"
        span = moment(given["before"]) - moment(given["since"])
        fits = timedelta() < span <= timedelta(days=1) and int(given["page"]) >= 1 and 1 <= int(given["rows"]) <= 50
        return (14, "window or page") if not fits else (0, "") if self.answered else (20, "again in 0 s")

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def moment(text: str) -> datetime:
    """Read an instant of a query as the documentation writes it."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", text), text
    return datetime.fromisoformat(text)


def november(number: int) -> dict[str, Any]:
    """Return one of the orders that fill more than one page of a day: the example's paid one, told otherwise."""
    minute = f"2022/11/11 {8 + number // 60:02}:{number % 60:02}"
    return EXAMPLE[2] | {
        "id": f"QJ221111{number:02}", "paid_fen": 1000 + number, "back_fen": 0, "state": "DONE",
        "made": f"{minute}:00", "paid": f"{minute}:10", "changed": f"{minute}:20", "done": f"{minute}:20",
    }  # fmt: skip


NOVEMBER = [november(number) for number in range(70)]


@dataclass
class Desk:
    """Where a reader sits: a folder with ``.venv`` and a shell whose exports last; each recipe extends the project."""

    folder: Path
    environ: dict[str, str]
    printed: dict[tuple[str, int], str] = field(default_factory=dict)

    def follow(self, recipe: Recipe, port: int) -> None:
        """Add the recipe's files to a copy of the project as it is so far, then type its commands."""
        before = Path(self.environ["XIEZUO_ROOT"])
        after = self.folder / f"project {len(list(self.folder.glob('project *')))}"  # read once a process: its own path
        shutil.copytree(before / "include", after / "include")
        shutil.copytree(before / "expectations", after / "expectations")
        shutil.copytree(before / "tests" / "data", after / "tests" / "data")
        for name, text in recipe.files.items():
            assert (after / name).parent.is_dir(), f"{name} lies in a folder that does not exist"
            (after / name).write_text(text, encoding="utf-8")
        self.environ["XIEZUO_ROOT"] = str(after)
        for number, (script, _) in enumerate(recipe.steps):
            assert (WRITTEN_PORT in script) == ("AIRFLOW_CONN_" in script and "export" in script)
            self.printed[recipe.title, number] = self.type(script.replace(WRITTEN_PORT, f'"port": {port}'))

    def type(self, script: str) -> str:
        """Run a script and return all it prints: plain ``xiezuo`` commands in this process, the rest by bash."""
        said = ""
        for part in re.split(r"^(\.venv/bin/xiezuo [^&\n]*\n)", script, flags=re.MULTILINE):
            if part.startswith(".venv/bin/xiezuo ") and "&&" not in part:
                code, text = self.xiezuo(*shlex.split(part)[1:])
                assert code == 0, text
                said += text
            elif part.strip():
                said += self.bash(part)
        return said

    def xiezuo(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(out):
            patch.chdir(self.folder)
            for name, value in self.environ.items():
                patch.setenv(name, value)
            return main(arguments), out.getvalue()

    def bash(self, script: str) -> str:
        left = self.folder / "environ"
        done = subprocess.run(
            ["bash", "-euc", f"{script}\nenv -0 > environ"],  # noqa: S607  (the reader's own shell)
            cwd=self.folder, env={**os.environ, **self.environ}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        variables = dict(line.split("=", maxsplit=1) for line in left.read_text(encoding="utf-8").split("\0") if line)
        self.environ = {name: value for name, value in variables.items() if name.startswith(OURS)}
        return done.stdout

    @property
    def settings(self) -> Settings:
        home = self.folder / self.environ["XIEZUO_HOME"]
        return Settings.from_env({**self.environ, "XIEZUO_HOME": str(home)})

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with access.connect(self.settings, "owner") as connection:
            return connection.execute(statement.encode()).fetchall()


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """Yield the platform, its shop's orders those of the page's example and a busy day in November."""
    served = Platform([*EXAMPLE, *NOVEMBER])
    yield served
    served.stop()


@pytest.fixture(scope="module")
def desk(platform: Platform) -> Iterator[Desk]:
    """Yield the desk after all four recipes; clear it as the page says, which must leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="xiezuo-recipes-"))
    folder.chmod(0o711)  # the server's account passes through
    (folder / ".venv").symlink_to(sys.prefix)
    desk = Desk(folder, {"XIEZUO_ROOT": str(ROOT)})
    try:
        for title in ADDING:
            desk.follow(RECIPES[title], platform.port)
        yield desk
        for script, _ in RECIPES[CLEARED].steps:
            desk.type(script)
        assert set(desk.environ) == {"XIEZUO_ROOT"}
        assert not (folder / ".xiezuo-try").exists()
    finally:
        if (folder / ".xiezuo-try").exists():
            access.stop(desk.settings)
        shutil.rmtree(folder)


def test_the_page_holds_the_recipes() -> None:
    assert list(RECIPES) == [*ADDING, CLEARED]
    assert all(RECIPES[title].files and RECIPES[title].steps for title in ADDING)
    assert not RECIPES[CLEARED].files
    assert PAGE.count("<!-- ") == len(MARKED.findall(PAGE)), "a marked block cannot be read"


def test_a_recipe_adds_files_and_edits_none() -> None:
    """What exists is not listed, Python is not, and the programs do not know the examples' names."""
    assert len(FILES) == sum(len(recipe.files) for recipe in RECIPES.values()) == 8
    assert not [path for path in FILES if (ROOT / path).exists() or path.endswith(".py")]
    assert {path.partition("/")[0] for path in FILES} == {"include", "expectations", "tests"}
    assert set(RECIPES["Add a sales platform"].files) == {
        "include/platforms/qiaoji.yaml", "include/contracts/sales_order.qiaoji.yaml",
    }  # fmt: skip
    programs = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    assert len(programs) > 50
    assert not [text for text in programs if re.search("qiaoji|work_press|ORG_PRESS", text)]


def test_a_recipe_s_files_pass_the_checks_they_will_meet() -> None:
    lint = YamlLintConfig(file=str(ROOT / ".yamllint.yaml"))
    troubles = [
        f"{path}:{problem}" for path, text in FILES.items() if path.endswith(".yaml") for problem in linter.run(text, lint)
    ]
    assert not troubles


@pytest.mark.parametrize("title", ADDING)
def test_what_a_recipe_promises_is_printed(desk: Desk, title: str) -> None:
    promises = [(number, promised) for number, (_, promised) in enumerate(RECIPES[title].steps) if promised]
    assert promises
    for number, promised in promises:
        assert as_pattern(promised).search(desk.printed[title, number]), desk.printed[title, number]


def test_the_platform_was_asked_as_its_documentation_says(desk: Desk, platform: Platform) -> None:
    """One request is put off, none refused; a day of seventy orders is two pages, read forward and back."""
    statuses = [status for status, _ in platform.answered]
    assert statuses[:2] == [20, 0]
    assert set(statuses[1:]) == {0}
    assert platform.answered[0][1] == platform.answered[1][1]
    busy = [given["page"] for _, given in platform.answered if given["since"].startswith("2022-11-11")]
    assert busy[:2] == ["1", "2"]
    assert set(busy) == {"1", "2"}


def test_orders_of_the_new_platform_are_loaded_and_counted(desk: Desk) -> None:
    stored = desk.ask(
        "select order_no, status, payment_yuan, refund_yuan, feed from core.sales_order"
        " where platform = 'qiaoji' and order_no like 'QJ2212%' order by order_no"
    )
    assert stored == [
        ("QJ22120501", "paid", Decimal(120), Decimal("20.50"), "qiaoji"),
        ("QJ22120502", "unpaid", Decimal(30), Decimal(0), "qiaoji"),
    ]
    months = desk.ask(
        "select period, value from mart.indicator_value where indicator_id = 'CON1' and period_kind = 'month'"
        " and breakdown = '' and value > 0 order by period"
    )
    paid = sum(order["paid_fen"] for order in NOVEMBER)
    assert months == [("2022-11", Decimal(paid).scaleb(-2)), ("2022-12", Decimal("99.50"))]
    assert desk.ask("select count(*), count(distinct paid_at) from core.sales_order where paid_on = '2022-11-11'") == [(70, 70)]


def test_the_new_indicator_has_its_values(desk: Desk) -> None:
    """Four at the end: the recipe of the check enters one report again, on another day."""
    values = desk.ask(
        "select indicator_id, value::integer from mart.indicator_value where indicator_id like 'ORG_PRESS%'"
        " and period_kind = 'year' and period = '2022' and breakdown = '' order by indicator_id"
    )
    assert values == [("ORG_PRESS", 4), ("ORG_PRESS.provincial", 1)]
    assert desk.ask("select count(*) from core.work_press") == [(4,)]


def test_the_new_check_has_found_what_it_looks_for(desk: Desk) -> None:
    found = desk.ask(
        "select county_code, period, left_value::integer, right_value::integer, status, detail from audit.reconciliation"
        " where check_id = 'work_press_repeated'"
    )
    assert found == [("620422", "2022", 4, 3, "warns", "重复登记的稿件：会宁融媒《协作车间送岗位》")]


def test_what_cannot_be_read_is_held_back(desk: Desk) -> None:
    """The short headline was answered by the correction; the order in an unknown state still waits."""
    waiting = json.loads(desk.xiezuo("quarantine", "--county", "620422", "--json")[1])["rows"]
    assert [(row["rule_id"], row["row_no"]) for row in waiting] == [("ENUM_UNKNOWN", 1)]
    assert {rule for (rule,) in desk.ask("select rule_id from audit.quarantine")} == {"ENUM_UNKNOWN", "WRK_HEADLINE_TOO_SHORT"}


def test_a_wrong_secret_is_refused_with_the_profile_s_words(desk: Desk, platform: Platform) -> None:
    """The server does look at the signature, and its code is understood."""
    name = "AIRFLOW_CONN_SALES_620422_QIAOJI"
    asked = len(platform.answered)
    wrong = Desk(desk.folder, desk.environ | {name: desk.environ[name].replace("the-app-secret", "another-secret")})
    code, said = wrong.xiezuo("run", "--county", "620422", "--from", "2022-12-01", "--to", "2022-12-31", "--source", "sales")
    assert [status for status, _ in platform.answered[asked:]] == [11]
    assert code == 2, said
    assert "签名不正确，请核对应用密钥" in said
    assert "another-secret" not in said
