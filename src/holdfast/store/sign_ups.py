"""Sign-up forms, who entered an address into one, and who confirmed it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.sign_ups import VALID_DAYS, Asked, Typed, asked_as_json, parse_asked
from holdfast.settings import Settings
from holdfast.store import one_time, sql, suppression
from holdfast.store.linked import stretches

USE = "sign-up"
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Form:
    """One form; see :class:`holdfast.store.models.SignUpForm`."""

    id: int
    key: str
    title: str
    is_open: bool
    asked: Asked
    version: int
    made_us: int
    changed_us: int
    changed_by: str


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody entered an address; see :class:`holdfast.store.models.SignUp`."""

    id: int
    form_id: int
    version: int
    address_key: bytes
    shown: str
    email: str
    name: str
    birthday: str
    language: str
    topics: tuple[str, ...]
    wording: str
    asked_us: int
    asked_from: str
    confirmed_us: int | None
    confirmed_from: str
    subject_id: int | None
    was_known: bool

    def works(self, now_us: int) -> bool:
        """Whether its link still does something."""
        return bool(self.email) and now_us < self.asked_us + VALID_DAYS * _DAY_US


@dataclass(frozen=True, slots=True)
class Counts:
    """How many addresses were entered into a form, how many confirmed, how many of these were known."""

    asked: int = 0
    confirmed: int = 0
    known: int = 0


_FORM = "SELECT id, key, title, is_open, content, version, made_us, changed_us, changed_by FROM sign_up_form"
_SIGN_UP = (
    "SELECT id, form_id, version, address_key, shown, email, name, birthday, language, topics, wording, "
    "asked_us, asked_from, confirmed_us, confirmed_from, subject_id, was_known FROM sign_up"
)


def forms(settings: Settings) -> list[Form]:
    """Every form, by title."""
    store.connect(settings)
    return [_form(row) for row in sql.read(f"{_FORM} ORDER BY LOWER(title), id")]


def form(settings: Settings, form_id: int) -> Form | None:
    """One form by its number."""
    store.connect(settings)
    row = sql.one(f"{_FORM} WHERE id = %s", (form_id,))
    return None if row is None else _form(row)


def keyed(settings: Settings, key: str) -> Form | None:
    """One form by its key."""
    store.connect(settings)
    row = sql.one(f"{_FORM} WHERE key = %s", (key,))
    return None if row is None else _form(row)


def add(settings: Settings, key: str, title: str, asked: Asked, *, by: str, now_us: int) -> int | None:
    """Make a form; its number, or ``None`` where another has the key."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO sign_up_form (key, title, is_open, content, version, made_us, changed_us, "
            "changed_by) VALUES (%s, %s, %s, %s, 1, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING id",
            (key, title, True, json.dumps(asked_as_json(asked)), now_us, now_us, by),
        )
        if row is not None:
            _keep_version(int(row[0]), 1, asked, by=by, now_us=now_us)
    return None if row is None else int(row[0])


def change(settings: Settings, form: Form, title: str, asked: Asked, *, by: str, now_us: int) -> bool:
    """Keep another version; whether nobody else had changed the form since it was read."""
    store.connect(settings)
    with sql.short_write():
        changed = sql.write(
            "UPDATE sign_up_form SET title = %s, content = %s, version = version + 1, changed_us = %s, "
            "changed_by = %s WHERE id = %s AND version = %s",
            (title, json.dumps(asked_as_json(asked)), now_us, by, form.id, form.version),
        )
        if changed:
            _keep_version(form.id, form.version + 1, asked, by=by, now_us=now_us)
    return bool(changed)


def switch(settings: Settings, form_id: int, *, is_open: bool, by: str, now_us: int) -> None:
    """Open or close a form."""
    store.connect(settings)
    sql.write(
        "UPDATE sign_up_form SET is_open = %s, changed_us = %s, changed_by = %s WHERE id = %s",
        (is_open, now_us, by, form_id),
    )


def version_of(settings: Settings, form_id: int, number: int) -> Asked | None:
    """What a form asked and said in a version."""
    store.connect(settings)
    row = sql.one(
        "SELECT content FROM sign_up_form_version WHERE form_id = %s AND number = %s", (form_id, number)
    )
    return None if row is None else parse_asked(sql.json_value(row[0]))


def mails_since(settings: Settings, email: str, since_us: int) -> int:
    """How often an address was entered since then, into whichever form."""
    store.connect(settings)
    key = suppression.address_key(settings, "email", email)
    row = sql.one("SELECT COUNT(*) FROM sign_up WHERE address_key = %s AND asked_us >= %s", (key, since_us))
    return 0 if row is None else int(row[0])


def enter(
    settings: Settings,
    form: Form,
    typed: Typed,
    *,
    language: str,
    wording: str,
    asked_from: str,
    now_us: int,
) -> tuple[int, str]:
    """Keep what somebody typed; its number, and the token of the link, told once. Within a transaction."""
    store.connect(settings)
    drawn, digest = one_time.new()
    row = sql.one(
        "INSERT INTO sign_up (form_id, version, address_key, shown, email, name, birthday, language, topics, "
        "wording, digest, asked_us, asked_from, confirmed_from, was_known) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', %s) RETURNING id",
        (
            form.id,
            form.version,
            suppression.address_key(settings, "email", typed.email),
            suppression.masked(typed.email),
            typed.email,
            typed.name,
            typed.birthday,
            language,
            json.dumps(list(typed.topics)),
            wording,
            digest,
            now_us,
            asked_from,
            False,
        ),
    )
    assert row is not None  # noqa: S101  (inserted above)
    return int(row[0]), one_time.written(settings, USE, int(row[0]), drawn)


def by_token(settings: Settings, token: str) -> SignUp | None:
    """What a link is about; ``None`` for a link that we never wrote."""
    known = one_time.read(settings, USE, token)
    if known is None:
        return None
    store.connect(settings)
    row = sql.one(f"{_SIGN_UP} WHERE id = %s AND digest = %s", known)
    return None if row is None else _sign_up(row)


def settle(
    settings: Settings, sign_up: SignUp, *, subject_id: int, was_known: bool, confirmed_from: str, now_us: int
) -> bool:
    """Write down that it was confirmed; whether it was not before. What was typed is kept no longer here."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE sign_up SET confirmed_us = %s, confirmed_from = %s, subject_id = %s, was_known = %s, "
            "email = '', name = '', birthday = '' WHERE id = %s AND confirmed_us IS NULL",
            (now_us, confirmed_from, subject_id, was_known, sign_up.id),
        )
    )


def holders(settings: Settings, email: str) -> list[int]:
    """The ids that are reached at an address."""
    return sorted(all_holders(settings, {("email", email)}).get(("email", email), ()))


def all_holders(settings: Settings, points: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """(kind, value) of contact points to the ids that are reached there; a few statements for all of them."""
    store.connect(settings)
    found: dict[tuple[str, str], set[int]] = {}
    for kind in ("email", "phone"):
        for some in stretches(sorted(value for of, value in points if of == kind)):
            rows = sql.read(
                "SELECT p.value, p.subject_id FROM contact_point p LEFT JOIN import i ON i.id = p.import_id "
                f"WHERE p.kind = %s AND p.value IN ({', '.join(['%s'] * len(some))}) "
                "AND (p.import_id IS NULL OR i.state = 'done')",
                [kind, *some],
            )
            for value, subject in rows:
                found.setdefault((kind, str(value)), set()).add(int(subject))
    return found


def listed(
    settings: Settings, form_id: int, *, limit: int, before: int | None = None, after: int | None = None
) -> list[SignUp]:
    """Who entered an address into a form: the newest first, or by number from ``after`` on."""
    store.connect(settings)
    if after is not None:
        rows = sql.read(
            f"{_SIGN_UP} WHERE form_id = %s AND id > %s ORDER BY id LIMIT {int(limit)}", (form_id, after)
        )
    else:
        last = (1 << 62) if before is None else before
        rows = sql.read(
            f"{_SIGN_UP} WHERE form_id = %s AND id < %s ORDER BY id DESC LIMIT {int(limit)}", (form_id, last)
        )
    return [_sign_up(row) for row in rows]


def units(settings: Settings, several: Collection[SignUp]) -> dict[int, int]:
    """The customer that each belongs to now, by the number of its subject."""
    from holdfast.store import identity_live

    subjects = {each.subject_id for each in several if each.subject_id}
    return identity_live.units_of(settings, subjects) if subjects else {}


def counts(settings: Settings, form_ids: Collection[int] | None = None) -> dict[int, Counts]:
    """How each form does, by its number; an address that was entered twice counts once."""
    store.connect(settings)
    among = "" if form_ids is None else f"WHERE form_id IN ({', '.join(map(str, form_ids)) or 'NULL'}) "
    rows = sql.read(
        "SELECT form_id, COUNT(*), SUM(confirmed), SUM(known) FROM (SELECT form_id, address_key, "
        "MAX(CASE WHEN confirmed_us IS NULL THEN 0 ELSE 1 END) AS confirmed, "
        "MAX(CASE WHEN confirmed_us IS NOT NULL AND was_known THEN 1 ELSE 0 END) AS known "
        f"FROM sign_up {among}GROUP BY form_id, address_key) AS each_address GROUP BY form_id"
    )
    return {
        int(form_id): Counts(int(asked), int(confirmed), int(known))
        for form_id, asked, confirmed, known in rows
    }


def forget_typed(settings: Settings, before_us: int) -> int:
    """Forget what was typed before then and never confirmed; how many. That it was typed stays counted."""
    store.connect(settings)
    return sql.write(
        "UPDATE sign_up SET email = '', name = '', birthday = '', shown = '', asked_from = '', digest = '' "
        "WHERE email <> '' AND asked_us < %s",
        (before_us,),
    )


def _keep_version(form_id: int, number: int, asked: Asked, *, by: str, now_us: int) -> None:
    sql.write(
        "INSERT INTO sign_up_form_version (form_id, number, content, kept_us, kept_by) "
        "VALUES (%s, %s, %s, %s, %s)",
        (form_id, number, json.dumps(asked_as_json(asked)), now_us, by),
    )


def _form(row: sql.Row) -> Form:
    number, key, title, is_open, content, *rest = row
    return Form(int(number), key, title, bool(is_open), parse_asked(sql.json_value(content)), *rest)


def _sign_up(row: sql.Row) -> SignUp:
    (number, form_id, version, key, shown, email, name, birthday, language, topics, wording, asked_us,
     asked_from, confirmed_us, confirmed_from, subject_id, was_known) = row  # fmt: skip
    return SignUp(
        *(number, form_id, version, bytes(key), shown, email, name, birthday, language),
        tuple(map(str, sql.json_value(topics))),
        *(wording, asked_us, asked_from, confirmed_us, confirmed_from, subject_id, bool(was_known)),
    )
