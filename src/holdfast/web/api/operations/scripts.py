"""Scripts of calls: what to say on an occasion, by language."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from holdfast.domain.refusals import Refusal
from holdfast.services.act.scripts import kept
from holdfast.services.act.work_typed import LONGEST_TEXT, LONGEST_TITLE
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS
from holdfast.web.api.contract import Answered, Asked, Call, not_here, operation

Key = Annotated[str, Meta(min_length=1, max_length=40)]
Code = Annotated[str, Meta(min_length=2, max_length=12)]


class ScriptWords(Answered, frozen=True):
    """A script in one language; fields stand in double braces."""

    title: str
    text: str


class Script(Answered, frozen=True):
    """A script; ``number`` rises with each change, 0 is a ready one as it came."""

    key: str
    ready: bool
    number: int
    words: dict[str, ScriptWords]


class ScriptList(Answered, frozen=True):
    """All scripts: the ready ones first."""

    items: list[Script]


class ScriptWritten(Asked, kw_only=True, frozen=True):
    """What a script says in ``language``; ``number`` is the version that it changes, null the latest."""

    language: Code
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    number: Annotated[int, Meta(ge=0)] | None = None


@operation("GET", "/scripts", scope=READ)
def list_scripts(call: Call) -> ScriptList:
    """List the scripts with their words in every language."""
    return ScriptList(items=[_script(each) for each in kept.every(call.settings)])


@operation("GET", "/scripts/{key}", scope=READ)
def get_script(call: Call, key: Key) -> Script:
    """Get one script."""
    return _script(_one(call, key))


@operation("POST", "/scripts", scope=WRITE, roles=DECIDERS, status=201)
def create_script(call: Call, body: ScriptWritten) -> Script:
    """Write a script; its key is made of the title."""
    words = kept.Said(body.title, body.text)
    key = kept.make(call.settings, body.language, words, by=call.by, now_us=call.actual_us)
    return get_script(call, key)


@operation("PATCH", "/scripts/{key}", scope=WRITE, roles=DECIDERS)
def update_script(call: Call, key: Key, body: ScriptWritten) -> Script:
    """Give a script other words in a language, or words in another one."""
    _one(call, key)
    number = -1 if body.number is None else body.number
    words = kept.Said(body.title, body.text)
    kept.keep(call.settings, key, body.language, words, number, by=call.by, now_us=call.actual_us)
    return get_script(call, key)


@operation("DELETE", "/scripts/{key}", scope=WRITE, roles=DECIDERS)
def take_script_back(call: Call, key: Key) -> None:
    """Forget what was written here: a ready script is again as it came, another is gone."""
    if not kept.take_back(call.settings, key):
        raise not_here("script", key)


def _one(call: Call, key: str) -> kept.Script:
    try:
        return kept.one(call.settings, key)
    except Refusal as refusal:
        raise not_here("script", key) from refusal


def _script(script: kept.Script) -> Script:
    words = {code: ScriptWords(title=said.title, text=said.text) for code, said in script.words.items()}
    return Script(key=script.key, ready=script.is_ready, number=script.number, words=words)
