"""What a run has learnt of the company, for whoever looks at single customers until the next run."""

from __future__ import annotations

from django.db import models


class CompanyBasis(models.Model):
    """The basis of live scores, one row; ``version`` rises whenever a run has announced another one."""

    id = models.IntegerField(primary_key=True)
    version = models.BigIntegerField()
    read_us = models.BigIntegerField()
    content = models.JSONField()

    class Meta:
        """One row."""

        db_table = "company_basis"
