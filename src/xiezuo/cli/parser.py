"""How a command is declared, so that each is asked for help, lists, and is corrected in the same way.

Every command has one line of help and an example; a group of commands lists when no act is named.
docs/decisions/0032-command-line.md has the habits, tests/policy/test_commands.py walks every command for them.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from xiezuo.base.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["Parser"]  # noqa: SLF001  (the only name the type has)


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence, and may have an act that is meant when none is named."""

    unnamed_act: str | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; a group that is given no act is given its ``unnamed_act``."""
        if self.unnamed_act is not None and args is not None and self._names_no_act(args):
            args = [self.unnamed_act, *args]
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """End with exit code 2, one sentence and where the rest is said."""
        self.exit(2, f"xiezuo: {message}\n  → {self.prog} --help\n")

    def _names_no_act(self, args: Sequence[str]) -> bool:
        if args:
            return args[0].startswith("-") and args[0] not in {"-h", "--help"}
        # A shell that completes the very word in question has not said yet whether it is to be an act.
        being_typed = os.environ.get("COMP_LINE", "").rpartition(" ")[2]
        return "_ARGCOMPLETE" not in os.environ or being_typed.startswith("-")


def add_command(commands: Commands, name: str, words: str, command: Command, *, example: str) -> Parser:
    """Declare a command: one line of help, what it does, and an example that ends its ``--help``."""
    parser = _add(commands, name, words, "", example)
    parser.set_defaults(command=command, needs_home=True)
    return parser


def add_group(commands: Commands, name: str, words: str, *, unnamed: str, example: str) -> Commands:
    """Declare a group of commands, and return where its acts are declared; without one, ``unnamed`` is meant."""
    group = _add(commands, name, words, f" Without an act: {unnamed}.", example)
    group.unnamed_act = unnamed
    return group.add_subparsers(required=True, metavar="ACT", dest="act")


def _add(commands: Commands, name: str, words: str, more: str, example: str) -> Parser:
    return commands.add_parser(
        name,
        help=words,
        description=f"{words[0].upper()}{words[1:]}.{more}",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
