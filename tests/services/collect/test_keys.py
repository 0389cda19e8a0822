"""Write keys: made, shown once, listed, taken back; and which sites may use a public one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.keys import create_key, may_come_from, read_origin, revoke_key
from holdfast.settings import Settings
from holdfast.store import live_sources, sql, write_keys

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a2_a_key_is_told_once_and_only_its_hash_is_kept(base: Settings) -> None:
    made, key = create_key(base, "  Our   shop ", made_by="niamh@example.com", now=NOW)
    assert made.name == "Our shop"
    assert key.startswith(made.shown)
    assert len(key) > 30
    kept = sql.read("SELECT * FROM write_key")
    assert key not in repr(kept)
    assert write_keys.listed(base) == [made]
    source = live_sources.by_name(base, "Our shop")
    assert source is not None
    assert (made.source_id, source.kind, source.namespace) == (source.id, "segment", "customer")


def test_a2_a_second_key_of_a_name_belongs_to_the_same_source(base: Settings) -> None:
    first, _ = create_key(base, "Shop", now=NOW)
    second, _ = create_key(base, "Shop", now=NOW)
    assert first.source_id == second.source_id


def test_a2_what_browsers_say_is_a_source_of_its_own(base: Settings) -> None:
    server, _ = create_key(base, "Shop", now=NOW)
    public, _ = create_key(base, "Shop", browser=True, now=NOW)
    assert (server.browser, public.browser) == (False, True)
    assert (server.source, public.source) == ("Shop", "Shop (browser)")
    assert server.source_id != public.source_id


def test_a2_a_key_is_taken_back_by_name_beginning_or_itself(base: Settings) -> None:
    for named in ("name", "shown", "key"):
        made, key = create_key(base, "Till", now=NOW)
        gone = revoke_key(base, {"name": "Till", "shown": made.shown, "key": key}[named], now=NOW)
        assert gone.id == made.id
        found = write_keys.by_id(base, made.id)
        assert found is not None
        assert found.revoked_us == int(NOW.timestamp() * 1_000_000)
    assert not write_keys.revoke(base, made.id, now_us=1)


def test_a2_a_name_that_no_key_or_several_have_is_refused(base: Settings) -> None:
    with pytest.raises(Refusal, match="0 keys in use are called Nobody"):
        revoke_key(base, "Nobody", now=NOW)
    for _ in range(2):
        create_key(base, "Shop", now=NOW)
    with pytest.raises(Refusal, match="2 keys"):
        revoke_key(base, "Shop", now=NOW)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "bad_name"),
        ({"name": "x" * 101}, "bad_name"),
        ({"name": "a\x07b"}, "bad_name"),
        ({"scope": "everything"}, "unknown_scope"),
        ({"scope": "metrics", "browser": True}, "not_for_browsers"),
        ({"origins": ["https://shop.example"]}, "not_for_browsers"),
        ({"browser": True, "origins": ["https://shop.example/path"]}, "bad_origin"),
        ({"browser": True, "origins": ["javascript:alert(1)"]}, "bad_origin"),
        ({"browser": True, "origins": ["https://a b"]}, "bad_origin"),
        ({"browser": True, "origins": ["https://shop:port"]}, "bad_origin"),
        ({"browser": True, "origins": ["*"]}, "bad_origin"),
    ],
)
def test_a2_what_makes_no_key_is_refused(workspace: Settings, given: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        create_key(workspace, **{"name": "Shop", "now": NOW, **given})  # type: ignore[arg-type]
    assert refused.value.code == code
    assert write_keys.listed(workspace) == []


def test_a2_a_name_of_another_kind_of_source_is_refused(workspace: Settings) -> None:
    live_sources.ensure(workspace, "Stripe", "stripe", now_us=1)
    with pytest.raises(Refusal, match="called Stripe already"):
        create_key(workspace, "Stripe", now=NOW)


def test_a_key_for_measurements_makes_no_source(workspace: Settings) -> None:
    made, _ = create_key(workspace, "Prometheus", scope="metrics", now=NOW)
    assert (made.source_id, made.source) == (0, "")
    assert live_sources.listed(workspace) == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("shop.example", "https://shop.example"),
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://*.shop.example", "https://*.shop.example"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_a_site_is_written_as_browsers_say_it(written: str, read: str) -> None:
    assert read_origin(written) == read


def test_sites_below_one_are_named_with_a_star() -> None:
    allowed = ("https://*.shop.example", "http://localhost:8080")
    for origin in ("https://eu.shop.example", "https://a.b.shop.example", "http://localhost:8080"):
        assert may_come_from(allowed, origin)
    for origin in ("https://shop.example", "http://eu.shop.example", "https://evil-shop.example", "null", ""):
        assert not may_come_from(allowed, origin)
    assert may_come_from((), "https://anywhere.example")
