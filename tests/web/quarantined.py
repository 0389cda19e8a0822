"""An event in quarantine and a key, as pages show them."""

from __future__ import annotations

import json

from holdfast.settings import Settings
from web.live import make_key

AT = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
BAD = {
    "type": "track",
    "userId": "u1",
    "messageId": "m1",
    "properties": {"note": "<script>alert(1)</script>"},
}


def put_aside(workspace: Settings, count: int = 1) -> None:
    """``count`` events without a name, of a shop with a server's and a website's key."""
    from holdfast.services.collect.arrive import accept
    from holdfast.services.collect.taking_in import take_in_arrived
    from holdfast.store import live_sources

    make_key(workspace, "Shop <b>")
    make_key(workspace, "Website", browser=True, origins=["https://shop.example"])
    source = live_sources.by_name(workspace, "Shop <b>")
    assert source is not None
    batch = [{**BAD, "messageId": f"m{number}"} for number in range(count)]
    body = json.dumps({"batch": batch}).encode()
    accept(workspace, source.id, body, events=count, received_us=AT)
    take_in_arrived(workspace, now_us=AT)
