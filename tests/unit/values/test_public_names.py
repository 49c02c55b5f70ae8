"""Organisations keep their names, individuals have none."""

from __future__ import annotations

import pytest

from xiezuo.values.public_names import INDIVIDUAL, public_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("张三", None), ("欧阳试例", None), ("阿依古丽·买买提", "individual"), ("李 四", None), ("张三等12人", None), ("王先生", None),
        ("津门晨屿电子有限公司", "individual"), ("张三（个人）", None), ("买买·提江", None),
    ],
)  # fmt: skip
def test_an_individual_is_not_named(name: str, kind: str | None) -> None:
    assert public_name(name, kind) == INDIVIDUAL


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("津门晨屿电子有限公司", None), ("会师镇", None), ("滨河商会", None), ("某区教育局", None), ("新欣社", "social_organisation"),
        ("晨屿电子", "enterprise"), ("县医院", None), ("和平区五大道街道", None),
    ],
)  # fmt: skip
def test_an_organisation_keeps_its_name(name: str, kind: str | None) -> None:
    assert public_name(name, kind) == name


def test_nobody_is_nobody() -> None:
    assert public_name(None) is None
