"""Versions of the model: one champion, the ones before for going back, and those that lost.

A version's file is a pickle in the workspace's own folder, read back only when its SHA-256 is the
one that the database keeps. A pickle can run code: the folder is as trusted as the database beside it.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee import keeping
from holdfast.services.foresee.reading import DriftState, ModelCard

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.risk import ModelRow

KEPT = 6
"""So many versions are kept: the champion, and the newest of the others."""

FORMAT = 1
"""The shape of a kept model. Whoever changes what a model remembers counts on: older ones are then
trained anew instead of failing when they are asked."""


def cards(settings: Settings) -> tuple[ModelCard, ...]:
    """The cards of all versions that are kept, the newest first."""
    from holdfast.store import risk

    return tuple(_card(row) for row in risk.models(settings))


def card_of(settings: Settings, version: int) -> ModelCard | None:
    """The card of one version; ``None`` when it is not kept."""
    from holdfast.store import risk

    return next((_card(row) for row in risk.models(settings, version)), None)


def champion(settings: Settings) -> ModelCard | None:
    """The card of the model that scores; ``None`` before there is one."""
    return next((each for each in cards(settings) if each.role == "champion"), None)


def save(settings: Settings, model: Any, card: ModelCard) -> ModelCard:
    """Keep a model as the next version and answer its card; old versions go."""
    from holdfast.store import risk

    known = risk.models(settings)
    card = replace(card, version=max((row.version for row in known), default=0) + 1)
    packed = pickle.dumps((_made_with(), model), protocol=5)
    _write(_file(settings, card.version), packed)
    risk.save_model(
        settings,
        risk.ModelRow(
            card.version,
            card.role,
            hashlib.sha256(packed).hexdigest(),
            day_number(card.trained_on),
            card.horizon_days,
            int(datetime.now(UTC).timestamp() * 1_000_000),
            keeping.told(card),
        ),
    )
    _forget_old(settings)
    return card


def load(settings: Settings, version: int) -> Any | None:
    """The model of ``version``; ``None`` when its file is missing, changed, or of another release."""
    from holdfast.store import risk

    row = next(iter(risk.models(settings, version)), None)
    path = _file(settings, version)
    if row is None or not path.is_file():
        return None
    packed = path.read_bytes()
    if hashlib.sha256(packed).hexdigest() != row.digest:
        return None
    try:
        made_with, model = pickle.loads(packed)  # noqa: S301  (its hash is the one that we wrote down)
    except Exception:  # whatever another release of a library makes of it: train anew
        return None
    return model if made_with == _made_with() else None


def make_champion(settings: Settings, version: int) -> None:
    """Let ``version`` be the champion again, or refuse ("no_such_version")."""
    from holdfast.store import risk

    if load(settings, version) is None:
        known = ", ".join(str(row.version) for row in risk.models(settings)) or "-"
        raise Refusal(
            "no_such_version",
            found=Text("There is no version {version} whose file can be read.", version=str(version)),
            expected=Text("One of the versions that are kept: {versions}.", versions=known),
            remedy=Text("Choose one of these, or let `holdfast run` train a new one."),
        )
    risk.set_champion(settings, version)


def note_drift(settings: Settings, card: ModelCard, drift: DriftState) -> ModelCard:
    """Write the state of the alarms on the card."""
    from holdfast.store import risk

    card = replace(card, drift=drift)
    risk.set_card(settings, card.version, keeping.told(card))
    return card


def _made_with() -> tuple[int, str]:
    """What must be the same when a model is read back: our shape of it, and the trees' library."""
    import sklearn

    return FORMAT, sklearn.__version__


def _card(row: ModelRow) -> ModelCard:
    return replace(keeping.card(row.card), version=row.version, role=row.role)  # type: ignore[arg-type]


def _file(settings: Settings, version: int) -> Path:
    return settings.models / str(version) / "model.pickle"


def _write(path: Path, packed: bytes) -> None:
    """Readable by its owner only; the file appears as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _forget_old(settings: Settings) -> None:
    """Forget all but the champion and the newest others, rows first: a file without a row is nothing."""
    from holdfast.store import risk

    rows = risk.models(settings)
    others = [row.version for row in rows if row.role != "champion"]
    gone = others[KEPT - 1 :]
    risk.forget_models(settings, gone)
    for version in gone:
        shutil.rmtree(settings.models / str(version), ignore_errors=True)
