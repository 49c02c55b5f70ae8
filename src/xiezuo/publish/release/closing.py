"""From a draft to a release: what was shown is signed by three people or sent back, and exactly that is frozen.

A draft is immutable. Data that arrive while it waits make it another draft with another digest: an approval of the
older one is recorded as superseded and freezes nothing. All of it is one transaction a step, under a lock of the
county's period: a kill leaves all of a step or nothing, and a step taken twice is taken once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from typing import Any, Literal

import psycopg

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build.lineage import batches_counted, new_batches
from xiezuo.declared.people import STEPS, People, Step, load_people
from xiezuo.publish.documents.content import Content
from xiezuo.publish.release.chain import head_of, parts_of
from xiezuo.publish.release.gathering import gather, template_of
from xiezuo.publish.release.made_with import made_with
from xiezuo.publish.release.records import Draft, Release, content_of, latest_draft, latest_release, releases
from xiezuo.publish.release.signing import (
    Answer,
    answers_of,
    put_answer,
    refusal,
    signatures_text,
    signed,
)
from xiezuo.values.periods import Period
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access

Connection = psycopg.Connection[Any]
Decision = Literal["approved", "rejected", "superseded"]
Became = Literal[Decision, "signed", "refused", "overtaken"]

PIPELINE = "xiezuo"
"""Who decides that a draft is superseded."""

_log = logging.getLogger("xiezuo.publish.release")


@dataclass(frozen=True)
class Outcome:
    """What became of an answer: a signature, a release, a rejection, or the newer draft that has to be asked about.

    ``refused``: it was against the rules, ``said`` says why, and the step waits on. ``overtaken``: somebody else had
    taken the step before, and the next one waits already.
    """

    decision: Became
    draft: Draft
    release: Release | None = None
    newer: Draft | None = None
    said: str = ""


def draft(settings: Settings, county_code: str, period: str, reason: str = "") -> Draft | None:
    """Return the draft of a period that waits for a person, made now unless the one on record still says the same.

    None when there is nothing to approve: the period was never built, or it is closed. A closed period is drafted
    again only with a ``reason``, and only when its figures differ from the release.

    Raises:
        ConfigError: the period has not ended, or a reason is given for a period that was never closed.
    """
    asked, reason = _ended(settings, period), Privacy.of(settings).mask_free_text(reason)
    with _locked(settings, county_code) as connection:
        before = latest_release(connection, settings, county_code, asked.text)
        if before is None and reason:
            raise ConfigError(
                f"{county_code} {asked.text} was never closed: there is nothing to restate",
                zh=f"{asked.zh}尚未定稿，无需填写更正理由",
            )
        if before is not None and not reason:
            _log.info("%s is closed as %s: a restatement needs a reason", asked.text, before.release_id)
            return None
        content = gather(connection, settings, county_code, asked, before=before, reason=reason)
        if content is None or (before is not None and not content.restated):
            return None
        return _kept(connection, settings, content)


def answer(
    settings: Settings, of: Draft, step: int, account: str, *, accepts: bool, reason: str = ""
) -> Outcome:
    """Take one answer to a step of a draft: signed or approved, rejected, refused, superseded or overtaken.

    ``account`` is who was logged in. The rules of :mod:`xiezuo.publish.release.signing` are asked here, whatever a page
    let through; an answer against them is put on record and freezes nothing. The same answer given twice counts once.
    """
    with _locked(settings, of.county_code) as connection:
        if (done := _decided(connection, settings, of)) is not None:
            return done
        answers = answers_of(connection, settings, of)
        before, asked = signed(answers), STEPS[step - 1]
        taken = next((one for one in before if one.step == step), None)
        if taken is not None and accepts and taken.account == account:
            return Outcome("signed", of)
        people = load_people(settings)
        refused = _refused(people, asked, before, of, account, accepts=accepts, reason=reason)
        given = _given(settings, people, asked, account, accepts=accepts, refused=refused, reason=reason)
        if taken is not None:
            return Outcome("overtaken", of, said=f"{asked.zh}已由{taken.name}办理")
        if refused:
            put_answer(connection, settings, of, given)
            return Outcome("refused", of, said=refused)
        if accepts:
            return _accepted(connection, settings, of, [*before, given])
        put_answer(connection, settings, of, given)
        _decide(connection, settings, of, "rejected", given.name, given.reason)
        return Outcome("rejected", of)


def answered_before(settings: Settings, of: Draft) -> list[Answer]:
    """Return every answer a draft was given, oldest first."""
    with access.connect(settings) as connection:
        return answers_of(connection, settings, of)


def _refused(
    people: People, step: Step, before: list[Answer], of: Draft, account: str, *, accepts: bool, reason: str
) -> str:
    """Return why an answer counts for nothing, '' when it counts."""
    if step.number > len(before) + 1:
        return f"{STEPS[len(before)].zh}尚未办理，不能{step.act}"
    earlier = [one for one in before if one.step < step.number]
    refused = refusal(people, account, step, of.county_code, earlier)
    return refused or ("" if accepts or reason.strip() else "退回须写明理由")


def _given(
    settings: Settings, people: People, step: Step, account: str, *, accepts: bool, refused: str, reason: str
) -> Answer:
    person = people.of(account)
    name, role = (person.name, person.role) if person else ("", "")
    return Answer(step.number, accepts, account, name, role, refused, reason.strip(), settings.now())


def _accepted(connection: Connection, settings: Settings, of: Draft, signatures: list[Answer]) -> Outcome:
    """Put a signature on record, and freeze the draft with the last; a draft that is out of date is superseded."""
    shown = content_of(connection, settings, of)
    before = latest_release(connection, settings, of.county_code, of.period)
    reason = shown.restated[0].reason_zh if shown.restated else ""
    now = gather(connection, settings, of.county_code, Period.read(of.period), before=before, reason=reason)
    if now is None or now.digest != of.digest:
        return Outcome("superseded", of, newer=_superseded(connection, settings, of, now))
    put_answer(connection, settings, of, signatures[-1])
    if len(signatures) < len(STEPS):
        return Outcome("signed", of)
    _decide(connection, settings, of, "approved", signatures[-1].name, reason)
    return Outcome("approved", of, release=_frozen(connection, settings, of, shown, signatures))


@contextmanager
def _locked(settings: Settings, county_code: str) -> Iterator[Connection]:
    """Yield a connection that alone decides about a county's releases, and reads one moment of the warehouse."""
    with access.connect(settings) as connection:
        # The lock comes first and in a transaction of its own: what is read after it sees what was decided before.
        connection.execute("select pg_advisory_lock(620426, %s)", (int(county_code),))
        connection.commit()
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            yield connection


def _ended(settings: Settings, period: str) -> Period:
    asked = Period.read(period)
    if asked.kind == "year_to_date":
        raise ConfigError(f"{period} is part of its month", zh="累计数随当月一并定稿")
    if asked.last_day >= settings.now().date():
        raise ConfigError(f"{period} has not ended", zh=f"{asked.zh}尚未结束，不能结账")
    return asked


def _kept(connection: Connection, settings: Settings, content: Content) -> Draft:
    """Return the draft of this content; a newer one supersedes the one that waits."""
    county_code, period = content.county.code, content.period
    latest = latest_draft(connection, settings, county_code, period)
    if latest is not None and latest.decision is None:
        if latest.digest == content.digest:
            return latest
        _decide(connection, settings, latest, "superseded", PIPELINE, "数据有变化")
    number = latest.draft_no + 1 if latest is not None else 1
    new = Draft(county_code, period, number, content.digest, content.to_json(), settings.now())
    connection.execute(
        "insert into publish.draft values (%s, %s, %s, %s, %s, %s)",
        (county_code, period, number, new.digest, new.content, new.drafted_at),
    )
    for name, sha256 in content.template_sha256.items():
        connection.execute(
            "insert into publish.template values (%s, %s, %s, %s) on conflict (county_code, sha256) do nothing",
            (county_code, sha256, name, template_of(settings, content)),
        )
    return new


def _superseded(connection: Connection, settings: Settings, of: Draft, now: Content | None) -> Draft | None:
    """Draft what the data say now in place of a draft that waits; None where they say nothing any more."""
    if now is None:
        _decide(connection, settings, of, "superseded", PIPELINE, "数据有变化")
        return None
    return _kept(connection, settings, now)


def _decided(connection: Connection, settings: Settings, of: Draft) -> Outcome | None:
    """Return what was decided about a draft before, None while it waits; an answer given twice counts once."""
    latest = latest_draft(connection, settings, of.county_code, of.period)
    row = connection.execute(
        "select decision from publish.decision where county_code = %s and period = %s and draft_no = %s",
        (of.county_code, of.period, of.draft_no),
    ).fetchone()
    if row is None:
        return None
    known = releases(connection, settings, of.county_code, of.period)
    release = next((one for one in known if one.draft_no == of.draft_no), None)
    waits = latest if latest is not None and latest.decision is None else None
    return Outcome(row[0], of, release=release, newer=waits)


def _decide(
    connection: Connection, settings: Settings, of: Draft, decision: Decision, by: str, reason: str
) -> None:
    connection.execute(
        "insert into publish.decision values (%s, %s, %s, %s, %s, %s, %s)",
        (of.county_code, of.period, of.draft_no, decision, by, settings.now(), reason),
    )


def _frozen(
    connection: Connection, settings: Settings, of: Draft, content: Content, signatures: list[Answer]
) -> Release:
    """Add the release of an approved draft to the county's chain, with its figures and what they restate."""
    by, at, said = signatures[-1].name, signatures[-1].answered_at, signatures_text(signatures)
    reason = content.restated[0].reason_zh if content.restated else ""
    known = releases(connection, settings, of.county_code)
    of_period = [release for release in known if release.period == of.period]
    number, link = len(of_period) + 1, len(known) + 1
    release_id = f"{of.county_code}-{of.period}-r{number}"
    unbound = Release(
        of.county_code, of.period, number, release_id, link, of.draft_no, of.digest, by, at, reason,
        previous_head=known[0].head if known else "", head="", signatures=said,
        made_with=made_with(settings.root),
    )  # fmt: skip
    release = replace(unbound, head=head_of(unbound.previous_head, parts_of(unbound), at))
    connection.execute(
        "insert into publish.release values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        astuple(release),
    )
    _note_figures(connection, settings, release, content)
    if of_period:
        _note_restated(connection, settings, release, content, of_period[0])
    return release


def _note_figures(connection: Connection, settings: Settings, release: Release, content: Content) -> None:
    whole = [(v.period_kind, v.period, v.indicator_id) for v in content.values if not v.breakdown]
    counted = batches_counted(connection, settings, release.county_code, whole)
    rows = [
        (release.county_code, release.release_id, v.period_kind, v.period, v.indicator_id, v.breakdown, v.value,
         v.unit, v.qualifier, v.as_of, [] if v.breakdown else counted.get((v.period_kind, v.indicator_id), []))
        for v in content.values
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(read_sql(settings.root, "publish/put_figure"), rows)


def _note_restated(
    connection: Connection, settings: Settings, release: Release, content: Content, before: Release
) -> None:
    for one in content.restated:
        figure = (one.period_kind, one.period, one.indicator_id)
        batches = new_batches(connection, settings, (release.release_id, before.release_id), figure)
        connection.execute(
            read_sql(settings.root, "publish/put_restated"),
            (release.county_code, release.release_id, one.period_kind, one.period, one.indicator_id, one.breakdown,
             before.release_id, one.old, one.old_qualifier, one.new, one.new_qualifier, one.unit, release.reason,
             batches),
        )  # fmt: skip
