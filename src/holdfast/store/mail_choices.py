"""Which mails our own people want."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


def chosen(settings: Settings, person_id: int) -> dict[str, bool]:
    """What a person decided, by sort of mail; what is missing here is as the sort says."""
    store.connect(settings)
    rows = sql.read("SELECT what, wanted FROM mail_choice WHERE person_id = %s", (person_id,))
    return {what: bool(wanted) for what, wanted in rows}


def wants(settings: Settings, person_id: int, what: str, *, otherwise: bool) -> bool:
    """Whether a person wants mails of this sort; ``otherwise`` where they never decided."""
    return chosen(settings, person_id).get(what, otherwise)


def who_wants(settings: Settings, what: str) -> dict[int, bool]:
    """What people decided about one sort of mail, by person."""
    store.connect(settings)
    rows = sql.read("SELECT person_id, wanted FROM mail_choice WHERE what = %s", (what,))
    return {int(person): bool(wanted) for person, wanted in rows}


def choose(settings: Settings, person_id: int, choices: Mapping[str, bool]) -> None:
    """Let a person want some sorts of mail and others not."""
    store.connect(settings)
    with sql.short_write():
        for what, wanted in choices.items():
            sql.write(
                "INSERT INTO mail_choice (person_id, what, wanted) VALUES (%s, %s, %s) "
                "ON CONFLICT (person_id, what) DO UPDATE SET wanted = excluded.wanted",
                (person_id, what, wanted),
            )
