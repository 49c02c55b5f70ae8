"""Who may answer which step: submitted, reviewed and approved by three people with names.

The rules are here and are asked before anything is frozen; what a page lets somebody click is no part of them. Every
answer is put on record in ``publish.signature``, also one that counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.people import MACHINE, ROLES, STEPS, People, Person, Step, same
from xiezuo.publish.release.records import Draft, Release

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Answer:
    """One answer to a draft; ``refused_zh`` says why it counts for nothing, and is empty when it counts."""

    step: int
    accepts: bool
    account: str
    name: str
    role: str
    refused_zh: str
    reason: str
    answered_at: datetime

    @property
    def counts(self) -> bool:
        """Whether it is a signature or a rejection."""
        return not self.refused_zh


def answers_of(connection: Connection, settings: Settings, of: Draft | Release) -> list[Answer]:
    """Return every answer to a draft, or to the draft of a release, oldest first."""
    names = {"county_code": of.county_code, "period": of.period, "draft_no": of.draft_no}
    with connection.cursor(row_factory=class_row(Answer)) as cursor:
        return cursor.execute(read_sql(settings.root, "publish/signatures"), names).fetchall()


def put_answer(connection: Connection, settings: Settings, of: Draft, answer: Answer) -> None:
    """Put an answer on record."""
    names = {"county_code": of.county_code, "period": of.period, "draft_no": of.draft_no, **asdict(answer)}
    connection.execute(read_sql(settings.root, "publish/put_signature"), names)


def signed(answers: Iterable[Answer]) -> list[Answer]:
    """Return the signatures among answers, in the order of their steps."""
    return sorted((one for one in answers if one.counts and one.accepts), key=lambda one: one.step)


def next_step(answers: Iterable[Answer]) -> Step | None:
    """Return the step that waits; None when all are taken."""
    done = len(signed(answers))
    return STEPS[done] if done < len(STEPS) else None


def refusal(people: People, account: str, step: Step, county_code: str, before: Sequence[Answer]) -> str:
    """Return why an account may not answer a step, in one sentence; '' when it may.

    ``before`` are the signatures of the steps before. A person is known by account and by name: a role that was changed
    between two steps, or a second account, makes nobody another person.
    """
    person = people.of(account)
    why = _of_nobody(account) if person is None else _of_person(person, step, county_code, before)
    return f"{why}；本步须由{ROLES[step.role]}{step.act}" if why else ""


def _of_nobody(account: str) -> str:
    if not account.strip():
        return "答复没有署名"
    if account == MACHINE:
        return f"{MACHINE} 是系统自用账号，不代表任何人，不能签审"
    return f"账号“{account}”没有登记姓名和角色，不能签审"


def _of_person(person: Person, step: Step, county_code: str, before: Sequence[Answer]) -> str:
    earlier = next(
        (one for one in before if one.account == person.account or same(one.name) == same(person.name)), None
    )
    if earlier is not None:
        done = STEPS[earlier.step - 1].act
        return f"{person.name}已对本稿{done}，不能再{step.act}：送审、审核、审定须由三个不同的人办理"
    if person.role != step.role:
        return f"{person.name}的角色是{person.role_zh}，不能{step.act}"
    if not person.serves(county_code):
        return f"{person.name}没有登记负责本县（{county_code}），不能{step.act}"
    return ""


def missing(people: People, county_code: str) -> list[str]:
    """Return the roles that nobody has in a county, of those that sign."""
    return [ROLES[step.role] for step in STEPS if not people.having(step.role, county_code)]


def who_may(people: People, step: Step, county_code: str, before: Sequence[Answer]) -> list[Person]:
    """Return whom a step waits for."""
    having = people.having(step.role, county_code)
    return [one for one in having if not refusal(people, one.account, step, county_code, before)]


def signatures_text(answers: Iterable[Answer]) -> str:
    """Return signatures as ``publish.release`` has them: canonical JSON, which goes into the head of the chain."""
    said = [
        {
            "act": STEPS[one.step - 1].act, "role": one.role, "account": one.account, "name": one.name,
            "at": _moment(one.answered_at),
        }
        for one in answers
    ]  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
