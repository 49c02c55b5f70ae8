"""From bytes to text, strictly: a wrong guess here would turn names and places into other ones."""

from __future__ import annotations

import codecs
import re

from xiezuo.conform.readers.refusals import refusal

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_READABLE = re.compile(rb"utf-?8|gb|x-gbk|us-ascii|iso-8859-1|windows-1252", re.IGNORECASE)
_DAMAGED_UTF8_SHARE = 0.9
_NUL_SHARE = 0.05
_WRITTEN = re.compile(
    "[\t\r\n\\x20-\\x7e\\xa0-\\xff\\u2000-\\u206f\\u2100-\\u22ff\\u2460-\\u26ff"
    "\\U00020000-\\U0003ffff\\u3000-\\u303f\\u3200-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uff00-\\uffef]*"
)


def decode(data: bytes) -> str:
    """Decode by BOM, else as UTF-16 where that is certain, else as strict UTF-8, else as strict GB 18030.

    GB 18030 and not GB 2312, because place names of this region (屲, 窎, 弆) are missing there.
    A page that declares another charset (Big5, say) is refused, as are NUL characters and text
    that is UTF-8 but for a few damaged bytes: read as GB 18030 it would be plausible nonsense.

    Raises FileRefused(FILE_ENCODING).
    """
    text = _decode(data)
    if "\0" in text:
        raise refusal("FILE_ENCODING")
    return text


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding)
    if b"\0" in data and (text := _unmarked_utf16(data)) is not None:
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _DECLARED.search(data[:4096])
        if declared and not _READABLE.match(declared[1]):
            raise refusal("FILE_ENCODING") from None
        if _is_damaged_utf8(data):
            raise refusal("FILE_ENCODING") from None
        return _strict(data, "gb18030")


def _unmarked_utf16(data: bytes) -> str | None:
    """Return UTF-16 that lacks its mark, or None where anything speaks against it.

    The commas, digits and line ends of a table leave a zero in every second byte, and nowhere else; what is
    decoded has lines and holds only characters that tables are written with.
    """
    odd, even = data[1::2].count(0), data[::2].count(0)
    if len(data) % 2 or bool(odd) == bool(even) or odd + even < _NUL_SHARE * len(data):
        return None
    try:
        text = data.decode("utf-16-le" if odd else "utf-16-be")
    except UnicodeDecodeError:
        return None
    return text if _WRITTEN.fullmatch(text) and re.search(r"[\n\t,;]", text) else None


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        # "from None": the decoder's error carries the whole file, which must not reach a log.
        raise refusal("FILE_ENCODING") from None


def _is_damaged_utf8(data: bytes) -> bool:
    kept = data.decode("utf-8", "ignore").encode()
    return _wide(kept) >= _DAMAGED_UTF8_SHARE * _wide(data)


def _wide(data: bytes) -> int:
    return len(data.translate(None, bytes(range(128))))
