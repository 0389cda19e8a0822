"""What the running service says of itself: ready or not, and its measurements."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from holdfast import store
from holdfast.settings import Settings, write_settings
from holdfast.web.application import _from_this_machine
from holdfast.web.ingest.counters import Counters
from web.live import Service, make_key, service
from web.quarantined import put_aside

ORDER = {"userId": "u1", "event": "Order Completed"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(tmp_path_factory.mktemp("metrics") / "workspace", currency="EUR", buckets=8)
    write_settings(settings)
    store.connect(settings)
    put_aside(settings)
    return settings


@pytest.fixture(scope="module")
def shop(place: Settings) -> Iterator[Service]:
    with service(place) as running:
        yield running


def samples(page: str) -> dict[str, float]:
    """Name with labels -> value; every line is in the format."""
    found = {}
    for line in page.splitlines():
        if not line.startswith("#"):
            shape = re.fullmatch(r'([a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)+\})?) (\S+)', line)
            assert shape, line
            found[re.sub(r'process="\d+",?', "", shape[1]).replace(",}", "}").replace("{}", "")] = float(
                shape[2]
            )
    return found


def test_measurements_are_told_to_this_machine(shop: Service, place: Settings) -> None:
    store.connect(place)
    key = make_key(place, 'Sh"op\\')
    shop.call("/v1/track", ORDER, key=key)
    shop.call("/v1/track", {"userId": "u1"}, key=key)
    shop.call("/v1/track", ORDER, key="nobody")
    answer = shop.call("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.body.decode())
    assert found['holdfast_ingest_calls_total{endpoint="track",status="200"}'] == 2
    assert found['holdfast_ingest_calls_total{endpoint="track",status="401"}'] == 1
    assert found['holdfast_ingest_events_total{outcome="accepted"}'] == 1
    assert found['holdfast_ingest_events_total{outcome="rejected"}'] == 1
    assert found['holdfast_ingest_refused_total{code="unknown_key"}'] == 1
    assert found["holdfast_ingest_seconds_count"] == 3
    assert found["holdfast_arrived_calls"] == 2
    assert found["holdfast_quarantined_events"] == 1
    assert found['holdfast_source_trouble{source="Sh\\"op\\\\"}'] == 0
    families = re.findall(r"^# TYPE (\S+) ", answer.body.decode(), re.MULTILINE)
    assert len(families) == len(set(families))


def test_measurements_are_told_to_others_with_a_key_for_them_alone(shop: Service, place: Settings) -> None:
    store.connect(place)
    outside = {"X-Forwarded-For": "203.0.113.7"}
    assert shop.call("/metrics", headers=outside).status == 401
    wrong, right = make_key(place, "Other"), make_key(place, "Watch", scope="metrics")
    assert shop.call("/metrics", key=wrong, headers=outside).status == 403
    assert shop.call("/metrics", key=right, headers=outside).status == 200


def test_behind_a_known_proxy_nobody_is_of_this_machine(workspace: Settings) -> None:
    with service(workspace, env={"HOLDFAST_PUBLIC_URL": "https://holdfast.example.com"}) as shop:
        assert shop.call("/metrics").status == 401
        assert shop.call("/readyz").status == 200


def test_a_service_says_whether_it_would_take_events(shop: Service) -> None:
    answer = shop.call("/readyz")
    assert (answer.status, answer.json) == (200, {"ready": True, "in_the_way": []})
    assert shop.call("/readyz", method="HEAD").status == 200


@pytest.mark.parametrize(
    ("client", "headers", "here"),
    [
        (("127.0.0.1", 1), {}, True),
        (("::1", 1), {}, True),
        (("203.0.113.7", 1), {}, False),
        (("127.0.0.1", 1), {b"x-forwarded-for": b"127.0.0.1"}, False),
        (("127.0.0.1", 1), {b"forwarded": b"for=x"}, False),
        (None, {}, False),
        (("unix", 1), {}, False),
    ],
)
def test_who_is_of_this_machine(client: object, headers: dict[bytes, bytes], here: bool) -> None:
    assert _from_this_machine({"client": client}, headers) is here


def test_answers_are_counted_in_ranges_of_seconds() -> None:
    counters = Counters()
    for seconds in (0.001, 0.005, 0.3, 99.0):
        counters.answered("track", 200, seconds)
    assert (counters.seconds[0], counters.seconds[-1], sum(counters.seconds)) == (2, 1, 4)
