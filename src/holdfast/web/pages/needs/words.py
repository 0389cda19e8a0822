"""Gaps of the needs profile in the reader's words, and the form of its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.care.needs import DEFAULT_FIELDS, NeedField
from holdfast.settings import Settings
from holdfast.store.needs import GapRow
from holdfast.web.figures import country_name
from holdfast.web.pages.customers.words import state_words

EMPTY_FIELDS = 2
"""Empty fields offered below those there are."""


@dataclass(frozen=True, slots=True)
class ShownGap:
    """A customer with gaps."""

    url: str
    name: str
    sub: str
    known: str
    amount: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of the form; ``ours`` says that it stands in our own words until somebody types others."""

    key: str
    name: str
    question: str
    ours: bool


def shown_gap(row: GapRow, fields: int, workspace: Settings, reader: Reader) -> ShownGap:
    """One row of the list."""
    parts = (country_name(row.country, reader.code), state_words(row.state, reader))
    return ShownGap(
        reverse("customer", args=[row.unit_id]) + "#needs",
        row.name or reader.say(Text("Customer {id}", id=str(row.unit_id))),
        " · ".join(part for part in parts if part),
        reader.say(Text("{known} of {all} known", known=row.known, all=fields)),
        reader.money(Money(row.amount_minor, workspace.currency or NO_CURRENCY)),
    )


def sentence(here: int, full: int, reader: Reader) -> Markup:
    """Of how many customers everything is known."""
    return reader.say_html(
        Text(
            "Of {everyone}, the needs of {full} are known in full.",
            everyone=Text("{n} customer", "{n} customers", n=here),
            full=min(full, here),
        ),
        strong=("full",),
    )


def shown_fields(
    fields: Sequence[NeedField], typed: Mapping[str, str] | None, reader: Reader
) -> list[ShownField]:
    """The form: the fields there are, and some empty ones; what was typed, where it could not be taken."""
    ours = {field.key for field in DEFAULT_FIELDS}
    if typed is not None:
        numbers = sorted({int(name.rpartition("-")[2]) for name in typed if name.startswith("name-")})
        return [
            ShownField(
                typed.get(f"key-{n}", ""),
                typed.get(f"name-{n}", ""),
                typed.get(f"question-{n}", ""),
                bool(typed.get(f"ours-{n}")),
            )
            for n in numbers
        ]
    shown = [
        ShownField(
            field.key,
            field.name if isinstance(field.name, str) else reader.say(field.name),
            field.question if isinstance(field.question, str) else reader.say(field.question),
            field.key in ours and not isinstance(field.name, str),
        )
        for field in fields
    ]
    return [*shown, *(ShownField("", "", "", ours=False) for _ in range(EMPTY_FIELDS))]


def read_fields(
    typed: Mapping[str, str], fields: Sequence[NeedField], reader: Reader
) -> list[tuple[str, str, str]]:
    """What was typed as (key, name, question); empty rows are left out.

    A field of ours that still reads as we say it stays ours: every reader then sees it in their language.
    """
    said = {each.key: (each.name, each.question) for each in shown_fields(fields, None, reader) if each.ours}
    found = []
    for number in range(100):
        name, question = (typed.get(f"{what}-{number}", "").strip() for what in ("name", "question"))
        key = typed.get(f"key-{number}", "")
        if not name and not question:
            continue
        unchanged = said.get(key) == (name, question)
        found.append((key, "" if unchanged else name, "" if unchanged else question))
    return found
