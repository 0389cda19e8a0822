"""Where customers lie in the database: every table says how its rows about somebody are found, or that
it has none. Exporting a person and erasing one both go by this list.

A test holds it against the schema: a table that is not listed, or a column that names a customer and is
not, fails it. What is forgotten all the same is erased by its column's name (:func:`unlisted`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.domain.texts import Text
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Holding:
    """A table with rows about customers.

    ``by`` are the columns that hold numbers of subjects or units: a row is about somebody when any of
    them is one of theirs. ``where`` is a further condition over ``{among}``, those numbers as SQL.
    ``words`` say what the rows are. ``shown`` is false for what says nothing to the person it is about.
    """

    words: Text
    by: tuple[str, ...] = ("subject_id",)
    where: str = ""
    shown: bool = True

    def condition(self, subjects: Sequence[int]) -> str:
        """The SQL condition that rows about ``subjects`` meet."""
        listed = among(subjects)
        parts = [f"{column} IN {listed}" for column in self.by]
        if self.where:
            parts.append(self.where.format(among=listed))
        return " OR ".join(parts)


_UNIT = ("unit_id",)
_OF_TOUCHES = "touch_id IN (SELECT id FROM touch WHERE subject_id IN {among} OR unit_id IN {among})"

# In the order in which rows are deleted: what refers to others goes before them.
HOLDINGS: dict[str, Holding] = {
    "sign_up": Holding(
        Text("Newsletters signed up for"),
        ("subject_id",),
        "email IN (SELECT value FROM contact_point WHERE kind = 'email' AND subject_id IN {among})",
    ),
    "trait_edit": Holding(
        Text("Who of us typed a trait"),
        (),
        "row_id IN (SELECT id FROM trait_row WHERE subject_id IN {among})",
        shown=False,
    ),
    "trait_row": Holding(Text("Traits with their history")),
    "contact_point": Holding(Text("Addresses and telephone numbers")),
    "point_change": Holding(Text("Changes of addresses and telephone numbers")),
    "point_state": Holding(Text("How good addresses and numbers are"), _UNIT),
    "channel_use": Holding(Text("Answers by channel"), _UNIT),
    "need_known": Holding(Text("How much is known of the needs"), _UNIT),
    "note": Holding(Text("Notes of our people")),
    "consent_said": Holding(Text("What was agreed to, with the proof")),
    "contact_pause": Holding(Text("Until when offers and news pause")),
    "document": Holding(Text("Documents")),
    "owner": Holding(Text("Who of us looked after the customer")),
    "work_change": Holding(
        Text("What happened with tasks and cases"),
        (),
        "task_id IN (SELECT id FROM task WHERE subject_id IN {among}) "
        "OR case_id IN (SELECT id FROM customer_case WHERE subject_id IN {among})",
    ),
    "enrolment_step": Holding(
        Text("What happened at the steps of plays"),
        (),
        "enrolment_id IN (SELECT id FROM enrolment WHERE subject_id IN {among} OR unit_id IN {among})",
    ),
    "survey_asked": Holding(Text("Questions we asked, and the marks given")),
    "granted": Holding(Text("What was granted")),
    "enrolment": Holding(Text("Plays the customer went through"), ("subject_id", "unit_id")),
    "change_concerned": Holding(Text("Changes of ours that concern the customer"), _UNIT),
    "play_above": Holding(Text("Whose risk is above the threshold of a play"), _UNIT, shown=False),
    "task": Holding(
        Text("Tasks of our people"),
        ("subject_id",),
        "case_id IN (SELECT id FROM customer_case WHERE subject_id IN {among})",
    ),
    "customer_case": Holding(Text("Complaints and requests")),
    "touch_try": Holding(
        Text("What happened to messages of ours"),
        (),
        _OF_TOUCHES,
    ),
    "touch_attachment": Holding(Text("Files sent with messages of ours"), (), _OF_TOUCHES),
    "touch_content": Holding(Text("What messages of ours say"), (), _OF_TOUCHES),
    "touch": Holding(Text("Messages of ours, sent or to be sent"), ("subject_id", "unit_id")),
    "mail_thread": Holding(
        Text("Which mails belong together"),
        (),
        "(source_id, conversation_key) IN "
        "(SELECT source_id, key FROM inbox_conversation WHERE subject_id IN {among})",
        shown=False,
    ),
    "inbox_message": Holding(
        Text("Messages"),
        ("subject_id",),
        "conversation_id IN (SELECT id FROM inbox_conversation WHERE subject_id IN {among})",
    ),
    "inbox_conversation": Holding(Text("Conversations")),
    "text_reading": Holding(Text("What was read in texts")),
    "customer_text": Holding(Text("What was written")),
    "log_row": Holding(Text("Events on their way to the event log"), shown=False),
    "account_contact": Holding(Text("Contacts of accounts"), ("subject_id", "account_id")),
    "not_the_same": Holding(Text("Who was said to be somebody else"), ("low_id", "high_id")),
    "duplicate": Holding(Text("Who may be the same customer"), ("low_id", "high_id")),
    "identity_link": Holding(Text("Which ids belong together"), ("subject_id", "unit_id")),
    "sighting": Holding(Text("Which imports brought rows")),
    "risk_score": Holding(Text("The risk of leaving"), _UNIT),
    "risk_history": Holding(Text("The risk of leaving over time"), _UNIT),
    "segment_member": Holding(Text("Segments"), _UNIT),
    "segment_move": Holding(Text("Segments entered and left"), _UNIT),
    "segment_due": Holding(Text("Whom to look at again"), _UNIT, shown=False),
    "loss": Holding(Text("Why the customer left"), _UNIT),
    "reason_customer": Holding(Text("Reasons to leave that happened lately"), _UNIT),
    "episode": Holding(Text("Early warnings"), ("subject_id", "unit_id")),
    "feature_now": Holding(Text("What the risk is computed from"), _UNIT),
    "prospect_fit": Holding(Text("How near the ideal customer"), _UNIT),
    "due_unit": Holding(Text("Whom to look at again"), _UNIT, shown=False),
    "standing": Holding(Text("The row of the customer list"), _UNIT),
    "source_owner": Holding(
        Text("Objects of other systems"),
        (),
        "(source_id, key) IN (SELECT l.id, s.key FROM live_source l "
        "JOIN subject s ON s.namespace = l.namespace WHERE s.id IN {among})",
    ),
    "api_answer": Holding(Text("Answers to other programs, kept for a day"), _UNIT, shown=False),
    "webhook_delivery": Holding(
        Text("Which other systems were told"),
        (),
        "message_id IN (SELECT message_id FROM webhook_about WHERE unit_id IN {among})",
        shown=False,
    ),
    "webhook_message": Holding(
        Text("What other systems were told"),
        (),
        "id IN (SELECT message_id FROM webhook_about WHERE unit_id IN {among})",
        shown=False,
    ),
    "webhook_about": Holding(Text("Whom a message to another system is about"), _UNIT, shown=False),
    "subject": Holding(Text("Ids as they arrived"), ("id",)),
}
"""Table to how rows about somebody are found there."""

READ_THROUGH: dict[str, str] = {
    "arrived": "payload",
    "quarantined": "event",
    "source_waiting": "call",
}
"""Tables whose rows hold what was sent, as it was sent: read through to find whom it is about."""

NOTHING: dict[str, str] = {
    "audit_head": "where the audit trail ends",
    "audit_note": "numbers that say nothing once their customer is erased; details are emptied then",
    "alert_read": "our own people",
    "asked_work": "what our people asked for, counts, numbers that say nothing once their customer is erased",
    **dict.fromkeys(("auth_group", "auth_group_permissions", "auth_permission"), "our own people"),
    "backup_made": "where copies lie",
    "care_setting": "what a workspace decided",
    "cause_words": "names of causes that our people wrote",
    "channel_setting": "how channels are set",
    "company_basis": "sums over all customers",
    "competitor": "names of competitors",
    "cost": "sums by source",
    "dashboard": "figures that our own people put together",
    "digest": "what is told when",
    "digest_reader": "our own people",
    "django_content_type": "the schema",
    "django_migrations": "the schema",
    "django_session": "our own people",
    "duplicate_search": "how far a search has come",
    "erased_key": "keyed hashes of what was erased",
    "erasure": "numbers; what is looked for is encrypted, and emptied in the end",
    "export_file": "what was asked for; an erasure deletes every file that lies there",
    "ideal_customer": "shares of many customers",
    "identity_merge": "numbers that say nothing once their customer is erased",
    "import": "names of files, counts",
    "inbox_cursor": "how far a mailbox was read",
    "job": "when a job runs",
    "learnt_layer": "weights of words that stand in the texts of several customers",
    "lease": "who works on what",
    "live_source": "where events come from",
    "loop_run": "counts",
    "mail_choice": "our own people",
    "identity_provider": "who says who our people are",
    "inquiry_setting": "what a workspace decided",
    "invitation": "our own people",
    "our_change": "what our own company changes",
    "password_reset": "our own people",
    **dict.fromkeys(("person", "person_identity", "person_session"), "our own people"),
    "reading_place": "how far texts were read",
    "reason_bound": "what a workspace decided",
    "reason_grade": "sums over many customers",
    "recovery_code": "our own people",
    "second_factor": "our own people",
    "sign_in_rule": "what a workspace decided",
    "play": "plays that our people wrote",
    "play_cursor": "how far triggers were read",
    "play_proof": "sums over many customers",
    "play_setting": "what a workspace decided",
    "play_spent": "sums over many customers",
    "play_version": "plays that our people wrote",
    "product": "products",
    "property_map": "names of properties",
    "pull": "what is fetched when",
    "rate": "exchange rates",
    "retention_rule": "what a workspace decided",
    "retention_run": "counts",
    "health_sample": "numbers of past customers without a name",
    "risk_backtest": "sums over many customers",
    "risk_criteria": "what a workspace decided",
    "risk_model": "what a model is made of",
    "risk_scoring": "of which day the scores are",
    "saved_view": "lists as our own people narrowed them; those that look for the erased go with them",
    "saved_map": "names of columns",
    "score_target": "where scores are written to",
    "seen": "hashes of events, forgotten after 30 days",
    "segment": "rules that our people wrote",
    "segment_count": "counts",
    "segment_figure": "sums over many customers",
    "segment_measured": "counts",
    "own_signal": "rules that our people wrote",
    "message_template": "messages with fields, before anybody's values are in them",
    "message_template_version": "messages with fields, before anybody's values are in them",
    "message_image": "pictures that everybody gets",
    "call_script": "what our people say, with fields, before anybody's values are in them",
    "practice_note": "what our own people practise",
    "practice_answer": "what our own people answered to questions about our products",
    "practice_pair": "who of our own people learns beside whom",
    "outside_note": "what happened around the company, as our own people noted it",
    "signal_look": "up to which day everybody was looked at",
    "signal_scorecard": "sums over many customers",
    "signal_setting": "what a workspace decided",
    "signal_storm": "counts",
    "series_point": "a series of the company",
    "set_up_link": "a hash",
    "newsletter_issue": "which message goes when",
    "own_date": "dates that our people entered",
    "contact_plan": "how often a segment is to hear of us",
    "sign_up_form": "forms that our people wrote",
    "sign_up_form_version": "forms that our people wrote",
    "sign_in_try": "keyed hashes, of our own people",
    "source_tally": "counts",
    "standing_count": "counts",
    "message_setting": "what a workspace decided",
    "sending_stop": "who of us stopped sending",
    "soft_bounce": "keyed hashes of addresses, so that no more mail goes there after an erasure either",
    "suppressed": "keyed hashes of addresses, so that no more mail goes there after an erasure either",
    "start_step": "what a workspace decided",
    "stored_alert": "sums over many customers",
    "stored_figure": "sums over many customers",
    "webhook": "addresses of other systems",
    "upload": "names of files and columns; the files themselves are gone through",
    "touch_sender": "who works on what",
    "write_key": "keys of programs",
}
"""Tables without rows about a customer, and why."""

NAMES_SOMEBODY = re.compile(
    r"(^|_)(subject|unit|account|customer|contact|low|high|person|user)_id$|e_?mail|phone|address|birth"
)
"""How columns are called that name a customer."""

OF_OUR_PEOPLE = frozenset(
    {
        ("alert_read", "person_id"),
        ("owner", "person_id"),
        ("saved_view", "person_id"),
        ("person", "email"),
        ("invitation", "email"),
        ("consent_said", "address_key"),
        ("contact_pause", "address_key"),
        ("suppressed", "address_key"),
        ("soft_bounce", "address_key"),
        ("sign_up", "address_key"),
        ("sign_up", "email"),
        ("sign_up", "birthday"),
        ("invitation", "person_id"),
        ("password_reset", "person_id"),
        ("person_identity", "person_id"),
        ("person_session", "address"),
        ("person_session", "person_id"),
        ("recovery_code", "person_id"),
        ("second_factor", "person_id"),
        ("inbox_conversation", "address"),
        ("trait_edit", "made_by"),
        ("touch", "person_id"),
        ("touch", "address"),
        ("write_key", "person_id"),
        ("mail_choice", "person_id"),
        ("practice_answer", "person_id"),
        ("practice_pair", "person_id"),
        ("dashboard", "person_id"),
        ("digest_reader", "person_id"),
        ("export_file", "person_id"),
    }
)
"""Columns of such a name that name nobody else: one of us, or the customer that the row is about anyway."""


def among(subjects: Sequence[int]) -> str:
    """Numbers of subjects as SQL: they are integers of ours, so they are written out."""
    return f"({', '.join(str(int(subject)) for subject in subjects) or 'NULL'})"


def tables() -> dict[str, list[str]]:
    """Every table of the database with its columns; no view, and nothing of a full-text index."""
    if sql.is_sqlite():
        rows = sql.read(
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
            "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%%' ORDER BY m.name, c.cid"
        )
        indexes = text_indexes()
        rows = [row for row in rows if not row[0].startswith(tuple(indexes) or ("\0",))]
    else:
        # Not from information_schema, whose views take a hundred times as long: each export asks often.
        rows = sql.read(
            "SELECT t.relname, c.attname FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid "
            "WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') "
            "AND c.attnum > 0 AND NOT c.attisdropped ORDER BY t.relname, c.attnum"
        )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def text_indexes() -> list[str]:
    """The full-text indexes of SQLite, which keep words in tables of their own; none on PostgreSQL."""
    if not sql.is_sqlite():
        return []
    found = sql.read("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%%'")
    return [name for (name,) in found]


def unlisted(found: Mapping[str, Sequence[str]]) -> dict[str, Holding]:
    """Tables that no list names and that have columns of subjects or units all the same."""
    known = HOLDINGS.keys() | NOTHING.keys() | READ_THROUGH.keys()
    missing = {}
    for table, columns in found.items():
        by = tuple(column for column in columns if column in ("subject_id", "unit_id", "account_id"))
        if table not in known and by:
            missing[table] = Holding(Text("{name}", name=table), by)
    return missing


def holdings() -> dict[str, Holding]:
    """Every table with rows about customers, in the order in which they may be deleted."""
    found = tables()
    return {**unlisted(found), **{table: each for table, each in HOLDINGS.items() if table in found}}


def delete(table: str, holding: Holding, subjects: Sequence[int]) -> int:
    """Delete what ``table`` holds about ``subjects``; how many rows."""
    return sql.write(f"DELETE FROM {quoted(table)} WHERE {holding.condition(subjects)}")


def count(table: str, holding: Holding, subjects: Sequence[int]) -> int:
    """How many rows ``table`` holds about ``subjects``."""
    row = sql.one(f"SELECT COUNT(*) FROM {quoted(table)} WHERE {holding.condition(subjects)}")
    return 0 if row is None else int(row[0])


def rows(table: str, holding: Holding, subjects: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows of ``table`` about ``subjects``, column by column, oldest first."""
    columns = tables()[table]
    listed = ", ".join(quoted(column) for column in columns)
    statement = f"SELECT {listed} FROM {quoted(table)} WHERE {holding.condition(subjects)} ORDER BY 1, 2"
    for some in sql.stream(statement if len(columns) > 1 else statement[:-3]):
        yield from (dict(zip(columns, row, strict=True)) for row in some)


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def sent(table: str) -> Iterator[tuple[int, bytes]]:
    """(id, what was sent) of a table that has to be read through."""
    column = quoted(READ_THROUGH[table])
    for some in sql.stream(f"SELECT id, {column} FROM {quoted(table)} ORDER BY id"):
        for id_, written in some:
            yield int(id_), written.encode() if isinstance(written, str) else bytes(written)


def shorten_arrived(id_: int, body: bytes, events: int) -> None:
    """Put a shorter body in the place of a call that still waits."""
    sql.write("UPDATE arrived SET payload = %s, events = %s WHERE id = %s", (body, events, id_))
