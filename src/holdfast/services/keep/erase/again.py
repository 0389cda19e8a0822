"""The list of who was erased, without saying who it was: to erase them again in a backup that is put back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.keep.erase.listing import NAME
from holdfast.services.keep.erase.steps import erase
from holdfast.services.keep.erase.whom import Whom
from holdfast.services.progress import Progress
from holdfast.settings import Settings
from holdfast.store.erasure import ErasureRecord


def read_list(path: Path) -> list[Mapping[str, Any]]:
    """What :func:`write_list` wrote; ``path`` may be the folder it lies in."""
    try:
        said = json.loads((path / NAME if path.is_dir() else path).read_text(encoding="utf-8"))
        return [dict(each) for each in said if {"subjects", "asked_us", "kind", "keys"} <= each.keys()]
    except (OSError, ValueError, AttributeError) as error:
        raise Refusal(
            "no_list_of_erasures",
            found=Text("{file} is no list of erasures.", file=str(path)),
            expected=Text("The file erasures.json of the workspace that was lost."),
            remedy=Text("Name it; the backup was put back, and nobody was erased again."),
        ) from error


def erase_again(
    settings: Settings, said: Sequence[Mapping[str, Any]], *, progress: Progress
) -> list[ErasureRecord]:
    """Erase whoever is on the list and was not erased yet when the backup was made."""
    from holdfast.store import erasure

    known = {(each.kind, each.asked_us) for each in erasure.listed(settings)}
    done = []
    for each in sorted(said, key=lambda each: int(each["asked_us"])):
        if (each["kind"], each["asked_us"]) in known:
            continue
        whom = Whom(each["kind"], tuple(int(subject) for subject in each["subjects"]), "")
        record = erase(
            settings,
            whom,
            by=str(each.get("asked_by", "")),
            now_us=int(each["asked_us"]),
            at_once=True,
            progress=progress,
        )
        erasure.remember_digests(settings, record.id, each["keys"], int(each["asked_us"]))
        if each.get("lifted"):
            erasure.lift(settings, record.id, by=record.asked_by, now_us=record.asked_us)
        done.append(record)
    return done
