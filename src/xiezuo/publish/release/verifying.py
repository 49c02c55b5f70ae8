"""Whether a document under any name still says what its release says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.publish.documents.content import Stamp
from xiezuo.publish.documents.proof.verify import Discrepancy, stamp_of, verify
from xiezuo.publish.release.records import content_named
from xiezuo.publish.release.standing import catalogue, template_kept
from xiezuo.warehouse import access


@dataclass(frozen=True)
class Verified:
    """Which release or draft a document says it is of, and every number that is another there."""

    release_id: str
    stamp: Stamp
    changed: Sequence[Discrepancy]


def verified(settings: Settings, document: bytes) -> Verified:
    """Compare a Word document with what is on record of the release it names.

    Raises:
        FileRefused: it names none, or is no Word document.
        ConfigError: there is no such release.
    """
    release_id = stamp_of(document)
    if release_id is None:
        raise FileRefused("NO_RELEASE", "文件中没有发布编号，不是本系统生成的文档，或发布编号已被删除")
    with access.connect(settings) as connection:
        content, stamp = content_named(connection, settings, release_id)
        template = template_kept(connection, content)
    return Verified(
        release_id, stamp, verify(document, content, stamp, template, catalogue(settings), root=settings.root)
    )
