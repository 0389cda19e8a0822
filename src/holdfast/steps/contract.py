"""What every step of a play declares, what it gets to see, and what it may decide.

A step is one file here that defines ``STEP``. It is pure: from what is known of one customer, its options and
the moment it says what comes next, and it touches nothing. So the same step runs on a customer of now, on one
who is held out (whose effects nobody carries out), and on last year's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import tzinfo
from typing import Any, Literal, Protocol, get_args, get_origin, get_type_hints

from holdfast.domain.consent import CHANNEL_WORDS, CHANNELS, TOPIC_WORDS, Channel
from holdfast.domain.effects import Effect
from holdfast.domain.expression import Expression, Scalar
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.domain.written_plays import parse_rule
from holdfast.domain.written_values import Written, bad_play


class View(Protocol):
    """What is known of one customer at the moment of a decision."""

    @property
    def unit_id(self) -> int:
        """The customer."""

    @property
    def language(self) -> str:
        """The language in which they are written to ("fa")."""

    @property
    def zone(self) -> tzinfo:
        """The time zone they live in, that of the workspace where it is not known."""

    @property
    def open_cases(self) -> int:
        """How many of their complaints and requests are not put right yet."""

    @property
    def no_calls(self) -> bool:
        """Whether they asked not to be called."""

    def holds(self, rule: Expression) -> bool:
        """Whether a rule holds of them now."""

    def happened(self, name: str, since_us: int) -> int | None:
        """When an event of this name was first heard of them since then; ``None``: not yet."""

    def trait(self, name: str) -> Scalar | None:
        """What a trait says now; ``None``: nothing."""

    def reaches(self, channel: str) -> bool:
        """Whether there is an address for a channel ("email")."""

    def place(self, salt: str) -> float:
        """A number in [0, 1) that is theirs for ever; another ``salt`` gives another."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step decides: now, when the customer was enrolled, and when they came to this step."""

    now_us: int
    entered_us: int
    reached_us: int


@dataclass(frozen=True, slots=True)
class Go:
    """Go on: into the path of this number, else behind the step."""

    path: int | None = None
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again at ``until_us``, sooner when ``event`` is heard ("": none)."""

    until_us: int
    event: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """Carry out these effects, all or none, and go on."""

    effects: tuple[Effect, ...]
    then: Go = Go()


@dataclass(frozen=True, slots=True)
class Skip:
    """Go on behind the step without doing it; ``code`` is stable ("no_address"), ``because`` in words."""

    code: str
    because: Text


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: try the same step again at ``until_us``."""

    until_us: int
    code: str
    because: Text


@dataclass(frozen=True, slots=True)
class End:
    """The enrolment ends here."""

    why: str = "end"


Decision = Go | Wait | Do | Skip | Hold | End


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the rest of the product knows it.

    ``options`` is a dataclass whose fields are made with :func:`field_of`: the form comes from it. ``decide``
    gets an instance of it. ``touches`` says that it reaches the customer (it counts against the budget).
    ``listens`` names events that ``decide`` asks for; ``check`` says of its options what is wrong, by field.
    """

    name: str
    title: Text
    meaning: Text
    options: type[Any]
    decide: Callable[[View, Any, Moment, PlayStep], Decision]
    touches: bool = False
    listens: Callable[[Any], tuple[str, ...]] = lambda options: ()
    check: Callable[[Any], Mapping[str, Text]] = lambda options: {}


WHOM = Text("owner (who looks after the customer), the mail address of a colleague, or empty.")
"""The hint of a field that says who of ours is asked."""

FieldKind = Literal[
    "line",
    "lines",
    "number",
    "choice",
    "yes_no",
    "rule",
    "content",
    "event",
    "segment",
    "trait",
    "template",
    "script",
]
"""With what a field of the form is filled in. ``content`` is what a message says, per language."""

_MOST_WORDS = 4_000
_MOST_NUMBER = 10**12


def field_of(
    label: Text,
    hint: Text | None = None,
    default: Any = "",
    *,
    kind: FieldKind = "line",
    least: float = 0,
    most: float = _MOST_NUMBER,
    names: Mapping[str, Text] | None = None,
    parts: Mapping[str, Text] | None = None,
) -> Any:
    """A field of a step's options; ``names`` says every value of a choice in words.

    ``parts`` names what a content says per language beside subject and text.
    """
    metadata = {
        "label": label,
        "hint": hint,
        "kind": kind,
        "least": least,
        "most": most,
        "names": names or {},
        "parts": parts or {},
    }
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata, hash=False)
    return field(default=default, metadata=metadata)


ByChannel = Literal["best", "email", "telegram", "chat", "sms", "whatsapp", "in_app"]
OfTopic = Literal["", "offers", "news", "surveys", "greetings"]

NO_ADDRESS = Skip("no_address", Text("There is no address to which it could go."))
"""What a step that writes decides where nothing reaches the customer."""


def channel_field(default: ByChannel = "best") -> Any:
    """By which channel a step writes."""
    names = {"best": Text("the best one"), **{str(name): words for name, words in CHANNEL_WORDS.items()}}
    hint = Text("The best one is the first of those that reach the customer.")
    return field_of(Text("Channel"), hint, default, kind="choice", names=names)


def topic_field(default: OfTopic = "") -> Any:
    """What a customer must have agreed to for it."""
    names = {"": Text("that of the play"), **{str(name): words for name, words in TOPIC_WORDS.items()}}
    hint = Text("What the customer must have agreed to; empty: that of the play.")
    return field_of(Text("Topic"), hint, default, kind="choice", names=names)


def reached_by(view: View, channel: ByChannel) -> tuple[Channel, ...]:
    """The channels asked for that reach the customer, the first one first."""
    wanted: tuple[Channel, ...] = CHANNELS if channel == "best" else (channel,)
    return tuple(each for each in wanted if view.reaches(each))


@dataclass(frozen=True, slots=True)
class OptionField:
    """A field of a step's options as a form and the documentation show it."""

    name: str
    label: Text
    hint: Text | None
    kind: FieldKind
    default: Any
    least: float
    most: float
    choices: Mapping[str, Text]
    parts: Mapping[str, Text]


def fields_of(step: Step) -> list[OptionField]:
    """The fields of a step's options, in their order."""
    hints = get_type_hints(step.options)
    found = []
    for each in fields(step.options):
        told = each.metadata
        found.append(
            OptionField(
                each.name,
                told["label"],
                told["hint"],
                told["kind"],
                {} if each.default is MISSING else each.default,
                told["least"],
                told["most"],
                {value: told["names"][value] for value in _choices(hints[each.name])},
                told["parts"],
            )
        )
    return found


def options_of(step: Step, written: Mapping[str, Any], at: str) -> Any:
    """A step's options from what a play says. Raises ``Refusal`` (``bad_play``) with the place."""
    told = Written.of(dict(written), at)
    known = {each.name for each in fields(step.options)}
    told.only(known)
    hints = get_type_hints(step.options)
    values = {
        each.name: _value(told, each.name, hints[each.name], each.metadata)
        for each in fields(step.options)
        if told.values.get(each.name) is not None
    }
    options = step.options(**values)
    for name, why in step.check(options).items():
        raise bad_play(why, f"{at}.{name}" if name else at)
    return options


def _choices(hint: Any) -> tuple[str, ...]:
    return get_args(hint) if get_origin(hint) is Literal else ()


def _value(told: Written, name: str, hint: Any, metadata: Mapping[str, Any]) -> Any:
    kind: FieldKind = metadata["kind"]
    if kind == "rule":
        return parse_rule(told.get(name), f"{told.at}.{name}")
    if kind == "content":
        return _content(told, name, tuple(metadata["parts"]))
    if choices := _choices(hint):
        return told.one_of(name, choices)
    if kind == "yes_no":
        return _yes_no(told, name)
    if kind == "number":
        least, most = int(metadata["least"]), int(metadata["most"])
        return told.whole(name, least, most)
    return told.words(name, _MOST_WORDS, default="")


def _yes_no(told: Written, name: str) -> bool:
    value = told.get(name)
    if not isinstance(value, bool):
        raise bad_play(Text("{key} takes true or false", key=name), told.at)
    return value


def _content(told: Written, name: str, parts: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """``{"en": {"subject": ..., "text": ...}}``, or for one text per language ``{"en": "..."}``."""
    content = Written.of(told.get(name), f"{told.at}.{name}")
    found: dict[str, dict[str, str]] = {}
    for language, said in content.values.items():
        place = f"{content.at}.{language}"
        if not 2 <= len(language) <= 12:
            raise bad_play(Text("a language is written like en or fa"), place)
        texts = Written.of({"text": said} if isinstance(said, str) else said, place)
        texts.only({"subject", "text", *parts})
        found[language] = {
            "subject": texts.words("subject", 300, default=""),
            "text": texts.words("text", 50_000),
            **{part: texts.words(part, _MOST_WORDS, default="") for part in parts},
        }
    return found
