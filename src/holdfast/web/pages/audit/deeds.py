"""What people do, in words: each route that changes something, and what is noted by hand."""

from __future__ import annotations

from holdfast.domain.texts import Text

KINDS: dict[str, Text] = {
    "customer": Text("Customer"),
    "conversation": Text("Conversation"),
    "segment": Text("Segment"),
    "merge": Text("Merge"),
    "person": Text("Person"),
    "key": Text("Key"),
    "page": Text("Page"),
    "setting": Text("Setting"),
    "audit": Text("Audit trail"),
    "customers": Text("List of customers"),
    "contact_points": Text("List of contact points"),
    "risks": Text("List of customers at risk"),
}
"""What something is about."""

DEEDS: dict[str, Text] = {
    "customer.seen": Text("looked at"),
    "customer.unmasked": Text("had shown whole"),
    "customer.merged": Text("merged"),
    "customer.kept_apart": Text("said to be somebody else"),
    "customer.taken_apart": Text("took ids out"),
    "merge.undone": Text("undid a merge"),
    "conversation.seen": Text("read"),
    "customers.exported": Text("exported"),
    "contact_points.exported": Text("exported"),
    "risks.exported": Text("exported"),
    "segment.exported": Text("exported"),
    "person.exported": Text("exported everything about"),
    "audit.exported": Text("exported"),
    "audit.verified": Text("checked"),
    "audit.forgotten": Text("emptied the details about somebody erased"),
    "audit.lost": Text("could not note everything in time"),
    "access.refused": Text("was refused"),
    "rights.changed": Text("decided who sees what"),
    "stale_after.changed": Text("decided when a contact point is stale"),
    "needs.changed": Text("decided what is asked"),
}
"""Deeds to words; of routes their names."""
