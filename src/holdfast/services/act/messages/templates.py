"""Templates of messages: made, written in languages and variants, published, taken away and brought back.

What is being written is a draft; customers get what was published last. Each change says which version it was
made on: of two people who change the same draft the second is told ("moved_on").
"""

from __future__ import annotations

from dataclasses import replace

from holdfast.domain.blocks import Content
from holdfast.domain.refusals import Refusal
from holdfast.domain.templates import (
    LONGEST_TITLE,
    TEMPLATE_KINDS,
    VARIANTS,
    Body,
    contents,
    images_in,
    new_body,
    parse_body,
    parts_in,
)
from holdfast.domain.texts import Text
from holdfast.language.languages import written_in
from holdfast.settings import Settings
from holdfast.store import message_images, templates
from holdfast.store.templates import Template

_LONGEST_KEY = 70


def make(
    settings: Settings,
    title: str,
    kind: str,
    language: str,
    *,
    by: str,
    now_us: int,
    key: str = "",
    draft: Body | None = None,
) -> Template:
    """Make a template: empty in one language, or with a ``draft``.

    Refuses ("bad_title", "bad_kind", "key_taken").
    """
    from holdfast.services.collect.segments.define import slug

    if kind not in TEMPLATE_KINDS:
        raise _no_kind(kind)
    named = checked_title(title)
    wanted = slug(key or named)[:_LONGEST_KEY].strip("-").replace("-", "_")
    if key and templates.keyed(settings, wanted) is not None:
        raise _taken(wanted)
    chosen = _free(wanted, templates.keys_like(settings, wanted))
    campaign = (
        {"utm_source": "holdfast", "utm_medium": "email", "utm_campaign": chosen} if kind == "message" else {}
    )
    body = draft or new_body(language, campaign)
    made = templates.add(settings, chosen, named, kind, body, by=by, now_us=now_us)
    if made is None:
        raise _taken(chosen)
    return _there(settings, made)


def keep(
    settings: Settings, template: Template, body: Body, *, by: str, now_us: int, title: str = ""
) -> Template:
    """Keep another draft. Refuses one that somebody changed since it was read ("moved_on")."""
    named = checked_title(title) if title else template.title
    checked = parse_body(_as_written(body))
    if not templates.change(settings, template, by=by, now_us=now_us, body=checked, title=named):
        raise moved_on()
    return _there(settings, template.id)


def add_language(body: Body, language: str, copied_from: str) -> Body:
    """The body with a further language in every variant, begun as a copy."""
    if any(language in there for there in body.variants.values()):
        return body
    for variant in body.variants:
        body = body.with_content(language, body.content(copied_from, variant) or Content(""), variant)
    return replace(body, fallback=(*body.fallback, language))


def remove_language(body: Body, language: str) -> Body:
    """The body without a language. Refuses to take away the last one ("last_language")."""
    if len(body.languages()) < 2:
        raise Refusal(
            "last_language",
            found=Text("It is the only language of this template."),
            expected=Text("A template in at least one language."),
            remedy=Text("Add another language first, or delete the template."),
        )
    kept = body.without(language)
    return replace(kept, fallback=tuple(each for each in kept.fallback if each != language))


def add_variant(body: Body) -> Body:
    """The body with a second variant, begun as a copy of the first."""
    if len(body.variants) > 1:
        return body
    return replace(body, variants={**body.variants, VARIANTS[1]: dict(body.variants[VARIANTS[0]])})


def publish(settings: Settings, template: Template, *, by: str, now_us: int) -> int:
    """Let customers get the draft from now on; its number.

    Refuses what is not whole ("not_whole"), and a draft that somebody changed meanwhile ("moved_on").
    """
    wrong = not_whole(settings, template)
    if wrong:
        raise Refusal(
            "not_whole",
            found=wrong[0],
            expected=Text("A message that can be sent as it is, in each of its languages."),
            remedy=Text("Mend that, then publish it; what was published before goes on being sent."),
        )
    number = templates.publish(settings, template, by=by, now_us=now_us)
    if number is None:
        raise moved_on()
    return number


def not_whole(settings: Settings, template: Template) -> list[Text]:
    """Why a draft cannot be published yet."""
    wrong: list[Text] = []
    body = template.draft
    for variant, language, content in contents(body):
        said_in = written_in(language).own_name
        place = f"{variant}, {said_in}" if len(body.variants) > 1 else said_in
        if template.kind == "message" and not content.subject.strip():
            wrong.append(Text("The message has no subject ({place}).", place=place))
        if not content.blocks:
            wrong.append(Text("There is nothing in it ({place}).", place=place))
    return [*wrong, *_not_there(settings, template)]


def _not_there(settings: Settings, template: Template) -> list[Text]:
    """Shared parts and pictures that a draft names and that are not there."""
    parts, images = parts_in(template.draft), images_in(template.draft)
    if template.kind == "part" and parts:
        return [Text("A shared part holds no other shared part.")]
    known = {key for key, each in templates.published(settings, parts).items() if each.kind == "part"}
    kept = message_images.among(settings, images)
    return [
        *(Text("There is no published shared part “{key}”.", key=key) for key in sorted(parts - known)),
        *(Text("There is no picture “{name}”.", name=name) for name in sorted(images - kept.keys())),
    ]


def checked_title(written: str) -> str:
    """A title without blanks at its edges. Refuses ("bad_title")."""
    title = " ".join(written.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise Refusal(
            "bad_title",
            found=Text("“{title}” is no name for a template.", title=title[:60]),
            expected=Text("A name of 1 to {n} characters.", n=LONGEST_TITLE),
            remedy=Text("Choose another name; nothing was changed."),
        )
    return title


def moved_on() -> Refusal:
    """The refusal of a change to what somebody else changed meanwhile."""
    return Refusal(
        "moved_on",
        found=Text("Somebody changed the template meanwhile."),
        expected=Text("A change of the template as it is now."),
        remedy=Text("Look at how it is now, and make your change again."),
    )


def _as_written(body: Body) -> object:
    from holdfast.domain.templates import body_as_json

    return body_as_json(body)


def _there(settings: Settings, template_id: int) -> Template:
    found = templates.one(settings, template_id)
    if found is None:
        raise RuntimeError("a template that was just written is not there")
    return found


def _free(key: str, taken: set[str]) -> str:
    number, chosen = 2, key
    while chosen in taken:
        chosen, number = f"{key}_{number}", number + 1
    return chosen


def _taken(key: str) -> Refusal:
    return Refusal(
        "key_taken",
        found=Text("There is a template “{key}” already, or was one.", key=key),
        expected=Text("A key that no template has."),
        remedy=Text("Choose another one; nothing was changed."),
    )


def _no_kind(kind: str) -> Refusal:
    return Refusal(
        "bad_kind",
        found=Text("“{kind}” is no kind of template.", kind=kind[:40]),
        expected=Text("One of {known}.", known=", ".join(TEMPLATE_KINDS)),
        remedy=Text("Choose one of them; nothing was changed."),
    )
