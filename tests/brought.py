"""Imports for tests of the base, in one line: who they bring and what they say about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holdfast.settings import Settings
from holdfast.store import identity, imports, writers

Trait = tuple[str, str, str, int | None]
"""key, trait, value, valid from"""


def bring(
    settings: Settings,
    people: Mapping[str, Mapping[str, Any]] | Iterable[str],
    *,
    namespace: str = "customer",
    traits: Sequence[Trait] = (),
    immutable: bool = False,
    texts: Sequence[tuple[bytes, str, int, str]] = (),
    first_us: int | None = 1_000,
    now_us: int = 10_000,
    done: bool = True,
) -> int:
    """Import ``people`` (key to email, phone, name, account); the import's id.

    Traits are known since ``now_us``; texts are (event key, person's key, moment, text).
    """
    told = people if isinstance(people, Mapping) else {key: {} for key in people}
    import_id = imports.begin(settings, "customers", "test", ["people.csv"], now_us)
    ids = dict(
        zip(told, identity.assign_subjects(settings, namespace, list(told), import_id=import_id), strict=True)
    )
    imports.commit(settings, import_id, first_us=first_us, last_us=first_us)
    accounts = sorted({person["account"] for person in told.values() if person.get("account")})
    account_ids = dict(zip(accounts, identity.assign_subjects(settings, "account", accounts), strict=True))
    writers.load_subjects(
        settings,
        import_id,
        [
            (
                ids[key],
                first_us,
                person.get("email"),
                person.get("phone"),
                person.get("name"),
                account_ids.get(person.get("account", "")),
                1,
            )
            for key, person in told.items()
        ],
        known_us=now_us,
    )
    writers.load_traits(
        settings,
        import_id,
        [(ids[key], trait, value, since, now_us, immutable) for key, trait, value, since in traits],
    )
    writers.load_texts(
        settings, import_id, [(event, ids[key], at, "note", text) for event, key, at, text in texts]
    )
    identity.link_matches(settings, import_id, now_us)
    if done:
        imports.finish(settings, import_id, {"rows_read": len(told)}, now_us)
    return import_id


def subject(settings: Settings, key: str, namespace: str = "customer") -> int:
    """The id of a key."""
    return identity.assign_subjects(settings, namespace, [key])[0]


def everything(settings: Settings) -> dict[str, list[Any]]:
    """All rows of the tables that imports write, without their own ids and those of imports."""
    from holdfast import store
    from holdfast.store import sql

    store.connect(settings)
    shown = {
        "subject": "namespace, key",
        "sighting": "subject_id, first_us, rows",
        "trait_row": "subject_id, trait, value, valid_from_us",
        "contact_point": "subject_id, kind, value",
        "account_contact": "subject_id, account_id, from_us",
        "customer_text": "event_key, subject_id, at_us, kind, text",
        "identity_link": "subject_id, unit_id, linked_us, reason, evidence, unlinked_us IS NULL",
        "product": "product_id, name, category, unit_cost_minor, currency",
        "cost": "day, source, currency, amount_minor",
        "rate": "day, from_currency, to_currency, rate",
        "series_point": "name, day, value",
    }
    return {
        table: sorted(
            (
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                for row in sql.read(f"SELECT {columns} FROM {table}")
            ),
            key=repr,
        )
        for table, columns in shown.items()
    }
