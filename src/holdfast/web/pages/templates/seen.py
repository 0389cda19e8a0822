"""A message as one customer would get it, shown to whoever may see it, in a frame without scripts.

What a role sees in part only is masked here too; a value that is not known is shown by its field's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse

from holdfast.domain.blocks import Content
from holdfast.domain.merge_fields import compiled, written
from holdfast.domain.refusals import Refusal
from holdfast.domain.templates import Body
from holdfast.language import Reader
from holdfast.services.act.messages.composing import Composed, Message, compose, with_gaps
from holdfast.services.act.messages.values import masked_values, values_of
from holdfast.services.act.messages.writing import look_of
from holdfast.web.masking import covered, masks
from holdfast.web.named import unit_named
from holdfast.web.reading import Request

LONGEST_ASKED = 200
FRAME_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "sandbox allow-same-origin",
    )
)
"""Styles stand on the elements of a mail, so they are let in here; no script runs, whatever is in it. It
stays of our origin, so that its pictures are "self" and tools for accessibility reach it.
"""


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose values a message is shown with; ``wrong`` says why nobody's are."""

    unit_id: int | None = None
    values: Mapping[str, object] | None = None
    wrong: str = ""


def customer_asked(request: Request, wanted: str) -> Customer:
    """The customer whom somebody asked for, with the values they may see."""
    wanted = wanted.strip()[:LONGEST_ASKED]
    workspace, reader = request.workspace, request.reader
    if not wanted:
        return Customer(values={"company_name": workspace.name})
    try:
        unit_id = unit_named(request, wanted)
    except Refusal as refusal:
        return Customer(wrong=f"{reader.say(refusal.found)} {reader.say(refusal.remedy)}", values={})
    sight = masks(request)
    cover = str if sight.whole else covered
    return Customer(unit_id, masked_values(values_of(workspace, unit_id), sight.shown, cover))


def composed_for(request: Request, body: Body, language: str, variant: str, content: Content) -> Composed:
    """A message with its pictures from here, whatever address this Holdfast is reached at."""
    return compose(content, look_of(request.workspace, body, language, variant, base=""))


def written_for(ready: Composed, values: Mapping[str, object]) -> Message:
    """The message with the names of fields where values are not known."""
    shown = Composed(ready.language, with_gaps(ready.subject), with_gaps(ready.text), with_gaps(ready.html))
    return shown.for_customer(values)


def tried_for(ready: Composed, values: Mapping[str, object], reader: Reader) -> tuple[Message, str]:
    """The message, and why it cannot be written with these values: then it has only the names of fields."""
    try:
        return written_for(ready, values), ""
    except Refusal as refusal:
        return written_for(ready, {}), f"{reader.say(refusal.found)} {reader.say(refusal.remedy)}"


def subject_read(subject: str) -> str:
    """A subject as it reads: the other word of each field, or its name; as it is where it cannot be read."""
    try:
        return written(with_gaps(compiled(subject)), {})
    except Refusal:
        return subject


def framed(html: str) -> HttpResponse:
    """A message for the frame of a page of ours."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = FRAME_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
