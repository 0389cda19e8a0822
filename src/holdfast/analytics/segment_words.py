"""A rule in words, so that nobody has to read a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from holdfast.domain.event_words import event_words
from holdfast.domain.expression import (
    All,
    Condition,
    Either,
    Expression,
    Looked,
    Not,
    Scalar,
    as_day,
)
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.surveys import CODE_WORDS
from holdfast.domain.texts import Days, Share, Text

FACTS: dict[str, Text] = {
    "state": Text("state"),
    "kind": Text("kind of customer"),
    "country": Text("country"),
    "source": Text("source"),
    "orders": Text("number of orders"),
    "spent": Text("money spent so far"),
    "yearly": Text("money a year under contract"),
    "first_order": Text("days since the first order"),
    "last_order": Text("days since the last order"),
    "left": Text("days since they were lost"),
    "change": Text("change of ours that concerns them"),
}
SCORES: dict[str, Text] = {
    "risk": Text("risk of leaving"),
    "value": Text("what they can still bring"),
    "value_at_risk": Text("value at risk"),
    "cause": Text("cause of the risk"),
}
MEASURES: dict[str, Text] = {
    "times": Text("how often “{event}” happened"),
    "orders": Text("how many different orders or cases of “{event}”"),
    "days": Text("on how many days “{event}” happened"),
    "amount": Text("the sum of “{event}”"),
    "last": Text("days since the last “{event}”"),
    "first": Text("days since the first “{event}”"),
    "score": Text("the latest score of “{event}”"),
}
STATES: dict[str, Text] = {
    "new": Text("new"),
    "active": Text("active"),
    "dormant": Text("quiet longer than usual"),
    "returning": Text("returning"),
    "lapsed": Text("lost"),
    "won_back": Text("won back"),
}
CUSTOMER_KINDS: dict[str, Text] = {
    "person": Text("person"),
    "account": Text("account"),
    "prospect": Text("prospect"),
}
TESTS: dict[str, Text] = {
    "is": Text("{what} is {value}"),
    "is_not": Text("{what} is known and not {value}"),
    "one_of": Text("{what} is one of {value}"),
    "none_of": Text("{what} is known and none of {value}"),
    "at_least": Text("{what} is at least {value}"),
    "at_most": Text("{what} is at most {value}"),
    "above": Text("{what} is above {value}"),
    "below": Text("{what} is below {value}"),
    "between": Text("{what} is between {value}"),
    "contains": Text("{what} contains {value}"),
    "starts_with": Text("{what} begins with {value}"),
    "known": Text("{what} is known"),
    "missing": Text("{what} is not known"),
}
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called here: titles of ``features`` and ``segments``, and the currency."""

    features: Mapping[str, Text] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""


def rule_words(rule: Expression, names: Names, *, inside: bool = False) -> Text:
    """The rule as a phrase: "number of orders is at least 3, and state is lost"."""
    match rule:
        case Condition():
            return condition_words(rule, names)
        case Not(part):
            return Text("not ({rule})", rule=rule_words(part, names))
        case All(parts):
            joined = Text("{one}, and {other}")
        case Either(parts):
            joined = Text("{one}, or {other}")
    said = rule_words(parts[0], names, inside=True)
    for part in parts[1:]:
        said = Text(joined.msgid, one=said, other=rule_words(part, names, inside=True))
    return Text("({rule})", rule=said) if inside and len(parts) > 1 else said


def condition_words(condition: Condition, names: Names) -> Text:
    """One condition as a phrase."""
    of, test = condition.of, condition.test
    if test.operator == "met":
        return Text("in the segment “{title}”", title=names.segments.get(of.name, of.name))
    said = [_value(of, each, names) for each in test.values]
    value: object = said[0] if len(said) == 1 else said[:_SHOWN]
    if len(said) > _SHOWN:
        value = Text("{values} and {n} more", values=said[:_SHOWN], n=len(said) - _SHOWN)
    if _happened(condition):
        return Text("“{event}” happened{limits}", event=event_words(of.name), limits=_limits(of))
    return Text(TESTS[test.operator].msgid, what=looked_words(of, names), value=value)


def looked_words(of: Looked, names: Names) -> Text:
    """What is looked at, as a noun."""
    if of.kind == "fact":
        return FACTS[of.name]
    if of.kind == "score":
        return SCORES[of.name]
    if of.kind == "feature":
        return names.features.get(of.name, Text("{name}", name=of.name))
    if of.kind == "answer":
        survey = CODE_WORDS.get(of.name, of.name.upper())
        return Text("the latest answer to {survey}{limits}", survey=survey, limits=_limits(of))
    if of.kind == "event":
        measure = MEASURES[str(of.option("measure") or "times")]
        return Text(
            "{measure}{limits}", measure=Text(measure.msgid, event=event_words(of.name)), limits=_limits(of)
        )
    return Text("{name}", name=of.name.replace("_", " "))


def _happened(condition: Condition) -> bool:
    """Whether it asks no more than that something happened at all."""
    plain = condition.of.kind == "event" and condition.of.option("measure") in (None, "times")
    return plain and condition.test.operator == "at_least" and condition.test.values == (1,)


def _limits(of: Looked) -> Text | str:
    """Within which days, and of what; "" for no limit."""
    found: list[Text] = []
    if of.option("days") is not None:
        found.append(Text("in the last {days}", days=Days(of.option("days"))))
    if of.option("until_days"):
        found.append(Text("up to {days} ago", days=Days(of.option("until_days"))))
    if of.option("from"):
        found.append(Text("from {day}", day=date.fromisoformat(of.option("from"))))
    if of.option("to"):
        found.append(Text("until {day}", day=date.fromisoformat(of.option("to"))))
    for option, words in _OF.items():
        if of.option(option):
            found.append(Text(words.msgid, names=_readable(option, of.option(option))))
    said: Text | str = ""
    for each in found:
        said = Text("{limits} {limit}", limits=said, limit=each)
    return said


def _readable(option: str, names: Sequence[str]) -> Sequence[str]:
    """Codes as words: ``price_too_high`` is "price too high"."""
    return [each.replace("_", " ") for each in names] if option == "code" else names


_OF: dict[str, Text] = {
    "product": Text("of the product {names}"),
    "category": Text("of the category {names}"),
    "code": Text("with the code {names}"),
    "source": Text("from the source {names}"),
}


def _value(of: Looked, value: Scalar, names: Names) -> object:
    """A value as it is said: money, a share, a day, a word of ours, or what was written."""
    if isinstance(value, str):
        own = {("fact", "state"): STATES, ("fact", "kind"): CUSTOMER_KINDS}.get((of.kind, of.name), {})
        return own.get(value) or as_day(value) or value
    if (of.kind, of.name) in _MONEY or of.option("measure") == "amount":
        return Money.of(Decimal(str(value)), names.currency or NO_CURRENCY)
    return Share(value, 0) if (of.kind, of.name) == ("score", "risk") else value


_MONEY = {("fact", "spent"), ("fact", "yearly"), ("score", "value"), ("score", "value_at_risk")}
