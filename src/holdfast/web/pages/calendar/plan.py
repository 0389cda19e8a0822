"""``/act/calendar/plan``: how often each segment hears of us, who hears too much, who nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from holdfast.domain.contact_calendar import LONGEST_DAYS
from holdfast.domain.plays import STATES
from holdfast.domain.pressure import Policy, cap_words
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.act.calendar.gaps import EVERYBODY, Gaps, Hears, Kept, gaps
from holdfast.services.act.calendar.greetings import GreetingCost, greetings
from holdfast.services.act.calendar.own import CHANNEL_WORDS
from holdfast.store import segments
from holdfast.web.access import EXPORTERS, READERS, may, only
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import Typed


@dataclass(frozen=True, slots=True)
class ShownHears:
    """What a segment hears in the next 30 days."""

    title: str
    customers: str
    goes: str
    nothing: str
    too_much: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the plan."""

    number: int
    title: str
    wanted: str
    reached: str
    missing: str


@dataclass(frozen=True, slots=True)
class ShownGreeting:
    """What a play of greetings came to."""

    key: str
    title: str
    state: str
    sent: str
    unsubscribed: str
    complaints: str
    share: str


@only(READERS)
@require_safe
def contact_plan(request: Request) -> HttpResponse:
    """The plan, its gaps, and what greetings cost."""
    return plan_page(request)


def plan_page(request: Request, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The page; ``wrong`` says what could not be kept."""
    workspace, reader, now = request.workspace, request.reader, datetime.now(UTC)
    found = gaps(workspace, now)
    return show(
        request,
        "calendar/plan.html",
        status=status,
        place="outbox",
        wrong=wrong,
        sentence=_sentence(found, reader),
        hears=[_hears(each, reader) for each in found.hears],
        plan=[_line(each, reader) for each in found.plan],
        rules=_rules(found.policy, reader),
        greetings=[shown_greeting(each, reader) for each in greetings(workspace, now)],
        segments=[(each.key, each.title) for each in segments.listed(workspace)],
        channels=[(code, reader.say(words)) for code, words in CHANNEL_WORDS.items() if code != "webhook"],
        longest=LONGEST_DAYS,
        typed=Typed(request.POST.dict()),
        may_make=may(request.user, EXPORTERS),
    )


def _sentence(found: Gaps, reader: Reader) -> Markup:
    everybody = found.hears[0]
    said = [
        Text(
            "{n} customer hears nothing of you in the next 30 days.",
            "{n} customers hear nothing of you in the next 30 days.",
            n=everybody.nothing,
        )
    ]
    if everybody.too_much:
        said.append(
            Text(
                "For {n} customer more is planned than the contact rules let through.",
                "For {n} customers more is planned than the contact rules let through.",
                n=everybody.too_much,
            )
        )
    return Markup(" ").join(reader.say_html(each, strong=("n",)) for each in said)


def _hears(each: Hears, reader: Reader) -> ShownHears:
    goes = [
        reader.say(Text("{channel}: {n}", channel=CHANNEL_WORDS[code] if code else Text("the best way"), n=n))
        for code, n in sorted(each.by_channel.items())
    ]
    title = reader.say(Text("all customers")) if each.segment_key == EVERYBODY else each.title
    return ShownHears(
        title,
        reader.number(each.customers),
        reader.list_of(goes) if goes else "–",
        reader.number(each.nothing),
        reader.number(each.too_much),
    )


def _line(each: Kept, reader: Reader) -> ShownLine:
    wanted = Text(
        "once in {n} day at least, by {channel}",
        "once in {n} days at least, by {channel}",
        n=each.plan.every_days,
        channel=CHANNEL_WORDS[each.plan.channel],
    )
    reached = Text("{n} of {customers} reached", n=each.reached, customers=each.customers)
    missing = each.customers - each.reached
    return ShownLine(
        each.plan.id,
        each.title,
        reader.say(wanted),
        reader.say(reached),
        reader.say(Text("{n} is missed", "{n} are missed", n=missing)) if missing else "",
    )


def _rules(policy: Policy, reader: Reader) -> list[str]:
    """The floor and the limits of the contact rules, in words."""
    found = [reader.say(cap_words(each)) for each in policy.caps]
    if policy.floor_days is not None:
        found.append(
            reader.say(
                Text(
                    "Who heard nothing for {n} day goes before the limits of week and month.",
                    "Who heard nothing for {n} days goes before the limits of week and month.",
                    n=policy.floor_days,
                )
            )
        )
    return found


def shown_greeting(each: GreetingCost, reader: Reader) -> ShownGreeting:
    """What a play of greetings came to, in words."""
    share = reader.say(Text("too few yet to say a share"))
    if each.share is not None:
        lost, low, high = each.share
        share = reader.say(
            Text(
                "{share} (likely {low} to {high})",
                share=Share(lost, 1),
                low=Share(low, 1),
                high=Share(high, 1),
            )
        )
    return ShownGreeting(
        each.key,
        each.title,
        reader.say(STATES[each.state]),  # type: ignore[index]
        reader.number(each.sent),
        reader.number(each.unsubscribed),
        reader.number(each.complaints),
        share,
    )
