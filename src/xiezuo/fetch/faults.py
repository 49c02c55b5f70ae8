"""What went wrong with some sources of a group while its others went on: the task's error names each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiezuo.base.errors import ConfigError, SourceDown, XiezuoError


@dataclass(frozen=True)
class Fault:
    """One source of one county that could not be fetched; ``part`` names it as ``audit.run`` does."""

    county_code: str
    part: str
    error: XiezuoError


class SourcesDown(SourceDown):
    """Sources of a group did not answer: the next try asks these only."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        step = "clear the task once they answer; the others are not asked again"
        super().__init__(_en(faults), zh=_zh(faults), next_step=step)
        self.faults = tuple(faults)


class SourcesWrong(ConfigError):
    """Connections of a group cannot be used, and nothing else failed: trying again cannot help."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        step = "correct these connections, then clear the task"
        super().__init__(_en(faults), zh=_zh(faults), next_step=step)
        self.faults = tuple(faults)


def blamed(faults: Sequence[Fault], parts: int) -> XiezuoError:
    """Return the error of a group of ``parts`` sources, some of which failed; of a single one its own.

    One that is down makes the whole worth another try, whatever else is wrong.
    """
    if parts == 1:
        return faults[0].error
    down = any(isinstance(fault.error, SourceDown) for fault in faults)
    return SourcesDown(faults) if down else SourcesWrong(faults)


def faults_of(error: BaseException) -> tuple[Fault, ...]:
    """Return the sources an error names; none where it is of everything at once."""
    return error.faults if isinstance(error, SourcesDown | SourcesWrong) else ()


def _en(faults: Sequence[Fault]) -> str:
    named = {fault.part: fault.error.message for fault in faults}
    return f"{len(named)} sources failed: " + "; ".join(f"{part} ({reason})" for part, reason in sorted(named.items()))


def _zh(faults: Sequence[Fault]) -> str:
    named = {fault.part: fault.error.zh for fault in faults}
    return f"{len(named)} 个来源未能取回：" + "；".join(f"{part}（{reason}）" for part, reason in sorted(named.items()))
