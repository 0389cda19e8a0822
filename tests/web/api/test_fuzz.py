"""Schemathesis holds the API against what it says of itself (N2), and finds nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from holdfast.services.prove import dashboards as boards
from holdfast.services.prove import digests
from holdfast.settings import Settings
from holdfast.store import dashboards, export_files, invitations, people
from holdfast.web.limits import Buckets
from web.api.conftest import BASE, Program
from web.api.test_rights import person

Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]

KNOWN: dict[str, list[Any]] = {
    "customer_id": [1, 2, 999_999],
    "key": ["gold", "other"],
    "conversation_id": [1, 9],
    "task_id": [1, 9],
    "case_id": [1, 9],
    "note_id": [1, 9],
    "document_id": [1, 9],
    "merge_id": [1],
    "webhook_id": [1, 9],
    "delivery_id": [1, 9],
    "event_id": [1, 9],
    "upload_id": [1],
    "import_id": [1, 9],
    "name": ["shop", "stripe", "till", "warehouse", "website"],
    "kind": ["customers", "events", "risks"],
    "dashboard_id": [1, 9],
    "tile_id": [1, 9],
    "digest_id": [1, 9],
    "export_id": [1, 9],
    "view_id": [1, 9],
    "person_id": [1, 9],
    "invitation_id": [1, 9],
    "touch_id": [1, 9],
}
"""What stands in a path: else nearly every call would end with "there is no such thing"."""

NO_FINDING = frozenset(
    {
        # After a deletion a thing can be brought back, and its number is asked for again on purpose.
        "use_after_free",
        "ensure_resource_availability",
        # A rule of a segment, a map, an event are objects of which the schema says no more.
        "positive_data_acceptance",
    }
)


def served_with_known(document: dict[str, Any], app: App) -> App:
    """The application, whose description names things that are there."""
    for item in document["paths"].values():
        for told in item.values():
            for parameter in told["parameters"]:
                if parameter["in"] == "path" and parameter["name"] in KNOWN:
                    parameter["schema"] = {"enum": KNOWN[parameter["name"]]}
    body = json.dumps(document).encode()

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == f"{BASE}/openapi.json":
            start("200 OK", [("Content-Type", "application/json")])
            return [body]
        return app(environ, start)

    return answer


def somebody_with_things(served: Settings) -> str:
    """An administrator with a dashboard that comes by mail, a file, a view, and somebody asked in."""
    email = person(served, "admin")
    found = people.by_email(served, email)
    assert found is not None
    now, now_us = datetime.now(UTC), int(datetime.now(UTC).timestamp() * 1_000_000)
    number = boards.make(served, "The board", person_id=found.id, shared=True, now=now)
    board = dashboards.one(served, number)
    assert board is not None
    digests.make(served, board, every="day", day=0, at="08:00", quiet=False, people=[found.id], by="")
    export_files.ask(served, found.id, "metrics", {"period": "month"}, "csv", now_us=now_us)
    invitations.make(served, "x@example.com", "agent", language="", invited_by=found.id, now_us=now_us)
    return email


def operations(app: Any) -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", app)
    for found in schema.get_all_operations():
        yield found.ok()


def tried(operation: Any, headers: dict[str, str], mode: GenerationMode, examples: int) -> str:
    """What was found wrong with an operation; "" for nothing."""
    excluded = [each for each in schemathesis.checks.CHECKS.get_all() if each.__name__ in NO_FINDING]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_it(case: Any) -> None:
        # A value that is an empty list is not sent at all: nothing can be said against it.
        assume([] not in (case.query or {}).values())
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    try:
        try_it()
    except FailureGroup as group:
        return "\n".join(str(each) for each in group.exceptions)
    return ""


@pytest.mark.parametrize(
    ("mode", "examples"),
    [
        (GenerationMode.POSITIVE, 1),
        pytest.param(GenerationMode.POSITIVE, 24, marks=pytest.mark.long),
        pytest.param(GenerationMode.NEGATIVE, 15, marks=pytest.mark.long),
    ],
)
def test_schemathesis_finds_nothing(
    full: int,
    served: Settings,
    program: Callable[..., Program],
    monkeypatch: pytest.MonkeyPatch,
    mode: GenerationMode,
    examples: int,
) -> None:
    from django.core.handlers.wsgi import WSGIHandler

    from holdfast.web.api import passing
    from holdfast.web.api.document import document

    monkeypatch.setattr(passing, "calls", Buckets(per_second=1e6, burst=1_000_000))
    monkeypatch.setattr(passing, "strangers", Buckets(per_second=1e6, burst=1_000_000))
    app = served_with_known(json.loads(json.dumps(document())), WSGIHandler())
    # Packed answers are for servers and browsers; the tool's client does not unpack them.
    caller = program("admin", acts_for=somebody_with_things(served))
    headers = {"Authorization": f"Bearer {caller.secret}", "Accept-Encoding": "identity"}
    found = {each.label: tried(each, headers, mode, examples) for each in operations(app)}
    wrong = {label: said for label, said in found.items() if said}
    assert wrong == {}, "\n\n".join(f"{label}\n{said}" for label, said in wrong.items())
    assert len(found) > 190
