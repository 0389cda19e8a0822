"""The API does not change by accident (N2): its description, and the client made from it, are kept."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
RENEW = "It has changed: if that was meant, run tools/renew_api.py and look at the difference."


@pytest.fixture(scope="module")
def renew() -> ModuleType:
    spec = importlib.util.spec_from_file_location("renew_api", ROOT / "tools" / "renew_api.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def document(renew: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = renew.described()
    return found


def test_the_description_is_what_was_agreed(document: dict[str, Any], renew: ModuleType) -> None:
    assert json.loads(renew.SNAPSHOT.read_text(encoding="utf-8")) == document, RENEW


def test_the_client_is_made_from_it(document: dict[str, Any], renew: ModuleType) -> None:
    files = renew.client_files(document)
    there = {path.name for path in renew.CLIENT.glob("*.py")} - renew.BY_HAND
    assert there == files.keys(), RENEW
    for name, text in files.items():
        assert (renew.CLIENT / name).read_text(encoding="utf-8") == text, f"{name}: {RENEW}"


LOOKS_ONLY = {
    *("/segments/preview", "/contact-rules/try", "/plays/{key}/dry-run", "/plays/{key}/rehearsal"),
    "/message-templates/{template_id}/preview",
}
"""What is sent there is looked at, and nothing is kept."""


def test_every_operation_says_what_it_is(document: dict[str, Any]) -> None:
    names: list[str] = []
    for path, item in document["paths"].items():
        for method, told in item.items():
            names.append(told["operationId"])
            where = f"{method} {path}"
            assert told["summary"] and told["x-scope"] in ("read", "write", "admin"), where
            assert told["x-roles"], where
            if method != "get":
                assert told["x-scope"] != "read" or path in LOOKS_ONLY, where
            codes = set(told["responses"])
            assert {"401", "403", "404", "422", "429"} <= codes, where

    assert len(names) == len(set(names)) > 190
    assert not [name for name in document["components"]["schemas"] if "." in name]


def test_the_description_is_openapi_3_1(document: dict[str, Any]) -> None:
    import jsonschema_rs

    assert document["openapi"] == "3.1.0"
    for name, schema in document["components"]["schemas"].items():
        whole = {**schema, "components": document["components"]}
        jsonschema_rs.Draft202012Validator(whole)  # raises where it is none
        assert schema["description"], name
