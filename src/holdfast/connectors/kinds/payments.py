"""Payments: invoices with their due date, and what became of them."""

from __future__ import annotations

from holdfast.connectors.columns import (
    AMOUNT,
    CURRENCY,
    EVENT_ID,
    KNOWN_AT,
    SOMEONE,
    STATUS,
    WHO,
    named,
    names,
    said,
)
from holdfast.domain.imports import Check, Column, EventRule, ImportKind
from holdfast.domain.texts import Text

_FAILED = said(
    "status",
    """
    failed, failure, declined, rejected, unpaid, error, chargeback, esuat, respins, ناموفق, رد شده,
    неуспешно, отказано, отказан, неуспешный, отклонен, отклонён, 失败, 支付失败
    """,
)
_GIVEN_BACK = said(
    "status",
    """
    refunded, refund, returned, rambursat, مسترد, مسترد شده, възстановено, възстановена,
    возврат, возвращен, возвращён, 已退款, 退款
    """,
)
_REFUNDED = f'("amount" < 0 OR {_GIVEN_BACK})'
_PAID_AT = 'COALESCE("paid_at", CASE WHEN "issued_at" IS NULL OR "status" IS NOT NULL THEN "at" END)'
_COLUMNS = {
    "object_id": '"invoice_id"',
    "currency": '"currency"',
    "amount": '"amount"',
    "promised_us": '"due_at"',
}

KIND = ImportKind(
    name="payments",
    title=Text("Payments"),
    meaning=Text("Invoices and payments: issued, due, paid, failed or refunded."),
    columns=(
        *WHO,
        Column(
            "invoice_id",
            "id",
            Text("Number of the invoice or payment."),
            names(
                """
            invoice, invoice no, invoice number, invoicenumber, bill, bill no, bill id,
            payment id, charge id, transaction id, reference, factura, numar factura,
            nr factura, فاکتور, شماره فاکتور, شماره پرداخت, фактура, номер на фактура, счет,
            счёт, номер счета, номер платежа, 发票, 发票号, 账单号, 支付单号
            """
            ),
        ),
        Column(
            "issued_at",
            "moment",
            Text("When the invoice was issued."),
            names(
                """
            invoice date, invoicedate, issue date, issued, issued on, bill date, billing date,
            billed at, data facturii, data emiterii, تاریخ فاکتور, تاریخ صدور, дата на фактура,
            дата на издаване, дата счета, дата выставления, 开票日期, 账单日期
            """
            ),
        ),
        Column(
            "due_at",
            "moment",
            Text("Until when it was to be paid."),
            names(
                """
            due date, duedate, due, due on, payment due, pay by, scadenta, data scadenta,
            termen de plata, سررسید, تاریخ سررسید, падеж, срок за плащане, дата на падеж,
            срок оплаты, оплатить до, 到期日, 应付日期, 付款截止日期
            """
            ),
        ),
        Column(
            "paid_at",
            "moment",
            Text("When it was paid, or when paying failed."),
            names(
                """
            paid, paid on, payment date, date paid, settled, settled date, settleddate,
            settled at, paid date, charged at, data platii, platit la, data incasarii,
            تاریخ پرداخت, زمان پرداخت, дата на плащане, платено на, дата оплаты, оплачено,
            дата платежа, 付款日期, 支付时间, 付款时间
            """
            ),
        ),
        Column(
            "at",
            "moment",
            Text("The moment of the payment, where the file has only one."),
            names(
                """
            date, time, created at, created, timestamp, data, تاریخ, дата, 日期, 时间
            """
            ),
        ),
        named(
            AMOUNT,
            """
            invoice amount, invoiceamount, payment amount, amount due, сумма платежа, 付款金额
            """,
        ),
        CURRENCY,
        STATUS,
        Column(
            "reason",
            "text",
            Text("Why a payment failed or was given back."),
            names(
                """
            failure reason, failure code, decline code, decline reason, refund reason, motiv,
            دلیل, причина, причина отказа, 原因, 失败原因
            """
            ),
        ),
        Column(
            "method",
            "text",
            Text("How it was paid."),
            names(
                """
            payment method, payment type, card type, metoda de plata, روش پرداخت,
            начин на плащане, способ оплаты, 支付方式, 付款方式
            """
            ),
            detail=True,
        ),
        KNOWN_AT,
        EVENT_ID,
    ),
    required=(SOMEONE, ("paid_at", "issued_at", "at"), ("amount",)),
    events=(
        EventRule(name="'Invoice Issued'", at='"issued_at"', object_kind="invoice", columns=_COLUMNS),
        EventRule(
            name=f"CASE WHEN {_FAILED} THEN 'Payment Failed' WHEN {_REFUNDED} THEN 'Payment Refunded' "
            "ELSE 'Payment Completed' END",
            at=_PAID_AT,
            object_kind="invoice",
            revenue=True,
            columns={
                **_COLUMNS,
                "amount": f'CASE WHEN {_REFUNDED} THEN -ABS("amount") ELSE "amount" END',
                "code": '"reason"',
            },
        ),
    ),
    checks=(
        Check(
            "zero_amounts",
            '"amount" = 0',
            Text("{n} row has an amount of zero.", "{n} rows have an amount of zero."),
        ),
        Check(
            "paid_before_issued",
            '"paid_at" < "issued_at"',
            Text(
                "{n} invoice was paid before it was issued.",
                "{n} invoices were paid before they were issued.",
            ),
        ),
    ),
)
