"""``holdfast identity``: the same customer twice, merges and their undoing, accounts of accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.domain.likeness import Facts
    from holdfast.settings import Settings
    from holdfast.store.merging import Merge

ORDER = 47

BY = "command line"
"""Who is said to have merged, where nobody is named."""


def _run(session: Session, action: str, who: tuple[str, ...], by: str, search: bool, limit: int) -> None:
    settings = session.settings()
    if action == "duplicates":
        _duplicates(session, settings, search, limit)
    elif action == "merges":
        _merges(session, settings, limit)
    else:
        _ACTS[action](session, settings, who, by)


def _duplicates(session: Session, settings: Settings, search: bool, limit: int) -> None:
    from holdfast.services.collect.identity.comparing import probable
    from holdfast.services.collect.identity.search import search_duplicates

    if search:
        with session.progress() as progress:
            search_duplicates(settings, settings.now(session.now()), progress)
    found = probable(settings, limit=limit)
    reader = session.reader(settings)
    answer = [
        {
            "score": each.pair.score,
            "reasons": list(each.pair.reasons),
            "customers": [_known(side) for side in (each.left, each.right)],
        }
        for each in found.pairs
    ]
    rows = [
        (
            reader.number(round(each.pair.score * 100)),
            *(f"{_name(side)} (#{side.unit_id})" for side in (each.left, each.right)),
            ", ".join(each.pair.reasons),
        )
        for each in found.pairs
    ]
    session.finish(
        {"duplicates": answer, "total": found.total},
        lambda: (
            session.write(columns(rows, numbers=frozenset({0})))
            if rows
            else session.tell(Text("No probable duplicates."))
        ),
    )


def _known(facts: Facts) -> dict[str, Any]:
    return {
        "unit_id": facts.unit_id,
        "name": _name(facts),
        "emails": list(facts.emails),
        "phones": list(facts.phones),
    }


def _name(facts: Facts) -> str:
    return next(iter((*facts.names, *facts.emails, *facts.phones)), f"#{facts.unit_id}")


def _merge(session: Session, settings: Settings, who: Sequence[str], by: str) -> None:
    from holdfast.services.collect.identity import merging

    units = [_unit(settings, each) for each in who]
    number = merging.merge(settings, units, by=by, now=settings.now(session.now()))
    session.finish(
        {"merge_id": number, "unit_id": min(units), "merged": sorted(units)},
        lambda: session.tell(
            Text("Merged. To take it back: holdfast identity undo {number}", number=str(number))
        ),
    )


def _undo(session: Session, settings: Settings, who: Sequence[str], by: str) -> None:
    from holdfast.services.collect.identity import merging

    still = merging.undo(settings, _number(session, who), by=by, now=settings.now(session.now()))
    words = (
        Text("The merge is undone; other links still say that they are one: holdfast identity links ID.")
        if still
        else Text("The merge is undone.")
    )
    session.finish({"undone": True, "still_one": still}, lambda: session.tell(words))


def _separate(session: Session, settings: Settings, who: Sequence[str], by: str) -> None:
    from holdfast.services.collect.identity import merging

    ids = [int(each.removeprefix("#")) for each in who if each.removeprefix("#").isdecimal()]
    if len(ids) != len(who):
        raise click.UsageError(
            session.say(Text("Give the numbers of ids, as holdfast identity links shows."))
        )
    units = merging.take_out(settings, ids, by=by, now=settings.now(session.now()))
    session.finish(
        {"customers": list(units)},
        lambda: session.tell(
            Text("Now {n} customer.", "Now {n} customers: {numbers}.", n=len(units), numbers=_listed(units))
        ),
    )


def _different(session: Session, settings: Settings, who: Sequence[str], by: str) -> None:
    from holdfast.services.collect.identity import merging

    if len(who) != 2:
        raise click.UsageError(session.say(Text("Name two customers.")))
    left, right = (_unit(settings, each) for each in who)
    merging.say_different(settings, left, right, by=by, now=settings.now(session.now()))
    session.finish(
        {"different": [left, right]}, lambda: session.tell(Text("Remembered: they are not the same."))
    )


def _links(session: Session, settings: Settings, who: Sequence[str], by: str) -> None:
    from holdfast.store import merging
    from holdfast.store.linked import walk

    if len(who) != 1:
        raise click.UsageError(session.say(Text("Name one customer.")))
    members = sorted(walk({_unit(settings, who[0])}).unit)
    ids = merging.known_ids(settings, members)
    links = merging.links_of(settings, members)
    reader = session.reader(settings)
    answer = {
        "ids": [{"number": each, "id": ":".join(ids[each])} for each in members if each in ids],
        "links": [
            {
                "ids": [link.subject_id, link.other_id],
                "reason": link.reason,
                "evidence": link.evidence,
                "by": link.made_by,
                "source": link.source or None,
                "since": _moment(link.linked_us),
            }
            for link in links
        ],
    }
    rows = [(f"#{each}", ":".join(ids[each])) for each in members if each in ids]
    told = [
        (
            f"#{link.subject_id} = #{link.other_id}",
            link.reason,
            link.evidence,
            link.source or link.made_by,
            reader.moment(_moment(link.linked_us)),
        )
        for link in links
    ]
    session.finish(answer, lambda: session.write("\n\n".join(filter(None, (columns(rows), columns(told))))))


def _parent(session: Session, settings: Settings, who: Sequence[str], by: str) -> None:
    from holdfast.services.collect.identity.hierarchy import set_parent

    if len(who) not in (1, 2):
        raise click.UsageError(
            session.say(Text("Name an account, and the one it belongs to (none: to none)."))
        )
    account, *above = (_unit(settings, each) for each in who)
    parent = above[0] if above else None
    set_parent(settings, account, parent, by=by, now=settings.now(session.now()))
    session.finish(
        {"account": account, "parent": parent}, lambda: session.tell(Text("It is noted from now on."))
    )


_ACTS: dict[str, Callable[[Session, Settings, Sequence[str], str], None]] = {
    "merge": _merge,
    "undo": _undo,
    "separate": _separate,
    "different": _different,
    "links": _links,
    "parent": _parent,
}


def _merges(session: Session, settings: Settings, limit: int) -> None:
    from holdfast.services.collect.identity import merging
    from holdfast.store.merging import names_of

    found = merging.merges(settings, limit=limit)
    names = names_of(settings, {unit for each in found for unit in each.units})
    reader = session.reader(settings)
    rows = [
        (
            str(each.id),
            session.say(_STATES[_state(each)]),
            reader.moment(_moment(each.made_us)),
            each.made_by,
            " + ".join(names.get(unit, f"#{unit}") for unit in each.units),
        )
        for each in found
    ]
    answer = [
        {
            "merge_id": each.id,
            "state": _state(each),
            "customers": list(each.units),
            "made_at": _moment(each.made_us),
            "made_by": each.made_by,
            "reasons": list(each.reasons),
            "undone_at": None if each.undone_us is None else _moment(each.undone_us),
            "undone_by": each.undone_by or None,
        }
        for each in found
    ]
    session.finish({"merges": answer}, lambda: session.write(columns(rows, numbers=frozenset({0}))))


_STATES = {"merged": Text("merged"), "undone": Text("undone"), "separated": Text("taken apart")}


def _state(merge: Merge) -> str:
    if merge.kind == "separate":
        return "separated"
    return "merged" if merge.undone_us is None else "undone"


def _unit(settings: Settings, wanted: str) -> int:
    """The customer of a number (``#12``), or whom the words name as for ``holdfast customer``."""
    from holdfast.services.collect.look_up import unit_named

    number = wanted.removeprefix("#")
    if wanted.startswith("#") and number.isascii() and number.isdecimal() and len(number) < 19:
        return int(number)
    return unit_named(settings, wanted)


def _number(session: Session, who: Sequence[str]) -> int:
    if len(who) != 1 or not who[0].isascii() or not who[0].isdecimal() or len(who[0]) > 18:
        raise click.UsageError(
            session.say(Text("Give the number of one merge, as holdfast identity merges shows."))
        )
    return int(who[0])


def _listed(units: Sequence[int]) -> str:
    return ", ".join(f"#{unit}" for unit in units)


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


COMMAND = Command(
    "identity",
    Text("List probable duplicates, merge customers, take merges back, see what links ids."),
    _run,
    [
        click.Argument(["action"], type=click.Choice(["duplicates", "merges", *_ACTS])),
        click.Argument(["who"], nargs=-1, metavar="[ID]..."),
        Option("--by", words=Text("Who says so."), metavar="NAME", default=BY, show_default=True),
        Option("--search", words=Text("Search for duplicates before they are listed."), is_flag=True),
        Option(
            "--limit",
            words=Text("How many to show."),
            type=click.IntRange(min=1, max=1000),
            default=50,
            show_default=True,
        ),
    ],
)
