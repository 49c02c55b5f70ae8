"""What commands are asked with: counties, periods, days and folders mean the same everywhere, or are refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli import main, make_parser
from xiezuo.cli.options import settle

TWO = """
"990001": {name: 甲县, city: 甲市, province: 甘肃省, paired: {county: 和平区, province: 天津市}}
"990002": {name: 乙县, city: 甲市, province: 甘肃省, paired: {county: 和平区, province: 天津市}}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home and make it the environment's."""
    monkeypatch.setenv("XIEZUO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def serve(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    path = tmp_path / "counties.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("XIEZUO_COUNTIES", str(path))
    return Settings.from_env()


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run what must be refused; return the one sentence and the next step."""
    try:
        code = main(words)
    except SystemExit as ended:
        code = ended.code  # type: ignore[assignment]
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    sentence, step = err.splitlines()
    assert sentence.startswith("xiezuo: ")
    assert step.startswith("  → ")
    return err


@pytest.mark.parametrize("code", ["1", "62042", "6204222", "62042x", "６２０４２２", "会宁县", " 620422", ""])
@pytest.mark.parametrize("command", ["quarantine", "alerts list", "trace CON1 2022-12", "export --out x"])
def test_what_is_no_county_code_is_refused(command: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "六位数字" in refused([*command.split(), "--county", code], capsys)


def test_a_county_that_is_not_served_is_refused_and_those_that_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(TWO, tmp_path, monkeypatch)
    said = refused(["quarantine", "--county", "990003"], capsys)
    assert "990003" in said
    assert "990001 甲县、990002 乙县" in said


def test_one_county_is_meant_where_one_is_served_and_asked_for_where_several_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = serve(TWO.replace(TWO.splitlines()[2], ""), tmp_path, monkeypatch)
    options = make_parser().parse_args(["trace", "CON1", "2022-12"])
    settle(options, alone)
    assert options.county == "990001"
    everywhere = make_parser().parse_args(["quarantine"])
    settle(everywhere, alone)
    assert everywhere.county is None
    serve(TWO, tmp_path, monkeypatch)
    assert "--county" in refused(["trace", "CON1", "2022-12"], capsys)


def test_many_counties_are_not_all_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = TWO.splitlines()[1]
    served = serve("\n".join(line.replace("990001", f"99{n:04d}") for n in range(1, 833)), tmp_path, monkeypatch)
    with pytest.raises(ConfigError) as error:
        settle(make_parser().parse_args(["trace", "CON1", "2022"]), served)
    assert error.value.next_step.endswith("990010 甲县……")


@pytest.mark.parametrize("text", ["2022-13", "22-01", "2022-1", "2022年", "202201", "2022-01-01", ""])
def test_a_period_written_badly_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    by_name = refused(["release", "draft", "--county", "620422", "--period", text], capsys)
    assert by_name == refused(["trace", "CON1", text], capsys) == refused(["trace", "CON1", "--period", text], capsys)
    assert f"“{text}”不是期间" in by_name


@pytest.mark.parametrize("text", ["2022-02-30", "2022-1-1", "20220101x", "昨天"])
@pytest.mark.parametrize("words", ["run --to 2022-01-31 --from", "run --from 2022-01-01 --to", "alerts mute k --reason r --until"])
def test_a_day_written_badly_is_refused(words: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"“{text}”不是日期" in refused([*words.split(), text], capsys)


def test_a_trace_takes_its_period_by_position_or_by_name_but_not_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--period" in refused(["trace", "CON1"], capsys)
    assert "两个不同的期间" in refused(["trace", "CON1", "2022-12", "--period", "2022-11"], capsys)


@pytest.mark.parametrize(
    "words",
    ["nonsense", "run", "run --from 2022-01-01", "alerts nonsense", "run --jso --from 2022-01-01 --to 2022-01-02 x",
     "export", "sample --year x --out y", "quarantine explain"],
)  # fmt: skip
def test_words_that_are_not_understood_are_one_sentence(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in refused(words.split(), capsys)


def test_a_role_that_nobody_has_is_told_without_a_warehouse(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no role nobody" in refused(["warehouse", "url", "--role", "nobody"], capsys)


def test_options_before_an_act_are_not_dropped_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    refused(["quarantine", "--county", "620422", "list"], capsys)


def test_nothing_at_all_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 0
    assert "quarantine" in capsys.readouterr().out


def test_old_forms_are_understood() -> None:
    parse = make_parser().parse_args
    old = parse(["quarantine", "--county", "620422", "--explain", "a", "b", "--reason", "已核实"])
    new = parse(["quarantine", "explain", "a", "b", "--county", "620422", "--reason", "已核实"])
    assert (old.explain, old.reason, old.county) == (new.explain, new.reason, new.county)
    assert parse(["trace", "CON1", "2022-12"]).period_by_position == "2022-12"
