"""Other people's forms (套表): read by their words, bound once by the office, filled every period.

In: a blank XLSX or DOCX. Out: the same file with nothing but its blank cells filled, each traced
(docs/decisions/0046-their-form-filled.md).
"""

from __future__ import annotations
