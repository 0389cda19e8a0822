"""Chance without a sequence: every draw is a function of (seed, person, day, purpose, part).

Because no draw depends on how many were made before, two runs of one company that differ in one
touch share all other chance (common random numbers), a subset of the people lives exactly the
life that it lives among all, and a saved company goes on as if it had never stopped.

The generator is SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
generators", OOPSLA) used by position: a person's key is the state, the counter the step.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from holdfast.simulate.arrays import Floats, Ints, Keys

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
_PARTS = 64
_PURPOSES = 256
BIRTH = -1
"""The day of draws that make a person, before any day of the company."""


class Purpose(IntEnum):
    """What a draw decides; the numbers are part of what a seed means and never change."""

    COUNTRY = 1
    NAME = 2
    CITY = 3
    KIND = 4
    SOURCE = 5
    FIT = 6
    PRICE_SENSE = 7
    SERVICE_SENSE = 8
    TOLERANCE = 9
    APP_RATE = 10
    RHYTHM = 11
    PROFILE = 12
    RESPONSE = 13
    FRAILTY = 14
    CONTACT_POINTS = 15
    AGE = 16
    TWIN = 17
    CARD = 18
    PLAN = 19
    REFERRER = 20
    SIGN_UP = 21
    ORDER = 30
    ORDER_MOMENT = 31
    BASKET = 32
    PRODUCT = 33
    RETURN_GOODS = 34
    CHECKOUT = 35
    TWIN_USED = 36
    CALL_OFF = 37
    PARCEL = 40
    PARCEL_QUALITY = 41
    BILL = 50
    RETRY = 51
    PLAN_CHANGE = 52
    RENEWAL = 53
    TRIAL = 54
    APP = 60
    APP_FEATURE = 61
    ONBOARDING = 62
    BROWSE = 63
    MAIL_OPEN = 70
    UNSUBSCRIBE = 71
    MAIL_MOMENT = 72
    CHECK_IN = 73
    ASK_HELP = 80
    TICKET = 81
    TICKET_QUALITY = 82
    TICKET_RATING = 83
    SURVEY = 90
    SURVEY_SCORE = 91
    MOOD = 100
    CAUSE = 101
    COME_BACK = 102
    REASON = 103
    EXIT_SURVEY = 104
    DELETE = 105
    WRITE = 110
    WORDS = 111
    INVITE = 112
    OUTAGE = 113
    REPLY = 120
    REPLY_SCORE = 121


def person_keys(seed: int, people: Ints) -> Keys:
    """One key per person of the company with this seed; the same whoever else is there."""
    start = np.uint64(_mix_int(seed & _MASK))
    return _mix(people.astype(np.uint64) * np.uint64(_GOLDEN) + start)


def uniform(keys: Keys, day: int, purpose: Purpose, part: int = 0) -> Floats:
    """One draw in (0, 1) per key. ``part`` (0..63) tells several draws of one purpose apart."""
    counter = ((day + 1) * _PURPOSES + int(purpose)) * _PARTS + part
    mixed = _mix(keys + np.uint64((counter * _GOLDEN) & _MASK))
    mixed >>= np.uint64(11)
    return mixed.astype(np.float64) * 2.0**-53 + 2.0**-54


def normal(keys: Keys, day: int, purpose: Purpose, part: int = 0) -> Floats:
    """One standard normal draw per key (Box and Muller 1958); uses parts ``part`` and ``part + 32``."""
    radius = np.sqrt(-2.0 * np.log(uniform(keys, day, purpose, part)))
    return radius * np.cos(2.0 * np.pi * uniform(keys, day, purpose, part + 32))


def gamma_of_two(keys: Keys, day: int, purpose: Purpose, part: int = 0) -> Floats:
    """One gamma draw of shape 2 and mean 1 per key; uses parts ``part`` and ``part + 32``."""
    both = uniform(keys, day, purpose, part) * uniform(keys, day, purpose, part + 32)
    return -0.5 * np.log(both)


def choose(drawn: Floats, weights: Floats) -> Ints:
    """For each draw in (0, 1) the index that it falls on among ``weights`` (any positive sum)."""
    bounds = np.cumsum(weights)
    found: Ints = np.searchsorted(bounds, drawn * bounds[-1], side="right")
    return np.minimum(found, len(bounds) - 1).astype(np.int64)


def choose_by_row(drawn: Floats, weights: Floats) -> Ints:
    """As :func:`choose`, with its own row of ``weights`` (shape: draws x choices) per draw."""
    bounds = np.cumsum(weights, axis=1)
    chosen: Ints = (drawn[:, None] * bounds[:, -1:] >= bounds).sum(axis=1)
    last = bounds.shape[1] - 1
    return np.where(chosen > last, last, chosen)


def _mix(values: Keys) -> Keys:
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _mix_int(value: int) -> int:
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
