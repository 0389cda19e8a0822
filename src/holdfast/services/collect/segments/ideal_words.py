"""What the look at the ideal customers found, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from holdfast.domain.texts import Share, Text

if TYPE_CHECKING:
    from holdfast.analytics.ideal_fit import GroupFit, Part, Telling
    from holdfast.services.collect.segments.ideal import IdealCustomers

_DISAGREES = 2


def as_answer(found: IdealCustomers) -> dict[str, Any]:
    """The keys of ``holdfast segment fit --json``."""
    return {
        "segment": found.segment_key or None,
        "customers": found.customers,
        "ideal": found.ideal,
        "could_be_ideal": found.could,
        "traits": [
            {
                "trait": each.trait,
                "values": list(each.words) or [each.low, each.high],
                "share_of_ideal": each.ideal / each.ideal_known,
                "share_of_others": each.others / each.others_known,
            }
            for each in found.telling
        ],
        "sources": [
            {
                "source": each.name,
                "customers": each.customers,
                **_part("ideal", each.ideal),
                **_part("fitting", each.fitting),
            }
            for each in found.sources
        ],
        "prospects": found.prospects,
        "reason": found.reason,
    }


def _part(name: str, part: Part) -> dict[str, Any]:
    known = part.of > 0
    return {
        name: part.hits,
        f"{name}_of": part.of,
        f"{name}_low": part.low if known else None,
        f"{name}_high": part.high if known else None,
        f"{name}_judged": part.judged or None,
    }


def lines(found: IdealCustomers) -> Iterator[Text]:
    """The same in sentences."""
    yield Text(
        "{n} of {of} customers of whom it can be told is an ideal one.",
        "{n} of {of} customers of whom it can be told are ideal ones.",
        n=found.ideal,
        of=found.could,
    )
    if found.reason is not None:
        yield found.reason
    for each in found.telling:
        yield telling_words(each)
    for source in found.sources:
        yield source_words(source)


def telling_words(each: Telling) -> Text:
    """A trait that tells, with both shares."""
    return Text(
        "{trait}: {values} ({ideal} of the ideal customers, {others} of the others)",
        trait=each.trait.replace("_", " "),
        values=typical(each),
        ideal=Share(each.ideal / each.ideal_known, 0),
        others=Share(each.others / each.others_known, 0),
    )


def typical(each: Telling) -> object:
    """The values that the ideal customers have."""
    return list(each.words) if each.words else Text("{low} to {high}", low=each.low, high=each.high)


def source_words(source: GroupFit) -> Text:
    """How many of a source's customers are ideal, with what is sure about it."""
    part = source.ideal
    if not part.of:
        return Text("{source}: not clear yet", source=source.name.replace("_", " "))
    return Text(
        "{source}: {share} ideal customers ({low} to {high}){judged}",
        source=source.name.replace("_", " "),
        share=Share(part.hits / part.of, 0),
        low=Share(part.low, 0),
        high=Share(part.high, 0),
        judged=_JUDGED.get(part.judged, ""),
    )


_JUDGED = {"worse": Text(", fewer than the other sources"), "better": Text(", more than the other sources")}


def disagreeing(source: GroupFit, found: IdealCustomers) -> list[tuple[str, float, float]]:
    """In what a source agrees less than everybody: (trait, share here, share of all), the worst first."""
    told = []
    for trait, (agrees, known) in source.agreeing.items():
        everybody = [each.agreeing[trait] for each in found.sources]
        of = sum(each[1] for each in everybody)
        if known and of:
            told.append((trait, agrees / known, sum(each[0] for each in everybody) / of))
    worst = sorted(told, key=lambda each: each[1] - each[2])
    return [each for each in worst if each[1] < each[2]][:_DISAGREES]
