"""The page each Dag shows under Docs: what it does, who owns it and what to do when it fails, zh and en."""

from __future__ import annotations

_PAGE = """### {title_zh}

{does_zh}

**负责人** {owner}　**运维** 值班运维

**出错怎么办**

{steps_zh}

---

### {title_en}

{does_en}

**Owner** {owner} · **Operations** on duty

**Runbook**

{steps_en}
"""


def page(
    *,
    title_zh: str,
    title_en: str,
    does_zh: str,
    does_en: str,
    owner: str,
    steps_zh: tuple[str, ...],
    steps_en: tuple[str, ...],
) -> str:
    """Return the ``doc_md`` of one Dag."""
    return _PAGE.format(
        title_zh=title_zh,
        title_en=title_en,
        does_zh=does_zh,
        does_en=does_en,
        owner=owner,
        steps_zh=_numbered(steps_zh),
        steps_en=_numbered(steps_en),
    )


def _numbered(steps: tuple[str, ...]) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
