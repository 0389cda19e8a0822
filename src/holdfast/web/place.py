"""A page that one can go to, and pages that belong together."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from holdfast.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Place:
    """A page: ``url_name`` of its address, what it is called, and what one does there.

    ``icon`` is one of icons.html; ``key`` is pressed after g; ``here`` is what pages that belong to it
    pass as ``place``; ``under`` names its area where that says more than its name alone.
    """

    url_name: str
    words: Text
    about: Text
    icon: str
    key: str = ""
    here: str = ""
    under: Text | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together."""

    words: Text
    places: tuple[Place, ...]
