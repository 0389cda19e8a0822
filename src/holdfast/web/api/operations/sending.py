"""Whether anything goes out: the Stop button, safe mode, the mail server and what proves its domain."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.connectors import dns_records
from holdfast.domain.sender_domain import FINDING_WORDS, Finding
from holdfast.services.act import rules, setting_up
from holdfast.store import channel_settings, message_settings, outbox_reading, sql
from holdfast.store.write_keys import ADMIN, READ, WRITE
from holdfast.web.access import ADMINS, DECIDERS
from holdfast.web.api.contract import Answered, Asked, Call, Id, moment, not_here, operation
from holdfast.web.api.problems import Wrong
from holdfast.web.api.reading import does_not_fit

Address = Annotated[str, Meta(min_length=1, max_length=254)]


class Stop(Answered, frozen=True):
    """That all sending is stopped: since when, by whom, why."""

    at: datetime
    by: str
    why: str


class Proof(Answered, frozen=True):
    """What the DNS says about the sender's domain: ``found`` under ``name``, and what it should say."""

    proof: str
    passed: bool
    code: str
    words: str
    name: str
    found: list[str]
    wanted: str


class Sending(Answered, frozen=True):
    """What decides whether anything may go out now.

    ``stop`` is null while sending goes on. In ``safe_mode`` mails go only to the ``safe_addresses``
    ("ann@example.com", "@example.com") and to our own people; it ends when the ``domain`` has passed every
    proof. ``basis`` is what marketing rests on where a customer has said nothing; ``counts_clicks`` says that
    links in offers and news lead over us, ``counts_opens`` that they carry a picture by which we hear that
    they are opened.
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
    looked_at: datetime | None
    proofs: list[Proof]


class Why(Asked, kw_only=True, frozen=True):
    """Why sending is stopped."""

    why: Annotated[str, Meta(max_length=500)] = ""


class SafeAddresses(Asked, kw_only=True, frozen=True):
    """Exactly the addresses and domains to which safe mode lets mails go."""

    addresses: Annotated[list[Address], Meta(max_length=500)]


class SendingChanged(Asked, kw_only=True, frozen=True):
    """What is to be another; what is left out stays. ``machines`` are IP addresses from which mails leave."""

    basis: Literal["asked", "customers"] | None = None
    counts_clicks: bool | None = None
    counts_opens: bool | None = None
    public_url: Annotated[str, Meta(max_length=300)] | None = None
    machines: (
        Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=50)] | None
    ) = None


class ServerField(Answered, frozen=True):
    """A field of the mail server; of a secret only whether there is one (``kept``)."""

    name: str
    label: str
    shape: str
    value: str
    choices: list[str]
    kept: bool


class MailServer(Answered, frozen=True):
    """How mails leave; without secrets."""

    fields: list[ServerField]


class MailServerWanted(Asked, kw_only=True, frozen=True):
    """Fields by name, each as text; a secret that is left out, or empty, stays. No secret is answered."""

    fields: Annotated[
        dict[
            Annotated[str, Meta(min_length=1, max_length=40)],
            Annotated[str, Meta(max_length=4_000)],
        ],
        Meta(max_length=40),
    ]


class SigningKey(Answered, frozen=True):
    """The key that signs mails: under ``name`` the DNS has to say ``record``."""

    domain: str
    selector: str
    name: str
    record: str


class TouchChanged(Answered, frozen=True):
    """Whether it was in a state in which that can be done."""

    changed: bool


@operation("GET", "/sending", scope=READ, roles=DECIDERS)
def get_sending(call: Call) -> Sending:
    """See what decides whether anything goes out."""
    settings = call.settings
    holds, proven = message_settings.rules(settings), message_settings.proven(settings)
    kept = channel_settings.read(settings, setting_up.EMAIL)
    stop = holds.stop
    return Sending(
        stop=None if stop is None else Stop(at=moment(stop.at_us), by=stop.by, why=stop.why),
        safe_mode=holds.safe,
        safe_addresses=sorted(holds.listed),
        staff_addresses=sorted(holds.staff),
        basis=holds.basis,
        public_url=holds.public_url,
        counts_clicks=message_settings.counts_clicks(settings),
        counts_opens=message_settings.counts_opens(settings),
        machines=list(message_settings.senders(settings)),
        mail_server=kept is not None and bool(kept.options),
        trouble=None if kept is None or kept.trouble is None else call.say(kept.trouble),
        domain=None if proven is None else proven.domain,
        looked_at=None if proven is None else moment(proven.at_us),
        proofs=[] if proven is None else [_proof(call, each) for each in setting_up.findings_of(proven)],
    )


@operation("POST", "/sending/stop", scope=WRITE, roles=DECIDERS)
def stop_sending(call: Call, body: Why) -> Sending:
    """Stop everything that would go out; what is being handed over is finished."""
    rules.stop(call.settings, why=body.why, by=call.by, now_us=call.actual_us)
    return get_sending(call)


@operation("POST", "/sending/start", scope=ADMIN, roles=ADMINS)
def start_sending(call: Call) -> Sending:
    """Let sending go on."""
    rules.start(call.settings, by=call.by, now_us=call.actual_us)
    return get_sending(call)


@operation("PUT", "/sending/safe-addresses", scope=ADMIN, roles=ADMINS)
def set_safe_addresses(call: Call, body: SafeAddresses) -> Sending:
    """Decide to whom safe mode lets mails go."""
    rules.set_listed(call.settings, "\n".join(body.addresses))
    return get_sending(call)


@operation("PATCH", "/sending", scope=ADMIN, roles=ADMINS)
def change_sending(call: Call, body: SendingChanged) -> Sending:
    """Change what marketing rests on, where we are reached, and from which machines mails leave."""
    with sql.short_write():  # all of it, or nothing
        if body.basis is not None:
            rules.set_basis(call.settings, body.basis)
        if body.counts_clicks is not None:
            message_settings.set_counts_clicks(call.settings, body.counts_clicks)
        if body.counts_opens is not None:
            message_settings.set_counts_opens(call.settings, body.counts_opens)
        if body.public_url is not None:
            rules.set_public_url(call.settings, body.public_url)
        if body.machines is not None:
            rules.set_machines(call.settings, " ".join(body.machines))
    return get_sending(call)


@operation("POST", "/sending/check-domain", scope=ADMIN, roles=ADMINS)
def check_domain(call: Call) -> Sending:
    """Ask the DNS about the sender's domain; where all is well, safe mode ends."""
    setting_up.check_domain(call.settings, dns_records.usual(), now_us=call.actual_us)
    return get_sending(call)


@operation("GET", "/sending/mail-server", scope=ADMIN, roles=ADMINS)
def get_mail_server(call: Call) -> MailServer:
    """See how mails leave, without secrets."""
    return MailServer(
        fields=[
            ServerField(
                name=each.name,
                label=call.say(each.label),
                shape=each.shape,
                value=each.value,
                choices=list(each.choices),
                kept=each.kept,
            )
            for each in setting_up.form(call.settings)
        ]
    )


@operation("PUT", "/sending/mail-server", scope=ADMIN, roles=ADMINS)
def set_mail_server(call: Call, body: MailServerWanted) -> MailServer:
    """Say how mails leave; another server or domain begins safe mode again."""
    known = {each.name for each in setting_up.form(call.settings)}
    unknown = [Wrong(field=name, found="no field of a mail server") for name in body.fields.keys() - known]
    wrong = unknown or [
        Wrong(field=name, found="no value of it")
        for name in setting_up.set_smtp(call.settings, body.fields, now_us=call.actual_us)
    ]
    if wrong:
        raise does_not_fit(wrong)
    return get_mail_server(call)


@operation("POST", "/sending/key", scope=ADMIN, roles=ADMINS, status=201)
def make_signing_key(call: Call) -> SigningKey:
    """Make a key that signs mails from now on; answers what the DNS has to say."""
    made = setting_up.make_key(call.settings, now_us=call.actual_us)
    return SigningKey(domain=made.domain, selector=made.selector, name=made.name, record=made.record)


@operation("POST", "/messages/{touch_id}/send-again", scope=WRITE, roles=DECIDERS)
def send_again(call: Call, touch_id: Id) -> TouchChanged:
    """Let a message wait to be sent again; one of which nobody knows whether it arrived may come twice."""
    _check_there(call, touch_id)
    done = outbox_reading.send_again(call.settings, touch_id, by=call.by, now_us=call.actual_us)
    return TouchChanged(changed=done)


@operation("POST", "/messages/{touch_id}/call-off", scope=WRITE, roles=DECIDERS)
def call_off(call: Call, touch_id: Id) -> TouchChanged:
    """Call a message off that has not been sent."""
    _check_there(call, touch_id)
    done = outbox_reading.cancel(call.settings, touch_id, by=call.by, now_us=call.actual_us)
    return TouchChanged(changed=done)


def _check_there(call: Call, touch_id: int) -> None:
    if outbox_reading.one(call.settings, touch_id) is None:
        raise not_here("message", touch_id)


def _proof(call: Call, each: Finding) -> Proof:
    words = FINDING_WORDS.get(each.code)
    return Proof(
        proof=each.proof,
        passed=each.passed,
        code=each.code,
        words="" if words is None else call.say(words),
        name=each.name,
        found=list(each.found),
        wanted=each.wanted,
    )
