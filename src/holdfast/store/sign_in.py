"""Slows down whoever guesses passwords: five wrong tries are free, then each doubles the wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Try:
    """A try at ``account`` from ``address`` ("*" is any), of which so many in vain are ``free``."""

    account: str
    address: str
    free: int = FREE_TRIES


def begin_try(settings: Settings, tried: Sequence[Try], *, now_us: int) -> int:
    """Count a try to sign in, in each of the ways it is counted; 0 when it may go ahead.

    Otherwise the seconds still to wait: where the first of them has to wait it and the others are not
    counted. Counted before the password is looked at, so that a hundred tries at the same moment are a
    hundred tries. Whether the account exists makes no difference. Tries older than a day are forgotten.
    """
    from holdfast.store import connect, sql

    connect(settings)
    lock = "" if sql.is_sqlite() else " FOR UPDATE SKIP LOCKED"
    with sql.short_write():
        sql.write(
            f"DELETE FROM sign_in_try WHERE who IN (SELECT who FROM sign_in_try WHERE last_us < %s{lock})",
            (now_us - FORGOTTEN_AFTER_US,),
        )
        for each in tried:
            if wait := _count(each, now_us):
                return wait
    return 0


def _count(tried: Try, now_us: int) -> int:
    """Count it in one way; the seconds to wait where it is too early."""
    from holdfast.store import sql

    who = _who(tried.account, tried.address)
    lock = "" if sql.is_sqlite() else " FOR UPDATE"
    known = sql.one(f"SELECT wrong, last_us FROM sign_in_try WHERE who = %s{lock}", (who,))
    if known is not None:
        left_us = int(known[1]) + wait_after(int(known[0]), tried.free) * 1_000_000 - now_us
        if left_us > 0:
            return -(-left_us // 1_000_000)
    sql.write(
        "INSERT INTO sign_in_try (who, wrong, last_us) VALUES (%s, 1, %s) "
        "ON CONFLICT (who) DO UPDATE SET wrong = sign_in_try.wrong + 1, last_us = excluded.last_us",
        (who, now_us),
    )
    return 0


def forget_tries(settings: Settings, *, account: str, address: str) -> None:
    """The password was right: the tries before it no longer count."""
    from holdfast.store import connect, sql

    connect(settings)
    sql.write("DELETE FROM sign_in_try WHERE who = %s", (_who(account, address),))


def take_back(settings: Settings, *, account: str, address: str) -> None:
    """The last try was right: it was none in vain, and those before it count on."""
    from holdfast.store import connect, sql

    connect(settings)
    sql.write(
        "UPDATE sign_in_try SET wrong = wrong - 1 WHERE who = %s AND wrong > 0", (_who(account, address),)
    )


def _who(account: str, address: str) -> str:
    from django.utils.crypto import salted_hmac

    key = f"{account.strip().lower()}\0{address}"
    return salted_hmac("holdfast.sign_in", key, algorithm="sha256").hexdigest()
