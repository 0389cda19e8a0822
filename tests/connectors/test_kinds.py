"""What every kind of import promises (A1)."""

from __future__ import annotations

import re

import pytest

from holdfast.connectors.guessing import fold
from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.imports import ImportKind, MapOptions
from holdfast.domain.texts import Text
from holdfast.registry import parts

KINDS = [part.declared for part in parts("imports").values()]
NAMES = {
    "accounts", "costs", "customers", "events", "messages", "orders", "payments", "products", "rates",
    "series", "subscriptions", "surveys", "tickets",
}  # fmt: skip


def test_all_kinds_are_there() -> None:
    assert set(parts("imports")) == NAMES


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
class TestKind:
    def test_it_is_named_like_its_file(self, kind: ImportKind) -> None:
        assert parts("imports")[kind.name].declared is kind
        assert isinstance(kind.title, Text) and isinstance(kind.meaning, Text)

    def test_columns_are_unique_and_explained(self, kind: ImportKind) -> None:
        names = [column.name for column in kind.columns]
        assert len(names) == len(set(names))
        assert all(str(column.meaning) for column in kind.columns)

    def test_what_it_names_exists(self, kind: ImportKind) -> None:
        names = {column.name for column in kind.columns}
        assert {name for group in kind.required for name in group} <= names
        assert set(kind.stand_ins) <= names
        assert all(hasattr(MapOptions(), option) for option in kind.stand_ins.values())
        assert not kind.text or kind.text in names
        told = [rule.at + rule.name + rule.when + "".join(rule.columns.values()) for rule in kind.events]
        told += [check.when for check in kind.checks]
        assert set(re.findall('"([a-z_]+)"', " ".join(told))) <= names

    def test_rules_fill_columns_of_the_lake(self, kind: ImportKind) -> None:
        filled = {name for rule in kind.events for name in rule.columns}
        assert filled - {"amount"} <= set(LAKE_COLUMNS)

    def test_checks_say_how_many(self, kind: ImportKind) -> None:
        for check in kind.checks:
            assert "{n}" in check.words.msgid and check.words.plural and "{n}" in check.words.plural

    def test_no_synonym_is_the_name_of_another_column(self, kind: ImportKind) -> None:
        names = {fold(column.name) for column in kind.columns}
        for column in kind.columns:
            own = fold(column.name)
            taken = {fold(synonym) for synonym in column.synonyms} & names - {own}
            assert not taken, f"{column.name}: {taken}"
