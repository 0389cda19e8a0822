"""What may not come back once somebody is erased, and what a scan looks for to prove it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from holdfast.settings import Settings
from holdfast.store.erasure import Key

_PURPOSE = "erasure"


@dataclass(frozen=True, slots=True)
class Wanted:
    """``keys`` are ids and addresses that may not come back; ``words`` is what the scan looks for, in
    lower case. ``unclear`` counts what is too short or not theirs alone, and so proves nothing;
    ``documents`` are the names under which the bytes of their documents lie.
    """

    keys: tuple[Key, ...]
    words: tuple[str, ...]
    unclear: int = 0
    documents: tuple[str, ...] = ()

    def sealed(self, settings: Settings) -> str:
        """All of it, encrypted with the workspace's secret."""
        from holdfast.store.sealed import encrypt

        return encrypt(settings, _PURPOSE, {"wanted": json.dumps(asdict(self), ensure_ascii=False)})

    @classmethod
    def unsealed(cls, settings: Settings, sealed: str) -> Wanted:
        """What :meth:`sealed` was given."""
        from holdfast.store.sealed import decrypt

        held = json.loads(decrypt(settings, _PURPOSE, sealed)["wanted"])
        keys = tuple((namespace, key) for namespace, key in held["keys"])
        return cls(keys, tuple(held["words"]), held["unclear"], tuple(held["documents"]))


def wanted_of(settings: Settings, subjects: Sequence[int]) -> Wanted:
    """What is known of somebody now."""
    from holdfast.store import documents
    from holdfast.store.traces import traces

    found = traces(settings, subjects)
    stored = tuple(name for _, name in documents.of_subjects(settings, subjects))
    return Wanted(found.keys, found.words, found.unclear, stored)
