"""What a release was made with: the version of the programs, and a digest of each kind of declaration.

Whoever doubts a figure years later can tell whether it was the data or the rules that were different: two releases with
the same digests were counted by the same contracts, rules, words and SQL.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

FOLDERS = {
    "contracts": "include/contracts", "expectations": "expectations", "sql": "include/sql", "words": "include/words",
}  # fmt: skip
"""What decides which rows count and how, by the name under which its digest is on record."""


def made_with(root: Path) -> str:
    """Return what goes on record, as canonical JSON: ``{"contracts": "<sha256>", …, "xiezuo": "0.1.0"}``."""
    said = {name: digest_of(root / folder) for name, folder in FOLDERS.items()} | {"xiezuo": version("xiezuo")}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest_of(folder: Path) -> str:
    r"""Return the SHA-256 over paths and bytes of all files below a folder, whatever order a disk lists them in.

    It is that of ``sha256sum`` over the files in the order of their paths::

        cd FOLDER && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum
    """
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    lines = [f"{hashlib.sha256(paths[name].read_bytes()).hexdigest()}  {name}\n" for name in sorted(paths)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
