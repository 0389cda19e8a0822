"""Apps of the company that show our messages: connect one, what stands in it, what was read."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from holdfast.domain.deliveries import Report
from holdfast.domain.in_app import MOST_SHOWN, SHOWN_DAYS, is_proved
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.inbox.setting_up import origin_of
from holdfast.services.collect.sources.setting_up import check_name, taken
from holdfast.settings import Settings
from holdfast.store.in_app import KIND

if TYPE_CHECKING:
    from holdfast.store.in_app import Standing
    from holdfast.store.live_sources import LiveSource

SECRET = "secret"  # noqa: S105  (the name of one)
MADE_BY = "in the app"
_MOST_WORDS = 200
_SHOWN_US = SHOWN_DAYS * 86_400_000_000


@dataclass(frozen=True, slots=True)
class AppOptions:
    """What stands over the messages, and on which sites they may be shown (``origins``; none: any)."""

    title: str = ""
    origins: tuple[str, ...] = ()


def add_app(
    settings: Settings, name: str, namespace: str, options: AppOptions, *, now: datetime
) -> tuple[LiveSource, str]:
    """An app whose customers have ids of ``namespace``; the app, and the secret it signs with.

    Refuses ("bad_name", "name_taken", "bad_origin", "too_long", "bad_namespace").
    """
    from holdfast.store import live_sources, sealed, sql

    check_name(name)
    options, secret = _checked(options), secrets.token_urlsafe(32)
    if not namespace or not namespace.isprintable() or len(namespace) > _MOST_WORDS:
        raise Refusal(
            "bad_namespace",
            found=Text("It is not said whose ids the app has."),
            expected=Text("The kind of id by which customers were brought in, like customer."),
            remedy=Text("Choose one of those there are; nothing was changed."),
        )
    with sql.short_write():
        if live_sources.by_name(settings, name) is not None:
            raise taken(name)
        source = live_sources.ensure(
            settings, name, KIND, namespace=namespace, options=asdict(options), now_us=microseconds(now)
        )
        sealed.seal(settings, source.id, {SECRET: secret})
    return source, secret


def change_app(settings: Settings, source: LiveSource, options: AppOptions) -> None:
    """Change what an app says and where it may be. Refuses ("bad_origin", "too_long")."""
    from holdfast.store import live_sources

    live_sources.change(settings, source.id, options=asdict(_checked(options)))


def renew_secret(settings: Settings, source: LiveSource) -> str:
    """A new secret for an app: what was signed with the old one proves nothing from now on."""
    from holdfast.store import sealed

    secret = secrets.token_urlsafe(32)
    sealed.seal(settings, source.id, {SECRET: secret})
    return secret


def app_options(kept: Mapping[str, Any]) -> AppOptions:
    """The options of an app as they were kept."""
    origins = kept.get("origins")
    listed = tuple(map(str, origins)) if isinstance(origins, list | tuple) else ()
    return AppOptions(str(kept.get("title") or ""), listed)


def app_called(settings: Settings, name: str) -> LiveSource | None:
    """The app of that name, if there is one and it is switched on."""
    from holdfast.store import live_sources

    source = live_sources.by_name(settings, name)
    return source if source is not None and source.kind == KIND and source.enabled else None


def may_see(settings: Settings, source: LiveSource, customer: str, proof: str) -> bool:
    """Whether the app's server signed that whoever asks is this customer."""
    from holdfast.store import sealed

    return is_proved(sealed.unseal(settings, source.id).get(SECRET, ""), customer, proof)


def standing(settings: Settings, source: LiveSource, customer: str, *, now: datetime) -> list[Standing]:
    """What stands in the app for a customer, the newest first; nothing for somebody we do not know."""
    from holdfast.store import in_app

    subject = in_app.subject_called(settings, source.namespace, customer)
    if subject is None:
        return []
    # A company of another time (the demo's) sends by its own clock.
    since_us = microseconds(min(now, settings.now(now))) - _SHOWN_US
    return in_app.messages(settings, subject, customer, source.name, since_us=since_us, most=MOST_SHOWN)


def note_read(
    settings: Settings, source: LiveSource, customer: str, ids: Collection[int], *, now: datetime
) -> int:
    """Write down that a customer read messages of theirs; how many were not read before."""
    from holdfast.services.collect.sources.reported import fact_of
    from holdfast.store import due, in_app, ingest_log, outbox_told, sql

    subject, now_us = in_app.subject_called(settings, source.namespace, customer), microseconds(now)
    if subject is None:
        return 0
    with sql.short_write():
        theirs = in_app.those_of(settings, subject, customer, source.name, ids)
        before = {
            touch_id for touch_id, what, _ in outbox_told.told_before(settings, theirs) if what == "read"
        }
        new = [sent for touch_id, sent in theirs.items() if touch_id not in before]
        report = Report("in_app", (), "read", now.astimezone(UTC), customer)
        for sent in new:
            outbox_told.note(sent.touch_id, "read", now_us, "", None, MADE_BY)
        due.touch(settings, {sent.unit_id for sent in new if sent.unit_id is not None}, now_us)
        ingest_log.append(settings, [fact_of(settings, report, sent, now_us, now_us) for sent in new])
    return len(new)


def _checked(options: AppOptions) -> AppOptions:
    if len(options.title) > _MOST_WORDS or not options.title.isprintable():
        raise Refusal(
            "too_long",
            found=Text("That is too long for a title."),
            expected=Text("At most {n} characters.", n=_MOST_WORDS),
            remedy=Text("Mend it; nothing was changed."),
        )
    return AppOptions(options.title, tuple(map(origin_of, options.origins)))
