"""Accounts: companies or households whose contacts are customers."""

from __future__ import annotations

from holdfast.connectors.columns import ACCOUNT, COUNTRY, EMAIL, KNOWN_AT, PHONE, named, names
from holdfast.domain.imports import Check, Column, EventRule, ImportKind
from holdfast.domain.texts import Text

KIND = ImportKind(
    name="accounts",
    title=Text("Accounts"),
    meaning=Text("Companies or households: id, name and traits. Every further column is kept as a trait."),
    columns=(
        named(ACCOUNT, "id, customer id, client id"),
        Column(
            "name",
            "text",
            Text("Name of the company."),
            names(
                """
            account name, company name, company, organization name, organisation name,
            customer name, nume, nume companie, denumire, نام, نام شرکت, име, име на фирма,
            название, название компании, наименование, 名称, 公司名称, 企业名称
            """
            ),
        ),
        EMAIL,
        PHONE,
        Column(
            "parent",
            "text",
            Text("The account that it belongs to, by its id."),
            names(
                """
            parent account, parent id, parent account id, parent company, parent company id, head office,
            compania mama, firma mama, شرکت مادر, حساب مادر, компания майка, родителска компания,
            головная компания, родительская компания, 母公司, 上级客户
            """
            ),
            trait=True,
        ),
        Column(
            "signed_up_at",
            "moment",
            Text("Since when it has been a customer."),
            names(
                """
            signup date, sign up date, signed up, registered at, registration date, created,
            created at, creation date, customer since, start date, joined at,
            data inregistrarii, client din, تاریخ عضویت, تاریخ ثبت نام, дата на регистрация,
            клиент от, дата регистрации, 注册时间, 注册日期, 创建时间
            """
            ),
        ),
        Column(
            "left_at",
            "moment",
            Text("When the account was closed."),
            names(
                """
            left, deleted at, closed at, churn date, churned at, cancelled at,
            cancellation date, end date, data inchiderii, تاریخ لغو, дата на закриване,
            дата закрытия, 注销时间, 流失日期
            """
            ),
        ),
        Column(
            "left_reason",
            "text",
            Text("Why it left, as a short code."),
            names(
                """
            churn reason, reason, reason code, cancellation reason, دلیل خروج, причина,
            流失原因
            """
            ),
        ),
        Column(
            "stage",
            "text",
            Text('"prospect" for an account that has not bought yet.'),
            names(
                """
            lifecycle stage, account type, lead status, kind, مرحله, етап, этап, 阶段
            """
            ),
            trait=True,
        ),
        Column(
            "source",
            "text",
            Text("Where the account came from."),
            names(
                """
            acquisition source, referral source, lead source, channel, sursa, منبع, източник,
            источник, 来源
            """
            ),
            trait=True,
            immutable=True,
        ),
        COUNTRY,
        KNOWN_AT,
    ),
    required=(("account",),),
    subject="account",
    events=(
        EventRule(name="'Signed Up'", at='"signed_up_at"'),
        EventRule(name="'Account Deleted'", at='"left_at"', columns={"code": '"left_reason"'}),
    ),
    rest="traits",
    checks=(
        Check(
            "left_before_joining",
            '"left_at" < "signed_up_at"',
            Text("{n} row leaves before it joins.", "{n} rows leave before they join."),
        ),
    ),
)
