"""Secrets of sources: read back whole, unreadable without the workspace's file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.store import live_sources, sealed, sql

SECRETS = {"signing_secret": "whsec_ÄÖ/密", "token": "x" * 4000}


def _source(base: Settings, name: str = "stripe") -> int:
    return live_sources.ensure(base, name, "stripe", namespace="stripe", now_us=1).id


def test_secrets_come_back_and_are_not_legible_in_the_database(base: Settings) -> None:
    source = _source(base)
    sealed.seal(base, source, SECRETS)
    assert sealed.unseal(base, source) == SECRETS
    kept = sql.one("SELECT sealed FROM live_source WHERE id = %s", (source,))
    assert kept is not None
    assert "whsec" not in kept[0]
    assert "signing_secret" not in kept[0]


def test_sealing_replaces_and_nothing_is_nothing(base: Settings) -> None:
    source = _source(base)
    assert sealed.unseal(base, source) == {}
    sealed.seal(base, source, SECRETS)
    sealed.seal(base, source, {"token": "new"})
    assert sealed.unseal(base, source) == {"token": "new"}
    sealed.seal(base, source, {})
    assert sealed.unseal(base, source) == {}
    assert sealed.unseal(base, 999) == {}


def test_another_file_another_source_or_a_torn_text_is_refused(workspace: Settings) -> None:
    closed = sealed.encrypt(workspace, "source 1", SECRETS)
    elsewhere = replace(workspace, folder=workspace.folder.parent / "elsewhere")
    for settings, purpose, text in (
        (elsewhere, "source 1", closed),
        (workspace, "source 2", closed),
        (workspace, "source 1", closed[:-9] + "ÄÄÄ"),
        (workspace, "source 1", closed[:-9]),
    ):
        with pytest.raises(Refusal) as refused:
            sealed.decrypt(settings, purpose, text)
        assert refused.value.code == "sealed_elsewhere"
        assert "whsec" not in str(refused.value)


def test_the_same_secret_sealed_twice_looks_different(workspace: Settings) -> None:
    assert sealed.encrypt(workspace, "source 1", SECRETS) != sealed.encrypt(workspace, "source 1", SECRETS)
