"""The needs profile: what a customer values and bought it for; what is not known becomes a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care.traits import NEED
from holdfast.services.collect.care.typed import typed_text
from holdfast.settings import Settings
from holdfast.store import care_settings, sql
from holdfast.store.told import Said

MOST_FIELDS = 12
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
SETTING = "needs_fields"


@dataclass(frozen=True, slots=True)
class NeedField:
    """A field of the profile: its key, what it is called and the question that fills it.

    A text is ours and is translated; a plain string was typed by the company.
    """

    key: str
    name: Text | str
    question: Text | str

    @property
    def trait(self) -> str:
        """The trait in which the answer is kept."""
        return NEED + self.key


@dataclass(frozen=True, slots=True)
class Need:
    """A field with what is known of one customer; ``said`` is ``None`` where that is nothing.

    ``earlier`` are the answers before, the newest first.
    """

    field: NeedField
    said: Said | None
    earlier: tuple[Said, ...]


DEFAULT_FIELDS: tuple[NeedField, ...] = (
    NeedField(
        "bought_for", Text("What they bought it for"), Text("What were you looking for when you came to us?")
    ),
    NeedField(
        "values_most",
        Text("What they value most"),
        Text("What would you miss most if we were gone tomorrow?"),
    ),
    NeedField(
        "wanted_result", Text("The result they want"), Text("By what will you see that it was worth it?")
    ),
    NeedField(
        "would_leave_for", Text("What would make them leave"), Text("What would make you look elsewhere?")
    ),
    NeedField(
        "constraints",
        Text("What binds them"),
        Text("What do we have to mind: a budget, a date, a rule of your house?"),
    ),
)
"""The profile until a workspace chooses its own fields."""


def need_fields(settings: Settings) -> tuple[NeedField, ...]:
    """The fields of this workspace's profile."""
    return fields_from(care_settings.read(settings, SETTING).get(SETTING))


def fields_from(kept: Sequence[dict[str, str]] | None) -> tuple[NeedField, ...]:
    """The fields as they are kept; ours where nothing is."""
    if kept is None:
        return DEFAULT_FIELDS
    ours = {field.key: field for field in DEFAULT_FIELDS}
    return tuple(
        ours[each["key"]]
        if each["key"] in ours and not each["name"]
        else NeedField(each["key"], each["name"], each["question"])
        for each in kept
    )


def save_fields(settings: Settings, typed: Sequence[tuple[str, str, str]]) -> None:
    """Let these be the fields: (key, name, question); a name "" keeps one of ours in its own words.

    A key "" is made of the name. Refuses two of one key, more than :data:`MOST_FIELDS`, and a field
    without a question ("bad_fields"). What was answered under other keys stays known. The worker counts
    anew within a minute who has gaps.
    """
    kept = [_checked(*each) for each in typed]
    keys = [each["key"] for each in kept]
    if not kept or len(kept) > MOST_FIELDS or len(set(keys)) != len(keys):
        raise Refusal(
            "bad_fields",
            found=Text(
                "The profile would have {n} field.", "The profile would have {n} fields.", n=len(kept)
            ),
            expected=Text("One to {most} fields, each with a name of its own.", most=MOST_FIELDS),
            remedy=Text("Take away what nobody asks, and give each field its own name."),
        )
    with sql.short_write():
        care_settings.write(settings, SETTING, kept)
        care_settings.write(settings, care_settings.JUDGE_AGAIN, True)


def _checked(key: str, name: str, question: str) -> dict[str, str]:
    ours = {field.key for field in DEFAULT_FIELDS}
    if key in ours and not name.strip():
        return {"key": key, "name": "", "question": ""}
    shown = typed_text(name, longest=80, code="bad_fields").replace("\n", " ")
    asked = typed_text(question, longest=200, code="bad_fields").replace("\n", " ")
    return {"key": key if _KEY.fullmatch(key) else _key_of(shown), "name": shown, "question": asked}


def _key_of(name: str) -> str:
    """A key made of a name; names without Latin letters are told apart by a number made of them."""
    from zlib import crc32

    key = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40].strip("_")
    return key if _KEY.fullmatch(key) else f"field_{crc32(name.encode()):08x}"


def needs_of(fields: Sequence[NeedField], said: Sequence[Said]) -> list[Need]:
    """The profile of one customer, out of everything said about it (of each trait the newest first)."""
    found = []
    for field in fields:
        rows = [row for row in said if row.trait == field.trait]
        now = rows[0] if rows and rows[0].value else None
        found.append(Need(field, now, tuple(row for row in rows[1:] if row.value)))
    return found
