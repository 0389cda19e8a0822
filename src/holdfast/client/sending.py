"""Whether anything goes out: the Stop button, safe mode, the mail server and what proves its domain.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Literal, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class MailServer(TypedDict):
    """How mails leave; without secrets."""

    fields: list[ServerField]


class Proof(TypedDict):
    """What the DNS says about the sender's domain: ``found`` under ``name``, and what it should say."""

    proof: str
    passed: bool
    code: str
    words: str
    name: str
    found: list[str]
    wanted: str


class Sending(TypedDict):
    """What decides whether anything may go out now.

    ``stop`` is null while sending goes on. In ``safe_mode`` mails go only to the ``safe_addresses``
    ("ann@example.com", "@example.com") and to our own people; it ends when the ``domain`` has passed
    every proof. ``basis`` is what marketing rests on where a customer has said nothing; ``counts_clicks``
    says that links in offers and news lead over us, ``counts_opens`` that they carry a picture by which
    we hear that they are opened.
    """

    stop: Stop | None
    safe_mode: bool
    safe_addresses: list[str]
    staff_addresses: list[str]
    basis: str
    public_url: str
    counts_clicks: bool
    counts_opens: bool
    machines: list[str]
    mail_server: bool
    trouble: str | None
    domain: str | None
    looked_at: str | None
    proofs: list[Proof]


class ServerField(TypedDict):
    """A field of the mail server; of a secret only whether there is one (``kept``)."""

    name: str
    label: str
    shape: str
    value: str
    choices: list[str]
    kept: bool


class SigningKey(TypedDict):
    """The key that signs mails: under ``name`` the DNS has to say ``record``."""

    domain: str
    selector: str
    name: str
    record: str


class Stop(TypedDict):
    """That all sending is stopped: since when, by whom, why."""

    at: str
    by: str
    why: str


class TouchChanged(TypedDict):
    """Whether it was in a state in which that can be done."""

    changed: bool


class SendingArea:
    """Whether anything goes out: the Stop button, safe mode, the mail server and what proves its domain."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def call_off(self, touch_id: int) -> TouchChanged:
        """Call a message off that has not been sent."""
        return cast("TouchChanged", self._connection.ask("POST", f"/messages/{touch_id}/call-off"))

    def send_again(self, touch_id: int) -> TouchChanged:
        """Let a message wait to be sent again; one of which nobody knows whether it arrived may come
        twice.
        """
        return cast("TouchChanged", self._connection.ask("POST", f"/messages/{touch_id}/send-again"))

    def get_sending(self) -> Sending:
        """See what decides whether anything goes out."""
        return cast("Sending", self._connection.ask("GET", "/sending"))

    def change_sending(
        self,
        *,
        basis: Literal["asked", "customers"] | LeftOut | None = LEFT_OUT,
        counts_clicks: bool | LeftOut | None = LEFT_OUT,
        counts_opens: bool | LeftOut | None = LEFT_OUT,
        public_url: str | LeftOut | None = LEFT_OUT,
        machines: list[str] | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> Sending:
        """Change what marketing rests on, where we are reached, and from which machines mails leave."""
        return cast(
            "Sending",
            self._connection.ask(
                "PATCH",
                "/sending",
                body={
                    "basis": basis,
                    "counts_clicks": counts_clicks,
                    "counts_opens": counts_opens,
                    "public_url": public_url,
                    "machines": machines,
                },
                if_match=if_match,
            ),
        )

    def check_domain(self) -> Sending:
        """Ask the DNS about the sender's domain; where all is well, safe mode ends."""
        return cast("Sending", self._connection.ask("POST", "/sending/check-domain"))

    def make_signing_key(self) -> SigningKey:
        """Make a key that signs mails from now on; answers what the DNS has to say."""
        return cast("SigningKey", self._connection.ask("POST", "/sending/key"))

    def get_mail_server(self) -> MailServer:
        """See how mails leave, without secrets."""
        return cast("MailServer", self._connection.ask("GET", "/sending/mail-server"))

    def set_mail_server(self, *, fields: dict[str, str], if_match: str | None = None) -> MailServer:
        """Say how mails leave; another server or domain begins safe mode again."""
        return cast(
            "MailServer",
            self._connection.ask("PUT", "/sending/mail-server", body={"fields": fields}, if_match=if_match),
        )

    def set_safe_addresses(self, *, addresses: list[str]) -> Sending:
        """Decide to whom safe mode lets mails go."""
        return cast(
            "Sending", self._connection.ask("PUT", "/sending/safe-addresses", body={"addresses": addresses})
        )

    def start_sending(self) -> Sending:
        """Let sending go on."""
        return cast("Sending", self._connection.ask("POST", "/sending/start"))

    def stop_sending(self, *, why: str | LeftOut = LEFT_OUT) -> Sending:
        """Stop everything that would go out; what is being handed over is finished."""
        return cast("Sending", self._connection.ask("POST", "/sending/stop", body={"why": why}))
