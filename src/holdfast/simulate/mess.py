"""Bad rows, planted on request, for whoever wants to see what an import does with them."""

from __future__ import annotations

from pathlib import Path

MESS: dict[str, tuple[str, ...]] = {
    "orders.csv": (
        ",2026-05-05T10:00:00Z,O-MESS-1,BEAN-HUILA-500,1,14.90,14.90,EUR",
        ",2026-05-06T10:00:00Z,O-MESS-2,BEAN-HUILA-500,2,14.90,29.80,EUR",
        "C000001,not a date,O-MESS-3,BEAN-HUILA-500,1,14.90,14.90,EUR",
        "C000001,2026-05-05T10:00:00Z,O-MESS-4,BEAN-HUILA-500,one,14.90,fourteen,EUR",
        "C000001,2026-05-05T10:00:00Z,O-MESS-5,BEAN-HUILA-500,1,0.00,0.00,EUR",
        "C000001,2026-05-05T10:00:00Z,O-MESS-6,BEAN-HUILA-500,1,-14.90,-14.90,EUR",
        "C000001,2099-01-01T00:00:00Z,O-MESS-7,BEAN-HUILA-500,1,14.90,14.90,EUR",
        "C000001,2026-05-05T10:00:00Z,O-MESS-8,BEAN-HUILA-500,1,14.90,14.90,EUR",
        "C000001,2026-05-05T10:00:00Z,O-MESS-8,BEAN-HUILA-500,1,14.90,14.90,EUR",
    ),
    "events.jsonl": (
        '{"customer":"C000001","at":"2026-05-05T10:00:00Z"',
        '{"customer":"C000001","at":"2026-05-05T10:00:00Z"}',
        '{"at":"2026-05-05T10:00:00Z","name":"Feature Used"}',
    ),
    "payments.csv": ("C000001,I-MESS-1,,,2026-05-05T10:00:00Z,,EUR,paid,,card",),
}
"""Lines added at the end of each file: two without a customer, a date and amounts that are none, a
price of zero and one below, a date in the future, two honest lines alike; JSON that is cut, an event
without a name, one without a customer; a payment without an amount.
"""


def make_mess(folder: Path) -> None:
    """Add the bad rows to the files of ``folder`` that are there."""
    for file, lines in MESS.items():
        if (folder / file).is_file():
            with (folder / file).open("a", encoding="utf-8", newline="") as opened:
                opened.writelines(f"{line}\n" for line in lines)
