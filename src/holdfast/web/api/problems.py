"""What went wrong, as problem JSON (RFC 9457): each says what was found, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpResponse

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.web.api.contract import Answered

PROBLEM = "application/problem+json"

KIND = "urn:holdfast:problem:"
"""What ``type`` begins with; the code of the refusal follows."""

_NOT_FOUND = frozenset(
    {"not_found", "not_reached", "unknown_source", "unknown_target", "not_in_quarantine", "unknown_person"}
)
_CONFLICTS = frozenset(
    {
        *(
            "already_one",
            "same_name",
            "name_taken",
            "place_taken",
            "taken_email",
            "segment_in_use",
            "have_it",
        ),
        *("moved_on", "changed_meanwhile", "not_to_undo", "not_the_latest", "circle", "circle_of_segments"),
        *(
            "still_arriving",
            "import_not_done",
            "still_answering",
            "not_finished",
            "workspace_in_use",
            "episode_over",
        ),
        *("last_admin", "own_sign_in", "closed_invitation", "too_many_views", "too_many_files"),
        *(
            "was_launched",
            "cannot_launch",
            "not_running",
            "not_asked",
            "launched_already",
            "too_many_by_hand",
        ),
    }
)
_LATER = frozenset({"busy", "disk_full", "sealed_elsewhere", "moved", "database_unreachable"})
_OTHERS = {
    "not_yours": 403,
    "not_allowed": 403,
    "role_above": 403,
    "too_large": 413,
    "body_too_large": 413,
    "bad_cursor": 400,
}


class Wrong(Answered, frozen=True):
    """One thing that is wrong with what was sent."""

    field: str
    found: str


class Problem(Answered, frozen=True):
    """Why something was not done (RFC 9457). ``error`` is the code that programs go by; it stays."""

    type: str
    title: str
    status: int
    detail: str
    error: str
    found: str
    expected: str
    remedy: str
    errors: tuple[Wrong, ...] = ()


class Refused(Exception):  # noqa: N818  (an answer, not a defect)
    """A call that is not answered as asked: the status, the refusal, and headers that say more."""

    def __init__(
        self,
        status: int,
        refusal: Refusal,
        *,
        headers: Mapping[str, str] | None = None,
        wrong: Sequence[Wrong] = (),
    ) -> None:
        super().__init__(refusal.code)
        self.status, self.refusal, self.headers, self.wrong = (
            status,
            refusal,
            dict(headers or {}),
            list(wrong),
        )


def of_refusal(refusal: Refusal) -> Refused:
    """A refusal of a service with the status that it means."""
    code = refusal.code
    if code in _OTHERS:
        return Refused(_OTHERS[code], refusal)
    if code.startswith("no_such_") or code in _NOT_FOUND:
        return Refused(404, refusal)
    if code in _CONFLICTS:
        return Refused(409, refusal)
    if code in _LATER:
        return Refused(503, refusal, headers={"Retry-After": "30"})
    return Refused(422, refusal)


def response(problem: Refused, reader: Reader) -> HttpResponse:
    """The answer, in the reader's language."""
    refusal = problem.refusal
    found, expected, remedy = map(reader.say, (refusal.found, refusal.expected, refusal.remedy))
    said = Problem(
        type=f"{KIND}{refusal.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=f"{found} {expected} {remedy}",
        error=refusal.code,
        found=found,
        expected=expected,
        remedy=remedy,
        errors=tuple(problem.wrong),
    )
    answer = HttpResponse(msgspec.json.encode(said), status=problem.status, content_type=PROBLEM)
    answer["Content-Language"] = reader.language.tag
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def refused(status: int, code: str, found: Text, expected: Text, remedy: Text, **more: Any) -> Refused:
    """A refusal of the API itself."""
    return Refused(status, Refusal(code, found=found, expected=expected, remedy=remedy), **more)
