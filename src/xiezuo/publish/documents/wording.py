"""What documents say of a theme: sentences in Chinese with the placeholders of templates, one file a theme.

Indicator sets decide which themes a report has and in which order (:mod:`xiezuo.declared.indicator_sets`); the
sentences are the same for all of them. A content keeps those it was drafted with, so that a release is printed again as
it was.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from xiezuo.base.errors import ConfigError


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(_Part):
    """One sentence: ``say``, then what follows ``lead``: the parts that tell something, or the rows of a list.

    A piece is left out where a figure that it prints tells nothing; so is a piece of it in square brackets alone.
    ``parts_of`` names an indicator instead of parts: each that the county has is said by the one part given, as
    ``part``. ``adds_up``: the parts are a division of the figure that ``say`` prints first.
    """

    say: str = ""
    lead: str = "，其中"
    parts: tuple[str, ...] = ()
    parts_of: str = ""
    adds_up: bool = False
    rows: str = ""
    """Key of a list (``include/sql/lists``)."""
    each: str = ""
    """How a row is said: its columns are ``row.<column>``."""
    group: str = ""
    """Column by which rows that follow one another are said together."""
    group_say: str = ""
    """What is said of a group before its rows: ``group.name``, ``group.count`` and ``group.sum``."""
    between: str = "；"
    most: int = 12
    """Rows that are said, of each group; the others are in an annex of the list."""
    counter: str = "项"
    starts_paragraph: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Sentence:
        if not (self.say or self.parts or self.rows) or bool(self.rows) != bool(self.each):
            raise ValueError("a sentence says something, has parts, or rows and how each of them is said")
        if bool(self.group) != bool(self.group_say) or (self.parts_of and len(self.parts) != 1):
            raise ValueError("a group goes with what is said of it, parts_of with one part")
        return self


class Theme(_Part):
    """A theme: what a year's report and a month's bulletin say of it, in order.

    ``zh`` is its name in templates and where it was not reported; ``none_zh`` the sentence where all of it was reported
    and there was nothing.
    """

    key: str
    zh: str
    none_zh: str = ""
    year: tuple[Sentence, ...] = ()
    month: tuple[Sentence, ...] = ()


@lru_cache(maxsize=8)
def load_themes(root: Path) -> tuple[Theme, ...]:
    """Read every file under ``include/reports/themes``, in order of name.

    Raises:
        ConfigError: a file cannot be read, or two themes have one name.
    """
    themes = tuple(_read(path) for path in sorted((root / "include" / "reports" / "themes").glob("*.yaml")))
    names = [theme.zh for theme in themes]
    if len(set(names)) < len(names):
        raise ConfigError("two themes of the report have the same name", zh="两个报告主题重名")
    return themes


def _read(path: Path) -> Theme:
    try:
        return Theme.model_validate({"key": path.stem} | yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise ConfigError(f"the theme {path.name} cannot be read", zh=f"报告主题 {path.name} 无法读取") from error
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"the theme {path.name}: {places}", zh=f"报告主题 {path.name} 写法有误") from error
