"""How long silence may last before a contact point counts as stale."""

from __future__ import annotations

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_numbers import latin_digits
from holdfast.services.collect.care.refresh import AGAIN, STALE
from holdfast.settings import Settings
from holdfast.store import care_settings

LEAST, MOST = 7, 3_650


def decide(settings: Settings, typed: str) -> None:
    """Let contact points be stale after ``typed`` days; the worker judges everybody so within a minute.

    Refuses what is no whole number of days from 7 to 3,650 ("bad_days").
    """
    written = latin_digits(typed).strip().replace(",", "").replace("٬", "")
    if not (written.isascii() and written.isdecimal() and len(written) < 6 and LEAST <= int(written) <= MOST):
        raise Refusal(
            "bad_days",
            found=Text("{typed} is no number of days that silence may last.", typed=typed[:20] or '""'),
            expected=Text("A whole number from {least} to {most}.", least=LEAST, most=MOST),
            remedy=Text("Type such a number; nothing was changed."),
        )
    care_settings.write(settings, STALE, int(written))
    care_settings.write(settings, AGAIN, True)
