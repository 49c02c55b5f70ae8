"""``xiezuo release``: what is closed, what waits, whether a signed file still says what was approved.

Nobody signs here: that is done in Airflow's pages, by three people who are logged in.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json, print_lines
from xiezuo.cli.options import add_county, add_json, add_out, add_period
from xiezuo.cli.parser import add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands

CHANGED = 3
"""Exit code: a document, or what is on record, is not as it was released."""


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "release", "closed periods and their documents", unnamed="list",
        example="xiezuo release --county 620422",
    )  # fmt: skip
    listing = add_command(
        acts, "list", "releases with who signed them, and drafts that wait for a signature", _list,
        example="xiezuo release list --county 620422",
    )  # fmt: skip
    add_county(listing)
    add_json(listing)
    _add_looks(acts)
    draft = add_command(
        acts, "draft", "make a period's draft and say what is open", _draft,
        example="xiezuo release draft --county 620422 --period 2022-09",
    )  # fmt: skip
    add_county(draft, one=True)
    add_period(draft, required=True)
    draft.add_argument("--reason", default="", help="why a closed period is to be restated")
    add_json(draft)


def _add_looks(acts: Commands) -> None:
    show = add_command(
        acts, "show", "what a release or a draft says, as JSON", _show,
        example="xiezuo release show 620422-2022-01-r1",
    )  # fmt: skip
    show.add_argument("release_id", metavar="RELEASE", help="like 620422-2022-01-r1, or -d1 for a draft")
    add_json(show)
    verify = add_command(
        acts, "verify", "numbers that were changed in a Word document", _verify,
        example="xiezuo release verify bulletin.docx",
    )  # fmt: skip
    verify.add_argument("file", type=Path, metavar="FILE.docx", help="a document of a release, under any name")
    add_json(verify)
    rebuild = add_command(
        acts, "rebuild", "write a release's documents again and compare", _rebuild,
        example="xiezuo release rebuild 620422-2022-01-r1 --out again",
    )  # fmt: skip
    rebuild.add_argument("release_id", metavar="RELEASE", help="like 620422-2022-01-r1")
    add_out(rebuild, required=False)
    rebuild.add_argument("--pdf", action="store_true", help="PDF files too, by LibreOffice")
    add_json(rebuild)
    check = add_command(
        acts, "check", "whether what is on record of releases is as it was written", _check,
        example="xiezuo release check",
    )  # fmt: skip
    add_county(check)
    add_json(check)
    adjustments = add_command(
        acts, "adjustments", "figures of closed periods that late data changed", _adjustments,
        example="xiezuo release adjustments --county 620422",
    )  # fmt: skip
    add_county(adjustments)
    add_json(adjustments)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.release.records import releases, waiting_drafts
    from xiezuo.publish.release.signing import answers_of, next_step
    from xiezuo.warehouse import access

    with access.connect(settings) as connection:
        closed = releases(connection, settings, options.county)
        waiting = waiting_drafts(connection, settings, options.county)
        steps = {one.draft_id: next_step(answers_of(connection, settings, one)) for one in waiting}
    waits = {draft_id: f"待{step.zh}" if step else "待审定" for draft_id, step in steps.items()}
    if options.json:
        said = [
            {"draft_id": one.draft_id, "digest": one.digest, "drafted_at": one.drafted_at,
             "waits_for": waits[one.draft_id]}
            for one in waiting
        ]  # fmt: skip
        print_json({"releases": [asdict(release) for release in closed], "drafts": said})
        return 0
    for release in closed:
        print(f"{release.release_id}  {release.approved_at:%Y-%m-%d} {release.approved_by}  {release.head}")
        print_lines([f"{one.act_zh}：{one.zh}" for one in release.stamp.signatures])
    for draft in waiting:
        print(f"{draft.draft_id}  {waits[draft.draft_id]}  {draft.digest}")
    if not closed and not waiting:
        print("没有定稿，也没有待审稿")
    return 0


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.release.records import content_named
    from xiezuo.warehouse import access

    with access.connect(settings) as connection:
        content, stamp = content_named(connection, settings, options.release_id)
    print_json({"stamp": stamp.model_dump(mode="json"), "content": content.model_dump(mode="json")})
    return 0


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.release.verifying import verified

    try:
        document = options.file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{options.file} cannot be read", zh=f"无法读取 {options.file}") from error
    found = verified(settings, document)
    if options.json:
        changed = [asdict(one) for one in found.changed]
        print_json({"release_id": found.release_id, "digest": found.stamp.digest, "changed": changed})
    elif found.changed:
        print(f"{found.release_id}：{len(found.changed)} 处与定稿不符")
        print_lines([one.zh for one in found.changed])
    else:
        print(f"{found.release_id}：全部数字与定稿一致")
    return CHANGED if found.changed else 0


def _rebuild(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.release.files import rebuild
    from xiezuo.publish.release.records import release_named
    from xiezuo.warehouse import access

    with access.connect(settings) as connection:
        release = release_named(connection, settings, options.release_id)
        rebuilt = rebuild(connection, settings, release, with_pdf=options.pdf, into=options.out)
    if options.json:
        print_json({"files": [{"path": str(one.path), "is_same": one.is_same} for one in rebuilt]})
    for one in () if options.json else rebuilt:
        words = "与首次生成一致" if one.is_same else "与首次生成不同，软件版本可能已变化"
        print(f"{one.path}  {words}")
    return 0 if all(one.is_same for one in rebuilt) else CHANGED


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.release.chain import check
    from xiezuo.warehouse import access

    with access.connect(settings) as connection:
        found = check(connection, settings, options.county)
    if options.json:
        print_json({"broken": [asdict(one) for one in found]})
    elif found:
        print_lines([f"{one.release_id}：{one.zh}" for one in found])
    else:
        print("全部定稿与链首一致")
    return CHANGED if found else 0


def _adjustments(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.build.adjustments import waiting
    from xiezuo.build.figures import value_text
    from xiezuo.warehouse import access

    with access.connect(settings) as connection:
        found = waiting(connection, settings, options.county)
    if options.json:
        print_json({"adjustments": [asdict(one) for one in found]})
        return 0
    for one in found:
        old, new = (value_text(value, one.unit) or "未报送" for value in (one.old_value, one.new_value))
        place = f" {one.breakdown}" if one.breakdown else ""
        print(f"{one.release_id} {one.period_kind} {one.indicator_id}{place}: {old} → {new} {one.unit}")
        print_lines([f"batch {batch}" for batch in one.batches])
    if not found:
        print("没有待更正的数字")
    return 0


def _draft(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.documents.content import Content
    from xiezuo.publish.release.closing import draft

    made = draft(settings, options.county, options.period, options.reason)
    if made is None:
        raise ConfigError(
            f"there is nothing to approve of {options.county} {options.period}",
            zh="没有可审定的内容：该期尚未计算，或已定稿且没有变化",
            next_step="用 xiezuo release list 查看；更正已定稿的期间须给出 --reason",
        )
    checks = Content.from_json(made.content).checks
    if options.json:
        print_json({"draft_id": made.draft_id, "digest": made.digest, "checks": [one.model_dump() for one in checks]})
        return 0
    print(f"{made.draft_id}  {made.digest}")
    print_lines([f"[{one.state}] {one.subject_zh} {one.detail_zh}" for one in checks])
    return 0
