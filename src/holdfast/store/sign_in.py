"""Slows down whoever guesses passwords: five wrong tries are free, then each doubles the wait."""

from __future__ import annotations

from holdfast.settings import Settings

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 3600
FORGOTTEN_AFTER_US = 24 * 3600 * 1_000_000


def wait_after(wrong: int, free: int = FREE_TRIES) -> int:
    """Seconds to wait after ``wrong`` tries in vain: 0 while they are ``free``, then 30, 60, 120 ... 3600."""
    if wrong < free:
        return 0
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << min(wrong - free, 10))


def begin_try(settings: Settings, *, account: str, address: str, now_us: int, free: int = FREE_TRIES) -> int:
    """Count a try to sign in to ``account`` from ``address``; 0 when it may go ahead.

    Otherwise the seconds still to wait, and the try is not counted. Counted before the password is
    looked at, so that a hundred tries at the same moment are a hundred tries. Whether the account
    exists makes no difference. Tries older than a day are forgotten.
    """
    from django.db import transaction

    from holdfast.store import connect
    from holdfast.store.models import SignInTry

    connect(settings)
    who = _who(account, address)
    with transaction.atomic():
        SignInTry.objects.filter(last_us__lt=now_us - FORGOTTEN_AFTER_US).delete()
        known = SignInTry.objects.select_for_update().filter(who=who).first()
        wrong = known.wrong if known else 0
        if known and (left := known.last_us + wait_after(wrong, free) * 1_000_000 - now_us) > 0:
            return -(-left // 1_000_000)
        SignInTry.objects.update_or_create(who=who, defaults={"wrong": wrong + 1, "last_us": now_us})
    return 0


def forget_tries(settings: Settings, *, account: str, address: str) -> None:
    """The password was right: the tries before it no longer count."""
    from holdfast.store import connect
    from holdfast.store.models import SignInTry

    connect(settings)
    SignInTry.objects.filter(who=_who(account, address)).delete()


def take_back(settings: Settings, *, account: str, address: str) -> None:
    """The last try was right: it was none in vain, and those before it count on."""
    from django.db.models import F

    from holdfast.store import connect
    from holdfast.store.models import SignInTry

    connect(settings)
    tries = SignInTry.objects.filter(who=_who(account, address), wrong__gt=0)
    tries.update(wrong=F("wrong") - 1)


def _who(account: str, address: str) -> str:
    from django.utils.crypto import salted_hmac

    key = f"{account.strip().lower()}\0{address}"
    return salted_hmac("holdfast.sign_in", key, algorithm="sha256").hexdigest()
