"""The overview in the reader's words: what the template writes down, ready to be written."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from holdfast.domain.money import exponent
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.measure.overview import DefinitionLine, LedgerLine, Overview, Stat
from holdfast.web.figures import currency_sign, figure_value

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class ShownStat:
    """A key figure as it is written; ``judged`` is "better", "worse" or "" (a plain fact stays grey)."""

    name: str
    value: str
    beside: str
    change: str
    judged: str
    arrow: str
    summary: str
    worked: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownLedgerLine:
    """A line of the ledger; ``people`` is "" where nobody moves."""

    op: str
    name: str
    people: str
    money: str


@dataclass(frozen=True, slots=True)
class ShownDefinition:
    """The period by one definition; ``reason`` says why where there is no ``value``."""

    name: str
    terms: str
    value: str
    reason: str
    chosen: bool


def sentence(overview: Overview, reader: Reader) -> Markup:
    """What the period says in one breath, its two or three figures in bold."""
    return reader.say_html(overview.sentence, strong=overview.emphasis)


def shown_stat(stat: Stat, reader: Reader) -> ShownStat:
    """A key figure; one without a value shows why instead of what changed."""
    figure = stat.figure
    reason = figure.reason if figure.value is None else stat.change
    return ShownStat(
        name=reader.say(stat.name),
        value=figure_value(figure, reader),
        beside=reader.say(stat.beside) if stat.beside else "",
        change=reader.say(reason) if reason else "",
        judged="" if stat.change_good is None else "better" if stat.change_good else "worse",
        arrow="" if stat.change_up is None else "rise" if stat.change_up else "fall",
        summary=reader.say(stat.summary),
        worked=reader.say(stat.worked),
        facts=tuple((reader.say(name), reader.say(value)) for name, value in stat.facts),
    )


def shown_ledger(lines: tuple[LedgerLine, ...], reader: Reader) -> list[ShownLedgerLine]:
    """The ledger to the cent, its signs in their own column."""
    return [
        ShownLedgerLine(
            op=MINUS if line.op == "-" else line.op,
            name=reader.say(line.name),
            people="" if line.people is None else reader.number(line.people),
            money=reader.number(line.money.amount, exponent(line.money.currency)),
        )
        for line in lines
    ]


def ledger_currency(lines: tuple[LedgerLine, ...], reader: Reader) -> str:
    """The currency of the ledger's amounts, "" without one."""
    return currency_sign(lines[0].money.currency, reader) if lines else ""


def shown_definition(line: DefinitionLine, reader: Reader) -> ShownDefinition:
    """One definition with its division in numbers."""
    return ShownDefinition(
        name=reader.say(line.name),
        terms=reader.say(line.terms),
        value=figure_value(line.figure, reader),
        reason=reader.say(line.figure.reason) if line.figure.reason else "",
        chosen=line.chosen,
    )


def trait_name(trait: str) -> Text:
    """Where it happens: the trait as a heading."""
    known = {"country": Text("Where it happens"), "source": Text("Where they came from")}
    return known.get(trait, Text("By {trait}", trait=trait))
