"""Templates of messages: written in blocks, published, and shown as a customer would get them."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NoBase64
from datetime import datetime
from io import BytesIO
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from holdfast.domain.pictures import MOST_BYTES
from holdfast.domain.refusals import Refusal
from holdfast.domain.templates import LONGEST_TITLE, Body, body_as_json, parse_body
from holdfast.domain.texts import Text
from holdfast.services.act.messages import images
from holdfast.services.act.messages import templates as acts
from holdfast.services.act.messages.composing import Composed, compose, with_gaps
from holdfast.services.act.messages.values import masked_values, values_of
from holdfast.services.act.messages.writing import look_of
from holdfast.store import message_images
from holdfast.store import templates as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS, may_see_named
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Id, Page, Paging, moment, not_here, operation
from holdfast.web.masking import covered

Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
Key = Annotated[str, Meta(max_length=70, description='"" makes one of the title.')]
Code = Annotated[str, Meta(min_length=2, max_length=12)]
Letter = Annotated[str, Meta(pattern="^[ab]$")]
Written = Annotated[
    dict[str, Any],
    Meta(
        description="What it says, as docs/how-to/write-a-message.md describes it: `variants` by letter and "
        "language, each with `subject`, `preheader` and `blocks`; `fallback`; `campaign`."
    ),
]


class MessageTemplate(Answered, frozen=True):
    """A template; customers get what was published last, ``published`` 0 is never.

    ``draft`` is what is being written; ``not_whole`` says why it cannot be published yet.
    """

    id: int
    key: str
    title: str
    kind: str
    languages: list[str]
    draft: dict[str, Any]
    version: int
    published: int
    not_whole: list[str]
    made_at: datetime
    changed_at: datetime
    changed_by: str


class NewTemplate(Asked, kw_only=True, frozen=True):
    """A template to be made: a "message", or a "part" that messages share; empty in ``language``."""

    title: Title
    kind: Annotated[str, Meta(max_length=20)] = "message"
    language: Code = "en"
    key: Key = ""
    draft: Written | None = None


class TemplateChanged(Asked, kw_only=True, frozen=True):
    """What is to be another: the title, the draft, or both."""

    title: Title | None = None
    draft: Written | None = None


class TemplateShown(Asked, kw_only=True, frozen=True):
    """In which language and variant, with whose values, of the draft or of what is published."""

    language: Code = "en"
    variant: Letter = "a"
    customer_id: int | None = None
    draft: bool = True


class ShownMessage(Answered, frozen=True):
    """A message as one customer would get it; ``missing`` are fields for want of which they would not."""

    language: str
    subject: str
    text: str
    html: str
    missing: list[str]


class MessageImage(Answered, frozen=True):
    """A picture; ``name`` is how blocks name it. Width and height are 0 where they are not known."""

    name: str
    title: str
    media_type: str
    size: int
    width: int
    height: int


class NewImage(Asked, kw_only=True, frozen=True):
    """A picture to be kept: PNG, JPEG or GIF of 2 MB at most, in base64."""

    most_body: ClassVar[int] = MOST_BYTES * 2 + 10_000

    title: Annotated[str, Meta(min_length=1, max_length=120)]
    content: Annotated[str, Meta(min_length=4, max_length=MOST_BYTES * 2)]


@operation("GET", "/message-templates", scope=READ)
def list_message_templates(call: Call, query: Paging) -> Page[MessageTemplate]:
    """List the templates, by number."""
    found = sorted(stored.listed(call.settings), key=lambda each: each.id)
    return cursors.page_of(
        call, query, found, kind=int, place=lambda each: each.id, show=lambda each: _shown(call, each)
    )


@operation("POST", "/message-templates", scope=WRITE, roles=DECIDERS, status=201)
def create_message_template(call: Call, body: NewTemplate) -> MessageTemplate:
    """Make a template, empty or with what it says."""
    draft = parse_body(body.draft) if body.draft is not None else None
    made = acts.make(
        *(call.settings, body.title, body.kind, body.language),
        by=call.by,
        now_us=call.actual_us,
        key=body.key,
        draft=draft,
    )
    return _shown(call, made)


@operation("GET", "/message-templates/{template_id}", scope=READ)
def get_message_template(call: Call, template_id: Id) -> MessageTemplate:
    """Get one template with what is being written."""
    return _shown(call, _there(call, template_id))


@operation("PATCH", "/message-templates/{template_id}", scope=WRITE, roles=DECIDERS)
def update_message_template(call: Call, template_id: Id, body: TemplateChanged) -> MessageTemplate:
    """Change the draft or the title of a template; what customers get stays until it is published."""
    found = _there(call, template_id)
    draft = parse_body(body.draft) if body.draft is not None else found.draft
    kept = acts.keep(
        call.settings, found, draft, by=call.by, now_us=call.actual_us, title=body.title or found.title
    )
    return _shown(call, kept)


@operation("DELETE", "/message-templates/{template_id}", scope=WRITE, roles=DECIDERS)
def delete_message_template(call: Call, template_id: Id) -> None:
    """Take a template away; for a month it can be brought back."""
    stored.delete(call.settings, _there(call, template_id).id, now_us=call.actual_us)


@operation("POST", "/message-templates/{template_id}/restore", scope=WRITE, roles=DECIDERS)
def restore_message_template(call: Call, template_id: Id) -> MessageTemplate:
    """Bring a template back."""
    stored.restore(call.settings, _there(call, template_id, deleted=True).id)
    return get_message_template(call, template_id)


@operation("POST", "/message-templates/{template_id}/publish", scope=WRITE, roles=DECIDERS)
def publish_message_template(call: Call, template_id: Id) -> MessageTemplate:
    """Let customers get the draft from now on."""
    acts.publish(call.settings, _there(call, template_id), by=call.by, now_us=call.actual_us)
    return get_message_template(call, template_id)


@operation("POST", "/message-templates/{template_id}/preview", scope=READ)
def preview_message_template(call: Call, template_id: Id, body: TemplateShown) -> ShownMessage:
    """Show a message in a language, with a customer's values as the key may see them. Nothing is sent."""
    found = _there(call, template_id)
    says = found.draft if body.draft else _published(call, found)
    language = says.language_for(body.language, body.variant)
    content = says.content(language, body.variant)
    if content is None:
        raise not_here("variant", body.variant)
    values = _values(call, body.customer_id)
    ready = compose(content, look_of(call.settings, says, language, body.variant))
    message = Composed(
        ready.language, with_gaps(ready.subject), with_gaps(ready.text), with_gaps(ready.html)
    ).for_customer(values)
    return ShownMessage(
        language=language,
        subject=message.subject,
        text=message.text,
        html=message.html,
        missing=list(ready.missing(values)),
    )


@operation("GET", "/message-images", scope=READ)
def list_message_images(call: Call, query: Paging) -> Page[MessageImage]:
    """List the pictures for messages, by name."""
    found = sorted(message_images.listed(call.settings), key=lambda each: each.name)
    return cursors.page_of(call, query, found, kind=str, place=lambda each: each.name, show=_image)


@operation("POST", "/message-images", scope=WRITE, roles=DECIDERS, status=201)
def add_message_image(call: Call, body: NewImage) -> MessageImage:
    """Keep a picture; the same one again is the same."""
    try:
        content = b64decode(body.content, validate=True)
    except (NoBase64, ValueError) as error:
        raise Refusal(
            "bad_image",
            found=Text("The content is no base64."),
            expected=Text("A picture that every mail program shows: PNG, JPEG or GIF."),
            remedy=Text("Encode the file in base64, without line breaks; nothing was kept."),
        ) from error
    image = images.add_image(call.settings, body.title, BytesIO(content), by=call.by, now_us=call.actual_us)
    return _image(image)


def _there(call: Call, template_id: int, *, deleted: bool = False) -> stored.Template:
    found = stored.one(call.settings, template_id)
    if found is None or (found.deleted_us is not None and not deleted):
        raise not_here("template", template_id)
    return found


def _published(call: Call, found: stored.Template) -> Body:
    body = stored.body_of(call.settings, found, found.published)
    if body is None:
        raise not_here("published version of template", found.id)
    return body


def _values(call: Call, customer_id: int | None) -> dict[str, object]:
    """The values of a customer, as the key may see them; a customer who is not theirs is not there."""
    if customer_id is None:
        return {"company_name": call.settings.name}
    named = {"unit_id": customer_id}
    values = values_of(call.settings, customer_id)
    if len(values) < 2 or not may_see_named(call.person, named):
        raise not_here("customer", customer_id)
    return masked_values(values, call.masks.shown, str if call.masks.whole else covered)


def _shown(call: Call, each: stored.Template) -> MessageTemplate:
    return MessageTemplate(
        id=each.id,
        key=each.key,
        title=each.title,
        kind=each.kind,
        languages=list(each.draft.languages()),
        draft=body_as_json(each.draft),
        version=each.version,
        published=each.published,
        not_whole=[call.say(why) for why in acts.not_whole(call.settings, each)],
        made_at=moment(each.made_us),
        changed_at=moment(each.changed_us),
        changed_by=each.changed_by,
    )


def _image(each: message_images.Image) -> MessageImage:
    return MessageImage(
        name=each.name,
        title=each.title,
        media_type=each.media_type,
        size=each.size,
        width=each.width,
        height=each.height,
    )
