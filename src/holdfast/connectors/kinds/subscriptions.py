"""Subscriptions: when one started, changed and ended, and what it brings a month."""

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

_YEARLY = said(
    "interval",
    """
    year, yearly, annual, annually, 12 months, an, anual, سالانه, سال, година, годишно, годишен,
    год, ежегодно, годовая, 年, 年付, 按年
    """,
)
_HALF_YEARLY = said("interval", "half year, semiannual, half-yearly, 6 months, semestrial, полугодие, 半年")
_QUARTERLY = said(
    "interval",
    """
    quarter, quarterly, 3 months, trimestru, trimestrial, فصلی, سه ماهه, тримесечие, тримесечно,
    квартал, ежеквартально, 季, 季付, 按季
    """,
)
_WEEKLY = said(
    "interval", "week, weekly, saptamana, saptamanal, هفتگی, هفته, седмица, седмично, неделя, 周, 每周"
)
_MONTHS = f"CASE WHEN {_YEARLY} THEN 12 WHEN {_HALF_YEARLY} THEN 6 WHEN {_QUARTERLY} THEN 3 ELSE 1 END"
_MONTHLY = (
    'CASE WHEN "trial" THEN 0 ELSE COALESCE("monthly_amount", "yearly_amount" / 12, '
    f'CASE WHEN {_WEEKLY} THEN "amount" * 52 / 12 ELSE "amount" / ({_MONTHS}) END) END'
)
_PLAN = 'CASE WHEN "trial" THEN CONCAT(\'trial:\', COALESCE("plan", \'\')) ELSE "plan" END'
_COLUMNS = {
    "object_id": '"subscription_id"',
    "amount": _MONTHLY,
    "currency": '"currency"',
    "quantity": '"seats"',
    "product_id": '"product"',
    "promised_us": '"renews_at"',
}

KIND = ImportKind(
    name="subscriptions",
    title=Text("Subscriptions"),
    meaning=Text("Contracts that run until they end: start, end, plan, and what they bring a month."),
    columns=(
        *WHO,
        Column(
            "subscription_id",
            "id",
            Text("The subscription's own id."),
            names(
                """
            subscription, subscription no, contract, contract id, contract no, agreement id,
            policy id, abonament, id abonament, contract nr, اشتراک, شناسه اشتراک, абонамент,
            номер на абонамент, договор, подписка, id подписки, номер договора, 订阅, 订阅id,
            合同号
            """
            ),
        ),
        Column(
            "started_at",
            "moment",
            Text("When it started."),
            names(
                """
            start date, start, started, starts on, begin date, activated at, created at,
            created, current period start, subscription start, contract start, data inceput,
            data de inceput, inceput, تاریخ شروع, شروع, начало, начална дата,
            дата на започване, дата начала, 开始日期, 开始时间, 起始日期, 生效日期
            """
            ),
        ),
        Column(
            "ended_at",
            "moment",
            Text("When it ended; empty while it runs."),
            names(
                """
            end date, end, ended, ends on, cancelled at, canceled at, cancellation date,
            terminated at, expired at, churn date, subscription end, contract end,
            data sfarsit, data incetarii, sfarsit, تاریخ پایان, پایان, تاریخ لغو, край,
            крайна дата, дата на прекратяване, дата окончания, окончание, 结束日期, 结束时间,
            终止日期, 到期时间
            """
            ),
        ),
        Column(
            "changed_at",
            "moment",
            Text("When the plan changed to what this row says; such a row is no start."),
            names(
                """
            change date, changed, changed on, plan changed at, updated plan at,
            data modificarii, 变更日期
            """
            ),
        ),
        Column(
            "renews_at",
            "moment",
            Text("When it renews next."),
            names(
                """
            renewal date, next renewal, current period end, next billing date, renews on,
            data reinnoirii, 续费日期
            """
            ),
        ),
        Column(
            "plan",
            "text",
            Text("Name of the plan."),
            names(
                """
            plan tier, plan name, plan id, tier, package, tariff, edition, price id,
            plan abonament, tarif, طرح, پلن, تعرفه, план, тарифа, тариф, тарифный план, 套餐,
            方案, 计划
            """
            ),
        ),
        Column(
            "seats",
            "number",
            Text("How many seats or units."),
            names(
                """
            licences, licenses, users, quantity, locuri, licente, تعداد کاربر, места, лицензии,
            席位, 数量
            """
            ),
        ),
        Column(
            "monthly_amount",
            "amount",
            Text("What it brings a month, in major units."),
            names(
                """
            mrr, mrr amount, monthly charges, monthly price, monthly fee, monthly revenue,
            monthly recurring, monthly recurring revenue, abonament lunar, pret lunar,
            مبلغ ماهانه, месечна такса, ежемесячный платеж, 月费, 月付金额
            """
            ),
        ),
        Column(
            "yearly_amount",
            "amount",
            Text("What it brings a year, in major units."),
            names(
                """
            arr, arr amount, annual amount, annual price, acv, yearly price, pret anual,
            مبلغ سالانه, 年费
            """
            ),
        ),
        named(
            AMOUNT,
            "price, fee, recurring amount, pret, قیمت, цена, 价格",
            meaning=Text("What it brings an interval (a month where none is named), in major units."),
        ),
        Column(
            "interval",
            "text",
            Text("Month, quarter, year or week: what the amount is for."),
            names(
                """
            billing frequency, billing interval, billing period, billing cycle, frequency,
            period, frecventa, دوره, دوره پرداخت, период, период на плащане, периодичность,
            周期, 计费周期, 付款周期
            """
            ),
            detail=True,
        ),
        Column(
            "trial",
            "flag",
            Text("Yes while it is being tried out: nothing is paid, and it is no customer by money."),
            names(
                """
            is trial, on trial, trialing, proba, perioada de proba, آزمایشی, пробен, пробный,
            试用, 是否试用
            """
            ),
        ),
        Column(
            "reason",
            "text",
            Text("Why it ended, as a short code."),
            names(
                """
            cancellation reason, churn reason, reason code, end reason, motiv, دلیل لغو,
            причина, 取消原因
            """
            ),
        ),
        Column(
            "product",
            "id",
            Text("What is subscribed to."),
            names("product id, service, produs, محصول, продукт, 产品"),
        ),
        CURRENCY,
        STATUS,
        KNOWN_AT,
        EVENT_ID,
    ),
    required=(SOMEONE, ("started_at",)),
    events=(
        EventRule(
            name="CASE WHEN \"changed_at\" IS NULL THEN 'Subscription Started' "
            "ELSE 'Subscription Changed' END",
            at='COALESCE("changed_at", "started_at")',
            object_kind="subscription",
            columns={**_COLUMNS, "code": _PLAN},
        ),
        EventRule(
            name="'Subscription Ended'",
            at='"ended_at"',
            object_kind="subscription",
            columns={**_COLUMNS, "code": '"reason"'},
        ),
    ),
    checks=(
        Check(
            "ends_before_start",
            '"ended_at" < "started_at"',
            Text("{n} subscription ends before it starts.", "{n} subscriptions end before they start."),
        ),
        Check(
            "negative_prices",
            'COALESCE("monthly_amount", "yearly_amount", "amount") < 0',
            Text("{n} row has a negative price.", "{n} rows have a negative price."),
        ),
    ),
)
