"""Sources, pulls and places for scores in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from holdfast.connectors.webhooks import Source
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.sources.parts import Field
from holdfast.services.collect.sources.setting_up import SourceView
from holdfast.store.live_sources import LiveSource
from holdfast.store.pulls import Pull
from holdfast.store.score_targets import ScoreTarget
from holdfast.store.source_notes import ASIDE, IGNORED, REFUSED, TAKEN, Tally

_KINDS: dict[str, Text] = {
    "segment": Text("Write key"),
    "mail": Text("Mailbox"),
    "telegram": Text("Telegram"),
    "chat": Text("Web chat"),
    "in_app": Text("Messages in an app"),
    "form": Text("Our own people"),
    "surveys": Text("Questions to customers"),
}
_CHOICES: dict[str, Text] = {
    "people": Text("a person"),
    "accounts": Text("an account"),
    "amazon_ses": Text("Amazon SES"),
    "mailgun": Text("Mailgun"),
    "postmark": Text("Postmark"),
    "sendgrid": Text("SendGrid"),
}
_OUTCOMES: dict[str, Text] = {
    TAKEN: Text("taken"),
    IGNORED: Text("nothing is made of it"),
    ASIDE: Text("in the quarantine"),
    REFUSED: Text("refused"),
}
_CODES: dict[str, Text] = {
    "bad_signature": Text("The signature did not hold"),
    "stale_signature": Text("Signed too long ago"),
    "not_json": Text("No JSON"),
    "not_understood": Text("Could not be read"),
}
DAY, HOUR = 24 * 60, 60


@dataclass(frozen=True, slots=True)
class ShownSource:
    """One line of the list; ``state`` is "off", "trouble" or ""."""

    name: str
    kind: str
    last: str
    state: str
    trouble: str
    linked: bool


@dataclass(frozen=True, slots=True)
class ShownPull:
    """A pull as a line."""

    name: str
    what: str
    how_often: str
    last: str
    result: str
    trouble: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class ShownTarget:
    """A place that scores are written to, as a line."""

    name: str
    table: str
    last: str
    rows: str
    trouble: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field of a form; ``choices`` are (value, words)."""

    name: str
    shape: str
    label: str
    hint: str
    value: str
    error: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ShownTally:
    """What came of one kind of event."""

    kind: str
    theirs: bool
    outcome: str
    count: str
    last: str


def sentence(sources: Sequence[LiveSource], pulls: Sequence[Pull], reader: Reader) -> Markup:
    """How many sources tell of events, and how many are in trouble."""
    used = [each for each in sources if each.enabled]
    if not used and not pulls:
        return reader.say_html(Text("No source tells of events yet. Connect one, or pull from a database."))
    said = Text(
        "{sources} tells of events as they happen; {pulls}.",
        "{sources} tell of events as they happen; {pulls}.",
        n=len(used),
        sources=Text("{n} source", "{n} sources", n=len(used)),
        pulls=Text(
            "{n} database or service is asked on a schedule", "{n} are asked on a schedule", n=len(pulls)
        ),
    )
    return reader.say_html(said, strong=("sources",))


def shown_sources(found: Iterable[tuple[LiveSource, Source | None]], reader: Reader) -> list[ShownSource]:
    """The sources as lines."""
    return [
        ShownSource(
            source.name,
            reader.say(part.title if part else _KINDS.get(source.kind, Text("{name}", name=source.kind))),
            _moment(source.last_us, reader),
            "off" if not source.enabled else "trouble" if source.trouble else "",
            reader.say(source.trouble) if source.trouble else "",
            part is not None,
        )
        for source, part in found
    ]


def shown_pulls(pulls: Iterable[Pull], reader: Reader) -> list[ShownPull]:
    """The pulls as lines."""
    return [
        ShownPull(
            pull.name,
            str(pull.options.get("as") or pull.kind),
            reader.say(how_often(pull.every_minutes)),
            _moment(pull.last_us, reader),
            reader.say(_result(pull.result)) if pull.result else "",
            reader.say(pull.trouble) if pull.trouble else "",
            pull.enabled,
        )
        for pull in pulls
    ]


def how_often(minutes: int) -> Text:
    """A schedule in the largest unit that fits."""
    if minutes % DAY == 0:
        return Text("every day", "every {n} days", n=minutes // DAY)
    if minutes % HOUR == 0:
        return Text("every hour", "every {n} hours", n=minutes // HOUR)
    return Text("every minute", "every {n} minutes", n=minutes)


def _result(result: Mapping[str, Any]) -> Text:
    if "rows_read" not in result:
        return Text("{n} change", "{n} changes", n=sum(int(each) for each in result.values()))
    taken, rejected = int(result.get("rows_taken", 0)), int(result.get("rows_rejected", 0))
    if not taken and not rejected:
        return Text("nothing new")
    said = Text("{n} new row", "{n} new rows", n=taken)
    if not rejected:
        return said
    return Text("{taken}, {rejected}", taken=said, rejected=Text("{n} rejected", "{n} rejected", n=rejected))


def shown_targets(targets: Iterable[ScoreTarget], reader: Reader) -> list[ShownTarget]:
    """The places for scores as lines."""
    return [
        ShownTarget(
            each.name,
            each.table,
            _moment(each.last_us, reader),
            "" if each.rows is None else reader.say(Text("{n} row", "{n} rows", n=each.rows)),
            reader.say(each.trouble) if each.trouble else "",
            each.enabled,
        )
        for each in targets
    ]


def shown_tallies(tallies: Iterable[Tally], reader: Reader) -> list[ShownTally]:
    """What came, the most frequent first."""
    return [
        ShownTally(
            reader.say(_CODES[each.kind])
            if each.kind in _CODES
            else each.kind or reader.gettext("without a name"),
            each.kind not in _CODES,
            reader.say(_OUTCOMES.get(each.outcome, Text("{name}", name=each.outcome))),
            reader.number(each.count),
            _moment(each.last_us, reader),
        )
        for each in tallies
    ]


def heard(view: SourceView, reader: Reader) -> Markup:
    """What the page of a source says first: when it last told something, or why nothing arrives."""
    refused = max((each.last_us for each in view.tallies if each.outcome == REFUSED), default=0)
    told = max((each.last_us for each in view.tallies if each.outcome != REFUSED), default=0)
    if not view.source.enabled:
        return reader.say_html(Text("It is switched off: what the provider sends is not taken."))
    if refused > told:
        return reader.say_html(
            Text(
                "The last delivery was refused {at}: its signature did not hold. Enter the secret again.",
                at=_moment(refused, reader),
            ),
            strong=("at",),
        )
    if not told:
        return reader.say_html(
            Text("Nothing has arrived yet. Paste the address at the provider, and send a test from there.")
        )
    return reader.say_html(Text("The last delivery arrived {at}.", at=_moment(told, reader)), strong=("at",))


def option_fields(
    fields: Iterable[Field],
    kept: Mapping[str, Any],
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
    reader: Reader,
) -> list[ShownField]:
    """The options of a source as fields: what was typed, else what is kept, else the default."""
    found = []
    for each in fields:
        value = kept.get(each.name, each.default)
        plain = "on" if value is True else "" if value is False else str(value)
        if typed is not None:
            plain = typed.get(each.name, "" if each.shape == "yes" else plain)
        choices = tuple(
            (choice, reader.say(_CHOICES.get(choice, Text("{name}", name=choice)))) for choice in each.choices
        )
        label, hint = reader.say(each.label), reader.say(each.hint)
        found.append(
            ShownField(each.name, each.shape, label, hint, plain, errors.get(each.name, ""), choices)
        )
    return found


def secret_fields(
    part: Source, has: Mapping[str, bool], errors: Mapping[str, str], reader: Reader
) -> list[ShownField]:
    """The secrets of a source as fields that never show what is kept."""
    found = []
    for each in part.secrets:
        hint = reader.say(each.hint)
        if has.get(each.name):
            more = Text("One is kept; enter another to replace it. {hint}", hint=each.hint)
            if each is part.signing:
                more = Text("{more} The old one holds for 24 hours more.", more=more)
            hint = reader.say(more)
        found.append(
            ShownField(each.name, "secret", reader.say(each.label), hint, "", errors.get(each.name, ""))
        )
    return found


def _moment(at_us: int | None, reader: Reader) -> str:
    return "" if not at_us else reader.moment(datetime.fromtimestamp(at_us / 1_000_000, UTC))
