"""Products: category and unit cost, by the id that orders use."""

from __future__ import annotations

from holdfast.connectors.columns import CURRENCY, PRODUCT, named, names
from holdfast.domain.imports import Column, ImportKind
from holdfast.domain.texts import Text

KIND = ImportKind(
    name="products",
    title=Text("Products"),
    meaning=Text("Products with category and unit cost, by the id that orders use."),
    columns=(
        named(PRODUCT, "id, product id"),
        Column(
            "name",
            "text",
            Text("Name, as it is to be shown."),
            names(
                """
            product name, title, description, item name, label, nume, denumire, nume produs,
            نام, نام محصول, عنوان, име, наименование, название, название товара, 名称,
            商品名称, 产品名称
            """
            ),
        ),
        Column(
            "category",
            "text",
            Text("Category: how long a product lasts is learned per category."),
            names(
                """
            product category, product category name, department, group, product group,
            product type, class, family, categorie, categoria, دسته, دسته بندی, گروه,
            категория, група, группа, раздел, 类别, 分类, 品类, 类目
            """
            ),
        ),
        Column(
            "unit_cost",
            "amount",
            Text("What one costs the company, in major units."),
            names(
                """
            cost, cost price, purchase price, cogs, unit cost, cost per item, cost unitar,
            pret achizitie, هزینه, بهای تمام شده, قیمت خرید, себестойност, доставна цена,
            себестоимость, закупочная цена, 成本, 成本价, 进价
            """
            ),
        ),
        Column(
            "unit_price",
            "amount",
            Text("What one is sold for, in major units."),
            names(
                """
            price, list price, sale price, pret, pret vanzare, قیمت, цена, продажна цена, 价格,
            售价
            """
            ),
        ),
        CURRENCY,
    ),
    required=(("product",),),
    subject="",
    rest="dropped",
)
