"""Under what somebody is known: ids, addresses, and words that nobody else has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.identity import is_account, is_role_address
from holdfast.settings import Settings
from holdfast.store import linked, personal, sql
from holdfast.store.erasure import CONTACTS, Key

LEAST_LETTERS = 6
"""A shorter id or value stands in too many places to say whose it is."""

MOST_VALUES = 40
MOST_TEXTS = 20
_TEXT_LETTERS = (24, 60)
"""A text is known by its beginning: so long at least, so much of it at most."""


@dataclass(frozen=True, slots=True)
class Traces:
    """``keys`` are ids (namespace, key) and addresses ("email" or "phone", value) that are theirs alone;
    ``words``, in lower case, are what only they are called, reached at, or wrote; ``unclear`` counts
    what is too short or not theirs alone, and so proves nothing.
    """

    keys: tuple[Key, ...]
    words: tuple[str, ...]
    unclear: int


@dataclass(frozen=True, slots=True)
class Known:
    """A person or an account: its own subjects, its name, and the subjects of people who are its alone."""

    account: bool
    own: tuple[int, ...]
    name: str
    people: tuple[int, ...]
    contacts: int


def known(settings: Settings, subject_id: int) -> Known | None:
    """The person or account that a subject belongs to through links; ``None`` for no such subject."""
    store.connect(settings)
    own = sorted(linked.walk([subject_id]).unit)
    ids = sql.read(f"SELECT namespace, key FROM subject WHERE id IN {personal.among(own)} ORDER BY id")
    if not ids:
        return None
    named = sql.one(
        f"SELECT value FROM trait_history WHERE trait = 'name' AND subject_id IN {personal.among(own)} "
        "AND valid_to_us IS NULL ORDER BY valid_from_us DESC"
    )
    account = any(is_account(namespace) for namespace, _ in ids)
    people = _people_of(own) if account else []
    contacts = len(set(linked.walk(people).unit.values())) if people else 0
    return Known(account, tuple(own), named[0] if named else ids[0][1], tuple(people), contacts)


def groups(settings: Settings, subjects: Sequence[int]) -> int:
    """How many different people or accounts these subjects are."""
    store.connect(settings)
    walked = linked.walk(subjects)
    return len({walked.unit_of(subject) for subject in subjects})


def _people_of(accounts: list[int]) -> list[int]:
    """All ids of the people who are contacts of these accounts and of no other."""
    listed = personal.among(accounts)
    named = sql.read(f"SELECT DISTINCT subject_id FROM account_contact WHERE account_id IN {listed}")
    people = sorted(linked.walk([subject for (subject,) in named]).unit) if named else []
    elsewhere = sql.read(
        f"SELECT DISTINCT subject_id FROM account_contact WHERE subject_id IN {personal.among(people)} "
        f"AND account_id NOT IN {listed}"
    )
    kept = set(linked.walk([subject for (subject,) in elsewhere]).unit) if elsewhere else set()
    return [person for person in people if person not in kept and person not in accounts]


def people_shown(settings: Settings, accounts: Sequence[int], *, limit: int = 50) -> list[tuple[int, str]]:
    """(subject, name) of people of these accounts, by name; those of other accounts too."""
    store.connect(settings)
    rows = sql.read(
        "SELECT c.subject_id, COALESCE((SELECT MAX(h.value) FROM trait_history h "
        "WHERE h.subject_id = c.subject_id AND h.trait = 'name' AND h.valid_to_us IS NULL), s.key) AS name "
        "FROM (SELECT DISTINCT subject_id FROM account_contact "
        f"WHERE account_id IN {personal.among(accounts)}) c "
        f"JOIN subject s ON s.id = c.subject_id ORDER BY name LIMIT {int(limit)}"
    )
    return [(int(subject), str(name)) for subject, name in rows]


def accounts_of(settings: Settings, subjects: Sequence[int]) -> list[int]:
    """The accounts whose contacts these subjects are."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT DISTINCT account_id FROM account_contact WHERE subject_id IN {personal.among(subjects)}"
    )
    return sorted(account for (account,) in rows)


def traces(settings: Settings, subjects: Sequence[int]) -> Traces:
    """What is known of somebody now."""
    store.connect(settings)
    among = personal.among(subjects)
    ids = sql.read(f"SELECT namespace, key FROM subject WHERE id IN {among} ORDER BY id")
    contacts = sql.read(
        f"SELECT kind, value FROM contact_point WHERE subject_id IN {among} "
        f"UNION SELECT kind, value FROM point_change WHERE subject_id IN {among} "
        "AND kind IN ('email', 'phone')"
    )
    own = [contact for contact in contacts if _theirs_alone(contact, among)]
    addresses = [("email", key.strip().lower()) for _, key in ids if "@" in key]
    words = list(dict.fromkeys(_spoken([*ids, *own], among)))
    clear = [word for word in words if len(word) >= LEAST_LETTERS and not _stands_elsewhere(word, among)]
    return Traces(
        tuple(dict.fromkeys([*ids, *own, *addresses])),
        (*clear, *_beginnings(among)),
        len(words) - len(clear),
    )


def looked_up(settings: Settings, subjects: Sequence[int], searches: Collection[str]) -> set[str]:
    """Those of ``searches`` (in lower case) that look for them: a whole id, name or address of theirs, or
    so much of one that nobody else has it too.
    """
    store.connect(settings)
    among = personal.among(subjects)
    rows = sql.read(
        f"SELECT key FROM subject WHERE id IN {among} "
        f"UNION SELECT value FROM contact_point WHERE subject_id IN {among} "
        f"UNION SELECT value FROM trait_row WHERE trait = 'name' AND subject_id IN {among}"
    )
    called = {" ".join(value.lower().split()) for (value,) in rows}
    parts = {
        each
        for each in searches
        if len(each) >= LEAST_LETTERS and each not in called and any(each in value for value in called)
    }
    return (called & set(searches)) | {each for each in parts if not _stands_elsewhere(each, among)}


def _theirs_alone(contact: Key, among: str) -> bool:
    """Whether an address is one person's: not a role's, and nobody else has it."""
    kind, value = contact
    if kind == "email" and is_role_address(value):
        return False
    other = sql.one(
        f"SELECT 1 FROM contact_point WHERE kind = %s AND value = %s AND subject_id NOT IN {among} LIMIT 1",
        (kind, value),
    )
    return other is None


def _spoken(keys: Iterable[Key], among: str) -> list[str]:
    """Ids, addresses and values of traits, in lower case; a telephone number also without its plus."""
    found = []
    for kind, value in keys:
        found.append(value.strip().lower())
        if kind == CONTACTS[1]:
            found.append(value.lstrip("+"))
    values = sql.read(
        f"SELECT DISTINCT value FROM trait_row WHERE subject_id IN {among} "
        f"AND LENGTH(value) BETWEEN 8 AND 200 ORDER BY value LIMIT {MOST_VALUES}"
    )
    return [*found, *(value.strip().lower() for (value,) in values)]


_ELSEWHERE = (
    ("subject", "key", "id"),
    ("contact_point", "value", "subject_id"),
    ("trait_row", "value", "subject_id"),
)


def _stands_elsewhere(word: str, among: str) -> bool:
    """Whether somebody else's id, address or trait holds the word too."""
    pattern = f"%{_escaped(word)}%"
    return any(
        sql.one(
            f"SELECT 1 FROM {table} WHERE LOWER({column}) LIKE %s ESCAPE '!' "
            f"AND {whose} NOT IN {among} LIMIT 1",
            (pattern,),
        )
        for table, column, whose in _ELSEWHERE
    )


def _beginnings(among: str) -> list[str]:
    """How the longest texts begin, where nobody else's text begins so."""
    least, most = _TEXT_LETTERS
    found = []
    for (text,) in sql.read(
        f"SELECT text FROM customer_text WHERE subject_id IN {among} AND LENGTH(text) >= {least} "
        f"ORDER BY LENGTH(text) DESC, id LIMIT {MOST_TEXTS}"
    ):
        beginning = text[:most].split("\n")[0]
        other = sql.one(
            "SELECT 1 FROM customer_text WHERE text LIKE %s ESCAPE '!' "
            f"AND subject_id NOT IN {among} LIMIT 1",
            (f"{_escaped(beginning)}%",),
        )
        if other is None and len(beginning.strip()) >= least:
            found.append(beginning.strip().lower())
    return list(dict.fromkeys(found))


def _escaped(word: str) -> str:
    """A word that a LIKE takes as it stands."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
