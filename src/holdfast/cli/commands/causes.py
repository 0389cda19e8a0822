"""``holdfast causes``: why customers left in the last year, and which losses are inquired into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.account import who
from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Share, Text

if TYPE_CHECKING:
    from holdfast.analytics.loss_groups import Group
    from holdfast.language import Reader
    from holdfast.services.understand.voice import Voice

ORDER = 48
_PARTS = ("how", "tenure", "country", "source", "segment")
"""The keys of :data:`holdfast.services.understand.loss_parts.PARTS`, told without reading what it needs."""
NOBODY = Text("Nobody looked yet why customers left: run the loop first (`holdfast run`).")


def _run(session: Session, action: str, by: str | None, above: str | None, off: bool) -> None:
    if action == "inquire":
        _inquire(session, above, off)
        return
    from holdfast.services.understand.voice import read

    settings = session.settings()
    found = read(settings)
    reader = session.reader(settings)
    if by is not None and found is not None:
        from holdfast.services.understand.loss_parts import parted, segment_titles

        titles = segment_titles(settings) if by == "segment" else {}
        told = parted(found, by, titles)
        session.finish(
            _answer(found) | {"by": by, "parts": _parts(told, found.ids, by, titles)},
            lambda: _show_parts(session, told, found.ids, by, titles, reader),
        )
        return
    session.finish(_answer(found), lambda: _show(session, found, reader))


def _parts(
    told: Sequence[Group], ids: Sequence[str], by: str, titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    from holdfast.services.understand.loss_parts import part_name

    return [
        {
            "key": each.name,
            "name": part_name(by, each.name, titles),
            "losses": each.losses,
            "known": each.known,
            "money_minor": each.money_minor,
            "causes": {ids[cause]: times for cause, times in each.causes},
            "stands_out": [ids[out.cause] for out in each.stands_out],
        }
        for each in told
    ]


def _show_parts(
    session: Session,
    told: Sequence[Group],
    ids: Sequence[str],
    by: str,
    titles: Mapping[str, str],
    reader: Reader,
) -> None:
    """Each part with its losses and the causes that were named most; "*" where one is more than elsewhere."""
    from holdfast.services.understand.loss_parts import part_name

    if not told:
        session.tell(Text("No loss of the last year is of such a part."))
        return
    names = _names(session, reader)
    rows = []
    for each in told:
        more = {out.cause for out in each.stands_out}
        causes = [
            f"{names.get(ids[cause], ids[cause])}{'*' if cause in more else ''} {reader.number(times)}"
            for cause, times in each.causes[:3]
        ]
        called = reader.say(part_name(by, each.name, titles))
        rows.append((called, reader.number(each.losses), reader.list_of(causes)))
    session.write(columns(rows, numbers=frozenset({1})))
    if any(each.stands_out for each in told):
        session.tell(Text("* more than among all others, beyond chance"))


def _names(session: Session, reader: Reader) -> dict[str, str]:
    """What the workspace calls each cause."""
    from holdfast.store import own_words

    return {cause: own.name(reader.code) for cause, own in own_words.causes(session.settings()).items()}


def _inquire(session: Session, above: str | None, off: bool) -> None:
    """Set from which money a year on the loss of a customer opens a task."""
    from holdfast.services.understand import inquiries
    from holdfast.store.inquiry import Inquiry

    settings = session.settings()
    from_minor = None if above is None else _minor(above, settings.currency or NO_CURRENCY)
    inquiries.save(settings, Inquiry(not off, from_minor), by=who(), now=datetime.now(UTC))
    session.finish(
        {"enabled": not off, "from_minor": from_minor},
        lambda: session.tell(Text("The threshold is kept.")),
    )


def _minor(amount: str, currency: str) -> int:
    try:
        return Money.of(Decimal(amount), currency).minor
    except (InvalidOperation, ValueError) as error:
        raise Refusal(
            "bad_threshold",
            found=Text("{amount} as the threshold.", amount=amount[:40]),
            expected=Text("An amount above 0, or none for the usual threshold."),
            remedy=Text("Change the amount; nothing was saved."),
        ) from error


def _answer(found: Voice | None) -> dict[str, Any]:
    if found is None:
        empty = dict.fromkeys(("losses", "unknown", "spoke"), 0) | {"unknown_low": 0.0, "unknown_high": 1.0}
        return {"as_of": None, **empty, "causes": [], "origins": [], "reason": NOBODY}
    return {
        "as_of": found.day,
        "losses": found.losses,
        "unknown": found.unknown,
        "unknown_low": found.unknown_low,
        "unknown_high": found.unknown_high,
        "spoke": found.spoke,
        "causes": [
            {
                "cause": each.cause,
                "origin": each.origin,
                "share": each.share,
                "low": each.low,
                "high": each.high,
                "named": each.named,
                "money_minor": each.money_minor,
                "money_share": each.money_share,
            }
            for each in found.causes
        ],
        "origins": [
            {"origin": each.origin, "share": each.share, "low": each.low, "high": each.high}
            for each in found.origins
        ],
        "reason": None,
    }


def _show(session: Session, found: Voice | None, reader: Reader) -> None:
    if found is None:
        session.tell(NOBODY)
        return
    session.tell(
        Text(
            "{n} loss in the last year; of {share} the cause is not known ({low} to {high}).",
            "{n} losses in the last year; of {share} the cause is not known ({low} to {high}).",
            n=found.losses,
            share=Share(found.unknown / found.losses if found.losses else 0.0, 0),
            low=Share(found.unknown_low, 0),
            high=Share(found.unknown_high, 0),
        )
    )
    names = _names(session, reader)
    rows = [
        (
            names.get(each.cause, each.cause),
            reader.share(Share(each.share)),
            reader.say(Text("{low} to {high}", low=Share(each.low), high=Share(each.high))),
            reader.number(each.named),
        )
        for each in found.causes
    ]
    session.write(columns(rows, numbers=frozenset({1, 2, 3})))


COMMAND = Command(
    "causes",
    Text("Say why customers left in the last year, with the share of each cause; or set inquiries."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["show", "inquire"]), default="show", required=False),
        Option(
            "--by",
            words=Text("Part the losses: by segment, country, source, how they left, or tenure."),
            type=click.Choice(_PARTS),
        ),
        Option("--above", words=Text("From which money a year on; without it, the usual threshold.")),
        Option("--off", words=Text("Let no loss open a task."), is_flag=True),
    ],
)
