"""What the nightly run looks for in all customers together, kept for the pages of Understand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.domain.texts import Text
from holdfast.services.understand import common, journey, outside

if TYPE_CHECKING:
    from holdfast.services.foresee.snapshots import History
    from holdfast.services.progress import Progress
    from holdfast.settings import Settings


def look(settings: Settings, history: History, day: int, progress: Progress) -> None:
    """Look at everybody as of the beginning of ``day``."""
    progress.step(Text("Looking for what the lost have in common"), 0, None)
    contacts = common.note(settings, history, day)
    progress.step(Text("Following the way of customers"), 0, None)
    journey.note(settings, history, day, contacts)
    progress.step(Text("Telling outside factors apart"), 0, None)
    outside.note(settings, history, day)
