"""Sign-up forms as our people make them: made, changed, opened and closed; two who change one are told."""

from __future__ import annotations

from holdfast.domain.refusals import Refusal
from holdfast.domain.sign_ups import LONGEST_TITLE, Asked
from holdfast.domain.texts import Text
from holdfast.language import languages
from holdfast.settings import Settings
from holdfast.store import sign_ups
from holdfast.store.sign_ups import Form

MOST = 200
_LONGEST_KEY = 70
_MOST_ALIKE = 50


def make(
    settings: Settings, title: str, asked: Asked | None = None, *, by: str, now_us: int, key: str = ""
) -> Form:
    """Make a form, which is open at once. Refuses ("bad_title", "bad_form", "key_taken", "too_many")."""
    from holdfast.services.collect.segments.define import slug

    named = _checked_title(title)
    _check_languages(asked or Asked())
    if len(sign_ups.forms(settings)) >= MOST:
        raise _too_many()
    wanted = slug(key or named)[:_LONGEST_KEY].strip("-") or "form"
    tries = [wanted] if key else [wanted, *(f"{wanted}-{n}" for n in range(2, _MOST_ALIKE))]
    for each in tries:
        number = sign_ups.add(settings, each, named, asked or Asked(), by=by, now_us=now_us)
        if number is not None:
            return _there(settings, number)
    raise Refusal(
        "key_taken",
        found=Text("Another form has the key {key}.", key=wanted),
        expected=Text("A key of its own."),
        remedy=Text("Choose another key; nothing was changed."),
    )


def keep(settings: Settings, form: Form, title: str, asked: Asked, *, by: str, now_us: int) -> Form:
    """Let a form ask and say something else from now on. Refuses ("bad_title", "bad_form", "moved_on").

    Who signed up before did so by the words of then; these stay known.
    """
    named = _checked_title(title)
    _check_languages(asked)
    if (named, asked) == (form.title, form.asked):
        return form
    if not sign_ups.change(settings, form, named, asked, by=by, now_us=now_us):
        raise moved_on()
    return _there(settings, form.id)


def moved_on() -> Refusal:
    """Somebody else changed it in between."""
    return Refusal(
        "moved_on",
        found=Text("Somebody changed the form since you opened it."),
        expected=Text("A change of the form as it is now."),
        remedy=Text("Look at it again; what you typed was not kept."),
    )


def _checked_title(written: str) -> str:
    title = " ".join(written.replace("\0", "").split())
    if not title or len(title) > LONGEST_TITLE:
        raise Refusal(
            "bad_title",
            found=Text("The form has no name, or a very long one."),
            expected=Text("A name of at most {n} characters.", n=LONGEST_TITLE),
            remedy=Text("Choose a shorter name; nothing was changed."),
        )
    return title


def _check_languages(asked: Asked) -> None:
    """Refuses words in a language that pages are not written in: the rest of the form could not be said."""
    for code in asked.words:
        if code not in languages():
            raise Refusal(
                "bad_form",
                found=Text("“{language}” is no language of our pages.", language=code),
                expected=Text("One of: {names}.", names=", ".join(languages())),
                remedy=Text("Mend it; nothing was changed."),
            )


def _too_many() -> Refusal:
    return Refusal(
        "too_many",
        found=Text("There are {n} forms already.", n=MOST),
        expected=Text("At most {n} forms.", n=MOST),
        remedy=Text("Change one that is there; nothing was made."),
    )


def _there(settings: Settings, form_id: int) -> Form:
    found = sign_ups.form(settings, form_id)
    if found is None:
        raise LookupError(f"no form {form_id}")
    return found
