"""The Django application that holds what must be remembered."""

from __future__ import annotations

from django.apps import AppConfig


class Store(AppConfig):
    """Models, migrations and the hand-written SQL of the hot paths."""

    name = "holdfast.store"
    label = "store"
    verbose_name = "Holdfast"
