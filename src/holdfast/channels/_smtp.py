"""One SMTP connection that is kept from mail to mail, and says exactly how far a mail came.

The library's own way of sending raises the same for "the server has none of it" and "the server has all
of it and did not answer". Which of the two it is decides whether a mail may be sent again.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

Security = Literal["starttls", "tls", "none"]

MOST_PER_CONNECTION = 100
"""Mails after which a connection is made anew: many servers allow no more."""

IDLE_SECONDS = 20.0
"""After so long without a mail the connection is asked whether it still lives."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are handed over, and as whom."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    timeout_seconds: float
    trust: ssl.SSLContext | None = None
    hello: str = ""


class NotTaken(Exception):  # noqa: N818
    """The server said no to one mail, at ``step`` ("MAIL", "RCPT", "DATA", "."), and has none of it."""

    def __init__(self, step: str, code: int, said: str) -> None:
        super().__init__(f"{step}: {code}")
        self.step, self.code, self.said = step, code, said


class Lost(Exception):  # noqa: N818
    """The connection broke. ``handed_over`` says whether the server may have all of the mail."""

    def __init__(self, error: Exception, *, handed_over: bool) -> None:
        super().__init__(type(error).__name__)
        self.error, self.handed_over = error, handed_over


class NoWay(Exception):  # noqa: N818
    """There is no connection: nobody answers, or the server does not believe us. ``said`` is why."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class Line:
    """The connection to a server; opened when the first mail goes out."""

    def __init__(self, server: Server, *, reuse: bool = True) -> None:
        self._server, self._reuse = server, reuse
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0
        self._last = 0.0

    def send(self, sender: str, to: str, mail: bytes) -> str:
        """Hand one mail over; what the server answered. Raises the three above."""
        smtp = self._ready()
        utf8 = not (sender + to).isascii()
        smtp.command_encoding = "utf-8" if utf8 else "ascii"
        options = " SMTPUTF8" if utf8 else ""
        if smtp.has_extn("8bitmime"):
            options += " BODY=8BITMIME"
        if smtp.has_extn("size"):
            options += f" SIZE={len(mail)}"
        try:
            self._ask("MAIL", smtp.docmd("MAIL", f"FROM:<{sender}>{options}"))
            self._ask("RCPT", smtp.docmd("RCPT", f"TO:<{to}>"))
            self._ask("DATA", smtp.docmd("DATA"), wanted=354)
        except NotTaken as refusal:
            self._start_over(refusal.code)
            raise
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Lost(error, handed_over=False) from error
        return self._content(smtp, mail)

    def takes_utf8(self) -> bool:
        """Whether the server takes addresses in every language."""
        return bool(self._ready().has_extn("smtputf8"))

    def close(self) -> None:
        """End the connection, politely where the other side still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            if smtp.sock is not None:
                smtp.sock.settimeout(2)
            smtp.quit()
        smtp.close()

    def _content(self, smtp: smtplib.SMTP, mail: bytes) -> str:
        """The mail with its last dot in one piece: what cannot be sent whole is not handed over.

        (In two pieces the second would wait 40 ms for the other side to confirm the first.)
        """
        handed_over = False
        try:
            assert smtp.sock is not None  # noqa: S101  (it has just answered)
            smtp.sock.sendall(_dotted(mail) + b".\r\n")
            handed_over = True
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Lost(error, handed_over=handed_over) from error
        self._sent += 1
        self._last = time.monotonic()
        if answer[0] != 250:
            self._start_over(answer[0])
            raise NotTaken(".", answer[0], _words(answer[1]))
        if not self._reuse or self._sent >= MOST_PER_CONNECTION:
            self.close()
        return _words(answer[1])

    def _ask(self, step: str, answer: tuple[int, bytes], wanted: int = 250) -> None:
        code, said = answer
        if code != wanted and not (wanted == 250 and code == 251):
            raise NotTaken(step, code, _words(said))

    def _start_over(self, code: int) -> None:
        """After a refusal the server forgets the mail; one that says it closes is left."""
        if code == 421 or not self._reuse or self._smtp is None:
            self.close()
            return
        try:
            if self._smtp.rset()[0] != 250:
                self.close()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _ready(self) -> smtplib.SMTP:
        """A connection that lives; a new one where the old one was ended meanwhile."""
        if self._smtp is not None and time.monotonic() - self._last > IDLE_SECONDS:
            try:
                lives = self._smtp.noop()[0] == 250
            except (OSError, smtplib.SMTPException):
                lives = False
            if not lives:
                self.close()
        if self._smtp is None:
            self._smtp = self._connected()
            self._sent, self._last = 0, time.monotonic()
        return self._smtp

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        smtp: smtplib.SMTP | None = None
        try:
            if server.security == "tls":
                smtp = smtplib.SMTP_SSL(
                    server.host,
                    server.port,
                    local_hostname=server.hello or None,
                    timeout=server.timeout_seconds,
                    context=self._trust(),
                )
            else:
                smtp = smtplib.SMTP(
                    server.host,
                    server.port,
                    local_hostname=server.hello or None,
                    timeout=server.timeout_seconds,
                )
            if server.security == "starttls":
                smtp.starttls(context=self._trust())
            if server.user:
                smtp.login(server.user, server.password)
            else:
                smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            if smtp is not None:
                smtp.close()
            raise NoWay(_why(error)) from error
        return smtp

    def _trust(self) -> ssl.SSLContext:
        return self._server.trust or ssl.create_default_context()


def _dotted(mail: bytes) -> bytes:
    """A mail as it goes over the line: a line that begins with a dot gets another one."""
    doubled = mail.replace(b"\r\n.", b"\r\n..")
    doubled = b"." + doubled if doubled.startswith(b".") else doubled
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def _words(said: bytes) -> str:
    return " ".join(said.decode("utf-8", "replace").split())[:300]


def _why(error: Exception) -> str:
    """What went wrong, without what was sent: an answer to a password may repeat it."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code}, user name or password"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {_words(said) if isinstance(said, bytes) else said}"
    if isinstance(error, UnicodeError):
        return "its name, the user name or the password holds letters that cannot be sent"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "it offers neither encryption nor sign-in as asked for"
    return str(getattr(error, "strerror", "") or error or type(error).__name__)[:200]
