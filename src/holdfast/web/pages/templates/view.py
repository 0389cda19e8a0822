"""``/messages/templates``: what is sent, looked at in each language, and changed block by block."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from markupsafe import escape

from holdfast.domain import block_edits as edits
from holdfast.domain.blocks import KINDS, Content, fields_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.templates import CAMPAIGN, TEMPLATE_KINDS, Body
from holdfast.domain.texts import Text
from holdfast.language import languages
from holdfast.services.act.messages import templates as acts
from holdfast.services.act.messages.values import known_fields
from holdfast.store import message_images, templates
from holdfast.store.templates import Template
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.templates import seen, words
from holdfast.web.pages.templates.asked import Asked, put, read_asked, typed_block
from holdfast.web.reading import Request
from holdfast.web.security import CONTENT_SECURITY_POLICY
from holdfast.web.show import show
from holdfast.web.work_words import Typed, choices

_FRAMES_TOO = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"


@only(READERS)
@require_safe
def template_list(request: Request) -> HttpResponse:
    """Every template, messages before shared parts."""
    return list_page(request)


def list_page(
    request: Request, wrong: str = "", typed: Mapping[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    """The list; ``wrong`` says what could not be done."""
    reader = request.reader
    found = templates.listed(request.workspace)
    when = {each.id: reader.moment(_at(each.changed_us)) for each in found}
    return show(
        request,
        "templates/templates.html",
        status=status,
        place="outbox",
        groups=[
            (
                reader.say(_GROUPS[kind]),
                words.shown([each for each in found if each.kind == kind], reader, when),
            )
            for kind in TEMPLATE_KINDS
        ],
        any_template=bool(found),
        kinds=choices(TEMPLATE_KINDS, reader),
        languages=words.language_names(languages()),
        language=reader.code,
        may_change=may(request.user, DECIDERS),
        wrong=wrong,
        typed=Typed(typed or {}),
    )


_GROUPS = {"message": Text("Messages"), "part": Text("Parts that messages share")}


@only(READERS)
@require_safe
def template(request: Request, template_id: int) -> HttpResponse:
    """One template as customers get it, in each language, wide and narrow."""
    return template_page(request, there(request, template_id))


def template_page(request: Request, found: Template, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The page; ``wrong`` says what could not be done."""
    reader, workspace = request.reader, request.workspace
    body = _shown_body(request, found)
    asked = read_asked(request.GET, found, body)
    customer = seen.customer_asked(request, request.GET.get("customer", ""))
    content = body.content(asked.language, asked.variant) or Content("")
    ready = seen.composed_for(request, body, asked.language, asked.variant, content)
    message, unfit = seen.tried_for(ready, customer.values or {}, reader)
    response = show(
        request,
        "templates/template.html",
        status=status,
        place="outbox",
        found=found,
        kind=reader.say(TEMPLATE_KINDS[found.kind]),  # type: ignore[index]
        asked=asked,
        message=message,
        languages=words.language_names(body.languages(asked.variant)),
        customer=request.GET.get("customer", ""),
        frame_url=_frame_address(
            found,
            asked,
            customer=request.GET.get("customer", ""),
            version=request.GET.get("version", ""),
        ),
        missing=ready.missing(customer.values or {}) if customer.unit_id is not None else (),
        wrong=wrong or customer.wrong or unfit,
        narrow=request.GET.get("width") == "narrow",
        draft=request.GET.get("version") == "draft" or not found.published,
        versions=[
            (each.number, reader.moment(_at(each.published_us)), each.published_by)
            for each in templates.versions(workspace, found)
        ],
        fields=fields_of(content),
        may_change=may(request.user, DECIDERS),
    )
    response["Content-Security-Policy"] = _FRAMES_TOO
    return response


@only(READERS)
@require_safe
def frame(request: Request, template_id: int) -> HttpResponse:
    """The message alone, for the frame on the page."""
    found = there(request, template_id)
    body = _shown_body(request, found)
    asked = read_asked(request.GET, found, body)
    content = body.content(asked.language, asked.variant) or Content("")
    return _framed(request, asked, body, content, request.GET.get("customer", ""))


@only(DECIDERS)
@require_POST
def tried(request: Request, template_id: int) -> HttpResponse:
    """The message with a block as it is typed, for the frame beside the form. Nothing is kept."""
    found = there(request, template_id)
    given = request.POST
    asked = read_asked(given, found)
    try:
        body = _typed_body(asked, given)
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
        content = Content("", "", ())
        return _framed(request, asked, found.draft, content, "", said)
    return _framed(request, asked, body, body.content(asked.language, asked.variant) or Content(""), "")


def _typed_body(asked: Asked, given: Mapping[str, str]) -> Body:
    kind = asked.adding
    if kind is None:
        block = edits.block_at(asked.content.blocks, asked.place) if asked.place is not None else None
        if block is None:
            return asked.template.draft
        kind = block.kind
    return asked.body_with_blocks(put(asked, typed_block(kind, given)))


@only(DECIDERS)
@require_safe
def edit(request: Request, template_id: int) -> HttpResponse:
    """The page on which a template is written."""
    return edit_page(request, there(request, template_id))


def edit_page(
    request: Request,
    found: Template,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page, with what could not be done."""
    reader, workspace = request.reader, request.workspace
    asked = read_asked(typed or request.GET, found)
    content = asked.content
    known = known_fields(workspace)
    response = show(
        request,
        "templates/edit.html",
        status=status,
        place="outbox",
        found=found,
        asked=asked,
        content=content,
        subject=seen.subject_read(content.subject),
        frame_url=_frame_address(found, asked, version="draft"),
        lines=words.lines(content.blocks, reader),
        open=edits.written_place(asked.place) if asked.place is not None and asked.adding is None else "",
        form=_form(request, asked, typed),
        at=edits.written_place(asked.place) if asked.place is not None else "",
        kinds=[(kind, reader.say(name)) for kind, name in KINDS.items() if _fits(kind, found)],
        languages=words.language_names(found.draft.languages(asked.variant)),
        others=[each for each in words.language_names(languages()) if each[0] not in found.draft.languages()],
        campaign=[(name, found.draft.campaign.get(name, "")) for name in CAMPAIGN[:3]],
        fallback=", ".join(found.draft.fallback),
        fields=known,
        unknown=[name for name in fields_of(content) if name not in known],
        not_whole=[reader.say(each) for each in acts.not_whole(workspace, found)],
        wrong=wrong,
        typed=Typed(typed or {}),
    )
    response["Content-Security-Policy"] = _FRAMES_TOO
    return response


def _fits(kind: str, found: Template) -> bool:
    return found.kind == "message" or kind != "partial"


def _form(request: Request, asked: Asked, typed: Mapping[str, str] | None) -> list[words.ShownField]:
    """The fields of the block that is open, or of the one that is added."""
    block = edits.block_at(asked.content.blocks, asked.place) if asked.place is not None else None
    kind = asked.adding or (block.kind if block is not None else None)
    if kind is None:
        return []
    before = {} if asked.adding or block is None else words.of_block(block)
    return words.fields(kind, before | dict(typed or {}), _choices(request), request.reader)


def _choices(request: Request) -> dict[str, tuple[tuple[str, str], ...]]:
    parts = [each for each in templates.listed(request.workspace) if each.kind == "part" and each.published]
    return {
        "level": words.levels(request.reader),
        "key": tuple((each.key, each.title) for each in parts),
        "image": tuple((each.name, each.title) for each in message_images.listed(request.workspace)),
    }


def there(request: Request, template_id: int, *, deleted: bool = False) -> Template:
    """The template, where there is one; with ``deleted`` also one that was taken away."""
    found = templates.one(request.workspace, template_id)
    if found is None or (found.deleted_us is not None and not deleted):
        raise Http404(str(template_id))
    return found


def _shown_body(request: Request, found: Template) -> Body:
    """What was published, or with ``?version=draft`` what is being written."""
    if request.GET.get("version") == "draft" or not found.published:
        return found.draft
    return templates.body_of(request.workspace, found, found.published) or found.draft


def _framed(
    request: Request, asked: Asked, body: Body, content: Content, wanted: str, wrong: str = ""
) -> HttpResponse:
    if wrong:
        return seen.framed(f'<!doctype html><meta charset="utf-8"><p dir="auto">{escape(wrong)}</p>')
    customer = seen.customer_asked(request, wanted)
    ready = seen.composed_for(request, body, asked.language, asked.variant, content)
    try:
        return seen.framed(seen.written_for(ready, customer.values or {}).html)
    except Refusal as refusal:
        return _framed(request, asked, body, content, "", request.reader.say(refusal.found))


def _frame_address(found: Template, asked: Asked, **more: str) -> str:
    """Where the frame of a page gets the message from."""
    told = {"language": asked.language, "variant": asked.variant} | {
        name: each for name, each in more.items() if each
    }
    return f"{reverse('template_frame', args=[found.id])}?{urlencode(told)}"


def _at(moment_us: int) -> datetime:
    return datetime.fromtimestamp(moment_us / 1_000_000, UTC)
