"""The overview in the reader's words: what the template writes down, ready to be written."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from holdfast.domain.figures import Figure
from holdfast.domain.money import Money, exponent
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.measure.overview import DefinitionLine, LedgerLine, Overview, Recount, Stat
from holdfast.web.figures import currency_sign, figure_value

MINUS = "\N{MINUS SIGN}"
REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ShownStat:
    """A key figure as it is written; ``judged`` is "better", "worse" or "" (a plain fact stays grey).

    ``again`` is what counting again gave, "" where that is what was published.
    """

    name: str
    value: str
    beside: str
    change: str
    judged: str
    arrow: str
    summary: str
    worked: str
    facts: tuple[tuple[str, str], ...]
    again: str = ""


@dataclass(frozen=True, slots=True)
class ShownLedgerLine:
    """A line of the ledger; ``people`` is "" where nobody moves.

    ``people_now`` and ``money_now`` are what counting again gave, "" where that is the same.
    """

    op: str
    name: str
    people: str
    money: str
    people_now: str = ""
    money_now: str = ""


@dataclass(frozen=True, slots=True)
class ShownDefinition:
    """The period by one definition; ``reason`` says why where there is no ``value``."""

    name: str
    terms: str
    value: str
    reason: str
    chosen: bool
    again: str = ""


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
        facts=tuple((reader.say(name), reader.say(value)) for name, value in _facts(stat)),
        again=_again(figure, stat.again, reader),
    )


def _facts(stat: Stat) -> tuple[tuple[Text, Text], ...]:
    """What is to know about a key figure, why it differs by now last."""
    if stat.again is None:
        return stat.facts
    return (*stat.facts, *((Text("Counted again"), why) for why in stat.again.why))


def _again(published: Figure, again: Recount | None, reader: Reader) -> str:
    """What counting again gave; two numbers that look the same when rounded are said to be."""
    if again is None:
        return ""
    now = figure_value(again.now, reader)
    if not now:
        return reader.say(Text("Counted again: not clear yet"))
    if now == figure_value(published, reader):
        return reader.say(Text("Counted again: {value}, the same when rounded", value=now))
    return reader.say(Text("Counted again: {value}", value=now))


def counted_again(overview: Overview, reader: Reader) -> tuple[str, str] | None:
    """That figures of this period differ from what was published, and why; ``None`` where none does."""
    reasons = overview.counted_again
    if not reasons:
        return None
    said = [reader.say(why) for why in reasons[:REASONS_SHOWN]]
    if more := len(reasons) - len(said):
        said.append(reader.say(Text("There is {n} more reason.", "There are {n} more reasons.", n=more)))
    return reader.say(Text("Some figures of this period were counted again and differ.")), " ".join(said)


def shown_ledger(lines: tuple[LedgerLine, ...], reader: Reader) -> list[ShownLedgerLine]:
    """The ledger to the cent, its signs in their own column."""
    return [
        ShownLedgerLine(
            op=MINUS if line.op == "-" else line.op,
            name=reader.say(line.name),
            people=_heads(line.people, reader),
            money=_amount(line.money, reader),
            people_now=_heads(line.people_now, reader),
            money_now=_amount(line.money_now, reader),
        )
        for line in lines
    ]


def _heads(people: int | None, reader: Reader) -> str:
    return "" if people is None else reader.number(people)


def _amount(money: Money | None, reader: Reader) -> str:
    return "" if money is None else reader.number(money.amount, exponent(money.currency))


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
        again=_again(line.figure, line.again, reader),
    )


def trait_name(trait: str) -> Text:
    """Where it happens: the trait as a heading."""
    known = {"country": Text("Where it happens"), "source": Text("Where they came from")}
    return known.get(trait, Text("By {trait}", trait=trait))
