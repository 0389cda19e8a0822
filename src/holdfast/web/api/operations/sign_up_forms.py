"""Sign-up forms for newsletters: what each asks and says, how it does, who entered an address."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from holdfast.domain.sign_ups import LONGEST_TITLE, asked_as_json, parse_asked
from holdfast.services.act import sign_up_forms as acts
from holdfast.services.act.sign_ups import FORM_PATH, is_ready
from holdfast.store import message_settings
from holdfast.store import sign_ups as stored
from holdfast.store.sign_ups import Counts, Form
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Id, Page, Paging, moment, not_here, operation

Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
Key = Annotated[str, Meta(max_length=70, description='"" makes one of the title.')]
Written = Annotated[
    dict[str, Any],
    Meta(
        description="What it asks and says: `topics`; `name` and `birthday`, each no, optional or needed; "
        "`language`, no or optional; "
        "`words` by language, each with `heading`, `intro`, `agree`, `button`, `thanks` and `link`."
    ),
]


class SignUpForm(Answered, frozen=True):
    """A form; ``address`` is its own page, "" while nobody can sign up.

    ``entered`` counts addresses, ``confirmed`` those whose mail was answered, ``known`` those of them that
    belonged to a customer before.
    """

    id: int
    key: str
    title: str
    open: bool
    content: dict[str, Any]
    version: int
    address: str
    entered: int
    confirmed: int
    known: int
    made_at: datetime
    changed_at: datetime
    changed_by: str


class NewSignUpForm(Asked, kw_only=True, frozen=True):
    """A form to be made; without ``content`` it asks for news with our own words."""

    title: Title
    key: Key = ""
    content: Written | None = None


class SignUpFormChanged(Asked, kw_only=True, frozen=True):
    """What is to be another: the title, what it asks and says, whether it is open."""

    title: Title | None = None
    content: Written | None = None
    open: bool | None = None


class SignUp(Answered, frozen=True):
    """Somebody entered an address, which is masked; ``confirmed_at`` is null until the mail was answered.

    ``version`` is that of the form which they saw, ``wording`` the words they agreed to.
    """

    id: int
    address: str
    customer_id: int | None
    known_before: bool
    topics: list[str]
    language: str
    version: int
    wording: str
    entered_at: datetime
    confirmed_at: datetime | None


@operation("GET", "/sign-up-forms", scope=READ, roles=DECIDERS)
def list_sign_up_forms(call: Call, query: Paging) -> Page[SignUpForm]:
    """List the sign-up forms, by number."""
    found = sorted(stored.forms(call.settings), key=lambda each: each.id)
    counts = stored.counts(call.settings)
    return cursors.page_of(
        *(call, query, found),
        kind=int,
        place=lambda each: each.id,
        show=lambda each: _shown(call, each, counts.get(each.id)),
    )


@operation("POST", "/sign-up-forms", scope=WRITE, roles=DECIDERS, status=201)
def create_sign_up_form(call: Call, body: NewSignUpForm) -> SignUpForm:
    """Make a sign-up form, which is open at once."""
    asked = parse_asked(body.content) if body.content is not None else None
    made = acts.make(call.settings, body.title, asked, by=call.by, now_us=call.actual_us, key=body.key)
    return _shown(call, made, None)


@operation("GET", "/sign-up-forms/{form_id}", scope=READ, roles=DECIDERS)
def get_sign_up_form(call: Call, form_id: Id) -> SignUpForm:
    """Get one sign-up form."""
    found = _there(call, form_id)
    return _shown(call, found, stored.counts(call.settings, [form_id]).get(form_id))


@operation("PATCH", "/sign-up-forms/{form_id}", scope=WRITE, roles=DECIDERS)
def update_sign_up_form(call: Call, form_id: Id, body: SignUpFormChanged) -> SignUpForm:
    """Change a sign-up form, open it or close it; who signed up before keeps the words of then."""
    found = _there(call, form_id)
    asked = parse_asked(body.content) if body.content is not None else found.asked
    acts.keep(call.settings, found, body.title or found.title, asked, by=call.by, now_us=call.actual_us)
    if body.open is not None:
        stored.switch(call.settings, form_id, is_open=body.open, by=call.by, now_us=call.actual_us)
    return get_sign_up_form(call, form_id)


@operation("GET", "/sign-up-forms/{form_id}/sign-ups", scope=READ, roles=DECIDERS)
def list_sign_ups(call: Call, form_id: Id, query: Paging) -> Page[SignUp]:
    """List who entered an address into a form, the oldest first."""
    _there(call, form_id)
    after = cursors.where(call, query, int) or 0
    rows = stored.listed(call.settings, form_id, limit=query.limit + 1, after=after)
    units = stored.units(call.settings, rows)
    return cursors.page(
        call,
        query,
        rows,
        place=lambda each: each.id,
        show=lambda each: _signed(each, units.get(each.subject_id or 0)),
    )


def _there(call: Call, form_id: int) -> Form:
    found = stored.form(call.settings, form_id)
    if found is None:
        raise not_here("sign-up form", form_id)
    return found


def _shown(call: Call, each: Form, counts: Counts | None) -> SignUpForm:
    found = counts or Counts()
    base = message_settings.public_url(call.settings) if is_ready(call.settings) and each.is_open else ""
    return SignUpForm(
        id=each.id,
        key=each.key,
        title=each.title,
        open=each.is_open,
        content=asked_as_json(each.asked),
        version=each.version,
        address=base and base + FORM_PATH + each.key,
        entered=found.asked,
        confirmed=found.confirmed,
        known=found.known,
        made_at=moment(each.made_us),
        changed_at=moment(each.changed_us),
        changed_by=each.changed_by,
    )


def _signed(each: stored.SignUp, unit_id: int | None) -> SignUp:
    return SignUp(
        id=each.id,
        address=each.shown,
        customer_id=unit_id,
        known_before=each.was_known,
        topics=list(each.topics),
        language=each.language,
        version=each.version,
        wording=each.wording,
        entered_at=moment(each.asked_us),
        confirmed_at=None if each.confirmed_us is None else moment(each.confirmed_us),
    )
