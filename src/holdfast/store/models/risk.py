"""Who is at risk, and the models that said so."""

from __future__ import annotations

from django.db import models


class RiskScore(models.Model):
    """The risk of one customer by the latest scoring.

    ``drivers`` is JSON: a list of (feature, effect, value, usual value), the strongest first, and
    ``cause`` the group of the first that raises the risk. ``dimensions`` is JSON: what each group adds to
    the log-odds, all its drivers together. ``state`` and ``country`` are those of the customer list.
    ``week_ago`` is the risk of a week before.
    """

    unit_id = models.BigIntegerField(primary_key=True)
    risk = models.FloatField()
    value_minor = models.BigIntegerField(default=0)
    value_at_risk_minor = models.BigIntegerField(default=0)
    likely_from_day = models.IntegerField(null=True)
    likely_to_day = models.IntegerField(null=True)
    drivers = models.TextField(default="[]")
    cause = models.CharField(max_length=20, default="")
    state = models.CharField(max_length=12, default="")
    country = models.TextField(default="")
    as_of_day = models.IntegerField()
    model_version = models.IntegerField()
    week_ago = models.FloatField(null=True)
    dimensions = models.TextField(default="{}", db_default="{}")

    class Meta:
        """Sorted by two keys; what filters is one covering index, so that counting reads no row."""

        db_table = "risk_score"
        indexes = (
            models.Index(fields=["value_at_risk_minor", "unit_id"], name="risk_score_value"),
            models.Index(fields=["risk", "unit_id", "value_at_risk_minor"], name="risk_score_risk"),
            models.Index(
                fields=["state", "country", "cause", "risk", "value_at_risk_minor", "unit_id"],
                name="risk_score_facets",
            ),
        )


class RiskHistory(models.Model):
    """The risk of a customer on a day on which it had changed, or the first scoring of a week, and its
    ``dimensions`` then.
    """

    pk = models.CompositePrimaryKey("unit_id", "day")
    unit_id = models.BigIntegerField()
    day = models.IntegerField()
    risk = models.FloatField()
    dimensions = models.TextField(default="{}", db_default="{}")

    class Meta:
        """One row per customer and day at most."""

        db_table = "risk_history"


class RiskModel(models.Model):
    """One version of the model. ``role`` is "champion", "challenger" or "retired".

    ``digest`` is that of its file, checked before it is loaded; ``card`` says what it is made of.
    """

    version = models.IntegerField(primary_key=True)
    role = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    trained_day = models.IntegerField()
    horizon_days = models.IntegerField()
    created_us = models.BigIntegerField()
    card = models.JSONField()

    class Meta:
        """Few rows."""

        db_table = "risk_model"


class RiskBacktest(models.Model):
    """One backtest, as it was shown."""

    id = models.BigAutoField(primary_key=True)
    made_day = models.IntegerField()
    created_us = models.BigIntegerField()
    content = models.JSONField()

    class Meta:
        """The newest counts."""

        db_table = "risk_backtest"


class RiskScoring(models.Model):
    """The latest scoring, one row: of which day, by which version; or the reason why there is none."""

    id = models.IntegerField(primary_key=True)
    as_of_day = models.IntegerField()
    horizon_days = models.IntegerField()
    model_version = models.IntegerField(null=True)
    base_risk = models.FloatField(null=True)
    reason = models.JSONField(null=True)
    computed_us = models.BigIntegerField()

    class Meta:
        """One row."""

        db_table = "risk_scoring"


class RiskCriteria(models.Model):
    """From which risk on the team acts and watches, and the hours that one customer takes; one row.

    ``own_health`` is the company's own weighing of the dimensions of health as JSON; "": it has none.
    """

    id = models.IntegerField(primary_key=True)
    act_from = models.FloatField()
    watch_from = models.FloatField()
    hours_per_customer = models.FloatField()
    changed_us = models.BigIntegerField()
    own_health = models.TextField(default="", db_default="")

    class Meta:
        """One row."""

        db_table = "risk_criteria"


class HealthSample(models.Model):
    """Customers of a past date, nameless: the dimensions of their health then, and whether they left.

    A company's own weighing of health is tested on them.
    """

    day = models.IntegerField(primary_key=True)
    content = models.JSONField()

    class Meta:
        """Few rows."""

        db_table = "health_sample"
