"""Cases in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.domain.work import CASE_KINDS, CASE_STATES
from holdfast.language import Reader
from holdfast.services.act.feature_wishes import Wish
from holdfast.store.cases import UNDER_WAY as STATES_UNDER_WAY
from holdfast.store.cases import Case
from holdfast.web.lists import Choice, Filter, facet
from holdfast.web.pages.at_risk.words import whole_money
from holdfast.web.pages.cases.asked import LATE, UNDER_WAY, Asked
from holdfast.web.pages.tasks.asked import MINE, UNOWNED
from holdfast.web.work_words import OUTCOMES, ShownDue, ShownPerson, at, priority_words, shown_due

TABS: tuple[tuple[str, Text], ...] = (
    (UNDER_WAY, Text("Under way")),
    ("waiting", Text("Waiting for the customer")),
    ("solved", Text("Solved")),
    ("closed", Text("Closed")),
)


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case in a row; ``below`` says how it was solved."""

    id: int
    url: str
    title: str
    kind: str
    pressing: str
    due: ShownDue | None
    owner: str
    customer: ShownPerson | None
    state: str
    state_words: str
    below: str


def sentence(counts: Mapping[str, int], reader: Reader) -> Markup:
    """How many cases are under way, in a sentence."""
    under_way = sum(counts[state] for state in STATES_UNDER_WAY)
    if not under_way:
        return reader.say_html(Text("Nothing waits to be put right."))
    said = Text(
        "{cases} to put right, {waiting} of them waiting for the customer, {unowned} with nobody.",
        cases=Text("{n} case", "{n} cases", n=under_way),
        waiting=counts["waiting"],
        unowned=counts["nobodys"],
    )
    return reader.say_html(said, strong=("cases", "unowned"))


@dataclass(frozen=True, slots=True)
class ShownWish:
    """A wish for a feature: who wants it, and how it was answered."""

    title: str
    url: str
    who: str
    due: ShownDue | None
    answer: str


def wishes(
    register: Sequence[Wish], asked: Asked, currency: str, now: datetime, zone: tzinfo, reader: Reader
) -> list[ShownWish]:
    """The wishes as the list shows them; each leads to its cases."""
    return [
        ShownWish(
            title=each.title,
            url=address(asked.with_(search=each.title)),
            who=reader.say(
                Text(
                    "{n} customer, who brings {money} a year",
                    "{n} customers, who bring {money} a year",
                    n=each.customers,
                    money=whole_money(each.yearly_minor, currency, reader),
                )
            ),
            due=shown_due(each.promised_us, now, zone, reader),
            answer=_answer(each, reader),
        )
        for each in register
    ]


def _answer(wish: Wish, reader: Reader) -> str:
    if not wish.outcome:
        return ""
    how = OUTCOMES.get(wish.outcome, Text("{outcome}", outcome=wish.outcome))
    return reader.say(Text("{how}: {why}", how=how, why=wish.reason)) if wish.reason else reader.say(how)


def tabs(asked: Asked, counts: Mapping[str, int], reader: Reader) -> list[Choice]:
    """The states as tabs, with how many."""
    numbers = {UNDER_WAY: sum(counts[state] for state in STATES_UNDER_WAY), **counts}
    return [
        Choice(
            reader.say(words),
            address(asked.with_(state=state)),
            asked.state == state,
            reader.number(numbers[state]) if state != "closed" and numbers[state] else "",
        )
        for state, words in TABS
    ]


def filters(asked: Asked, people: Sequence[tuple[int, str]], reader: Reader) -> list[Filter]:
    """What else the list can be narrowed to."""
    owners = {
        MINE: reader.gettext("Mine"),
        UNOWNED: reader.gettext("Nobody's"),
        **{str(id_): name for id_, name in people},
    }
    found = []
    for name, label, words, chosen in (
        ("owner", Text("Looked after by"), owners, asked.owner),
        ("due", Text("Due"), {LATE: reader.gettext("Late")}, asked.due),
        ("kind", Text("Kind"), {code: reader.say(said) for code, said in CASE_KINDS.items()}, asked.kind),
    ):
        found.append(_filter(asked, name, reader.say(label), words, chosen))
    return found


def _filter(asked: Asked, name: str, label: str, words: Mapping[str, str], chosen: str) -> Filter:
    return facet(
        label,
        list(words),
        chosen if chosen in words else None,
        say=lambda value: words[value],
        address=lambda value: address(asked.with_(**{name: value or ""})),
        theirs=lambda value: name == "owner" and value not in (MINE, UNOWNED),
    )


def shown(
    rows: Iterable[Case], people: Mapping[int, ShownPerson], now: datetime, zone: tzinfo, reader: Reader
) -> list[ShownCase]:
    """The rows of a list."""
    return [shown_case(row, people, now, zone, reader) for row in rows]


def shown_case(
    case: Case, people: Mapping[int, ShownPerson], now: datetime, zone: tzinfo, reader: Reader
) -> ShownCase:
    """One case."""
    under_way = case.state in STATES_UNDER_WAY
    return ShownCase(
        case.id,
        reverse("case", args=[case.id]),
        case.title,
        reader.say(CASE_KINDS[case.kind]) if case.kind in CASE_KINDS else case.kind,
        priority_words(case.priority, reader) if case.priority < 2 else "",
        shown_due(case.due_us, now, zone, reader) if under_way else None,
        case.owner,
        people.get(case.subject_id),
        case.state,
        reader.say(CASE_STATES[case.state]),
        _below(case, zone, reader),
    )


def _below(case: Case, zone: tzinfo, reader: Reader) -> str:
    if case.solved_us is None or not case.outcome:
        return ""
    said = Text(
        "{outcome}, {day}",
        outcome=OUTCOMES.get(case.outcome, case.outcome),
        day=at(case.solved_us, zone).date(),
    )
    return reader.say(said)


def address(asked: Asked) -> str:
    """Where a list is found."""
    return reverse("cases") + asked.query()
