"""定稿: what is closed and by whom, what waits for whose signature, and whether a file still says what was approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xiezuo.base.errors import ConfigError, XiezuoError
from xiezuo.declared.people import load_people
from xiezuo.pages.asked import Asked, Given, NotFound, Shown
from xiezuo.publish.documents.content import Content, Value
from xiezuo.publish.release.chain import check
from xiezuo.publish.release.files import draft_folder
from xiezuo.publish.release.records import Draft, Release, content_of, releases, waiting_drafts
from xiezuo.publish.release.request import KINDS, STATES
from xiezuo.publish.release.signing import answers_of, next_step, signed, who_may
from xiezuo.publish.release.standing import folder_of
from xiezuo.publish.release.verifying import verified
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

_ORDER = {"open": 0, "explained": 1, "passed": 2}
LARGEST_DOCUMENT = 20_000_000
"""Bytes of a document that is compared with its release."""


def listed(asked: Asked) -> Shown:
    """Show drafts with whom they wait for, then releases, newest first."""
    settings, county = asked.settings, asked.county
    people = load_people(settings)
    with access.connect(settings) as connection:
        waiting = []
        for draft in waiting_drafts(connection, settings, county):
            before = signed(answers_of(connection, settings, draft))
            step = next_step(before)
            waiting.append(
                {
                    "draft": draft, "title": Period.read(draft.period).zh, "step": step,
                    "taken": before, "who": who_may(people, step, county, before) if step else [],
                    "since": before[-1].answered_at if before else draft.drafted_at,
                }
            )  # fmt: skip
        closed = releases(connection, settings, county)
    lines = [{"release": one, "title": Period.read(one.period).zh, "signed": _signed(one)} for one in closed]
    return Shown(
        "releases.html",
        {"county": asked.counties[county], "waiting": waiting, "closed": lines, "found": None, "refused": ""},
    )


def one(asked: Asked) -> Shown:
    """Show a release or a draft: who signed, the close list, its files, and what is another than in the one before."""
    settings, county = asked.settings, asked.county
    identity = asked.path["release_id"]
    with access.connect(settings) as connection:
        closed = releases(connection, settings, county)
        of = _named(closed, waiting_drafts(connection, settings, county), identity)
        content = content_of(connection, settings, of)
        answers = answers_of(connection, settings, of)
        before = _compared(closed, of, asked.query.get("with", ""))
        older = content_of(connection, settings, before) if before else None
        documents = asked.rows("pages/documents", county_code=county, release_id=identity)
        broken = [one for one in check(connection, settings, county) if one.release_id == identity]
    return Shown(
        "release.html",
        {
            "county": asked.counties[county], "of": of, "identity": identity, "title": Period.read(of.period).zh,
            "is_draft": isinstance(of, Draft), "content": content, "answers": answers, "kinds": KINDS,
            "states": STATES, "checks": sorted(content.checks, key=lambda one: (_ORDER[one.state], one.kind)),
            "before": before, "others": [one for one in closed if one.release_id != identity],
            "changes": list(_changes(older, content)) if older else [], "broken": broken,
            "documents": documents or [{"file_name": name, "sha256": None} for name in _files(asked, of, content)],
            "towns": dict(content.towns),
        },
    )  # fmt: skip


def document(asked: Asked) -> Given:
    """Give a file of a release, or of a draft."""
    settings, county = asked.settings, asked.county
    identity, name = asked.path["release_id"], asked.path["name"]
    with access.connect(settings) as connection:
        of = _named(releases(connection, settings, county), waiting_drafts(connection, settings, county), identity)
        content = content_of(connection, settings, of)
    known = _files(asked, of, content)
    if name not in known:
        raise NotFound(f"no file {name} of {identity}", zh="没有这个文件，或文件尚未生成")
    return Given(known[name], f"{identity}-{name}")


def verify(asked: Asked, name: str, upload: bytes) -> Shown:
    """Show whether an uploaded document still says what its release says."""
    values: dict[str, Any] = dict(listed(asked).values)
    try:
        found = verified(asked.settings, upload)
        if found.release_id[:6] != asked.county:
            raise NotFound("a document of another county", zh="这份文件不是本县的文档")
    except XiezuoError as error:
        return Shown("releases.html", {**values, "refused": f"{name}：{error.zh}"})
    return Shown("releases.html", {**values, "found": found})


def _named(closed: list[Release], waiting: list[Draft], identity: str) -> Release | Draft:
    for release in closed:
        if release.release_id == identity:
            return release
    for draft in waiting:
        if draft.draft_id == identity:
            return draft
    raise NotFound(f"no release {identity}", zh=f"没有发布编号“{identity}”")


def _missing(identity: str) -> Release:
    raise NotFound(f"no release {identity}", zh=f"没有发布编号“{identity}”")


def _compared(closed: list[Release], of: Release | Draft, wanted: str) -> Release | None:
    """Return the release to compare with: the one asked for, else the one before of the same period."""
    if wanted:
        return next((one for one in closed if one.release_id == wanted), None) or _missing(wanted)
    number = of.release_no if isinstance(of, Release) else None
    same = [one for one in closed if one.period == of.period and (number is None or one.release_no < number)]
    return max(same, key=lambda one: one.release_no, default=None)


def _changes(older: Content, newer: Content) -> Iterator[dict[str, Any]]:
    """Yield the figures that are not the same in two releases, in the order of the newer one."""
    before, after = _by_key(older), _by_key(newer)
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        if old is None or new is None or (old.value, old.qualifier) != (new.value, new.qualifier):
            told = new or old
            assert told is not None  # noqa: S101  (the key is of one of the two)
            yield {"value": told, "old": old, "new": new, "difference": _difference(old, new)}


def _by_key(content: Content) -> dict[tuple[str, str, str], Value]:
    return {(one.period_kind, one.indicator_id, one.breakdown): one for one in content.values}


def _difference(old: Value | None, new: Value | None) -> Any:
    if old is None or new is None or old.value is None or new.value is None:
        return None
    return new.value - old.value


def _signed(release: Release) -> list[str]:
    try:
        return [f"{one.act_zh} {one.zh}" for one in release.stamp.signatures]
    except ConfigError as error:
        return [error.zh]


def _files(asked: Asked, of: Release | Draft, content: Content) -> dict[str, Any]:
    """Return the files of a release or a draft that lie in the output folder, by name."""
    if isinstance(of, Draft):
        folder = draft_folder(asked.settings, of)
    else:
        folder = folder_of(asked.settings, content) / f"release-{of.release_no}"
    return {path.name: path for path in sorted(folder.glob("*")) if path.is_file()} if folder.is_dir() else {}
