"""What the properties of an event mean: which column of the event log each one fills."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from holdfast.connectors.segment import Call, bad, moment, shown
from holdfast.domain.money import NO_CURRENCY, Money

COLUMNS = (
    "object_kind",
    "object_id",
    "amount",
    "currency",
    "quantity",
    "product_id",
    "code",
    "score",
    "promised_at",
)
"""What a property may fill, by its own name or by a map of the workspace."""

TEXT_PROPERTIES = ("text", "subject", "author", "address", "attachments")
"""Free text, and what names people: kept with the customer, never in the event log."""

_MOST_TEXT = 20_000
_MOST_VALUE = 500
_LARGEST_LINE = Decimal(10) ** 12
_BELOW_ZERO = ("Order Refunded", "Payment Refunded")

_ORDER = {"object_id": ("order_id",), "amount": ("total", "revenue", "value"), "code": ("coupon",)}
_PRODUCT = {"product_id": ("product_id", "sku"), "amount": ("price", "value"), "code": ("category",)}
_SUBSCRIPTION = {
    "object_id": ("subscription_id",),
    "amount": ("mrr", "monthly_amount"),
    "quantity": ("seats",),
    "code": ("plan",),
}
_INVOICE = {"object_id": ("invoice_id",), "amount": ("total", "revenue"), "promised_at": ("due_at",)}
_TICKET = {"object_id": ("ticket_id",), "code": ("topic", "category", "priority"), "score": ("rating",)}
_MESSAGE = {"object_id": ("ticket_id", "message_id"), "code": ("channel",)}
_MAIL = {"object_id": ("email_id", "campaign_id"), "code": ("link_url", "reason")}
_KNOWN: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "Order ": ("order", _ORDER),
    "Checkout Started": ("order", _ORDER),
    "Coupon ": ("order", {"object_id": ("order_id",), "code": ("coupon_id", "coupon_name")}),
    "Product ": ("", _PRODUCT),
    "Products Searched": ("", {"code": ("query",)}),
    "Product List Viewed": ("", {"code": ("list_id", "category")}),
    "Product Shared": ("", {"product_id": ("product_id", "sku"), "code": ("share_via",)}),
    "Product Reviewed": ("", {"product_id": ("product_id", "sku"), "score": ("rating",)}),
    "Cart Viewed": ("", {"object_id": ("cart_id",)}),
    "Subscription Ended": ("subscription", _SUBSCRIPTION | {"code": ("reason",)}),
    "Subscription ": ("subscription", _SUBSCRIPTION),
    "Trial ": ("subscription", _SUBSCRIPTION),
    "Invoice ": ("invoice", _INVOICE),
    "Payment ": ("invoice", _INVOICE | {"code": ("reason", "failure_code")}),
    "Ticket ": ("ticket", _TICKET),
    "Message ": ("", _MESSAGE),
    "Survey Answered": ("survey", {"object_id": ("survey_id",), "code": ("survey", "survey_type")}),
    "Email ": ("message", _MAIL),
    "Unsubscribed": ("", {"code": ("reason", "list_id")}),
    "Page Viewed": ("", {"code": ("name", "path", "url")}),
    "Screen Viewed": ("", {"code": ("name",)}),
    "Feature Used": ("", {"code": ("feature", "name"), "quantity": ("count",)}),
    "Signed Up": ("", {"code": ("type", "method")}),
    "Account Deleted": ("", {"code": ("reason",)}),
}
"""Name of an event, or how it begins -> (what it is about, column -> properties that say it)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the event log, but for whose it is and its key; ``part`` counts the rows of one event."""

    part: int
    name: str
    object_kind: str | None
    object_id: str | None
    amount_minor: int | None
    currency: str | None
    quantity: Decimal | None
    product_id: str | None
    code: str | None
    score: float | None
    promised_us: int | None
    details: str | None


def rows_of(call: Call, mapped: Mapping[str, str], currency: str) -> Sequence[Row]:
    """The rows that an event makes: one, and for an order of several products one for each further line.

    ``mapped`` are the workspace's own maps for this name (column -> property, a path with dots);
    ``currency`` is that of amounts that name none. The amounts of an order's lines add up to its total.
    Refuses values that are no amount, number or moment.
    """
    properties = call.properties
    kind, known = _known(call.name)
    said: dict[str, Any] = {}
    used: set[str] = set()
    for column in COLUMNS:
        path, value = _value(column, properties, mapped, known)
        if value is not None:
            said[column] = value
            used.add(path)
    row = _row(call, kind, said, currency, _details(properties, used))
    lines = _lines(properties) if call.name in ("Order Completed", "Order Refunded") else []
    return _with_lines(row, lines, call.name) if lines else (row,)


def text_of(properties: Mapping[str, Any]) -> str:
    """The free text of an event, without what no database can hold; "" for none."""
    text = properties.get("text")
    return text.replace("\x00", "").strip()[:_MOST_TEXT] if isinstance(text, str) else ""


def _known(name: str) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    if name in _KNOWN:
        return _KNOWN[name]
    return _KNOWN.get(f"{name.partition(' ')[0]} ", ("", {}))


def _value(
    column: str,
    properties: Mapping[str, Any],
    mapped: Mapping[str, str],
    known: Mapping[str, tuple[str, ...]],
) -> tuple[str, Any]:
    """The property that fills a column and what it says: the workspace's map, its own name, the spec's."""
    tries = (mapped[column],) if column in mapped else (column, *known.get(column, ()))
    for path in tries:
        value: Any = properties.get(path)
        if value is None and "." in path:
            value = _at(properties, path)
        if value is not None and value != "":
            return path.partition(".")[0], value
    return "", None


def _at(properties: Mapping[str, Any], path: str) -> Any:
    value: Any = properties
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _row(call: Call, kind: str, said: Mapping[str, Any], currency: str, details: str | None) -> Row:
    named = _word(said.get("currency"), "currency")
    code = named.upper() if named else (currency or NO_CURRENCY)
    amount = _amount(said.get("amount"), code)
    if amount is not None and call.name in _BELOW_ZERO:
        amount = -abs(amount)
    object_id = _word(said.get("object_id"), "object_id")
    return Row(
        1,
        call.name,
        _word(said.get("object_kind"), "object_kind") or (kind or None if object_id else None),
        object_id,
        amount,
        None if amount is None else code,
        _number(said.get("quantity"), "quantity"),
        _word(said.get("product_id"), "product_id"),
        _word(said.get("code"), "code"),
        _score(said.get("score")),
        _promised(said.get("promised_at")),
        details,
    )


def _lines(properties: Mapping[str, Any]) -> list[tuple[str, Decimal, Decimal | None]]:
    """(product, quantity, price) of each line; a line without a product says nothing."""
    products = properties.get("products")
    if not isinstance(products, list):
        return []
    found = []
    for each in products[:500]:
        if not isinstance(each, Mapping):
            continue
        product = _word(each.get("product_id") or each.get("sku"), "product_id")
        quantity = _number(each.get("quantity"), "quantity")
        if product:
            found.append((product, quantity or Decimal(1), _number(each.get("price"), "price")))
    return found


def _with_lines(row: Row, lines: Sequence[tuple[str, Decimal, Decimal | None]], name: str) -> Sequence[Row]:
    """The order cut into its lines.

    The first row keeps what the lines leave of the total (shipping, tax, discounts), so that the sum
    is what was paid; without prices it keeps all of it.
    """
    sign = -1 if name in _BELOW_ZERO else 1
    priced = row.currency is not None and all(price is not None for *_, price in lines)
    amounts = [
        sign * _line_amount(quantity * (price or 0), row.currency or NO_CURRENCY) if priced else 0
        for _, quantity, price in lines
    ]
    first, *others = [
        _line(row, part, line, amount)
        for part, (line, amount) in enumerate(zip(lines, amounts, strict=True), 1)
    ]
    if row.amount_minor is not None:
        rest = row.amount_minor - sum(amounts)
        first = _changed(first, amount_minor=amounts[0] + rest)
    return [first, *others]


def _line_amount(value: Decimal, currency: str) -> int:
    if abs(value) >= _LARGEST_LINE:
        raise bad("bad_number", f"quantity times price is {shown(str(value))}", "an amount of money")
    return Money.of(value, currency).minor


def _line(row: Row, part: int, line: tuple[str, Decimal, Decimal | None], amount: int) -> Row:
    product, quantity, _ = line
    return _changed(
        row,
        part=part,
        product_id=product,
        quantity=quantity,
        amount_minor=None if row.amount_minor is None else amount,
        details=row.details if part == 1 else None,
    )


def _changed(row: Row, **given: Any) -> Row:
    from dataclasses import replace

    return replace(row, **given)


def _details(properties: Mapping[str, Any], used: set[str]) -> str | None:
    """What no column holds, as JSON; free text is not among it."""
    rest = {
        name: value
        for name, value in properties.items()
        if name not in used and name not in TEXT_PROPERTIES and value is not None
    }
    return json.dumps(rest, ensure_ascii=False, default=str).replace("\\u0000", "") if rest else None


def _word(value: Any, name: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise bad("bad_value", f"{name} is {shown(value)}", "a text or a number")
    return str(value).replace("\x00", "")[:_MOST_VALUE] or None


def _number(value: Any, name: str) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool | dict | list):
            raise InvalidOperation
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise bad("bad_number", f"{name} is {shown(value)}", "a number like 12.50") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
        raise bad("bad_number", f"{name} is {shown(value)}", "a number like 12.50")
    return number.quantize(Decimal("0.0001")) if name == "quantity" else number


def _amount(value: Any, currency: str) -> int | None:
    number = _number(value, "amount")
    if number is None:
        return None
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise bad("bad_currency", f"currency is {shown(currency)}", "three letters like EUR")
    return Money.of(number, currency).minor


def _score(value: Any) -> float | None:
    number = _number(value, "score")
    return None if number is None else float(number)


def _promised(value: Any) -> int | None:
    if value is None:
        return None
    at = moment(value)
    if at is None:
        raise bad("bad_moment", f"promised_at is {shown(value)}", "a moment like 2026-05-17T09:30:00Z")
    return at


def flat_traits(traits: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, value) of every trait, those of objects as ``address.city``; empty ones say nothing.

    Values are written as text, as imports keep them: true, 4, 4.5. Lists are joined by commas.
    """
    for name, value in traits.items():
        yield from _flat(str(name), value, 0)


def _flat(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if depth < 3:
            for inner, each in value.items():
                yield from _flat(f"{name}.{inner}", each, depth + 1)
        return
    if isinstance(value, list):
        value = ", ".join(str(each) for each in value if not isinstance(each, dict | list))
    if isinstance(value, bool):
        value = "true" if value else "false"
    written = "" if value is None else str(value).replace("\x00", "").strip()
    if written and name and len(name) <= 100:
        yield name.replace("\x00", ""), written[:_MOST_VALUE]
