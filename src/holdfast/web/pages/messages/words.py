"""How mails leave, in the reader's words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from holdfast.domain.sender_domain import FINDING_WORDS, PROOF_NAMES, Finding
from holdfast.domain.texts import Text
from holdfast.domain.touch import STATES
from holdfast.language import Reader
from holdfast.services.act.setting_up import CHOICE_WORDS, SmtpField
from holdfast.store.message_settings import ASKED, CUSTOMERS, Stop
from holdfast.store.outbox_reading import Listed

TEST_SUBJECT = Text("A mail from Holdfast to try")


def test_text(company: str) -> Text:
    """What the mail to try says."""
    return Text(
        "This mail shows that {company} can send through Holdfast. You asked for it on the page of sending; "
        "nothing is to be done.",
        company=company,
    )


BASES: dict[str, Text] = {
    ASKED: Text("Only to customers who agreed"),
    CUSTOMERS: Text("To all customers who have not said no"),
}
BASIS_HINT = Text(
    "Most laws want that customers agree first; some let a company write to its customers about similar "
    "goods. Ask whoever knows the law where your customers live. A no always holds."
)

_WRONG: dict[str, Text] = {
    "host": Text("The name of a server, like smtp.example.com."),
    "port": Text("A number from 1 to 65535."),
    "security": Text("A name and a password need encryption."),
    "from_address": Text("One address like hello@example.com."),
    "reply_to": Text("One address, or nothing."),
    "from_name": Text("A name in one line."),
    "connections": Text("A number from 1 to 20."),
    "timeout_seconds": Text("A number from 1 to 300."),
}
_OTHERWISE = Text("It cannot be so.")
_FIRST_STRONG, _END = "\u2068", "\u2069"
"""Around what somebody typed: its direction is its own, and turns nothing beside it."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of the form; ``choices`` are (value, words)."""

    name: str
    label: str
    hint: str
    shape: str
    value: str
    choices: tuple[tuple[str, str], ...]
    kept: bool
    error: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """What the DNS says of one proof, and should say."""

    proof: str
    passed: bool
    words: str
    name: str
    found: tuple[str, ...]
    wanted: str


@dataclass(frozen=True, slots=True)
class ShownTest:
    """What became of a mail to try; ``over`` says that nothing more happens by itself."""

    id: int
    words: str
    good: bool
    over: bool


def shown_fields(fields: Sequence[SmtpField], wrong: Collection[str], reader: Reader) -> list[ShownField]:
    """The form's fields with what is wrong about them."""
    return [
        ShownField(
            each.name,
            reader.say(each.label),
            reader.say(each.hint) if each.hint else "",
            each.shape,
            each.value,
            tuple((value, reader.say(CHOICE_WORDS[value])) for value in each.choices),
            each.kept,
            reader.say(_WRONG.get(each.name, _OTHERWISE)) if each.name in wrong else "",
        )
        for each in fields
    ]


def shown_findings(findings: Sequence[Finding], reader: Reader) -> list[ShownFinding]:
    """What a look found, proof by proof."""
    return [
        ShownFinding(
            PROOF_NAMES[each.proof],
            each.passed,
            reader.say(FINDING_WORDS[each.code]),
            each.name,
            each.found,
            each.wanted,
        )
        for each in findings
    ]


def shown_test(touch: Listed, reader: Reader) -> ShownTest:
    """What became of a mail to try."""
    state = reader.say(STATES[touch.state])  # type: ignore[index]
    words = f"{state}: {reader.say(touch.reason)}" if touch.reason is not None else state
    return ShownTest(touch.id, words, touch.state == "sent", touch.state not in ("waiting", "claimed"))


def stop_words(stop: Stop, reader: Reader) -> str:
    """Who stopped all when, and why."""
    said = Text(
        "{person} stopped all sending on {moment}.", person=stop.by, moment=moment(stop.at_us, reader)
    )
    return f"{reader.say(said)} {_FIRST_STRONG}{stop.why}{_END}" if stop.why else reader.say(said)


def moment(at_us: int, reader: Reader) -> str:
    """A moment by the workspace's clock."""
    return reader.moment(datetime.fromtimestamp(at_us / 1_000_000, UTC).astimezone(reader.zone))
