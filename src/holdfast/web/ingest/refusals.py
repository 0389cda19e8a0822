"""What the ingest endpoints refuse a whole call for."""

from __future__ import annotations

from holdfast.domain.texts import Text
from holdfast.store.door import NotNow
from holdfast.store.write_keys import INGEST
from holdfast.web.ingest.answers import Refused

_REPEAT = Text("Keep the events and send them again later; none was lost, and none counts twice.")

_NOT_NOW: dict[str, tuple[int, Text]] = {
    "queue_full": (1, Text("More events come in at this moment than can be written.")),
    "busy": (2, Text("The database is being written by someone else.")),
    "backlog": (10, Text("Too many events wait to be taken in: the worker is behind, or does not run.")),
    "disk_full": (30, Text("The disk is full or cannot be written.")),
}
_BROKEN = (5, Text("The database does not answer."))


def not_now(error: NotNow) -> Refused:
    """Nothing was kept: the sender is asked to come again."""
    wait, found = _NOT_NOW.get(error.reason, _BROKEN)
    return Refused(
        503,
        error.reason if error.reason in _NOT_NOW else "unavailable",
        found=found,
        expected=Text("An event is acknowledged when it is on disk."),
        remedy=_REPEAT,
        retry_after=wait,
    )


def no_key(given: bool, scope: str = INGEST) -> Refused:
    """No write key, or one that nobody may use (any more)."""
    return Refused(
        401,
        "unknown_key" if given else "no_key",
        found=Text("The write key is unknown or was revoked.") if given else Text("There is no write key."),
        expected=Text("A write key as the user of Basic authorization, or as writeKey in the body."),
        remedy=_made(scope),
        # A scheme that no browser asks a person a password for.
        headers=((b"www-authenticate", b'Key realm="holdfast"'),),
    )


def wrong_scope(scope: str, wanted: str = INGEST) -> Refused:
    """A key that was made for something else."""
    return Refused(
        403,
        "wrong_scope",
        found=Text("The key is for {scope}.", scope=scope),
        expected=Text("Expected a key for {scope}.", scope=wanted),
        remedy=_made(wanted),
    )


def wrong_site(origin: str) -> Refused:
    """A public key used from a page that it was not made for."""
    return Refused(
        403,
        "wrong_origin",
        found=Text("The call comes from {origin}.", origin=origin[:200] or "?"),
        expected=Text("This key works on the pages of the sites that it was made for."),
        remedy=Text("Make a key for this site: `holdfast key create --browser --origin SITE`."),
    )


def too_many(seconds: float) -> Refused:
    """One visitor sends more than a browser has reason to."""
    return Refused(
        429,
        "too_many_events",
        found=Text("More events came from this address than a browser key may send."),
        expected=Text("Browsers send a few events a second; servers use a key of their own."),
        remedy=_REPEAT,
        retry_after=int(seconds) + 1,
    )


def no_such_place(path: str, places: str) -> Refused:
    """An address that is none of ours."""
    return Refused(
        404,
        "no_such_endpoint",
        found=Text("There is nothing at {path}.", path=path[:200]),
        expected=Text("Events are sent to {places}.", places=places),
        remedy=Text("Look at the address; the host is that of Holdfast, the path begins with /v1/."),
    )


def wrong_method(method: str, allowed: str) -> Refused:
    """Events are posted."""
    return Refused(
        405,
        "wrong_method",
        found=Text("The method is {method}.", method=method[:20]),
        expected=Text("Expected {allowed}.", allowed=allowed),
        remedy=Text("Send the events with POST."),
        headers=((b"allow", allowed.encode()),),
    )


def defect() -> Refused:
    """Something of ours is wrong; the sender keeps its events."""
    return Refused(
        500,
        "unexpected",
        found=Text("Something went wrong that should not have."),
        expected=Text("Nothing of this call was kept."),
        remedy=_REPEAT,
    )


def _made(scope: str) -> Text:
    return Text("`holdfast key create --name NAME --scope {scope}` makes one.", scope=scope)
