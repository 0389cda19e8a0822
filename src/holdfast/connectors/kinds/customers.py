"""Customers: people with their contact points and traits; prospects beside them (A10)."""

from __future__ import annotations

from holdfast.connectors.columns import ACCOUNT, COUNTRY, CUSTOMER, EMAIL, KNOWN_AT, PHONE, named, names
from holdfast.domain.imports import Check, Column, EventRule, ImportKind
from holdfast.domain.texts import Text

NAME = Column(
    "name",
    "text",
    Text("Name, as it is to be shown."),
    names(
        """
            customer name, full name, client name, contact name, display name, surname,
            last name, fullname, nume, nume complet, nume si prenume, نام, نام و نام خانوادگی,
            نام مشتری, име, имена, име и фамилия, имя, фио, имя клиента, полное имя, 姓名,
            名字, 名称, 客户姓名, 客户名称
            """
    ),
)
SIGNED_UP_AT = Column(
    "signed_up_at",
    "moment",
    Text("Since when it has been a customer."),
    names(
        """
            signup date, sign up date, signed up, signup, registered, registered at,
            registration date, created, created at, created on, creation date, customer since,
            member since, join date, joined at, joined, start date, acquired on, first seen,
            date joined, data inregistrarii, inregistrat, client din, data crearii,
            تاریخ عضویت, تاریخ ثبت نام, تاریخ ایجاد, дата на регистрация, регистриран,
            клиент от, дата регистрации, зарегистрирован, дата создания, 注册时间, 注册日期,
            入会时间, 创建时间, 加入日期
            """
    ),
)
LEFT_AT = Column(
    "left_at",
    "moment",
    Text("When the account was deleted or the customer said goodbye."),
    names(
        """
            left, deleted at, deleted, closed at, account closed, churn date, churned at,
            cancelled at, cancellation date, end date, leave date, data plecarii, sters la,
            data inchiderii, تاریخ لغو, تاریخ خروج, дата на напускане, дата на закриване,
            дата ухода, дата удаления, 注销时间, 流失日期
            """
    ),
)
LEFT_REASON = Column(
    "left_reason",
    "text",
    Text("Why it left, as a short code."),
    names(
        """
            churn reason, reason, reason code, cancellation reason, leave reason,
            motivul plecarii, دلیل خروج, причина, причина на напускане, причина ухода,
            流失原因, 注销原因
            """
    ),
)
STAGE = Column(
    "stage",
    "text",
    Text('"prospect" for someone who has not bought yet; prospects stand beside customers.'),
    names(
        """
            lifecycle stage, lead status, customer type, kind, etapa, مرحله, етап, этап, 阶段
            """
    ),
    trait=True,
)
SOURCE = Column(
    "source",
    "text",
    Text("Where the customer came from."),
    names(
        """
            acquisition source, referral source, lead source, utm source, channel,
            acquisition channel, origin, campaign source, sursa, منبع, نحوه آشنایی, източник,
            источник, 来源, 获客渠道
            """
    ),
    trait=True,
    immutable=True,
)
EVENTS = (
    EventRule(name="'Signed Up'", at='"signed_up_at"'),
    EventRule(name="'Account Deleted'", at='"left_at"', columns={"code": '"left_reason"'}),
)

KIND = ImportKind(
    name="customers",
    title=Text("Customers"),
    meaning=Text("People: id, contact points and traits. Every further column is kept as a trait."),
    columns=(
        named(CUSTOMER, "id"),
        EMAIL,
        PHONE,
        NAME,
        ACCOUNT,
        SIGNED_UP_AT,
        LEFT_AT,
        LEFT_REASON,
        STAGE,
        SOURCE,
        COUNTRY,
        Column(
            "language",
            "text",
            Text("Language the customer reads."),
            names(
                """
            lang, locale, preferred language, limba, زبان, език, язык, 语言
            """
            ),
            trait=True,
        ),
        Column(
            "preferred_channel",
            "text",
            Text("Where the customer wants to be reached: email, sms, messenger, phone or in_app."),
            names(
                """
            contact preference, preferred contact, preferred contact channel, contact channel,
            canal preferat, کانال ترجیحی, предпочитан канал, предпочитаемый канал, 首选渠道
            """
            ),
            trait=True,
        ),
        Column(
            "city",
            "text",
            Text("Town."),
            names(
                """
            town, customer city, billing city, oras, localitate, شهر, град, город, 城市
            """
            ),
            trait=True,
        ),
        Column(
            "birth_date",
            "text",
            Text("Date of birth, as it is written."),
            names(
                """
            birthday, date of birth, dob, data nasterii, تاریخ تولد, дата на раждане,
            дата рождения, 生日
            """
            ),
            trait=True,
            immutable=True,
        ),
        Column(
            "gender",
            "text",
            Text("Gender, as the file says it."),
            names("sex, sexul, gen, جنسیت, пол, 性别"),
            trait=True,
        ),
        KNOWN_AT,
    ),
    required=(("customer", "email", "phone"),),
    events=EVENTS,
    rest="traits",
    checks=(
        Check(
            "left_before_joining",
            '"left_at" < "signed_up_at"',
            Text("{n} row leaves before it joins.", "{n} rows leave before they join."),
        ),
    ),
)
