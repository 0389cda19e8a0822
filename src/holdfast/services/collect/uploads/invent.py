"""Files of an invented company, to try the import with before one's own."""

from __future__ import annotations

from holdfast.domain.texts import Text
from holdfast.services.collect.scratch import scratch_folder
from holdfast.services.collect.uploads import files
from holdfast.services.collect.uploads.look import look
from holdfast.services.progress import Progress
from holdfast.settings import Settings
from holdfast.store.uploads import NewUpload

PEOPLE, DAYS, SEED = 200, 420, 7
"""Small enough to be there in a moment, large enough for figures that say something."""

WANTED = ("customers.csv", "orders.csv", "subscriptions.csv", "payments.csv")
"""Which of its files are brought: who they are, what they bought, what they pay."""


def invent(settings: Settings, *, progress: Progress, by_id: int | None, now_us: int) -> list[int]:
    """Let an invented company live until today and bring its files as if somebody had uploaded them."""
    from datetime import timedelta

    from holdfast.services.collect.report import moment
    from holdfast.simulate.files import FILES, write_files
    from holdfast.simulate.scenario import usual_scenario
    from holdfast.simulate.world import World

    now = moment(now_us)
    assert now is not None  # noqa: S101  (a moment was given)
    start = now.date() - timedelta(days=DAYS)
    world = World(usual_scenario(seed=SEED, customers=PEOPLE, start=start, days=DAYS))
    numbers = []
    with scratch_folder(settings) as folder:
        written = write_files(
            world, folder, days=DAYS, progress=lambda done, total: progress.step(_LIVING, done, total)
        )
        for name in WANTED:
            if written.files.get(name):
                path = folder / name
                new = NewUpload(name, path.stat().st_size, FILES[name])
                number = files.receive(settings, path, new, by_id=by_id, now_us=now_us)
                look(settings, number, now_us=now_us)
                numbers.append(number)
    return numbers


_LIVING = Text("Living through the days of an invented company")
