"""Names and elements of WordprocessingML."""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
P, R, T = f"{{{W}}}p", f"{{{W}}}r", f"{{{W}}}t"


def w(tag: str, **values: str) -> etree._Element:
    """Make an element of WordprocessingML; keywords are its attributes."""
    return etree.Element(_name(tag), _named(values), {"w": W})


def within(parent: etree._Element, tag: str, **values: str) -> etree._Element:
    """Make an element at the end of another."""
    return etree.SubElement(parent, _name(tag), _named(values))


def _name(tag: str) -> str:
    return f"{{{W}}}{tag}"


def _named(values: dict[str, str]) -> dict[str, str]:
    return {_name(name): value for name, value in values.items()}
