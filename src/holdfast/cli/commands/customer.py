"""``holdfast customer``: everything about one customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.language import Reader
    from holdfast.settings import Settings

ORDER = 45


def _run(session: Session, wanted: str, limit: int) -> None:
    from holdfast.cli.cared import care_as_json
    from holdfast.services.collect.look_up import customer

    settings = session.settings()
    found = customer(settings, wanted, now=session.now(), limit=limit)
    answer = _with_numbers(found.as_json()) | {
        "risk": _risk(settings, found.unit_id),
        "care": care_as_json(settings, found.unit_id, found.subjects),
    }
    session.finish(answer, lambda: session.write(_page(answer, session.reader(settings))))


def _risk(settings: Settings, unit_id: int) -> dict[str, Any]:
    """The risk of this customer with its history; ``risk`` is missing where there is a reason."""
    from holdfast.cli.risks import risk_as_json
    from holdfast.services.foresee.reading import customer_risk

    found = customer_risk(settings, unit_id)
    latest = {} if found.latest is None else risk_as_json(found.latest)
    return {
        "risk": latest.get("risk"),
        **{name: latest.get(name) for name in _OF_RISK},
        "as_of": None if found.latest is None else found.latest.as_of,
        "drivers": latest.get("drivers", []),
        "base_risk": found.base_risk,
        "history": [{"day": day, "risk": value} for day, value in found.history],
        "reason": found.reason,
    }


_OF_RISK = ("change", "value_at_risk", "value", "currency", "likely_from", "likely_to")


def _with_numbers(answer: dict[str, Any]) -> dict[str, Any]:
    """Amounts and quantities as numbers with all their digits, as in every other answer."""
    who = answer["customer"]
    who["revenue"] = {currency: Decimal(amount) for currency, amount in who["revenue"].items()}
    for event in answer["events"]:
        for name in ("amount", "quantity"):
            event[name] = None if event[name] is None else Decimal(event[name])
    return answer


def _page(answer: Mapping[str, Any], reader: Reader) -> str:
    who = answer["customer"]
    facts: list[tuple[Text, str]] = [
        (Text("Customer"), f"{who['name']} ({who['id']})"),
        (Text("E-mail"), ", ".join(who["emails"])),
        (Text("Telephone"), ", ".join(who["phones"])),
        (Text("State"), who["state"] or ""),
        (Text("First seen"), _at(who["first_at"], reader)),
        (Text("Last seen"), _at(who["last_at"], reader)),
        (Text("Orders"), reader.number(who["orders"])),
        (Text("Revenue"), ", ".join(reader.money(each, exact=True) for each in _amounts(who["revenue"]))),
        (Text("Risk of leaving"), _risk_words(answer["risk"], reader)),
        (Text("Looked after by"), answer["care"]["owner"] or ""),
    ]
    facts += [(Text("{name}", name=name), str(value)) for name, value in who["traits"].items()]
    lines = columns([(reader.say(name), value) for name, value in facts if value])
    return f"{lines}\n\n{_events(answer['events'], reader)}"


def _risk_words(risk: Mapping[str, Any], reader: Reader) -> str:
    if risk["risk"] is None:
        return ""
    drivers = "; ".join(reader.say(driver["words"]) for driver in risk["drivers"])
    return f"{reader.share(risk['risk'])} ({drivers})"


def _events(events: list[Mapping[str, Any]], reader: Reader) -> str:
    rows = [
        (
            _at(each["at"], reader),
            each["name"],
            each["object_id"] or "",
            "" if each["amount"] is None else reader.money((each["amount"], each["currency"]), exact=True),
            each["product_id"] or each["code"] or "",
        )
        for each in events
    ]
    return columns(rows, numbers=frozenset({3}))


def _amounts(revenue: Mapping[str, Decimal]) -> list[tuple[Decimal, str]]:
    return [(amount, currency) for currency, amount in revenue.items()]


def _at(moment: str | None, reader: Reader) -> str:
    return "" if moment is None else reader.moment(datetime.fromisoformat(moment))


COMMAND = Command(
    "customer",
    Text("Show one customer: who it is, and what happened, newest first."),
    _run,
    [
        click.Argument(["wanted"], metavar="ID"),
        Option(
            "--limit",
            words=Text("How many events to show."),
            type=click.IntRange(min=1),
            default=100,
            show_default=True,
        ),
    ],
)
