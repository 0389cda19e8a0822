"""What people do with templates: make, write block by block, add languages and variants, publish, try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO, cast

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain import block_edits as edits
from holdfast.domain.blocks import parse_content
from holdfast.domain.refusals import Refusal
from holdfast.domain.templates import CAMPAIGN, Body, parse_body
from holdfast.domain.texts import Text
from holdfast.services.act.messages import images
from holdfast.services.act.messages import templates as acts
from holdfast.services.act.messages.trying import send_to_oneself
from holdfast.store import templates
from holdfast.store.models import User
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.templates import seen
from holdfast.web.pages.templates.asked import Asked, put, read_asked, typed_block
from holdfast.web.pages.templates.view import edit_page, list_page, template_page, there
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.uploads import too_large
from holdfast.web.watching import changed
from holdfast.web.work_words import email, refused


@only(DECIDERS)
@require_POST
def make(request: Request) -> HttpResponse:
    """Make a template, and lead to where it is written."""
    given = request.POST
    try:
        made = acts.make(
            request.workspace,
            given.get("title", ""),
            given.get("kind", "message"),
            given.get("language") or request.reader.code,
            by=email(request),
            now_us=_now_us(),
        )
    except Refusal as refusal:
        return list_page(request, refused(refusal, request.reader), given.dict(), status=422)
    changed(request, "template.made", f"template:{made.id}")
    return HttpResponseRedirect(reverse("template_edit", args=[made.id]))


@only(DECIDERS)
@require_POST
def do(request: Request, template_id: int, do: str) -> HttpResponse:
    """Change a template: a block of it, a language, all of it. What is wrong is said beside it."""
    if do == "restore":
        return _restore(request, template_id)
    found, act = there(request, template_id), _ACTS.get(do)
    if act is None:
        raise Http404(do)
    given = _given(request)
    if given.get("version", "") not in ("", str(found.version)):
        said = refused(acts.moved_on(), request.reader)
        return edit_page(request, found, said, given, status=409)
    try:
        response = act(request, read_asked(given, found))
    except Refusal as refusal:
        return edit_page(request, found, refused(refusal, request.reader), given, status=422)
    did = _DEEDS.get(do, "changed")
    changed(request, f"template.{did}", f"template:{template_id}")
    return response


@only(DECIDERS)
@require_POST
def send_test(request: Request, template_id: int) -> HttpResponse:
    """Send it to oneself, as one customer would get it, with what whoever asks may see of them."""
    found = there(request, template_id)
    asked = read_asked(request.POST, found)
    customer = seen.customer_asked(request, request.POST.get("customer", ""))
    ready = seen.composed_for(request, found.draft, asked.language, asked.variant, asked.content)
    person = cast(User, request.user)
    try:
        touch_id = send_to_oneself(
            request.workspace,
            seen.written_for(ready, customer.values or {}),
            to=person.email,
            person_id=person.pk,
            of_somebody=customer.unit_id is not None,
            now_us=_now_us(),
        )
    except Refusal as refusal:
        return template_page(request, found, refused(refusal, request.reader), status=422)
    changed(request, "template.tested", f"template:{template_id}", touch=touch_id)
    said = request.reader.say(Text("A mail is on its way to {address}.", address=person.email))
    return say_next(HttpResponseRedirect(reverse("template", args=[template_id])), said)


def _restore(request: Request, template_id: int) -> HttpResponse:
    there(request, template_id, deleted=True)
    templates.restore(request.workspace, template_id)
    changed(request, "template.restored", f"template:{template_id}")
    return HttpResponseRedirect(reverse("template", args=[template_id]))


def _words(request: Request, asked: Asked) -> HttpResponse:
    """Subject and the line beside it."""
    given = request.POST
    typed = {name: " ".join(given.get(name, "").split()) for name in ("subject", "preheader")}
    content = replace(parse_content(typed), blocks=asked.content.blocks)
    return _kept(request, asked, asked.body_with(content), asked.address())


def _block(request: Request, asked: Asked) -> HttpResponse:
    """A block that is new, or another in the place of one."""
    given = _given(request)
    place = asked.place if asked.place is not None else (len(asked.content.blocks),)
    if asked.adding:
        kind = asked.adding
    else:
        block = edits.block_at(asked.content.blocks, place)
        if block is None:
            raise acts.moved_on()
        kind = block.kind
    if kind == "image":
        given = _with_picture(request, given)
    body = asked.body_with_blocks(put(asked, typed_block(kind, given)))
    return _kept(request, asked, body, asked.address(place))


def _with_picture(request: Request, given: dict[str, str]) -> dict[str, str]:
    """What was typed, with the picture that was brought along."""
    file = request.FILES.get("file")
    if too_large(request):
        raise images.too_large(int(request.META.get("CONTENT_LENGTH") or 0))
    if file is None or file.name is None or file.file is None:
        return given
    image = images.add_image(
        request.workspace, file.name, cast(BinaryIO, file.file), by=email(request), now_us=_now_us()
    )
    return given | {"image": image.name}


def _move(by: int) -> Callable[[Request, Asked], HttpResponse]:
    def move(request: Request, asked: Asked) -> HttpResponse:
        blocks, place = edits.moved(asked.content.blocks, asked.place or (0,), by)
        return _kept(request, asked, asked.body_with_blocks(blocks), asked.address(place))

    return move


def _remove(request: Request, asked: Asked) -> HttpResponse:
    blocks = edits.removed(asked.content.blocks, asked.place) if asked.place else asked.content.blocks
    return _kept(request, asked, asked.body_with_blocks(blocks), asked.address())


def _add_language(request: Request, asked: Asked) -> HttpResponse:
    language = request.POST.get("other", "").strip()
    body = acts.add_language(asked.template.draft, language, asked.language)
    return _kept(request, asked, body, replace(asked, language=language).address())


def _remove_language(request: Request, asked: Asked) -> HttpResponse:
    body = acts.remove_language(asked.template.draft, asked.language)
    return _kept(request, asked, body, reverse("template_edit", args=[asked.template.id]))


def _add_variant(request: Request, asked: Asked) -> HttpResponse:
    return _kept(
        request, asked, acts.add_variant(asked.template.draft), replace(asked, variant="b").address()
    )


def _remove_variant(request: Request, asked: Asked) -> HttpResponse:
    body = asked.template.draft.without_variant("b")
    return _kept(request, asked, body, replace(asked, variant="a").address())


def _describe(request: Request, asked: Asked) -> HttpResponse:
    given = request.POST
    draft = asked.template.draft
    campaign = {**draft.campaign, **{name: given.get(name, "").strip() for name in CAMPAIGN if name in given}}
    fallback = [
        each.strip() for each in given.get("fallback", "").replace("،", ",").split(",") if each.strip()
    ]
    checked = parse_body({"variants": {"a": {}}, "fallback": fallback, "campaign": campaign})
    body = replace(draft, fallback=checked.fallback, campaign=checked.campaign)
    return _kept(request, asked, body, asked.address(), title=given.get("title", ""))


def _publish(request: Request, asked: Asked) -> HttpResponse:
    acts.publish(request.workspace, asked.template, by=email(request), now_us=_now_us())
    to = HttpResponseRedirect(reverse("template", args=[asked.template.id]))
    return say_next(to, request.reader.gettext("It is published: customers get it so from now on."))


def _delete(request: Request, asked: Asked) -> HttpResponse:
    templates.delete(request.workspace, asked.template.id, now_us=_now_us())
    undo = reverse("template_do", args=[asked.template.id, "restore"])
    to = HttpResponseRedirect(reverse("templates"))
    return say_next(to, request.reader.gettext("The template is taken away."), undo_url=undo)


_ACTS: dict[str, Callable[[Request, Asked], HttpResponse]] = {
    "words": _words,
    "block": _block,
    "up": _move(-1),
    "down": _move(1),
    "remove": _remove,
    "add-language": _add_language,
    "remove-language": _remove_language,
    "add-variant": _add_variant,
    "remove-variant": _remove_variant,
    "describe": _describe,
    "publish": _publish,
    "delete": _delete,
}


_DEEDS = {"publish": "published", "delete": "deleted"}


def _kept(request: Request, asked: Asked, body: Body, to: str, *, title: str = "") -> HttpResponse:
    acts.keep(request.workspace, asked.template, body, by=email(request), now_us=_now_us(), title=title)
    return HttpResponseRedirect(to)


def _given(request: Request) -> dict[str, str]:
    given: Mapping[str, str] = request.POST.dict()
    return dict(given)


def _now_us() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)
