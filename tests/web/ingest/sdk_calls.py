"""Sends events with Segment's library for Python; run by the Python that has it.

``python sdk_calls.py URL KEY``: ends with 1 and the errors when the library says that something failed.
"""

import sys
from datetime import UTC, datetime


def main(url: str, key: str) -> int:
    from segment import analytics

    errors: list = []
    analytics.write_key = key
    analytics.host = url
    analytics.gzip = True
    analytics.on_error = lambda error, items: errors.append(error)
    analytics.identify("u1", {"email": "ioana@example.com", "name": "Ioana Marin", "plan": "pro"})
    analytics.track("u1", "Order Completed", {"order_id": "O1", "total": 12.5, "currency": "EUR"})
    analytics.track("u1", "Order Completed", {"order_id": "O1", "total": 12.5}, message_id="m-1")
    analytics.track("u1", "Order Completed", {"order_id": "O1", "total": 12.5}, message_id="m-1")
    analytics.track("u1", "Visit", {}, timestamp=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    analytics.group("u1", "g1", {"name": "Café Lumen"})
    analytics.alias("old-1", "u1")
    analytics.page("u1", "Docs", "Pricing", {"url": "https://shop.example/pricing"})
    analytics.screen("u1", "App", "Home")
    for number in range(250):
        analytics.track(f"many-{number}", "Clicked", {"number": number, "word": "قهوه"})
    analytics.flush()
    analytics.shutdown()
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
