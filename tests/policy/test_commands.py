"""Every command keeps the habits of docs/decisions/0032-command-line.md: what is asked for the same is asked the same way."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xiezuo.cli import make_parser
from xiezuo.cli.options import add_county, add_day, add_json, add_out, add_period
from xiezuo.cli.parser import Parser

INTERFACES = (Path(__file__).parents[2] / "docs/interfaces.md").read_text(encoding="utf-8")
BY_POSITION = {("trace", "period_by_position")}


def subcommands(parser: argparse.ArgumentParser) -> dict[str, Parser]:
    """Return the commands declared below a parser, by name."""
    actions = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(actions[0].choices) if actions else {}


def walk(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Parser]]:
    """Yield every group and command with the words that call it."""
    for name, below in subcommands(parser).items():
        yield " ".join((*words, name)), below
        yield from walk(below, (*words, name))


def listing(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the lines of ``--help`` about the commands below a parser."""
    return [line for action in parser._actions for line in getattr(action, "_choices_actions", [])]


ALL = dict(walk(make_parser()))
GROUPS = {name: parser for name, parser in ALL.items() if subcommands(parser)}
COMMANDS = {name: parser for name, parser in ALL.items() if name not in GROUPS}


def test_the_walk_found_the_commands() -> None:
    assert set(GROUPS) >= {"quarantine", "release", "alerts", "warehouse"}
    assert len(COMMANDS) >= 25


@pytest.mark.parametrize("name", ALL)
def test_a_command_has_help_in_one_line_and_ends_with_an_example_that_can_be_typed(name: str) -> None:
    parser = ALL[name]
    above, _, last = name.rpartition(" ")
    words = {choice.dest: choice.help for choice in listing(ALL[above] if above else make_parser())}[last]
    assert words
    assert "\n" not in words
    assert len(words) <= 72
    example = parser.format_help().rstrip().splitlines()[-1].strip()
    assert example.startswith(f"xiezuo {name} ") or example == f"xiezuo {name}"
    options, rest = make_parser().parse_known_args(shlex.split(example)[1:])
    assert not rest or name == "warehouse psql"
    assert callable(options.command)


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_without_an_act_lists(name: str) -> None:
    bare = make_parser().parse_args(name.split())
    with_options = make_parser().parse_args([*name.split(), "--json"])
    wanted = GROUPS[name].unnamed_act
    assert wanted in {"list", "status"}
    named = make_parser().parse_args([*name.split(), str(wanted)])
    assert bare.command is with_options.command is named.command
    assert with_options.json


def reference(declare: Callable[..., None], **how: object) -> argparse.Action:
    parser = argparse.ArgumentParser(add_help=False)
    declare(parser, **how)
    return parser._actions[0]


def form(action: argparse.Action) -> tuple[object, ...]:
    """Return all that a person or a shell sees of an option, and how its value is read."""
    return (
        action.option_strings, action.dest, action.nargs, action.const, action.default, action.type, action.choices,
        action.metavar, action.help, type(action), getattr(action, "completer", None),
    )  # fmt: skip


SAME = {
    "county": [reference(add_county), reference(add_county, one=True)],
    "period": [reference(add_period)],
    "json": [reference(add_json)],
    "out": [reference(add_out)],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_asked_for_the_same_is_asked_the_same_way(name: str) -> None:
    for action in COMMANDS[name]._actions:
        for kind, forms in SAME.items():
            if kind in action.dest and (name, action.dest) not in BY_POSITION:
                assert form(action) in [form(one) for one in forms], f"{action.dest} of `{name}`"
        if "day" in str(action.type) or action.metavar == "YYYY-MM-DD":
            assert action.type is reference(add_day, name="--on", words="").type


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    assert all(action.help for action in COMMANDS[name]._actions)


def test_no_county_is_anybodys_default() -> None:
    defaults = [action.default for parser in COMMANDS.values() for action in parser._actions]
    assert len(defaults) > 100
    assert not [default for default in defaults if re.fullmatch(r"[0-9]{6}", str(default))]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_of_interfaces_lists_every_command_and_option(name: str) -> None:
    lines = [line for line in INTERFACES.splitlines() if line.startswith(f".venv/bin/xiezuo {name}")]
    assert lines, f"docs/interfaces.md does not list `xiezuo {name}`"
    for action in COMMANDS[name]._actions:
        if action.option_strings and action.dest != "help" and action.help != argparse.SUPPRESS:
            assert any(action.option_strings[0] in line for line in lines), f"{name} {action.option_strings[0]}"
