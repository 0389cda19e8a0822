"""Cells become values: every way of writing, decided for the whole column (A1)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stage_files import rejects_of, rows_of, stage_paths, stage_text, suspicious, write

US = 1_000_000


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * US  # type: ignore[arg-type]


def orders(*rows: tuple[str, str]) -> str:
    return "customer;at;amount\n" + "".join(f"c{n};{at};{amount}\n" for n, (at, amount) in enumerate(rows))


def moments(folder: Path, *written: str, **how: object) -> list[int]:
    staged = stage_text(folder, orders(*((at, "1") for at in written)), **how)
    return [row[0] for row in rows_of(staged.events, "at_us")]


def minor(folder: Path, *written: str, **how: object) -> list[int]:
    staged = stage_text(folder, orders(*(("2024-01-31", amount) for amount in written)), **how)
    return [row[0] for row in rows_of(staged.events, "amount_minor")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-03-04", utc(2024, 3, 4)),
        ("2024-03-04 10:20", utc(2024, 3, 4, 10, 20)),
        ("2024-03-04T10:20:30Z", utc(2024, 3, 4, 10, 20, 30)),
        ("2024-03-04T10:20:30+03:30", utc(2024, 3, 4, 6, 50, 30)),
        ("2024-03-04 10:20:30.25", utc(2024, 3, 4, 10, 20, 30) + 250_000),
        ("04.03.2024", utc(2024, 3, 4)),
        ("4/3/2024 3:04 PM", utc(2024, 3, 4, 15, 4)),
        ("4/3/24", utc(2024, 3, 4)),
        ("20240304", utc(2024, 3, 4)),
        ("Mar 4, 2024", utc(2024, 3, 4)),
        ("4 марта 2024", utc(2024, 3, 4)),
        ("1709546400", utc(2024, 3, 4, 10)),
        ("1709546400000", utc(2024, 3, 4, 10)),
        ("1402/12/14", utc(2024, 3, 4)),
        ("۱۴۰۲/۱۲/۱۴ ۱۰:۲۰", utc(2024, 3, 4, 10, 20)),
    ],
)
def test_dates_in_every_common_way(tmp_path: Path, written: str, expected: int) -> None:
    assert moments(tmp_path, written, written) == [expected, expected]


def test_the_month_comes_first_where_a_value_says_so(tmp_path: Path) -> None:
    assert moments(tmp_path, "1/2/2024", "1/20/2024") == [utc(2024, 1, 2), utc(2024, 1, 20)]


def test_the_day_comes_first_where_no_value_decides(tmp_path: Path) -> None:
    assert moments(tmp_path, "1/2/2024", "3/4/2024") == [utc(2024, 2, 1), utc(2024, 4, 3)]


def test_values_that_can_be_read_in_two_ways_are_suspicious(tmp_path: Path) -> None:
    text = orders(("1/2/2024", "1.234"), ("3/4/2024", "2.345"))
    staged = stage_text(tmp_path, text, timezone="Europe/Berlin")
    assert suspicious(staged) == {"ambiguous_dates": 2, "ambiguous_numbers": 1}
    staged = stage_text(
        tmp_path / "2", orders(("1/2/2024", "1.5"), ("13/4/2024", "2")), timezone="Europe/Berlin"
    )
    assert suspicious(staged) == {}
    columns = {
        "columns": {"customer": "customer", "at": "at", "amount": "amount"},
        "options": {"date_format": "day-first", "decimal": "."},
    }
    assert suspicious(stage_text(tmp_path / "3", text, columns=columns)) == {}


@pytest.mark.parametrize(
    ("date_format", "taken"),
    [("iso", [2, 3]), ("persian", [4, 5]), ("epoch", [6]), ("day-first", [2, 3, 4, 5, 6, 7])],
)
def test_a_named_format_of_the_map_takes_nothing_else(
    tmp_path: Path, date_format: str, taken: list[int]
) -> None:
    written = ("2024-01-31", "20240131", "1403/05/12", "14030512", "1506902400", "31/01/2024")
    columns = {"columns": {"customer": "customer", "at": "at"}, "options": {"date_format": date_format}}
    staged = stage_text(tmp_path, orders(*((at, "1") for at in written)), columns=columns)
    assert [row[0] for row in rows_of(staged.events, "line")] == taken


def test_a_value_far_down_the_file_decides_for_all(tmp_path: Path) -> None:
    many = [f"1/{day}/2024" for day in range(1, 12)] * 2_000
    assert moments(tmp_path, *many, "1/31/2024")[1] == utc(2024, 1, 2)


def test_the_map_decides_against_the_values(tmp_path: Path) -> None:
    columns = {"columns": {"customer": "customer", "at": "at"}, "options": {"date_format": "month-first"}}
    staged = stage_text(tmp_path, orders(("1/2/2024", "1"), ("31/1/2024", "1")), columns=columns)
    assert [row[0] for row in rows_of(staged.events, "at_us")] == [utc(2024, 1, 2)]
    assert rejects_of(staged) == [(3, "bad_date")]


def test_a_pattern_of_the_map_is_the_only_one_taken(tmp_path: Path) -> None:
    columns = {"columns": {"customer": "customer", "at": "at"}, "options": {"date_format": "%Y.%d.%m"}}
    staged = stage_text(
        tmp_path, orders(("2024.31.01", "1"), ("۲۰۲۴.۳۰.۰۱", "1"), ("2024-01-31", "1")), columns=columns
    )
    assert [row[0] for row in rows_of(staged.events, "at_us")] == [utc(2024, 1, 31), utc(2024, 1, 30)]
    assert rejects_of(staged) == [(4, "bad_date")]


def test_three_formats_in_one_column(tmp_path: Path) -> None:
    rows = [
        ("2024-01-13", "1"),
        ("13/01/2024", "1"),
        ("01/13/2024", "1"),
        ("14/01/2024", "1"),
        ("05.02.2024", "1"),
    ]
    staged = stage_text(tmp_path, orders(*rows))
    assert [row[0] for row in rows_of(staged.events, "line")] == [2, 3, 5, 6]
    assert rejects_of(staged) == [(4, "bad_date")]
    assert suspicious(staged)["mixed_dates"] >= 2


def test_days_before_1970_and_after_2199_are_rejected_and_future_ones_are_taken(tmp_path: Path) -> None:
    rows = [("1969-12-31", "1"), ("1970-01-01", "1"), ("2199-12-31", "1"), ("2200-01-01", "1")]
    staged = stage_text(tmp_path, orders(*rows))
    assert rejects_of(staged) == [(2, "date_before_1970"), (5, "date_after_2200")]
    assert suspicious(staged)["future_dates"] == 1


def test_the_zone_of_the_map_or_the_workspace_with_its_gaps(tmp_path: Path) -> None:
    times = ("2024-03-31 01:30", "2024-03-31 02:30", "2024-03-31 03:30", "2024-10-27 02:30")
    expected = [
        utc(2024, 3, 31, 0, 30),
        utc(2024, 3, 31, 1, 30),
        utc(2024, 3, 31, 1, 30),
        utc(2024, 10, 27, 0, 30),
    ]
    assert moments(tmp_path, *times, timezone="Europe/Berlin") == expected
    columns = {"columns": {"customer": "customer", "at": "at"}, "options": {"timezone": "Europe/Berlin"}}
    assert moments(tmp_path, *times, columns=columns, timezone="Asia/Tokyo") == expected
    assert moments(tmp_path, "2024-03-31T02:30Z", timezone="Europe/Berlin") == [utc(2024, 3, 31, 2, 30)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["1.234,56", "12,5", "1.000"], [123_456, 1_250, 100_000]),
        (["1,234.56", "12.5", "1,000"], [123_456, 1_250, 100_000]),
        (["1 234,56 €", "(12,50)", "-3"], [123_456, -1_250, -300]),
        (["۱۲۳٫۴", "۱٬۲۳۴"], [12_340, 123_400]),
        (["0.005", "0.015", "0.025", "-0.005"], [0, 2, 2, 0]),
        (["999999999999.99", "1234567890123.45"], [99_999_999_999_999, 123_456_789_012_345]),
    ],
)
def test_amounts_in_every_common_way(tmp_path: Path, written: list[str], expected: list[int]) -> None:
    assert minor(tmp_path, *written) == expected


def test_a_comma_far_down_the_file_is_a_decimal_sign_for_all(tmp_path: Path) -> None:
    assert minor(tmp_path, *["1,234"] * 21_000, "5,5")[:1] == [123]


def test_minor_units_are_those_of_the_currency(tmp_path: Path) -> None:
    cells = ("100,JPY", "1.2345,KWD", "5,eur", "5,€")
    text = "customer,at,amount,currency\n" + "".join(f"a,2024-01-31,{cell}\n" for cell in cells)
    staged = stage_text(tmp_path, text)
    assert rows_of(staged.events, "amount_minor, currency") == [
        (100, "JPY"),
        (1_234, "KWD"),
        (500, "EUR"),
        (500, "EUR"),
    ]
    assert staged.currencies == {"EUR": 2, "JPY": 1, "KWD": 1}
    assert suspicious(staged)["several_currencies"] == 2


def test_signs_beside_amounts_name_their_currency(tmp_path: Path) -> None:
    staged = stage_text(
        tmp_path, orders(("2024-01-31", "€5"), ("2024-01-31", "$6"), ("2024-01-31", "7")), currency="RON"
    )
    assert rows_of(staged.events, "amount_minor, currency") == [(500, "EUR"), (600, "USD"), (700, "RON")]


def test_an_unknown_currency_is_rejected(tmp_path: Path) -> None:
    staged = stage_text(
        tmp_path, "customer,at,amount,currency\na,2024-01-31,1,EUR\nb,2024-01-31,1,doubloon\n"
    )
    assert rejects_of(staged) == [(3, "bad_currency")]


def test_derived_amounts_are_exact(tmp_path: Path) -> None:
    cells = ("3,0.335,0", "1000000,5000000.01,0.01", ",1,0")
    text = "customer,at,Qty,Unit Price,off\n" + "".join(f"a,2024-01-31,{cell}\n" for cell in cells)
    columns = {
        "columns": {"customer": "customer", "at": "at"},
        "derive": {"amount": 'Qty * "Unit Price" - off'},
    }
    staged = stage_text(tmp_path, text, columns=columns)
    assert [row[0] for row in rows_of(staged.events, "amount_minor")] == [100, 500_000_000_999_999, None]
    divided = {
        "columns": {"customer": "customer", "at": "at"},
        "derive": {"amount": "round(Qty / 7, 2) / off"},
    }
    staged = stage_text(tmp_path, text.replace(",0\n", ",4\n"), columns=divided)
    assert rows_of(staged.events, "amount_minor")[0] == (11,)


def test_dividing_by_zero_gives_nothing(tmp_path: Path) -> None:
    columns = {"columns": {"customer": "customer", "at": "at"}, "derive": {"amount": "amount / zero"}}
    staged = stage_text(tmp_path, "customer,at,amount,zero\na,2024-01-31,3,0\n", columns=columns)
    assert rows_of(staged.events, "amount_minor") == [(None,)]


def test_quantity_times_price_never_overflows(tmp_path: Path) -> None:
    text = "customer,at,quantity,unit_price\na,2024-01-31,1000,5000.5\nb,2024-01-31,999999999,999999.99\n"
    staged = stage_text(tmp_path, text)
    assert [row[0] for row in rows_of(staged.events, "amount_minor")] == [500_050_000, 99_999_998_900_000_001]


def test_ids_keep_their_spelling_but_for_what_floats_left(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, "customer,at,amount\n00123,2024-01-31,1\n NA ,2024-01-31,1\n")
    assert [row[0] for row in rows_of(staged.events, "subject_key")] == ["00123", "NA"]
    staged = stage_text(
        tmp_path, "customer,at,amount\n13085.0,2024-01-31,1\nnan,2024-01-31,1\n13086.0,2024-01-31,1\n"
    )
    assert [row[0] for row in rows_of(staged.events, "subject_key")] == ["13085", "13086"]
    assert rejects_of(staged) == [(3, "no_customer")]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, "customer,at,note\n=1+1,2024-01-31,=cmd|'x'!A0\n")
    assert rows_of(staged.events, "subject_key, details") == [("=1+1", '{"note": "=cmd|\'x\'!A0"}')]


def test_contact_points_are_brought_into_one_spelling(tmp_path: Path) -> None:
    cells = ("a, Ana@X.RO ,0722 123 456", "b,none at all,+40 (722) 123-457", "c,,0040722123458", "d,,12")
    text = "\n".join(["customer,email,phone", *cells])
    staged = stage_text(tmp_path, text, "customers", country="RO")
    assert rows_of(staged.subjects, "subject_key, email, phone", "subject_key") == [
        ("a", "ana@x.ro", "+40722123456"),
        ("b", None, "+40722123457"),
        ("c", None, "+40722123458"),
        ("d", None, None),
    ]


def test_parquet_of_all_types(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "typed.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT * FROM (VALUES
            (13085.0::DOUBLE, TIMESTAMP '2024-03-31 02:30:00', 3::BIGINT, 6.95::DOUBLE, true,
             DATE '2024-04-01', [1, 2]),
            ('nan'::DOUBLE, TIMESTAMP '2024-03-31 02:30:00', 3, 1, false, NULL, NULL),
            (7.0, TIMESTAMP '1950-01-01', 1, 1, NULL, NULL, NULL),
            (8.0, TIMESTAMP '2024-01-01', 1, 'nan'::DOUBLE, NULL, NULL, []))
            t(customer, "at", quantity, unit_price, returned, promised_at, extra)) TO '{path}'"""
        )
    staged = stage_paths([path], "orders", tmp_path, timezone="Europe/Berlin")
    assert rows_of(staged.events, "line, subject_key, at_us, amount_minor, name, promised_us, details") == [
        (
            1,
            "13085",
            utc(2024, 3, 31, 1, 30),
            -2_085,
            "Order Refunded",
            utc(2024, 3, 31, 22),
            '{"extra": "[1, 2]"}',
        ),
        (4, "8", utc(2023, 12, 31, 23), None, "Order Completed", None, '{"extra": "[]"}'),
    ]
    assert rejects_of(staged) == [(2, "no_customer"), (3, "date_before_1970")]
    assert staged.numbered_by == "row"


def test_a_parquet_whose_columns_are_something_else(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "odd.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'c' || i AS customer, {'x': i} AS \"at\", i = 1 AS amount FROM range(2) t(i)) "
            f"TO '{path}'"
        )
    staged = stage_paths([path], "orders", tmp_path)
    assert staged.reject_reasons == {"bad_date": 2}
    assert staged.events is None and staged.subjects is None


def test_time_zones_in_parquet_are_kept(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "zoned.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 'a' AS customer, TIMESTAMPTZ '2024-01-31 10:00:00+02' AS \"at\") TO '{path}'"
        )
    staged = stage_paths([path], "orders", tmp_path, timezone="Asia/Tokyo")
    assert rows_of(staged.events, "at_us") == [(utc(2024, 1, 31, 8),)]


def test_days_of_tables_of_facts_are_local_days(tmp_path: Path) -> None:
    staged = stage_text(
        tmp_path,
        "date,source,amount\n2024-01-31 23:59,ads,12.5\n2024-02,tv,1\n",
        "costs",
        timezone="Asia/Tokyo",
    )
    assert rows_of(staged.table, "day, source, amount_minor, currency") == [
        (19_753, "ads", 1_250, "EUR"),
        (19_754, "tv", 100, "EUR"),
    ]


def test_rates_keep_small_numbers(tmp_path: Path) -> None:
    staged = stage_text(
        tmp_path, "date,from,to,rate\n2024-01-31,IRR,EUR,0.0000216\n2024-01-31,$,€,0.92\n", "rates"
    )
    assert rows_of(staged.table, "day, from_currency, to_currency, rate") == [
        (19_753, "IRR", "EUR", 0.0000216),
        (19_753, "USD", "EUR", 0.92),
    ]


def test_products_and_series(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, "sku,title,category,cost\nA1,Mug,Kitchen,3.5\n,Cup,Kitchen,3\n", "products")
    assert rows_of(staged.table, "line, product_id, name, category, unit_cost_minor, currency") == [
        (2, "A1", "Mug", "Kitchen", 350, "EUR")
    ]
    assert rejects_of(staged) == [(3, "missing_value")]
    staged = stage_text(tmp_path, "date,name,value\n2024-01-31,reviews,4.25\n", "series")
    assert rows_of(staged.table, "day, name, value") == [(19_753, "reviews", 4.25)]


def test_fixed_width_text_by_position(tmp_path: Path) -> None:
    path = write(tmp_path, " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n", "cdnow.txt")
    columns = {
        "columns": {"customer": 1, "at": 3, "quantity": 4, "amount": 5},
        "options": {"currency": "USD", "header": False},
    }
    staged = stage_paths([path], "orders", tmp_path, columns=columns)
    assert rows_of(staged.events, "line, subject_key, amount_minor, currency, quantity") == [
        (1, "00004", 2_933, "USD", 2),
        (2, "00004", 2_973, "USD", 2),
    ]
