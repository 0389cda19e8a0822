"""What a company tells beside its customers' events: products, costs, exchange rates, series.

Each import keeps its own rows; of the done ones the latest that names a key is the one that counts.
"""

from __future__ import annotations

from django.db import models


class Product(models.Model):
    """A product with its category and what one costs us, in minor units of ``currency``."""

    pk = models.CompositePrimaryKey("product_id", "import_id")
    product_id = models.TextField()
    import_id = models.BigIntegerField()
    name = models.TextField(default="")
    category = models.TextField(default="")
    unit_cost_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="")

    class Meta:
        """One row per product and import."""

        db_table = "product"


class Cost(models.Model):
    """What a source of customers cost on a day; an import's lines of one day and source, summed."""

    pk = models.CompositePrimaryKey("day", "source", "currency", "import_id")
    day = models.IntegerField()
    source = models.TextField()
    currency = models.CharField(max_length=3)
    import_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    lines = models.IntegerField(default=1)

    class Meta:
        """One row per day, source, currency and import."""

        db_table = "cost"


class Rate(models.Model):
    """One unit of ``from_currency`` was worth ``rate`` of ``to_currency`` from ``day`` on."""

    pk = models.CompositePrimaryKey("day", "from_currency", "to_currency", "import_id")
    day = models.IntegerField()
    from_currency = models.CharField(max_length=3)
    to_currency = models.CharField(max_length=3)
    import_id = models.BigIntegerField()
    rate = models.DecimalField(max_digits=28, decimal_places=12)

    class Meta:
        """One row per day, pair and import."""

        db_table = "rate"


class SeriesPoint(models.Model):
    """One value of a plain series that the company enters or imports (public rating, staff mood)."""

    pk = models.CompositePrimaryKey("name", "day", "import_id")
    name = models.TextField()
    day = models.IntegerField()
    import_id = models.BigIntegerField()
    value = models.FloatField()

    class Meta:
        """One row per series, day and import."""

        db_table = "series_point"
