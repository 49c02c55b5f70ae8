"""Names of givers and payees as the warehouse may hold them: organisations by name, individuals not at all."""

from __future__ import annotations

import re

from xiezuo.values import normalise

INDIVIDUAL = "个人"
"""What stands for every individual; two of them are not told apart."""

_ADDRESSED = re.compile(r"(先生|女士|同志|老师|同学|夫妇|一家)$|等\s*\d*\s*(人|名|位)?$|[（(]个人[)）]")
_SHORT = re.compile(r"[\u3400-\u9fff·]{2,3}|[\u3400-\u9fff]{2}·[\u3400-\u9fff]{1,6}")
_FOUR = re.compile(r"[\u3400-\u9fff]{4}")
_UNIT_OF_THREE = re.compile(r"(镇|乡|村|县|区|市|局|厂|院|校|办|处|部)$")
_UNIT_OF_FOUR = re.compile(
    r"(镇|乡|村|县|区|市|省|局|厂|院|校|办|处|部|社|会|所|站|店|行|团|队|园|公司|集团|企业|商会|中心|政府|银行|大学|街道)$"
)


def public_name(name: str | None, kind: str | None = None) -> str | None:
    """Return a name as it may be shown: an organisation's own, ``个人`` for an individual.

    ``kind`` is what the ledger says the bearer is; ``individual`` settles it. Where it says nothing, a name
    that reads like a person's is taken for one: a short unit that is not shown costs less than a person who is.
    """
    if name is None:
        return None
    if kind is not None:
        return INDIVIDUAL if kind == "individual" else name
    plain = normalise(name).replace(" ", "")
    if _ADDRESSED.search(plain):
        return INDIVIDUAL
    if _SHORT.fullmatch(plain):
        return name if _UNIT_OF_THREE.search(plain) else INDIVIDUAL
    if _FOUR.fullmatch(plain):
        return name if _UNIT_OF_FOUR.search(plain) else INDIVIDUAL
    return name
