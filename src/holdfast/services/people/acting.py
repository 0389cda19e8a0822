"""Who changes something about people, and what they may not."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.colleagues import may_give
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.store.audit import by_command


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: a person with a role, or a program (``person_id`` is ``None``); ``via`` says by what way."""

    person_id: int | None
    role: str
    name: str = ""
    via: str = ""


COMMAND_LINE = By(None, "admin", via=by_command())
"""Whoever can run commands in the workspace can read its files: nothing is above them."""


def check_may_give(by: By, role: str) -> None:
    """Refuse ("role_above") a role above one's own."""
    if not may_give(by.role, role):
        raise Refusal(
            "role_above",
            found=Text("The role {role} is above yours.", role=role),
            expected=Text("A role that may do no more than you may."),
            remedy=Text("Choose another role, or ask an administrator; nothing was changed."),
        )
