"""The rules of sending as people set them: whom safe mode lets through, what consent rests on, and Stop."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

_LOCAL = ("localhost", "127.0.0.1", "::1")
_MOST = 500
_LONGEST_WHY = 500


def set_listed(settings: Settings, written: str) -> None:
    """Keep the addresses and domains ("@example.com") to which safe mode lets mails go, one a line.

    Refuses ("bad_address") a line that is neither; nothing is changed then.
    """
    from holdfast.store import message_settings

    lines = [line.strip().lower() for line in written.replace(",", "\n").split("\n") if line.strip()]
    wrong = next((line for line in lines if not _is_listable(line)), None)
    if wrong is not None or len(lines) > _MOST:
        raise Refusal(
            "bad_address",
            found=Text("{line} is no address.", line=(wrong or "…")[:100]),
            expected=Text("Addresses like ann@example.com or whole domains like @example.com, one a line."),
            remedy=Text("Mend the line; nothing was changed."),
        )
    message_settings.list_addresses(settings, lines)


def set_basis(settings: Settings, basis: str) -> None:
    """Decide what marketing rests on where a customer has said nothing. Refuses ("bad_basis")."""
    from holdfast.store import message_settings

    if basis not in message_settings.BASES:
        raise Refusal(
            "bad_basis",
            found=Text("{found} cannot be chosen.", found=basis[:40] or '""'),
            expected=Text("One of the two choices."),
            remedy=Text("Choose one; nothing was changed."),
        )
    message_settings.set_basis(settings, basis)


def set_public_url(settings: Settings, written: str) -> None:
    """Say where Holdfast is reached from the internet. Refuses ("bad_url") what links cannot begin with."""
    from holdfast.store import message_settings

    url = written.strip().rstrip("/")
    if url and not _is_public(url):
        raise Refusal(
            "bad_url",
            found=Text("Links in mails cannot begin with {found}.", found=url[:200]),
            expected=Text("An address like https://holdfast.example.com, without anything behind the name."),
            remedy=Text("Mend the address; nothing was changed."),
        )
    message_settings.set_public_url(settings, url)


def set_machines(settings: Settings, written: str) -> None:
    """Name the machines (IP addresses) from which mails leave. Refuses ("bad_machine") what is none."""
    from holdfast.store import message_settings

    found = written.replace(",", " ").split()
    for each in found:
        try:
            ip_address(each)
        except ValueError as error:
            raise Refusal(
                "bad_machine",
                found=Text("{found} is no IP address.", found=each[:60]),
                expected=Text("Addresses like 192.0.2.25, with blanks between them."),
                remedy=Text("Mend it; nothing was changed."),
            ) from error
    message_settings.set_senders(settings, found[:_MOST])


def stop(settings: Settings, *, why: str, by: str, now_us: int) -> bool:
    """Stop all sending; whether it was not stopped before. What is being handed over is finished."""
    from holdfast.store import message_settings

    return message_settings.stop(settings, by=by, why=why.strip()[:_LONGEST_WHY], now_us=now_us)


def start(settings: Settings, *, by: str, now_us: int) -> bool:
    """Let sending go on; whether it was stopped."""
    from holdfast.store import message_settings

    return message_settings.start(settings, by=by, now_us=now_us)


def _is_listable(line: str) -> bool:
    _, at, domain = line.partition("@")
    return bool(at and domain and "@" not in domain and " " not in line and line.isprintable())


def _is_public(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.path or parts.query or parts.fragment or parts.username) and url.isprintable()
    local = parts.scheme == "http" and parts.hostname in _LOCAL
    return port_is_one and plain and bool(parts.hostname) and (parts.scheme == "https" or local)
