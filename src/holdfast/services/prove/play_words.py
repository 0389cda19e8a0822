"""The proof of a play in words: what the page, the command and a program tell of it, and on what it rests."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.domain.arms import Arm
from holdfast.domain.money import Money
from holdfast.domain.texts import Days, Share, Text
from holdfast.language import Reader
from holdfast.learning.experiment import Balance, Estimate, NotKnown
from holdfast.learning.experiment_words import points
from holdfast.services.prove.plays import Proof

Fact = tuple[str, str]


def facts(proof: Proof, reader: Reader) -> list[Fact]:
    """What is behind the verdict, a name and a value each."""
    return [*_who(proof, reader), *_leaving(proof, reader), *_money(proof, reader)]


def planted_words(proof: Proof) -> tuple[Text, ...]:
    """The truth about a play of a demo company, and whether the interval holds it."""
    found = proof.planted
    if found is None:
        return ()
    told = Text(
        "A demo knows the truth: of {customers} who were treated and followed {left} left; without the play "
        "{would} would have.",
        customers=found.customers,
        left=found.left,
        would=found.would_have_left,
    )
    shown = leaving(proof)
    if shown is None:
        return (told,)
    if shown.low <= found.difference <= shown.high:
        return told, Text("The interval holds this difference.")
    return told, Text("The interval does not hold this difference: that happens to a few plays in a hundred.")


def leaving(proof: Proof) -> Estimate | None:
    """The difference in leaving that counts now: of the planned end once it has come, else at any time."""
    return _known(proof.verdict.left_at_end) or _known(proof.verdict.left_any_time)


def margin(proof: Proof) -> Estimate | None:
    """The difference in margin a customer, in the same way."""
    return _known(proof.verdict.margin_at_end) or _known(proof.verdict.margin_any_time)


def _known(found: Estimate | NotKnown | None) -> Estimate | None:
    return found if isinstance(found, Estimate) else None


def _who(proof: Proof, reader: Reader) -> Iterator[Fact]:
    yield reader.gettext("Entered"), reader.number(proof.entered)
    followed = Text("Followed for {days}", days=Days(proof.horizon_days))
    yield reader.say(followed), reader.number(sum(proof.followed.values()))
    if proof.as_of is not None:
        yield reader.gettext("Counted up to"), reader.day(proof.as_of)
    yield reader.gettext("The planned end"), reader.say(_planned(proof))
    yield reader.gettext("The two groups"), reader.say(_groups(proof.verdict.balance))


def _groups(balance: Balance) -> Text:
    held_out, expected = balance.held_out, round(balance.expected_held_out)
    if balance.problem == "sizes":
        return Text("{n} are held out, and about {expected} should be", n=held_out, expected=expected)
    if balance.problem == "covariates":
        return Text("they differed before the play")
    if not held_out and not expected:
        return Text("not clear yet")
    return Text(
        "as a draw makes them: {n} are held out, about {expected} were to be expected",
        n=held_out,
        expected=expected,
    )


def _leaving(proof: Proof, reader: Reader) -> Iterator[Fact]:
    yield reader.gettext("Of the treated left"), _left(proof, "treated", reader)
    yield reader.gettext("Of those held out left"), _left(proof, "held_out", reader)
    verdict = proof.verdict
    for name, found in (
        (Text("Difference at the planned end"), verdict.left_at_end),
        (Text("Difference at any time"), verdict.left_any_time),
    ):
        yield reader.say(name), _difference(found, reader)


def _left(proof: Proof, arm: Arm, reader: Reader) -> str:
    followed, left = proof.followed[arm], proof.left[arm]
    if not followed:
        return reader.gettext("not clear yet")
    return reader.say(
        Text("{left} of {followed}, {share}", left=left, followed=followed, share=Share(left / followed))
    )


def _difference(found: Estimate | NotKnown, reader: Reader) -> str:
    """In percentage points with its interval, and how often such an interval is right."""
    if isinstance(found, NotKnown):
        return reader.gettext("not clear yet")
    low, middle, high = (
        reader.signed(points(each) * (-1 if each < 0 else 1))
        for each in (found.low, found.difference, found.high)
    )
    return reader.say(
        Text(
            "{points} percentage points ({level} sure: between {low} and {high})",
            points=middle,
            low=low,
            high=high,
            level=Share(found.level, 0),
        )
    )


def _planned(proof: Proof) -> Text:
    return Text(
        "after {n} customer, where a fall of {points} percentage points shows",
        "after {n} customers, where a fall of {points} percentage points shows",
        n=proof.plan.customers,
        points=points(proof.plan.worthwhile),
    )


def _money(proof: Proof, reader: Reader) -> Iterator[Fact]:
    cost = reader.money(proof.cost)
    if not proof.money:
        if proof.as_of is not None:
            yield reader.gettext("Margin"), reader.gettext("not known: holdfast.toml says how to set it")
        if proof.cost.minor:
            yield reader.gettext("Cost so far"), cost
        return
    for name, found in (
        (Text("Margin a customer, difference at the planned end"), proof.verdict.margin_at_end),
        (Text("Margin a customer, difference at any time"), proof.verdict.margin_any_time),
    ):
        yield reader.say(name), _margin(found, proof.cost.currency, reader)
    yield reader.gettext("Cost so far"), cost
    profit = proof.verdict.profit
    if profit is not None:
        told = Text(
            "{profit} ({level} sure: between {low} and {high}), after {cost} of cost",
            profit=reader.signed(profit.amount),
            low=reader.signed(profit.low),
            high=reader.signed(profit.high),
            cost=profit.cost,
            level=Share(profit.level, 0),
        )
        yield reader.gettext("Profit of the play"), reader.say(told)


def _margin(found: Estimate | NotKnown | None, currency: str, reader: Reader) -> str:
    if not isinstance(found, Estimate):
        return reader.gettext("not clear yet")
    amounts = (found.difference, found.low, found.high, found.treated, found.held_out)
    difference, low, high, treated, held_out = (Money(round(each), currency) for each in amounts)
    return reader.say(
        Text(
            "{difference} ({level} sure: between {low} and {high}); {treated} of the treated, {held_out} of "
            "those held out",
            difference=reader.signed(difference),
            low=reader.signed(low),
            high=reader.signed(high),
            treated=treated,
            held_out=held_out,
            level=Share(found.level, 0),
        )
    )
