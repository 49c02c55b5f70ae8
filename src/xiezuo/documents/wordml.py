"""Names and elements of WordprocessingML."""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
P, R, T = f"{{{W}}}p", f"{{{W}}}r", f"{{{W}}}t"


def w(tag: str, **values: str) -> etree._Element:
    """Make an element of WordprocessingML; keywords are its attributes."""
    made = etree.Element(f"{{{W}}}{tag}", nsmap={"w": W})
    for name, value in values.items():
        made.set(f"{{{W}}}{name}", value)
    return made


def within(parent: etree._Element, tag: str, **values: str) -> etree._Element:
    """Make an element and put it at the end of another."""
    made = w(tag, **values)
    parent.append(made)
    return made
