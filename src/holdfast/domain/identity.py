"""Who is the same customer: which values prove it, and what follows from pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MOST_SHARERS = 3
"""A value that more people than this share belongs to a family, a shop or an office: it proves nothing."""

ANONYMOUS = "anonymous"
"""The namespace of ids that browsers and devices gave themselves: one person may have many."""

ACCOUNT = "account"
"""The namespace of accounts' own ids; ``account:crm`` is one of another source."""

_ROLES = """
abuse accounting accounts admin administrator billing booking bookings contact customercare
customerservice enquiries enquiry feedback finance hello help helpdesk hi hostmaster hr info
information inquiries invoice invoices it jobs kontakt mail mailer-daemon marketing media news
newsletter no-reply nobody noreply office order orders postmaster press privacy purchasing
reception root sales secretary security service services shop staff subscribe support team tech
test unsubscribe user users webmaster welcome
comenzi contabilitate facturi oferta secretariat suport vanzari
zakaz zakazy prodazhi buhgalteria poddrujka
"""
ROLE_NAMES = frozenset(_ROLES.split())
"""Names before the @ behind which a role stands and not a person (RFC 2142, and the usual ones)."""


def is_role_address(email: str) -> bool:
    """Whether a role answers at this address (``info@``, ``sales+eu@``), so that it proves no identity."""
    name = email.partition("@")[0].casefold().partition("+")[0]
    return name in ROLE_NAMES or name.replace(".", "").replace("_", "").replace("-", "") in ROLE_NAMES


def proves_identity(kind: str, value: str, sharers: int) -> bool:
    """Whether ids with the same ``value`` of ``kind`` (email, phone) are one customer.

    ``sharers`` is the number of people that they are at least (:func:`people_sharing`).
    """
    return sharers <= MOST_SHARERS and not (kind == "email" and is_role_address(value))


def people_sharing(per_namespace: Mapping[str, int]) -> int:
    """How many people share a value that so many ids of each namespace hold, at least.

    A person has one id in a namespace, and another one in each further source; anonymous ids say
    nothing, since a person has one a device.
    """
    return max((ids for namespace, ids in per_namespace.items() if namespace != ANONYMOUS), default=1)


def is_account(namespace: str) -> bool:
    """Whether ids of this namespace are accounts; all others are people."""
    return namespace == ACCOUNT or namespace.startswith(f"{ACCOUNT}:")


def units(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Subject to unit, for every subject that stands in a pair: whatever hangs together is one unit.

    The unit is named by its smallest subject id, so the order of the pairs does not matter, and
    a unit keeps its name when younger subjects join it.
    """
    root: dict[int, int] = {}
    for left, right in pairs:
        a, b = _find(root, left), _find(root, right)
        if a != b:
            root[max(a, b)] = min(a, b)
    return {subject: _find(root, subject) for subject in list(root)}


def _find(root: dict[int, int], subject: int) -> int:
    above = root.setdefault(subject, subject)
    while above != subject:
        root[subject] = root[above]
        subject, above = above, root[above]
    return subject
