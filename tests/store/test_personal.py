"""N1: no table about customers can be forgotten when one is exported or erased."""

from __future__ import annotations

from holdfast.settings import Settings
from holdfast.store import personal, sql


def test_n1_every_table_says_whether_it_holds_customers(base: Settings) -> None:
    listed = personal.HOLDINGS.keys() | personal.READ_THROUGH.keys() | personal.NOTHING.keys()
    found = personal.tables()
    assert found.keys() - listed == set(), (
        "say in store/personal.py how rows about a customer are found there"
    )
    assert listed - found.keys() == set()


def test_n1_every_column_that_names_a_customer_is_looked_at(base: Settings) -> None:
    forgotten = {
        (table, column)
        for table, columns in personal.tables().items()
        for column in columns
        if personal.NAMES_SOMEBODY.search(column)
        and (table, column) not in personal.OF_OUR_PEOPLE
        and column not in getattr(personal.HOLDINGS.get(table), "by", ())
    }
    assert forgotten == set()


def test_a_table_that_nobody_listed_is_found_by_its_columns(base: Settings) -> None:
    sql.write("CREATE TABLE wish (id BIGINT, subject_id BIGINT, words TEXT)")
    sql.write("INSERT INTO wish VALUES (1, 7, 'a boat'), (2, 8, 'a pony')")
    holding = personal.holdings()["wish"]
    assert [row["words"] for row in personal.rows("wish", holding, [7])] == ["a boat"]
    assert personal.delete("wish", holding, [7]) == 1
    assert sql.read("SELECT id FROM wish") == [(2,)]


def test_each_condition_is_sql_on_both_databases(base: Settings) -> None:
    for table, holding in personal.holdings().items():
        assert personal.count(table, holding, [1, 2]) == 0
        assert list(personal.rows(table, holding, [1, 2])) == []
        assert personal.delete(table, holding, []) == 0
