"""Django's sessions in a table of ours: under the hash of the cookie, with whose it is and from where.

Named by ``SESSION_ENGINE``. A session ends when nobody uses it for a while and, used or not, when its
longest time is over (:class:`holdfast.store.sign_in_rules.Rules`); one of nobody, on the way to a
sign-in, after ten minutes.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from holdfast.domain.moments import actual_us
from holdfast.store import sql
from holdfast.store.sessions import digest_of
from holdfast.store.sign_in_rules import MINUTE_US, Rules

ON_THE_WAY_US = 10 * MINUTE_US
"""How long somebody may take between the steps of signing in."""

TOUCHED_EVERY_US = MINUTE_US
"""The moment of the last use is written so often at most: reading a page is no write each time."""


class SessionStore(SessionBase):
    """One session. ``address`` and ``device`` are set by the middleware that made it."""

    address = ""
    device = ""
    _since_us = 0
    _last_us = 0

    def load(self) -> dict[str, Any]:
        """What is kept; nothing, and a new key when it is saved, for a cookie that opens no session."""
        row = sql.one(
            "SELECT data, since_us, last_us FROM person_session WHERE key = %s AND expires_us > %s",
            (digest_of(self.session_key or ""), actual_us()),
        )
        if row is None:
            self._session_key = None
            return {}
        data, self._since_us, self._last_us = row
        return self.decode(data)

    def exists(self, session_key: str) -> bool:
        """Whether there is such a session."""
        return sql.one("SELECT 1 FROM person_session WHERE key = %s", (digest_of(session_key),)) is not None

    def create(self) -> None:
        """Keep a new session under a key that nobody has chosen."""
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Keep the session. Raises ``UpdateError`` when it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        person = data.get(SESSION_KEY)
        now = actual_us()
        if must_create or not self._since_us:
            self._since_us = now
        self._last_us = now
        values = (
            int(person) if person is not None else None,
            self.encode(data),
            self._since_us,
            now,
            self._ends_us(person is not None),
            self.address,
            self.device,
            digest_of(self.session_key),
        )
        if must_create:
            _insert(values)
        elif not sql.write(
            "UPDATE person_session SET person_id = %s, data = %s, since_us = %s, last_us = %s, "
            "expires_us = %s, address = %s, device = %s WHERE key = %s",
            values,
        ):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """Forget a session, this one where none is named."""
        if (key := session_key or self.session_key) is not None:
            sql.write("DELETE FROM person_session WHERE key = %s", (digest_of(key),))

    def touch(self) -> None:
        """Write down that it is used, once a minute at most; what ends it moves along."""
        now = actual_us()
        person = self.get(SESSION_KEY)
        if person is None or not self.session_key or now - self._last_us < TOUCHED_EVERY_US:
            return
        self._last_us = now
        sql.write(
            "UPDATE person_session SET last_us = %s, expires_us = %s, address = %s, device = %s "
            "WHERE key = %s",
            (now, self._ends_us(True), self.address, self.device, digest_of(self.session_key)),
        )
        sql.write("UPDATE person SET last_seen_us = %s WHERE id = %s", (now, int(person)))

    @classmethod
    def clear_expired(cls) -> None:
        """Forget sessions that are over."""
        sql.write("DELETE FROM person_session WHERE expires_us < %s", (actual_us(),))

    def _ends_us(self, signed_in: bool) -> int:
        if not signed_in:
            return self._last_us + ON_THE_WAY_US
        return _rules().ends_us(self._since_us, self._last_us)


def _insert(values: tuple[object, ...]) -> None:
    try:
        with transaction.atomic():
            sql.write("DELETE FROM person_session WHERE expires_us < %s", (values[3],))
            sql.write(
                "INSERT INTO person_session "
                "(person_id, data, since_us, last_us, expires_us, address, device, key) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                values,
            )
    except IntegrityError as error:
        raise CreateError from error


def _rules() -> Rules:
    from holdfast.store import sign_in_rules

    return sign_in_rules.current()
