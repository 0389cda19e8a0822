"""Which of the links that calls and shared values propose may be made: groups that grow as they are."""

from __future__ import annotations

from holdfast.store.linked import Walked, decided_apart, sorts_of

MOST_TOGETHER = 1_000
"""Ids that links said by calls bring together: a program that makes up a new anonymous id for each
call of one user would else make every look at that user longer, without end."""


class Groups:
    """The units around some subjects, growing pair by pair; asks the base once, when it is made."""

    def __init__(self, walked: Walked) -> None:
        self._walked = walked
        self._sort = sorts_of(walked.unit)
        self._unit = dict(walked.unit)
        self._members: dict[int, set[int]] = {}
        for subject, unit in walked.unit.items():
            self._members.setdefault(unit, set()).add(subject)
        self._apart: dict[int, set[int]] = {}
        for left, right in walked.apart | decided_apart(walked.unit):
            self._apart.setdefault(left, set()).add(right)
            self._apart.setdefault(right, set()).add(left)

    def together(self, left: int, right: int) -> bool:
        """Whether both are one unit already."""
        return self._unit[left] == self._unit[right]

    def may_join(self, left: int, right: int, *, browser: bool = False) -> bool:
        """Whether the units of both may become one.

        Not people with accounts; not what a person separated; not more ids than
        :data:`MOST_TOGETHER`. Two people who are known are joined only by a call of a server that
        names a lasting id of each: never by a browser, never through an anonymous id (a device
        that two people use stays with the first).
        """
        a, b = self._unit[left], self._unit[right]
        if self._is("account", left) != self._is("account", right):
            return False
        if len(self._members[a]) + len(self._members[b]) > MOST_TOGETHER or self._are_apart(a, b):
            return False
        by_device = browser or self._is("anonymous", left) or self._is("anonymous", right)
        return not (by_device and self._knows(a) and self._knows(b))

    def join(self, left: int, right: int) -> None:
        """Make the units of both one."""
        kept, gone = sorted((self._unit[left], self._unit[right]))
        if kept == gone:
            return
        moved = self._members.pop(gone)
        self._members[kept] |= moved
        self._unit.update(dict.fromkeys(moved, kept))

    def _is(self, sort: str, subject: int) -> bool:
        return self._sort.get(subject) == sort

    def _knows(self, unit: int) -> bool:
        return any(self._is("known", member) for member in self._members[unit])

    def _are_apart(self, a: int, b: int) -> bool:
        fewer, others = sorted((self._members[a], self._members[b]), key=len)
        return any(not others.isdisjoint(self._apart.get(member, ())) for member in fewer)
