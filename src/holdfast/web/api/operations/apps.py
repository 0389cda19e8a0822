"""Apps of the company in which messages stand: connected, changed, given a new secret."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from holdfast.services.act import in_app
from holdfast.services.act.in_app import AppOptions
from holdfast.services.collect.sources import setting_up
from holdfast.store.in_app import KIND
from holdfast.store.live_sources import LiveSource
from holdfast.store.write_keys import ADMIN
from holdfast.web.access import ADMINS
from holdfast.web.api.contract import Answered, Asked, Call, not_here, operation
from holdfast.web.api.operations.connections import Listed, NewName, Words
from holdfast.web.api.source_shapes import Name, SourceAbout, source_about


class AppWanted(Asked, kw_only=True, frozen=True):
    """What stands over the messages, and on which sites they may be shown (``sites``; none: any)."""

    title: Words = ""
    sites: Listed = []  # noqa: RUF012  (msgspec copies it)


class NewApp(AppWanted, kw_only=True, frozen=True):
    """An app to be connected; ``namespace`` is the kind of id by which its customers were brought in."""

    name: NewName = "app"
    namespace: Annotated[str, Meta(min_length=1, max_length=200)] = "customer"


class AppSecret(Answered, frozen=True):
    """The secret with which the app's server signs the ids of customers, this once."""

    secret: str
    app: SourceAbout


@operation("POST", "/apps", scope=ADMIN, roles=ADMINS, status=201, secret=True)
def connect_app(call: Call, body: NewApp) -> AppSecret:
    """Connect an app that shows messages; the secret is answered this once."""
    made, secret = in_app.add_app(call.settings, body.name, body.namespace, _options(body), now=call.actual)
    return AppSecret(secret=secret, app=source_about(call, made.name))


@operation("PUT", "/apps/{name}", scope=ADMIN, roles=ADMINS)
def change_app(call: Call, name: Name, body: AppWanted) -> SourceAbout:
    """Change what stands over the messages of an app, and where they may be shown."""
    in_app.change_app(call.settings, _app(call, name), _options(body))
    return source_about(call, name)


@operation("POST", "/apps/{name}/secret", scope=ADMIN, roles=ADMINS, secret=True)
def renew_app_secret(call: Call, name: Name) -> AppSecret:
    """Make a new secret for an app; what was signed with the old one proves nothing any more."""
    secret = in_app.renew_secret(call.settings, _app(call, name))
    return AppSecret(secret=secret, app=source_about(call, name))


def _app(call: Call, name: str) -> LiveSource:
    found = setting_up.found(call.settings, name)
    if found.kind != KIND:
        raise not_here("app", name)
    return found


def _options(body: AppWanted) -> AppOptions:
    return AppOptions(body.title.strip(), tuple(body.sites))
