"""What the fields of the rule builder offer: everything this workspace has, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from holdfast.analytics import segment_words as said
from holdfast.domain.event_words import EVENT_WORDS, event_words
from holdfast.domain.expression import OF_WORDS
from holdfast.domain.surveys import CODE_WORDS
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.segments.facts import FACTS, SCORES, Fact
from holdfast.services.collect.segments.offered import Offered
from holdfast.settings import Settings
from holdfast.store.customers import CustomerFilter, facet_counts
from holdfast.store.trait_history import trait_sample
from holdfast.web.figures import country_name, currency_sign, readable
from holdfast.web.pages.at_risk.causes import CAUSES, cause_name
from holdfast.web.pages.segments import form
from holdfast.web.pages.segments.form import Group, Row, default_test

_SAMPLE = 2_000
_MOST = 40

TESTS: dict[str, Text] = {
    "is": Text("is"),
    "is_not": Text("is known and not"),
    "one_of": Text("is one of"),
    "none_of": Text("is known and none of"),
    "at_least": Text("is at least"),
    "at_most": Text("is at most"),
    "above": Text("is above"),
    "below": Text("is below"),
    "between": Text("is between"),
    "contains": Text("contains"),
    "starts_with": Text("begins with"),
    "known": Text("is known"),
    "missing": Text("is not known"),
}
OF_NUMBERS = ("at_least", "at_most", "between", "above", "below", "is", "is_not", "known", "missing")
JOINS: dict[str, Text] = {
    "all": Text("All of these hold"),
    "any": Text("At least one of these holds"),
    "none": Text("None of these holds"),
}
MEASURES: dict[str, Text] = {
    "times": Text("how often"),
    "orders": Text("how many different orders or cases"),
    "days": Text("on how many days"),
    "amount": Text("sum of the amounts"),
    "last": Text("days since the last"),
    "first": Text("days since the first"),
    "score": Text("latest score"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """An entry of a list; ``theirs`` says that the words are the company's, not ours."""

    value: str
    words: str
    chosen: bool = False
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A condition as it is shown; ``choices`` are the values to choose from, ``open`` lets others be typed.

    ``several``: any number of the choices. ``unit`` stands behind the value.
    """

    prefix: str
    of: str
    label: str
    row: Row
    tests: tuple[Option, ...]
    choices: tuple[Option, ...]
    open: bool
    several: bool
    with_value: bool
    with_high: bool
    unit: str
    measures: tuple[Option, ...]
    categories: tuple[Option, ...]
    windowed: bool
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as it is shown."""

    prefix: str
    joins: tuple[Option, ...]
    parts: tuple[ShownRow | ShownGroup, ...]
    is_group: bool = True


@dataclass(frozen=True, slots=True)
class Builder:
    """Turns a typed rule into what a template shows."""

    settings: Settings
    offered: Offered
    reader: Reader
    own_key: str = ""

    def looked(self) -> list[tuple[str, list[Option]]]:
        """Everything a condition can look at, in groups with a name."""
        say, offered = self.reader.say, self.offered
        events = [
            Option(
                f"event:{name}",
                f"{say(event_words(name))} ({self.reader.number(count)})",
                theirs=name not in EVENT_WORDS,
            )
            for name, count in offered.events.items()
        ]
        segments = [
            Option(f"segment:{key}", title, theirs=True)
            for key, title in offered.segments.items()
            if key != self.own_key
        ]
        groups = [
            (Text("How they stand"), [Option(f"fact:{name}", say(said.FACTS[name])) for name in FACTS]),
            (Text("What happened"), events),
            (
                Text("What they answered"),
                [
                    Option(f"answer:{each}", say(CODE_WORDS.get(each, Text("{name}", name=each.upper()))))
                    for each in offered.names("answer")
                ],
            ),
            (
                Text("What is known of them"),
                [Option(f"trait:{each}", readable(each), theirs=True) for each in offered.traits],
            ),
            (
                Text("How likely they leave"),
                [Option(f"score:{each}", say(said.SCORES[each])) for each in SCORES],
            ),
            (
                Text("What is computed"),
                self._sorted(Option(f"feature:{n}", say(title)) for n, title in offered.features.items()),
            ),
            (Text("In a segment"), segments),
        ]
        return [(say(title), options) for title, options in groups if options]

    def group(self, group: Group, prefix: str = "n") -> ShownGroup:
        """A group and everything in it."""
        joins = tuple(
            Option(join, self.reader.say(words), join == group.join) for join, words in JOINS.items()
        )
        parts = tuple(
            self.group(part, f"{prefix}.{place}")
            if isinstance(part, Group)
            else self.row(part, f"{prefix}.{place}")
            for place, part in enumerate(group.parts)
        )
        return ShownGroup(prefix, joins, parts)

    def _place(self, prefix: str) -> str:
        """Where a condition stands, counted from 1: "2-1" is the first of the second group."""
        return "-".join(self.reader.number(int(place) + 1) for place in prefix.split(".")[1:])

    def row(self, row: Row, prefix: str) -> ShownRow:
        """One condition."""
        test = row.get("test") or default_test(row)
        choices = self._values(row)
        number = self._is_number(row)
        tests = OF_NUMBERS if number else tuple(TESTS)
        closed = row.of in ("fact:state", "fact:kind", "score:cause")
        several = closed and test in ("one_of", "none_of")
        chosen = form.several(row.get("value")) if several else [row.get("value")]
        plain = closed and test in ("is", "is_not", *OF_WORDS)
        return ShownRow(
            prefix=prefix,
            of=row.of,
            label=self.reader.say(Text("Condition {number}", number=self._place(prefix))),
            row=row,
            tests=()
            if row.kind in ("", "segment")
            else tuple(Option(each, self.reader.say(TESTS[each]), each == test) for each in tests),
            choices=tuple(Option(value, words, value in chosen, not closed) for value, words in choices),
            open=not plain and not several,
            several=several,
            with_value=row.kind not in ("", "segment") and test not in ("known", "missing"),
            with_high=test == "between",
            unit=self._unit(row),
            measures=self._measures(row),
            categories=tuple(
                Option(each, each, each == row.get("category"), theirs=True)
                for each in (self.offered.categories if row.kind == "event" else ())
            ),
            windowed=row.kind in ("event", "answer"),
        )

    def _measures(self, row: Row) -> tuple[Option, ...]:
        if row.kind != "event":
            return ()
        chosen = row.get("measure") or "times"
        return tuple(Option(name, self.reader.say(words), name == chosen) for name, words in MEASURES.items())

    def _values(self, row: Row) -> list[tuple[str, str]]:
        """Values to choose from, with their words; none for numbers."""
        say = self.reader.say
        own: Mapping[str, dict[str, Text]] = {
            "fact:state": said.STATES,
            "fact:kind": said.CUSTOMER_KINDS,
            "score:cause": {name: cause_name(name) for name in CAUSES},
        }
        if row.of in own:
            return [(value, say(words)) for value, words in own[row.of].items()]
        if row.kind == "fact" and row.name in ("country", "source"):
            counts = facet_counts(self.settings, CustomerFilter())[row.name]  # type: ignore[index]
            name = country_name if row.name == "country" else lambda value, _: readable(value)
            return [(value, name(value, self.reader.code)) for value in counts if value]
        if row.kind != "trait":
            return []
        sample = trait_sample(self.settings, row.name, most=_SAMPLE)
        different = dict.fromkeys(value for value in sample if value.strip() and len(value) <= 100)
        return [(value, value) for value in list(different)[:_MOST]]

    def _is_number(self, row: Row) -> bool:
        if row.kind in ("event", "answer"):
            return True
        fact = self._fact(row)
        return fact is not None and fact.unit != "words"

    def _unit(self, row: Row) -> str:
        fact = self._fact(row)
        money = fact is not None and fact.unit == "money"
        if money or row.get("measure") == "amount":
            return currency_sign(self.settings.currency, self.reader) if self.settings.currency else ""
        if fact is not None and fact.unit == "share":
            return self.reader.share(0.0, 0).replace(self.reader.number(0), "").strip()
        days = (fact is not None and fact.unit == "days_ago") or row.get("measure") in (
            "last",
            "first",
            "days",
        )
        return self.reader.gettext("days") if days else ""

    def _fact(self, row: Row) -> Fact | None:
        return {"fact": FACTS, "score": SCORES}.get(row.kind, {}).get(row.name)

    def _sorted(self, options: Iterable[Option]) -> list[Option]:
        return sorted(options, key=lambda each: self.reader.sort_key(each.words))
