"""The API described by itself (OpenAPI 3.1), made from what the operations declare."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, get_origin

import msgspec

from holdfast.web.api.contract import PREFIX, VERSION, File, Operation, Page, Upload, operations
from holdfast.web.api.problems import PROBLEM, Problem
from holdfast.web.api.repeats import HEADER, LONGEST

_REF = "#/components/schemas/{name}"

_ABOUT = """Everything that the pages of Holdfast do, for programs.

Send `Authorization: Bearer <key>`; a key is made on the page of keys or with
`holdfast key create --scope read`, for `read`, `write` or `admin`. Lists come in stretches: go on with
`after` set to `next`, until that is null. Moments are ISO 8601 in UTC, days `YYYY-MM-DD`, amounts whole
numbers of the smallest unit with their currency. A write with an `Idempotency-Key` may be repeated. What
one operation answers carries an `ETag`; sent back as `If-Match`, nothing is changed that somebody else has
changed meanwhile. Everything that goes wrong is `application/problem+json`; programs go by `error`.

Within `v1` fields and operations are added and none is taken away: ignore what you do not know.
"""

_REFUSALS: dict[str, str] = {
    "400": "What was sent cannot be read.",
    "401": "No key, or one that opens nothing.",
    "403": "The key does not open this.",
    "404": "There is no such thing, or the key may not see it.",
    "405": "Another method is meant.",
    "409": "It stands against what there is, or is being answered already.",
    "412": "It was changed since it was read.",
    "413": "The body is too long.",
    "415": "The body is of another kind.",
    "422": "It can be read and not be done as asked.",
    "429": "Too many calls; wait as long as `Retry-After` says.",
    "503": "Not now; wait as long as `Retry-After` says.",
}


@cache
def document_json() -> bytes:
    """The document, as it is served."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=1)


def document() -> dict[str, Any]:
    """The description of every operation."""
    described = operations()
    schemas, components = _schemas(described)
    paths: dict[str, dict[str, Any]] = {}
    for each in described:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Holdfast",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "security": [{"key": []}],
        "tags": [{"name": area, "description": about} for area, about in _areas(described).items()],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": components,
            "responses": {code: _refusal(words, schemas) for code, words in _REFUSALS.items()},
        },
    }


def _schemas(described: Iterable[Operation]) -> tuple[Mapping[Any, Any], dict[str, Any]]:
    """The schema of each type that comes up, and those that they refer to, by name."""
    kinds: list[Any] = [Problem]
    for each in described:
        kinds += [kind for kind in (each.body_type, each.answer_type) if _is_json(kind)]
        kinds += each.path_types.values()
    found = list({repr(kind): kind for kind in kinds}.values())
    out, components = msgspec.json.schema_components(found, ref_template=_REF)
    named = {repr(kind): schema for kind, schema in zip(found, out, strict=True)}
    return named, _tidied(dict(components))


def _is_json(kind: Any) -> bool:
    return kind is not None and kind not in (Upload, File, type(None))


def _tidied(value: Any) -> Any:
    """Without titles that only repeat a name, and with docstrings as they read."""
    if isinstance(value, dict):
        return {
            name: inspect.cleandoc(each) if name == "description" and isinstance(each, str) else _tidied(each)
            for name, each in value.items()
            if not (name == "title" and isinstance(each, str))
        }
    return [_tidied(each) for each in value] if isinstance(value, list) else value


def _operation(each: Operation, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    title, _, more = inspect.cleandoc(each.run.__doc__ or "").partition("\n")
    said = more.strip()
    roles = ", ".join(sorted(each.roles))
    told: dict[str, Any] = {
        "operationId": each.name,
        "tags": [each.area],
        "summary": title.rstrip("."),
        "description": f"{said}\n\nNeeds a key for `{each.scope}`; open to the roles {roles}.".strip(),
        "parameters": [*_in_path(each, schemas), *_in_query(each), *_in_header(each)],
        "responses": {str(each.status): _answer(each, schemas), **_refusals(each)},
        "x-scope": each.scope,
        "x-roles": sorted(each.roles),
        "x-safe-to-repeat": each.safe_to_repeat,
    }
    if each.body_type is not None:
        told["requestBody"] = {"required": True, "content": _content(each.body_type, schemas)}
    return told


def _content(kind: Any, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    if kind in (Upload, File):
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": schemas[repr(kind)]}}


def _in_path(each: Operation, schemas: Mapping[Any, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schemas[repr(kind)]}
        for name, kind in each.path_types.items()
    ]


def _in_query(each: Operation) -> list[dict[str, Any]]:
    """Each field of the question as a parameter; its schema stands there whole, as clients want it."""
    (reference,), components = msgspec.json.schema_components([each.query_type], ref_template=_REF)
    schema = components[reference["$ref"].rpartition("/")[2]]
    required = schema.get("required", [])
    found = []
    for name, written in schema["properties"].items():
        about = _as_parameter(dict(written))
        told = {"name": name, "in": "query", "required": name in required, "schema": about}
        if description := about.pop("description", None):
            told["description"] = description
        found.append(told)
    return found


def _as_parameter(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out rather than null."""
    several = [each for each in schema.pop("anyOf", []) if each.get("type") != "null"]
    if schema.get("default", 0) is None:
        del schema["default"]
    if len(several) == 1:
        return {**several[0], **schema}
    return {**schema, "anyOf": several} if several else schema


def _in_header(each: Operation) -> list[dict[str, Any]]:
    found = []
    if each.method in ("POST", "PATCH"):
        words = "The same for a repeat of the same write: it is answered as the first was, for a day."
        found.append(
            _header(
                HEADER, words, {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"}
            )
        )
    has_version = any(one.path == each.path and one.method == "GET" for one in operations())
    if each.method in ("PUT", "PATCH", "DELETE") and has_version:
        words = "The `ETag` of what is to be changed: nothing is done (412) when it has another by now."
        found.append(_header("If-Match", words, {"type": "string"}))
    return found


def _header(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": words, "schema": schema}


def _answer(each: Operation, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": HTTPStatus(each.status).phrase}
    if each.status != 204:
        told["content"] = _content(each.answer_type, schemas)
    if get_origin(each.answer_type) is Page:
        told["headers"] = {
            "Link": {
                "description": "The address of the next stretch (`rel=next`); not there at the end.",
                "schema": {"type": "string"},
            }
        }
    return told


def _refusals(each: Operation) -> dict[str, Any]:
    codes = {"400", "401", "403", "404", "405", "422", "429", "503"}
    if each.writes:
        codes |= {"409", "412"}
    if each.body_type is not None:
        codes |= {"413", "415"}
    return {code: {"$ref": f"#/components/responses/{code}"} for code in sorted(codes)}


def _refusal(words: str, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": schemas[repr(Problem)]}}}


def _areas(described: Iterable[Operation]) -> dict[str, str]:
    """The areas with the first sentence of their module."""
    found = {}
    for each in described:
        module = inspect.getmodule(each.run)
        found[each.area] = re.split(r"\n\n", inspect.cleandoc((module and module.__doc__) or ""))[0]
    return found
