"""Reads what customers write, in any language that has a phrase file. A library without Django.

>>> from holdfast.text import read
>>> read("Two weeks and still no reply, I am cancelling.").causes
('slow_response',)
"""

from __future__ import annotations

from holdfast.text.reading import Evidence, Reading, read, read_many
from holdfast.text.taxonomy import Cause, causes

__all__ = ["Cause", "Evidence", "Reading", "causes", "read", "read_many"]
