"""What the nightly run does to understand the losses: their causes, what pages show of them, inquiries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.services.understand import inquiries, lost_orders, outside_causes, telling, voice

if TYPE_CHECKING:
    from holdfast.services.measure.measure import Ready
    from holdfast.services.progress import Progress
    from holdfast.settings import Settings


def understand(settings: Settings, tables: Ready, *, now_us: int, progress: Progress) -> None:
    """Find the cause of each loss, count what the Voice page shows, and inquire into large losses, those of
    customers and those of orders.
    """
    from holdfast.store import losses

    progress.step(Text("Looking why customers left"), 0, None)
    gone = telling.tell(settings, tables)
    voice.note(settings, tables, gone)
    today = day_number(tables.until.over)
    outside_causes.note(settings, gone, tables.company.countries, today)
    lately = gone.money[gone.losses.left_day >= today - voice.YEAR_DAYS]
    now = settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))
    inquiries.open_inquiries(
        settings,
        losses.between(settings, today - inquiries.NEWS_DAYS, today + 1),
        inquiries.threshold(settings, np.asarray(lately).tolist()),
        currency=tables.kept.currency,
        today=today,
        now=now,
    )
    lost_orders.open_inquiries(settings, tables, today=today, now=now)
