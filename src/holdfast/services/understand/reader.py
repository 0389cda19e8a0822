"""The reader of a workspace: the phrases, its own competitors, and what was learnt from its corrections."""

from __future__ import annotations

import logging
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING

from holdfast.services.understand.endpoint import Endpoint, plugged_in
from holdfast.text import read
from holdfast.text.found import Found, found_in
from holdfast.text.learnt import Learnt

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.text_layers import Layer

_log = logging.getLogger("holdfast.worker")

REMEMBERED = 20_000
"""Readings of texts that are kept at hand: many customers write the same few words."""

REMEMBERED_LETTERS = 400
"""A longer text hardly comes twice."""


class Reader:
    """Reads texts as one workspace reads them; ``version`` changes with whatever changes a reading."""

    def __init__(
        self, competitors: Sequence[str], layers: Sequence[Learnt], endpoint: Endpoint | None = None
    ) -> None:
        self._competitors = tuple(competitors)
        self._endpoint = endpoint
        self._layers = {layer.language: layer for layer in layers}
        layered = sorted(f"{code}={layer.version}" for code, layer in self._layers.items())
        told = "\x1f".join(
            [_written(), *sorted(competitors), *layered, *([endpoint.version] if endpoint else [])]
        )
        self.version = blake2b(told.encode(), digest_size=12).hexdigest()
        self._known: OrderedDict[str, Found] = OrderedDict()

    def read(self, texts: Sequence[str]) -> list[Found]:
        """What stands in each of the texts."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        fresh = dict(zip(new, self._read(new), strict=True))
        found = [fresh[text] if text in fresh else self._known[text] for text in texts]
        for text, each in fresh.items():
            if len(text) <= REMEMBERED_LETTERS:
                self._known[text] = each
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _read(self, texts: Sequence[str]) -> list[Found]:
        readings = [read(text, competitors=self._competitors) for text in texts]
        for layer in self._layers.values():
            readings = layer.read_many(texts, readings)
        if self._endpoint is not None:
            readings = self._endpoint.improved(texts, readings)
        return [found_in(text, reading) for text, reading in zip(texts, readings, strict=True)]


def reader_of(settings: Settings, *, asks: bool = True) -> Reader:
    """The reader of a workspace as it is now; unless it ``asks``, no language model that was plugged in."""
    from holdfast.store import own_words, text_layers

    layers = [learnt for each in text_layers.in_use(settings) if (learnt := learnt_of(each)) is not None]
    return Reader(
        [each.name for each in own_words.competitors(settings)], layers, plugged_in() if asks else None
    )


def learnt_of(layer: Layer) -> Learnt | None:
    """What a kept layer holds; ``None`` where it holds nothing, or what another release wrote: it is learnt
    anew at night, and until then the phrases read alone.
    """
    try:
        return Learnt.from_bytes(b64decode(layer.layer)) if layer.layer else None
    except ValueError as error:
        _log.warning("what was learnt in %s cannot be used: %s", layer.language, error)
        return None


@cache
def _written() -> str:
    """A name for the phrases as they are written in this release."""
    digest = blake2b(digest_size=12)
    package = files("holdfast.text")
    phrases = sorted((package / "phrases").iterdir(), key=lambda file: file.name)
    for file in (*phrases, package / "wishes.toml", package / "taxonomy.json"):
        if file.name.endswith((".toml", ".json")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
