"""``python -m holdfast.services.collect.identity FOLDER``: one search for duplicates, in its own process."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from holdfast.services.processes import end_with_parent


def main(folder: str) -> int:
    """Bring the list of probable duplicates up to date."""
    from holdfast.services.collect.identity.search import search_duplicates
    from holdfast.settings import read_settings

    settings = read_settings(Path(folder))
    search_duplicates(settings, settings.now(datetime.now(UTC)))
    return 0


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main(*sys.argv[1:]))
