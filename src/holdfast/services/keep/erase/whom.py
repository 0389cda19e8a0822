"""Whom a request names: all ids of one person; or of one account, with its contacts where asked."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody: ``kind`` is "person" or "account"; ``subjects`` are all the numbers that are theirs.

    ``name`` is how they are shown; ``contacts`` counts the people who belong to the account, and
    ``with_contacts`` says whether these are among ``subjects``.
    """

    kind: str
    subjects: tuple[int, ...]
    name: str
    contacts: int = 0
    with_contacts: bool = False


def whom(settings: Settings, wanted: str, *, with_contacts: bool = False) -> Whom:
    """The person or account that ``wanted`` names exactly: an id, an address, a number, a whole name.

    Refuses where nobody is named so ("no_such_customer"), and where several are ("several_customers").
    """
    from holdfast.store.find import find_subjects
    from holdfast.store.traces import groups

    found = find_subjects(settings, wanted)
    if not found:
        raise Refusal(
            "no_such_customer",
            found=Text("Nobody is known as {wanted}.", wanted=wanted),
            expected=Text("An id, an e-mail address, a telephone number or a whole name."),
            remedy=Text("Look for the person in the list of customers, and name one of the ids."),
        )
    if (n := groups(settings, found)) > 1:
        raise Refusal(
            "several_customers",
            found=Text("{wanted} names {n} customer.", "{wanted} names {n} customers.", wanted=wanted, n=n),
            expected=Text("Something that names one customer."),
            remedy=Text("Name one of the ids, as namespace:id."),
        )
    return whom_of(settings, found[0], with_contacts=with_contacts)


def whom_of(settings: Settings, subject_id: int, *, with_contacts: bool = False) -> Whom:
    """The person or account to whom a subject belongs; refuses a number that was never given."""
    from holdfast.store.traces import known

    found = known(settings, subject_id)
    if found is None:
        raise Refusal(
            "no_such_customer",
            found=Text("There is no customer {id}.", id=str(subject_id)),
            expected=Text("The number of a customer of this workspace."),
            remedy=Text("Look for the name in the list of customers."),
        )
    people = found.people if with_contacts else ()
    subjects = tuple(sorted({*found.own, *people}))
    kind = "account" if found.account else "person"
    return Whom(kind, subjects, found.name, found.contacts, bool(people))
