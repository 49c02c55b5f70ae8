"""How long to bear with a platform: waits grow, are capped one by one and in sum, and then end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from xiezuo.base.errors import SourceDown
from xiezuo.fetch.platform.deadline import Deadline, Step
from xiezuo.fetch.platform.exchange import Trouble

_TRY: Step = ("another try", "再次尝试")


@dataclass(frozen=True)
class Patience:
    """Attempts per page, and seconds: first wait (doubling), longest single wait, all of a window."""

    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 30.0
    window_budget: float = 120.0


class Banned(SourceDown):
    """The platform shuts us out for longer than a task should sleep; ``seconds`` says how long."""

    def __init__(self, who: str, reason: str, seconds: float) -> None:
        super().__init__(
            f"{who}: {reason}; the platform bans us for {seconds:g} s",
            zh=f"平台限流，要求等待 {seconds:g} 秒",
            next_step=f"{seconds:g} 秒后重新读取这一来源",
        )
        self.seconds = seconds


@dataclass
class Waiting:
    """The waits of one window: ``spent`` seconds so far; ``deadline`` is the whole window's."""

    who: str
    patience: Patience
    deadline: Deadline
    sleep: Callable[[float], None] = time.sleep
    spent: float = field(default=0.0, init=False)

    def pause(self, trouble: Trouble, attempt: int) -> None:
        """Sleep before trying again; ``attempt`` counts from 1 and is the one that failed.

        Raises:
            Banned: the platform asks for a longer wait than the cap.
            SourceDown: attempts or the window's budget are used up, or it would end during the wait.
        """
        limits = self.patience
        if trouble.wait is not None and trouble.wait > limits.longest_wait:
            raise Banned(self.who, trouble.reason, trouble.wait)
        grown = min(limits.first_wait * 2 ** (attempt - 1), limits.longest_wait)
        wait = grown if trouble.wait is None else trouble.wait
        if attempt >= limits.attempts:
            raise down(self.who, f"{trouble.reason}, after {attempt} attempts")
        if self.spent + wait > limits.window_budget:
            raise down(self.who, f"{trouble.reason}, after {self.spent:g} s of waiting in one window")
        if wait >= self.deadline.left:
            late, zh = self.deadline.told(_TRY)
            raise down(self.who, f"{trouble.reason}; {late}", zh)
        self.spent += wait
        self.sleep(wait)


def down(who: str, reason: str, zh: str = "") -> SourceDown:
    """The error for a platform that cannot be read now."""
    return SourceDown(
        f"{who}: {reason}",
        zh=zh or "销售平台暂时无法读取，已保留原有数据",
        next_step="稍后重新读取这一来源；一直如此请联系平台",
    )
