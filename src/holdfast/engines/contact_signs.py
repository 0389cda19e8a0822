"""What events say about the channels through which a customer is reached, summed up per customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.channels import BY_MAIL, BY_PHONE, CHANNEL_OF, SIGNS, SPOKEN, WRONG_NUMBER
from holdfast.engines.embedded import literal

if TYPE_CHECKING:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.engines.tables import Table


@dataclass(frozen=True, slots=True)
class ChannelSigns:
    """What a subject's events say about one channel; ``address`` "" where they name none.

    Moments in microseconds are the last of each, ``first_us`` the first use; ``asked`` and
    ``answered`` count how often we turned to them and they to us.
    """

    subject_id: int
    channel: str
    address: str
    first_us: int | None
    used_us: int | None
    works_us: int | None
    life_us: int | None
    bounced_us: int | None
    refused_us: int | None
    asked: int
    answered: int


def contact_signs(
    engine: EmbeddedEngine,
    events: Table,
    channel_of_source: Mapping[str, str],
    subjects: Sequence[int] | None = None,
) -> Iterator[ChannelSigns]:
    """The signs of everybody, or of these subjects.

    ``channel_of_source`` says for a source by which channel its messages came where they do not say it
    themselves; messages of which nobody knows count nowhere.
    """
    for rows in engine.stream(_sql(channel_of_source, subjects), {"events": events}):
        for row in rows:
            yield ChannelSigns(*row)


def _sql(channel_of_source: Mapping[str, str], subjects: Sequence[int] | None) -> str:
    among = "" if subjects is None else f" AND subject_id IN ({', '.join(map(str, subjects)) or 'NULL'})"
    sums = ", ".join(
        f"MAX(CASE WHEN {_names(mark)} THEN at_us END)" for mark in ("works", "life", "bounced", "refused")
    )
    return (
        f"WITH told AS (SELECT subject_id, at_us, name, code, {_channel(channel_of_source)} AS channel, "
        f"CASE WHEN name IN {_list(BY_MAIL)} THEN {_ADDRESS} ELSE '' END AS address FROM events "
        f"WHERE name IN {_list(SIGNS)}{among}) "
        "SELECT subject_id, channel, address, MIN(at_us), MAX(at_us), "
        f"{sums}, CAST(COUNT(CASE WHEN {_names('asked')} THEN 1 END) AS BIGINT), "
        f"CAST(COUNT(CASE WHEN {_names('answered')} THEN 1 END) AS BIGINT) "
        "FROM told WHERE channel IS NOT NULL GROUP BY subject_id, channel, address"
    )


_ADDRESS = (
    "LOWER(COALESCE(regexp_extract(details, "
    '\'"(?:email|to|recipient)"\\s*:\\s*"([^"@ ]+@[^"@ ]+)"\', 1), \'\'))'
)
"""The address that a mail's event names, where its source passes it on."""


def _names(mark: str) -> str:
    """The condition that an event bears a mark of :class:`holdfast.domain.channels.Sign`."""
    marked = [name for name, sign in SIGNS.items() if getattr(sign, mark)]
    parts = [f"name IN {_list(marked)}"]
    if mark in ("answered", "works", "life"):
        parts.append(f"(name = 'Call Made' AND code IN {_list(SPOKEN)})")
    if mark == "bounced":
        parts.append(f"(name = 'Call Made' AND code = {literal(WRONG_NUMBER)})")
    return f"({' OR '.join(parts)})"


def _channel(channel_of_source: Mapping[str, str]) -> str:
    code = "LOWER(REPLACE(TRIM(COALESCE(code, '')), ' ', '_'))"
    words = {
        channel: _list([word for word, each in CHANNEL_OF.items() if each == channel])
        for channel in dict.fromkeys(CHANNEL_OF.values())
    }
    by_code = " ".join(f"WHEN {code} IN {names} THEN {literal(each)}" for each, names in words.items())
    elsewhere = " ".join(
        f"WHEN name = 'Unsubscribed' AND {code} IN {names} THEN {literal(each)}"
        for each, names in words.items()
    )
    by_source = " ".join(
        f"WHEN source = {literal(source)} THEN {literal(channel)}"
        for source, channel in sorted(channel_of_source.items())
    )
    return (
        f"CASE {elsewhere} WHEN name IN {_list(BY_MAIL)} THEN 'email' "
        f"WHEN name IN {_list(BY_PHONE)} THEN 'phone' {by_code} {by_source} END"
    )


def _list(values: Sequence[str] | Mapping[str, object]) -> str:
    return f"({', '.join(literal(value) for value in values) or 'NULL'})"
