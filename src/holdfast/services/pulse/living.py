"""The demo company lives on while plays run: day by day its people feel what reached them, and react.

Each day is lived, imported and looked at; plays begin and go on; messages go out over SMTP to the company's
own post office, and what was taken there (or done by a colleague) works on its people from the next morning
on. All of it happens in the company's own time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.texts import Text
from holdfast.services.progress import Progress, Silent
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.post_office import PostOffice
    from holdfast.simulate.touches import Touch
    from holdfast.simulate.world import World
    from holdfast.store.plays_felt import Felt

SAVE_EVERY_DAYS = 7
"""An interrupted company lives through so many days again at most."""

RUN_EVERY_DAYS = 30
"""The whole loop turns so often on the way: what the worker does every night, in a real company."""

TASKS_A_DAY = 40
"""Tasks of plays that the company's people get done on a day."""

SENDER = "hello@cornflower.example"
BY = "demo"
_LOOKS = 500
_EVERYBODY = 1_000_000
"""The customers of a day are looked at together: nobody waits for the first of them, as they do live."""

CARRIED: dict[str, str] = {
    "email": "email",
    "sms": "sms",
    "telegram": "messenger",
    "whatsapp": "messenger",
    "chat": "messenger",
    "in_app": "messenger",
}
"""Channel to how it feels."""

DONE: dict[str, str] = {"call": "call", "visit": "call", "offer": "call", "message": "note", "note": "note"}
"""Kind of a task to how it feels; of other tasks the customer feels nothing."""

GRANTED: dict[str, str] = {
    "credit": "credit",
    "discount": "discount",
    "extension": "pause",
    "gift": "gift",
    "points": "gift",
}
"""Kind of a grant to the offer that it is."""


def has_plays(settings: Settings) -> bool:
    """Whether a play runs or anybody is under way in one: then the company must be lived day by day."""
    from holdfast.store import plays

    return bool(plays.running(settings) or plays.walking(settings))


def live_on(settings: Settings, days: int, progress: Progress) -> Settings:
    """Let the demo company live ``days`` more days with its plays; the settings with the new clock.

    Refuses ("no_demo"). May be interrupted: asked for as many days again it goes on to the same day, and
    lives through up to a week again.
    """
    from holdfast.connectors.post_office import open_post_office
    from holdfast.services.collect.demo import Company
    from holdfast.services.pulse.twin import effects

    company = Company(settings)
    settings = company.present(settings)
    with open_post_office(settings.folder / "demo" / "mail") as office, _used(settings, office):
        people = People.of(settings)
        until = stretch(settings, company.world.day, days)
        for done in range(days - (until - company.world.day), days):
            progress.step(Text("Living through the days"), done, days)
            settings = company.live(settings, people.touches(settings), Silent())
            _day(settings, company.world)
            last = done + 1 == days
            if last or (done + 1) % SAVE_EVERY_DAYS == 0:
                company.keep(settings)
                people.keep(settings)
            if not last and (done + 1) % RUN_EVERY_DAYS == 0:
                _turn(settings, progress)
        progress.step(Text("Living through the days"), days, days)
    company.keep_effects(settings, list(effects(settings, company, progress)))
    _asked_path(settings).unlink(missing_ok=True)
    return settings


def stretch(settings: Settings, day: int, days: int) -> int:
    """The day of the company up to which it is to live: of a stretch that was interrupted, the same one."""
    path = _asked_path(settings)
    if path.is_file():
        asked = json.loads(path.read_text(encoding="utf-8"))
        if asked["days"] == days and asked["until"] - days <= day <= asked["until"]:
            return int(asked["until"])
    path.write_text(json.dumps({"days": days, "until": day + days}), encoding="utf-8")
    return day + days


def _asked_path(settings: Settings) -> Path:
    return settings.folder / "demo" / "asked.json"


@contextmanager
def _used(settings: Settings, office: PostOffice) -> Iterator[None]:
    """Mails leave through the post office while it is open, unless another server is set up; the company's
    people may be written to.
    """
    from holdfast.services.act import rules, setting_up
    from holdfast.services.pulse.own_plays import HERE
    from holdfast.store import channel_settings, message_settings, plays_felt

    kept = setting_up.smtp(settings)
    ours = kept is None or kept.from_address == SENDER
    if ours:
        setting_up.set_smtp(settings, _server(settings, office), now_us=time.time_ns() // 1_000)
    there = message_settings.rules(settings)
    domains = {f"@{domain}" for domain in plays_felt.mail_domains(settings) if domain.endswith(".example")}
    message_settings.list_addresses(settings, sorted(there.listed | domains))
    if there.basis == message_settings.ASKED:
        rules.set_basis(settings, message_settings.CUSTOMERS)
    if not there.public_url:
        rules.set_public_url(settings, HERE)
    try:
        yield
    finally:
        if ours:  # nobody answers there any more: what is asked for meanwhile waits
            channel_settings.forget(settings, setting_up.EMAIL)


def _server(settings: Settings, office: PostOffice) -> dict[str, str]:
    from holdfast.connectors.post_office import HOST

    return {
        "host": HOST,
        "port": str(office.port),
        "security": "none",
        "from_address": SENDER,
        "from_name": settings.name,
    }


@dataclass(slots=True)
class People:
    """What reached the company's people already; what comes after is felt on the next morning.

    It is kept beside the saved company: what went out on its last day is felt when it lives on.
    """

    tried: int = 0
    granted: int = 0

    @classmethod
    def of(cls, settings: Settings) -> People:
        """As it was when the company was saved; nothing was felt before."""
        path = _felt_path(settings)
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else cls()

    def keep(self, settings: Settings) -> None:
        """Remember what was felt."""
        _felt_path(settings).write_text(json.dumps(asdict(self)), encoding="utf-8")

    def touches(self, settings: Settings) -> list[Touch]:
        """What reached customers since it was last asked, tasks that our people did among it."""
        from holdfast.store import plays_felt

        sent = plays_felt.touches(settings, self.tried)
        given = plays_felt.grants(settings, self.granted)
        self.tried = max((each.number for each in sent), default=self.tried)
        self.granted = max((each.number for each in given), default=self.granted)
        return list(felt(sent, _work(settings), given))


def _felt_path(settings: Settings) -> Path:
    return settings.folder / "demo" / "felt.json"


def felt(sent: Iterable[Felt], done: Iterable[Felt], given: Sequence[Felt]) -> Iterator[Touch]:
    """How what reached people feels: a grant goes along with a message or a call of the same day."""
    from holdfast.simulate.touches import Touch

    grants = {each.customer: each for each in given}
    kinds = [(each.customer, CARRIED.get(each.what)) for each in sent]
    kinds += [(each.customer, DONE.get(each.what)) for each in done]
    for customer, kind in kinds:
        if kind is None:
            continue
        grant = grants.pop(customer, None)
        yield Touch(kind, customer, 1.0, *_offer(grant))
    for customer, grant in grants.items():
        yield Touch("in_app", customer, 1.0, *_offer(grant))


def _offer(grant: Felt | None) -> tuple[str | None, float]:
    if grant is None or grant.what not in GRANTED:
        return None, 0.0
    offer = GRANTED[grant.what]
    if offer == "discount":
        return offer, grant.amount / 100 if grant.unit == "percent" else 0.1
    return offer, float(grant.amount) if offer == "pause" and grant.unit == "days" else 0.0


def _work(settings: Settings) -> list[Felt]:
    """Our people do the tasks that plays gave them, as many as fit into a day."""
    from holdfast.services.act import tasks
    from holdfast.store import plays_felt

    some = plays_felt.open_tasks(settings, TASKS_A_DAY)
    for each in some:
        tasks.finish(settings, each.number, "done", by=BY, now=settings.now(datetime.now(UTC)))
    return some


def _day(settings: Settings, world: World) -> None:
    """A day's work of the product: answers, texts, a look at who was touched, plays, messages."""
    from holdfast.services.act.dispatch import send_due
    from holdfast.services.act.plays.beat import beat_until_done
    from holdfast.services.pulse.answering import answer
    from holdfast.services.pulse.rescoring import Live, rescore
    from holdfast.services.understand.between import read_texts

    noon = settings.now(datetime.now(UTC))
    answer(settings, world)
    read_texts(settings, now_us=microseconds(noon), progress=Silent())
    with Live() as live:
        for _ in range(_LOOKS):
            looked = rescore(settings, live, max(noon, datetime.now(UTC)), most=_EVERYBODY)
            if not looked.customers and not looked.more:
                break
    beat_until_done(settings, noon)
    began, started = microseconds(noon), time.monotonic_ns()
    send_due(settings, clock=lambda: began + (time.monotonic_ns() - started) // 1_000)


def _turn(settings: Settings, progress: Progress) -> None:
    from holdfast.services.pulse.run import run

    run(settings, progress=progress)
