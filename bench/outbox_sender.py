"""A dispatcher for the benchmark: ``python -m bench.outbox_sender FOLDER reuse|anew``."""

from __future__ import annotations

import sys

from holdfast.channels import _smtp
from holdfast.services.act.__main__ import main

if __name__ == "__main__":
    folder, how = sys.argv[1:]
    if how == "anew":
        _smtp.MOST_PER_CONNECTION = 1
    sys.exit(main(folder))
