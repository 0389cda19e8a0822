"""Rows become events with keys that survive being imported again (A1)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stage_files import NOW_US, rejects_of, rows_of, stage_text, suspicious

HEAD = "customer,at,order_id,product,quantity,unit_price\n"
DAY_US = 86_400_000_000


def names(folder: Path, text: str, kind: str, **how: object) -> list[tuple[object, ...]]:
    staged = stage_text(folder, text, kind, **how)
    return rows_of(staged.events, "line, name, object_id, amount_minor, code", "line, at_us, name")


def test_lines_of_one_order_and_what_comes_back(tmp_path: Path) -> None:
    text = (
        HEAD
        + "a,2024-01-31,1,X,2,1.50\na,2024-01-31,1,Y,1,2\na,2024-02-01,C1,X,-1,1.50\nb,2024-02-01,2,X,1,-3\n"
    )
    staged = stage_text(tmp_path, text)
    assert rows_of(staged.events, "name, object_kind, object_id, amount_minor, quantity, product_id") == [
        ("Order Completed", "order", "1", 300, 2, "X"),
        ("Order Completed", "order", "1", 200, 1, "Y"),
        ("Order Refunded", "order", "C1", -150, -1, "X"),
        ("Order Refunded", "order", "2", -300, 1, "X"),
    ]
    assert suspicious(staged) == {"returns": 2, "negative_prices": 1}


def test_a_cancelled_order_counts_and_is_subtracted(tmp_path: Path) -> None:
    text = "customer,at,order_id,amount,status\na,2024-01-31,1,10,shipped\na,2024-02-01,2,5,Canceled\n"
    assert names(tmp_path, text, "orders") == [
        (2, "Order Completed", "1", 1_000, None),
        (3, "Order Completed", "2", 500, None),
        (3, "Order Refunded", "2", -500, "canceled"),
    ]


def test_a_row_marked_as_returned_is_negative_whatever_its_sign(tmp_path: Path) -> None:
    cells = ("2024-01-31,1,10,no", "2024-02-01,1,10,yes", "2024-02-01,1,-10,да")
    text = "customer,at,order_id,amount,returned\n" + "".join(f"a,{cell}\n" for cell in cells)
    assert [row[1:4] for row in names(tmp_path, text, "orders")] == [
        ("Order Completed", "1", 1_000),
        ("Order Refunded", "1", -1_000),
        ("Order Refunded", "1", -1_000),
    ]


def test_an_order_without_a_number_is_its_own_order(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, "customer,at,amount\na,2024-01-31,1\na,2024-01-31,1\n")
    keys = rows_of(staged.events, "lower(hex(event_key)), object_id")
    assert [key == object_id for key, object_id in keys] == [True, True]
    assert len(set(keys)) == 2


def test_payments_are_issued_paid_failed_and_given_back(tmp_path: Path) -> None:
    text = (
        "customer,invoice_id,issued_at,due_at,paid_at,amount,status,reason\n"
        "a,1,2024-01-01,2024-02-01,2024-01-15,10,paid,\n"
        "a,2,2024-01-01,2024-02-01,,20,,\n"
        "a,3,,,2024-01-16,30,failed,card expired\n"
        "a,4,,,2024-01-17,40,refunded,\n"
        "a,5,,,2024-01-18,-50,,\n"
        "a,6,,,,60,,\n"
    )
    assert names(tmp_path, text, "payments") == [
        (2, "Invoice Issued", "1", 1_000, None),
        (2, "Payment Completed", "1", 1_000, None),
        (3, "Invoice Issued", "2", 2_000, None),
        (4, "Payment Failed", "3", 3_000, "card expired"),
        (5, "Payment Refunded", "4", -4_000, None),
        (6, "Payment Refunded", "5", -5_000, None),
    ]
    assert rejects_of(stage_text(tmp_path / "again", text, "payments")) == [(7, "no_date")]


def test_subscriptions_are_monthly_and_end_and_change(tmp_path: Path) -> None:
    text = (
        "account,subscription_id,started_at,ended_at,changed_at,plan,amount,interval,trial,reason\n"
        "A,1,2024-01-01,2024-06-01,,pro,120,yearly,no,price\n"
        "A,2,2024-01-01,,,free,9,month,yes,\n"
        "A,3,2024-01-01,,2024-03-01,max,30,quarter,,\n"
        "A,4,2024-01-01,,,week,12,weekly,,\n"
    )
    assert names(tmp_path, text, "subscriptions") == [
        (2, "Subscription Started", "1", 1_000, "pro"),
        (2, "Subscription Ended", "1", 1_000, "price"),
        (3, "Subscription Started", "2", 0, "trial:free"),
        (4, "Subscription Changed", "3", 1_000, "max"),
        (5, "Subscription Started", "4", 5_200, "week"),
    ]


def test_monthly_and_yearly_columns_of_subscriptions(tmp_path: Path) -> None:
    text = "account,started_at,mrr,arr\nA,2024-01-01,10,\nB,2024-01-01,,100\n"
    assert [row[3] for row in names(tmp_path, text, "subscriptions")] == [1_000, 833]


def test_tickets_are_opened_answered_closed_and_rated(tmp_path: Path) -> None:
    text = (
        "account,ticket_id,opened_at,first response time minutes,closed_at,resolution time hours,score,"
        "priority,text\n"
        "A,1,2024-01-01 10:00,15,2024-01-02 10:00,24,4,high,It broke\n"
        "A,2,2024-01-01 10:00,,,2.5,,low,\n"
    )
    staged = stage_text(tmp_path, text, "tickets")
    start = 1_704_103_200_000_000
    assert rows_of(
        staged.events, "line, name, (at_us - 1704103200000000) // 60000000, score, code", "line, at_us, name"
    ) == [
        (2, "Ticket Opened", 0, None, "high"),
        (2, "Ticket Answered", 15, None, "high"),
        (2, "Ticket Closed", 1_440, None, "high"),
        (2, "Ticket Rated", 1_440, 4.0, "high"),
        (3, "Ticket Opened", 0, None, "low"),
        (3, "Ticket Closed", 150, None, "low"),
    ]
    assert rows_of(staged.texts, "namespace, subject_key, at_us, kind, text", "text") == [
        ("account", "A", start, "tickets", "It broke")
    ]
    opened = rows_of(staged.events, "event_key, name", "line, at_us")[0]
    assert rows_of(staged.texts, "event_key", "1") == [opened[:1]]


def test_messages_and_surveys(tmp_path: Path) -> None:
    text = "customer,at,text,direction,channel\na,2024-01-31,hello,in,mail\na,2024-01-31,hi,OUT,mail\n"
    assert [row[1] for row in names(tmp_path, text, "messages")] == ["Message Received", "Message Sent"]
    text = "customer,at,survey,score,text\na,2024-01-31,NPS,9,good\na,2024-01-31,,,bad\nb,2024-01-31,,,\n"
    staged = stage_text(tmp_path, text, "surveys")
    assert rows_of(staged.events, "name, code, score") == [
        ("Survey Answered", "nps", 9.0),
        ("Survey Answered", "free", None),
    ]
    assert rejects_of(staged) == [(4, "missing_value")]


def test_events_keep_what_is_not_mapped_as_details(tmp_path: Path) -> None:
    text = "customer,at,name,amount,page,ref\na,2024-01-31,Seen,1.5,/x,\na,2024-01-31,,2,,\n"
    staged = stage_text(tmp_path, text, "events")
    assert rows_of(staged.events, "name, amount_minor, currency, details") == [
        ("Seen", 150, "EUR", '{"page": "/x"}')
    ]
    assert rejects_of(staged) == [(3, "missing_value")]


def test_an_option_names_events_that_do_not(tmp_path: Path) -> None:
    columns = {
        "columns": {"customer": "customer", "at": "at"},
        "options": {"event": "Churned", "lag": 2, "source": "crm"},
    }
    staged = stage_text(tmp_path, "customer,at\na,2024-01-31\n", "events", columns=columns)
    assert rows_of(staged.events, "name, known_us - at_us") == [("Churned", 2 * DAY_US)]


def test_known_at_is_taken_from_its_column(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, "customer,at,known_at\na,2024-01-31,2024-02-02\na,2024-01-31,\n")
    assert [row[0] for row in rows_of(staged.events, "(known_us - at_us) // 86400000000")] == [2, 0]


def test_customers_become_subjects_events_and_traits(tmp_path: Path) -> None:
    text = (
        "customer,name,email,signed_up_at,left_at,left_reason,country,account,tier\n"
        "a,Ana,ana@x.ro,2024-01-31,2024-06-30,price,RO,A1,gold\n"
        "b,Bob,,,,,,,\n"
        ",,only@mail.io,,,,,,silver\n"
    )
    columns = {
        "columns": {
            name: name
            for name in (
                "customer",
                "name",
                "email",
                "signed_up_at",
                "left_at",
                "left_reason",
                "country",
                "account",
            )
        },
        "immutable": ["tier"],
    }
    staged = stage_text(tmp_path, text, "customers", columns=columns)
    assert (staged.rows_read, staged.rows_rejected) == (3, 0)
    assert rows_of(staged.events, "line, name, code", "line, at_us") == [
        (2, "Signed Up", None),
        (2, "Account Deleted", "price"),
    ]
    assert rows_of(
        staged.subjects, "namespace, subject_key, name, email, account_key, row_count", "1, 2"
    ) == [
        ("customer", "a", "Ana", "ana@x.ro", "A1", 1),
        ("customer", "b", "Bob", None, None, 1),
        ("email", "only@mail.io", None, "only@mail.io", None, 1),
    ]
    assert rows_of(
        staged.traits, "subject_key, trait, value, valid_from_us, known_us, immutable", "1, 2"
    ) == [
        ("a", "country", "RO", None, NOW_US, True),
        ("a", "tier", "gold", None, NOW_US, True),
        ("only@mail.io", "tier", "silver", None, NOW_US, True),
    ]


def test_traits_in_dated_rows_hold_from_the_first_that_says_so(tmp_path: Path) -> None:
    text = "customer,at,amount,country\na,2024-01-31,1,RO\na,2024-02-29,1,RO\na,2024-03-31,1,BG\n"
    staged = stage_text(tmp_path, text)
    assert rows_of(staged.traits, "value, valid_from_us // 86400000000, known_us = valid_from_us", "2") == [
        ("RO", 19_753, True),
        ("BG", 19_813, True),
    ]


def test_the_namespace_of_ids_can_be_chosen(tmp_path: Path) -> None:
    columns = {"columns": {"customer": "customer", "at": "at"}, "options": {"namespace": "till"}}
    staged = stage_text(tmp_path, "customer,at\na,2024-01-31\n", columns=columns)
    assert rows_of(staged.events, "namespace") == [("till",)]
    staged = stage_text(tmp_path, "account,name\nA1,Acme\n", "accounts")
    assert rows_of(staged.subjects, "namespace, subject_key, name", "1") == [("account", "A1", "Acme")]


def test_an_own_id_is_the_key_whatever_else_changes(tmp_path: Path) -> None:
    first = stage_text(tmp_path / "1", "customer,at,amount,event_id\na,2024-01-31,1,e1\n")
    second = stage_text(tmp_path / "2", "customer,at,amount,event_id\na,2024-02-01,2,e1\n")
    assert rows_of(first.events, "event_key, message_id") == rows_of(second.events, "event_key, message_id")


def test_a_later_export_adds_only_what_is_new(tmp_path: Path) -> None:
    head = "customer,invoice_id,issued_at,paid_at,amount\n"
    open_ = stage_text(tmp_path / "1", head + "a,1,2024-01-01,,10\n", "payments")
    paid = stage_text(tmp_path / "2", head + "a,1,2024-01-01,2024-02-01,10.00\n", "payments")
    before = set(rows_of(open_.events, "event_key, name"))
    after = set(rows_of(paid.events, "event_key, name"))
    assert before < after
    assert {name for _, name in after - before} == {"Payment Completed"}


def test_the_spelling_of_values_does_not_make_another_event(tmp_path: Path) -> None:
    one = stage_text(tmp_path / "1", "customer;at;amount;quantity\na;31.01.2024;1.234,50;2\n")
    two = stage_text(tmp_path / "2", 'customer,at,amount,quantity\n a ,2024-01-31 00:00,"1,234.5",2.0\n')
    assert rows_of(one.events, "event_key") == rows_of(two.events, "event_key")


def test_the_default_currency_does_not_make_another_event(tmp_path: Path) -> None:
    one = stage_text(tmp_path / "1", "customer,at,amount\na,2024-01-31,1\n", currency="")
    two = stage_text(tmp_path / "2", "customer,at,amount\na,2024-01-31,1\n", currency="EUR")
    assert rows_of(one.events, "event_key") == rows_of(two.events, "event_key")
    assert (one.currencies, two.currencies) == ({"XXX": 1}, {"EUR": 1})


rows = st.tuples(
    st.sampled_from("ab"), st.sampled_from(["2024-01-31", "2024-02-01"]), st.sampled_from(["1", "2"])
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_honest_identical_rows_survive_and_order_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[str, str, str]], random: object
) -> None:
    """A1: the same rows in another order give the same keys; a longer export contains them all."""

    def keys(lines: list[tuple[str, str, str]]) -> Counter[bytes]:
        text = "customer,at,amount\n" + "".join(",".join(line) + "\n" for line in lines)
        staged = stage_text(tmp_path_factory.mktemp("stage"), text)
        return Counter(key for (key,) in rows_of(staged.events, "event_key"))

    shuffled = list(written)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    counted = keys(written)
    assert set(counted.values()) == {1}, "every row has a key of its own"
    assert keys(shuffled) == counted
    assert counted <= keys([*written, ("a", "2024-01-31", "1"), ("c", "2024-01-31", "1")])


def test_one_customer_with_thousands_of_orders_is_suspicious(tmp_path: Path) -> None:
    text = (
        "customer,at,order_id,amount\n"
        + "".join(f"till,2024-01-31,{n},1\n" for n in range(1_001))
        + "a,2024-01-31,x,1\n"
    )
    staged = stage_text(tmp_path, text)
    assert suspicious(staged) == {"many_orders": 1}
    assert "till" in str(staged.suspicious[0].words) and "1,001" in str(staged.suspicious[0].words)


def test_what_is_suspicious_names_lines(tmp_path: Path) -> None:
    text = "customer,at,amount\na,2024-01-31,0\nb,2024-01-31,5\nb,2024-01-31,5\nb,2099-01-31,5\n"
    staged = stage_text(tmp_path, text)
    assert {found.code: found.lines for found in staged.suspicious} == {
        "zero_prices": (2,),
        "identical_rows": (4,),
        "future_dates": (5,),
    }
    assert all(str(found.words) for found in staged.suspicious)


def test_sums_and_bounds_of_a_stage(tmp_path: Path) -> None:
    cells = ("a,2024-01-31,1,EUR", ",2024-01-31,2.50,EUR", ",2024-01-31,3,USD", ",2024-01-31,-1,USD")
    text = "\n".join(["customer,at,amount,currency", *cells, "b,2024-02-01,4,EUR"])
    staged = stage_text(tmp_path, text)
    assert (staged.rows_read, staged.rows_rejected, staged.reject_reasons) == (5, 3, {"no_customer": 3})
    assert staged.unattributed == {"EUR": 250, "USD": 200}
    assert (staged.first_at_us, staged.last_at_us) == (19_753 * DAY_US, 19_754 * DAY_US)
    assert staged.columns == {"customer": "customer", "at": "at", "amount": "amount", "currency": "currency"}
