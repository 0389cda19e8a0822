"""The lists of which views can be saved, and how the end of an address becomes a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from holdfast.domain.texts import Text
from holdfast.web.pages.at_risk import asked as at_risk
from holdfast.web.pages.cases import asked as cases
from holdfast.web.pages.contact_points import asked as contact_points
from holdfast.web.pages.customers import asked as customers
from holdfast.web.pages.inbox import asked as inbox
from holdfast.web.pages.tasks import asked as tasks

NOT_UNDERSTOOD = (
    at_risk.NotUnderstood,
    contact_points.NotUnderstood,
    customers.NotUnderstood,
    inbox.NotUnderstood,
    tasks.NotUnderstood,
)


@dataclass(frozen=True, slots=True)
class SavedList:
    """A list: its address, its name, and how what an address asks for is written from its beginning."""

    url_name: str
    words: Text
    _written: Callable[[Mapping[str, str]], str]

    def query(self, given: Mapping[str, str]) -> str:
        """What ``given`` asks for, as an address writes it, from the beginning of the list.

        Raises one of :data:`NOT_UNDERSTOOD`.
        """
        return self._written(given)

    def query_of(self, written: str) -> str:
        """The same of the end of an address, with or without its question mark."""
        return self.query(QueryDict(written.removeprefix("?")))


LISTS: dict[str, SavedList] = {
    "customers": SavedList(
        "customers", Text("Customers"), lambda given: customers.read_asked(given).from_the_first().query()
    ),
    "at_risk": SavedList(
        "at_risk", Text("Customers at risk"), lambda given: at_risk.read_asked(given).following("").query()
    ),
    "contact_points": SavedList(
        "contact_points",
        Text("Contact points"),
        lambda given: contact_points.read_asked(given).following(None).query(),
    ),
    "tasks": SavedList("tasks", Text("Tasks"), lambda given: tasks.read_asked(given).with_().query()),
    "cases": SavedList("cases", Text("Cases"), lambda given: cases.read_asked(given).with_().query()),
    "inbox": SavedList(
        "inbox", Text("Inbox"), lambda given: replace(inbox.read_asked(given), after="").query()
    ),
}
