"""Canonical columns that several import kinds share, with the names that others give them.

Synonyms are compared folded (case, diacritics and punctuation gone), so "Customer ID",
"customer_id" and "customerId" are one. They cover English, Romanian, Persian, Bulgarian, Russian
and Chinese, and the usual exports of shops, billing and help desks.
"""

from __future__ import annotations

from dataclasses import replace

from holdfast.domain.imports import Column
from holdfast.domain.texts import Text


def names(text: str) -> tuple[str, ...]:
    """Synonyms written one after the other: "customer id, client no"."""
    return tuple(word for part in text.replace("\n", ",").split(",") if (word := part.strip()))


def said(column: str, words: str) -> str:
    """The condition that the text in ``column`` is one of ``words``, whatever its case."""
    spelled = ", ".join(f"'{word}'" for word in names(words))
    return f'LOWER(TRIM("{column}")) IN ({spelled})'


CUSTOMER = Column(
    "customer",
    "id",
    Text("The customer's own id in the system that wrote the file."),
    names(
        """
            customer id, customer no, customer number, customer key, customer code, client,
            client id, user, user id, userid, member, member id, person id, contact id,
            buyer id, shopper id, cust, cust id, custid, household id, household,
            subscriber id, patient id, card no, loyalty card, customer unique id, master id,
            masterid, visitor id, kunde, id customer, id client, client nr, cod client,
            numar client, cumparator, abonat, مشتری, شناسه مشتری, کد مشتری, کاربر, شناسه کاربر,
            شماره مشتری, خریدار, клиент, клиент номер, номер на клиент, код на клиент,
            ид на клиент, купувач, потребител, id клиента, ид клиента, код клиента,
            номер клиента, покупатель, пользователь, id пользователя, абонент, контрагент,
            客户, 客户id, 客户编号, 客户号, 用户, 用户id, 用户编号, 会员, 会员id, 会员号, 买家,
            顾客
            """
    ),
)
EMAIL = Column(
    "email",
    "text",
    Text("E-mail address."),
    names(
        """
            e mail, email address, mail, customer email, user email, contact email,
            billing email, adresa de email, adresa email, posta electronica, ایمیل,
            پست الکترونیک, رایانامه, имейл, е поща, електронна поща, ел поща, почта,
            электронная почта, эл почта, адрес электронной почты, емейл, 邮箱, 电子邮箱,
            电子邮件, 邮件地址
            """
    ),
)
PHONE = Column(
    "phone",
    "text",
    Text("Telephone number."),
    names(
        """
            telephone, phone number, mobile, mobile number, cell, cell phone, tel, msisdn,
            customer phone, telefon, numar de telefon, telefon mobil, mobil, تلفن, موبایل,
            شماره تماس, شماره موبایل, شماره تلفن, همراه, телефон, мобилен, телефонен номер,
            телефон за връзка, номер телефона, мобильный, сотовый, 电话, 手机, 手机号,
            手机号码, 联系电话
            """
    ),
)
ACCOUNT = Column(
    "account",
    "id",
    Text("The company or household that the customer belongs to."),
    names(
        """
            account id, account no, account number, company id, company, organization id,
            organisation id, organization, organisation, org id, tenant, tenant id,
            workspace id, group id, team id, cont, companie, firma, organizatie, id cont, cui,
            شرکت, سازمان, حساب, شناسه حساب, شناسه شرکت, фирма, компания, организация, сметка,
            акаунт, номер на фирма, аккаунт, id компании, 公司, 企业, 账户, 公司id, 企业编号,
            组织
            """
    ),
)
CUSTOMER_NAME = Column(
    "customer_name",
    "text",
    Text("The customer's name."),
    names(
        """
            customer name, client name, user name, full name, buyer name, contact name,
            billing name, nume client, nume complet, نام مشتری, نام و نام خانوادگی,
            име на клиент, имя клиента, фио, 客户姓名, 客户名称, 用户名, 会员姓名
            """
    ),
)
WHO = (CUSTOMER, EMAIL, PHONE, ACCOUNT, CUSTOMER_NAME)
"""Who a row is about; at least one of :data:`SOMEONE` must be there."""

SOMEONE = ("customer", "account", "email", "phone")

AT = Column(
    "at",
    "moment",
    Text("When it happened."),
    names(
        """
            date, time, datetime, date time, timestamp, created, created at, created on,
            occurred at, event time, event date, event timestamp, day, data, ora, data si ora,
            momentul, تاریخ, زمان, تاریخ و ساعت, تاریخ ثبت, дата, час, дата и час,
            дата създаване, время, дата и время, дата создания, 日期, 时间, 日期时间, 创建时间,
            创建日期
            """
    ),
)
KNOWN_AT = Column(
    "known_at",
    "moment",
    Text("From when on the row could have been known; else its moment plus the lag."),
    names(
        """
            known at, known from, recorded at, received at, loaded at, ingested at,
            available at
            """
    ),
)
EVENT_ID = Column(
    "event_id",
    "id",
    Text("The row's own id, when it never changes and never repeats."),
    names("event id, message id, row id, uuid, transaction uuid"),
)
AMOUNT = Column(
    "amount",
    "amount",
    Text("Money, in major units; negative when it goes back."),
    names(
        """
            total, total amount, sum, value, price total, revenue, sales, sales value,
            sales amount, amount usd, amount eur, gross amount, net amount, gross, net,
            grand total, total price, subtotal, turnover, spend, dollars, paid amount,
            amount paid, total spent, charge, suma, valoare, total plata, suma totala,
            valoare totala, pret total, incasari, مبلغ, جمع, مبلغ کل, قیمت کل, جمع کل,
            مبلغ پرداختی, مبلغ سفارش, сума, стойност, обща сума, общо, обща стойност, сумма,
            итого, стоимость, общая сумма, сумма заказа, выручка, 金额, 总额, 总金额, 总价,
            合计, 订单金额, 实付金额, 销售额
            """
    ),
)
CURRENCY = Column(
    "currency",
    "text",
    Text("Three letters of ISO 4217, such as EUR."),
    names(
        """
            currency code, curr, ccy, iso currency, moneda, valuta, ارز, واحد پول, واحد پولی,
            валута, валюта, код валюты, 币种, 货币, 货币代码
            """
    ),
    repeats=True,
)
PRODUCT = Column(
    "product",
    "id",
    Text("The product's id."),
    names(
        """
            product id, product code, sku, item, item id, article, article no, stock code,
            stockcode, asin, ean, upc, gtin, variant sku, lineitem sku, product sku,
            product key, material, produs, cod produs, id produs, articol, محصول, کد محصول,
            شناسه محصول, کد کالا, کالا, продукт, код на продукт, артикул, стока, товар,
            код товара, id товара, 商品, 商品id, 商品编号, 商品编码, 产品, 产品id, 产品编号,
            货号
            """
    ),
)
QUANTITY = Column(
    "quantity",
    "number",
    Text("How many; negative when they come back."),
    names(
        """
            qty, units, count, pieces, pcs, number of items, items, lineitem quantity, cds,
            no of items, cantitate, bucati, cant, تعداد, مقدار, количество, брой, бройки,
            кол во, штук, 数量, 件数, 购买数量
            """
    ),
)
UNIT_PRICE = Column(
    "unit_price",
    "amount",
    Text("Price of one, in major units."),
    names(
        """
            unit price, unitprice, price, item price, price per unit, lineitem price,
            list price, price each, pret, pret unitar, قیمت, قیمت واحد, فی, цена,
            единична цена, ед цена, цена за единицу, цена за штуку, 单价, 价格, 售价
            """
    ),
)
STATUS = Column(
    "status",
    "text",
    Text("State of the row, as the file says it."),
    names(
        """
            state, order status, payment status, ticket status, financial status, stare,
            status comanda, وضعیت, وضعیت سفارش, статус, състояние, состояние, статус заказа,
            状态, 订单状态
            """
    ),
    detail=True,
    repeats=True,
)
CODE = Column(
    "code",
    "text",
    Text("A reason, topic or plan as a short code."),
    names(
        """
            reason, reason code, type, label, motiv, دلیل, کد, причина, код, 原因, 代码
            """
    ),
)
SCORE = Column(
    "score",
    "number",
    Text("What the customer gave: a rating or an answer on a scale."),
    names(
        """
            rating, stars, points, satisfaction, satisfaction score, csat, nps, ces, grade,
            mark, nota, scor, punctaj, evaluare, امتیاز, نمره, رضایت, оценка, рейтинг, балл,
            баллы, точки, 评分, 分数, 满意度, 得分, 星级
            """
    ),
)
TEXT = Column(
    "text",
    "text",
    Text("What the customer wrote; kept in the database, not in the log."),
    names(
        """
            comment, comments, feedback, feedback text, body, message, content, review,
            review text, description, verbatim, answer text, note, notes, mesaj, comentariu,
            recenzie, descriere, متن, پیام, نظر, توضیحات, دیدگاه, текст, коментар, съобщение,
            отзив, описание, комментарий, сообщение, отзыв, 内容, 评论, 评价, 留言, 消息, 反馈,
            描述
            """
    ),
)
CHANNEL = Column(
    "channel",
    "text",
    Text("Where it came through: shop, web, phone, e-mail."),
    names(
        """
            medium, via, store id, store, canal, magazin, کانال, فروشگاه, канал, магазин, 渠道,
            门店
            """
    ),
    detail=True,
)
COUNTRY = Column(
    "country",
    "text",
    Text("Country, as two letters or by name."),
    names(
        """
            country code, countrycode, billing country, shipping country, nation, geography,
            tara, کشور, държава, страна, 国家, 国家代码
            """
    ),
    trait=True,
    immutable=True,
)


def named(column: Column, synonyms: str = "", *, name: str = "", meaning: Text | None = None) -> Column:
    """``column`` with further synonyms, tried before its own, and perhaps another name and meaning."""
    return replace(
        column,
        name=name or column.name,
        meaning=meaning or column.meaning,
        synonyms=(*names(synonyms), *column.synonyms),
    )
