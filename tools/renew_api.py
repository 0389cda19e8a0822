"""Renews what is made from the API's description: its snapshot in the tests, and the Python client.

Run it when the API has changed on purpose, and look at what changed::

    .venv/bin/python tools/renew_api.py
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests" / "web" / "api" / "openapi.json"
CLIENT = ROOT / "src" / "holdfast" / "client"
BY_HAND = {"__init__.py", "connection.py"}

_NOTE = "Made by tools/renew_api.py from the description of the API; changed there."
_REF = "#/components/schemas/"


def described() -> dict[str, Any]:
    """The description of the API."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.store.django_settings")
    import django

    django.setup()
    from holdfast.web.api.document import document_json

    found: dict[str, Any] = json.loads(document_json())
    return found


def client_files(document: Mapping[str, Any]) -> dict[str, str]:
    """Name of a module of the client to its text, laid out as ruff does."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    areas: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method, told in item.items():
            areas.setdefault(told["tags"][0], []).append({**told, "path": path, "method": method.upper()})
    used = {area: _used(told, schemas) for area, told in areas.items()}
    shared = {name for name in schemas if sum(name in names for names in used.values()) > 1}
    about = {each["name"]: each["description"] for each in document["tags"]}
    files = {"shapes.py": _shapes(shared, schemas)}
    for area, told in areas.items():
        files[f"{area}.py"] = _area(area, about[area], told, used[area], shared, schemas)
    files["everything.py"] = _everything(areas)
    return {name: laid_out(text) for name, text in files.items()}


def laid_out(text: str) -> str:
    """The text as `make format` leaves it."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "ruff", "format", "--quiet", "--config", str(ROOT / "pyproject.toml"), "-"],
        input=text,
        text=True,
        capture_output=True,
        check=True,
    )
    return done.stdout


def main() -> None:
    """Write both."""
    document = described()
    SNAPSHOT.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    files = client_files(document)
    for path in CLIENT.glob("*.py"):
        if path.name not in BY_HAND and path.name not in files:
            path.unlink()
    for name, text in files.items():
        (CLIENT / name).write_text(text, encoding="utf-8")


def _used(told: Iterable[Mapping[str, Any]], schemas: Mapping[str, Any]) -> set[str]:
    """The shapes that an area's answers hold, and those within them; bodies are arguments."""
    found: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).removeprefix(_REF)
            if name in schemas and name not in found:
                found.add(name)
                look(schemas[name])
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    for each in told:
        look({code: answer for code, answer in each["responses"].items() if code.startswith("2")})
        look(_body(each, schemas).get("properties", {}))
    return {name for name in found if not name.startswith("Page_")}


def _shapes(names: Iterable[str], schemas: Mapping[str, Any]) -> str:
    return _head("What several areas answer.", names, schemas) + _classes(names, schemas)


def _head(words: str, names: Iterable[str], schemas: Mapping[str, Any]) -> str:
    text = _classes(names, schemas)
    typing = [name for name in ("Any", "Literal", "TypedDict") if re.search(rf"\b{name}\b", text)]
    lines = [f'"""{words}', "", _NOTE, '"""', "", "from __future__ import annotations", ""]
    return "\n".join([*lines, f"from typing import {', '.join(typing)}"]) + "\n\n\n"


def _classes(names: Iterable[str], schemas: Mapping[str, Any]) -> str:
    parts = []
    for name in sorted(names):
        schema = schemas[name]
        lines = [f"class {name}(TypedDict):", _docstring(schema.get("description", name), 1)]
        for field, about in schema["properties"].items():
            lines.append(f"    {field}: {_type(about)}")
        parts.append("\n".join(lines))
    return "\n\n\n".join(parts) + "\n"


def _area(
    area: str,
    about: str,
    told: list[dict[str, Any]],
    used: set[str],
    shared: set[str],
    schemas: Mapping[str, Any],
) -> str:
    own, lent = sorted(used - shared), sorted(used & shared)
    methods = "\n\n".join(_method(each, schemas) for each in told)
    body = _classes(own, schemas) + "\n\n" if own else ""
    text = (
        f"{body}class {_class(area)}:\n{_docstring(about, 1)}\n\n"
        "    def __init__(self, connection: Connection) -> None:\n        self._connection = connection\n\n"
        f"{methods}\n"
    )
    lines = [f'"""{about}', "", _NOTE, '"""', "", "from __future__ import annotations", ""]
    if "Iterator[" in text:
        lines.append("from collections.abc import Iterator")
    typing = [name for name in ("Any", "Literal", "TypedDict", "cast") if _stands_in(name, text)]
    if typing:
        lines.append(f"from typing import {', '.join(typing)}")
    if "quote(" in text:
        lines.append("from urllib.parse import quote")
    names = ["Connection", *(name for name in ("LEFT_OUT", "LeftOut") if re.search(rf"\b{name}\b", text))]
    lines += ["", f"from holdfast.client.connection import {', '.join(sorted(names, key=_import_order))}"]
    lent = [name for name in lent if re.search(rf"\b{name}\b", text)]
    if lent:
        lines.append(f"from holdfast.client.shapes import {', '.join(lent)}")
    return "\n".join(lines) + "\n\n\n" + text


def _stands_in(name: str, text: str) -> bool:
    return bool(re.search(rf"\b{name}\b[\[(),\]: \n]", text))


def _import_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1, name)


def _method(each: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    in_path = [one for one in each["parameters"] if one["in"] == "path"]
    in_query = [one for one in each["parameters"] if one["in"] == "query"]
    answer, is_list = _answer(each, schemas)
    if is_list:
        in_query = [one for one in in_query if one["name"] != "after"]
    body, is_file = _body(each, schemas), _takes_file(each)
    arguments = [f"{one['name']}: {_type(one['schema'])}" for one in in_path]
    named = ["content: bytes"] if is_file else []
    named += _body_arguments(body)
    named += [_asked(one) for one in sorted(in_query, key=lambda one: not one["required"])]
    has_version = any(one["name"] == "If-Match" for one in each["parameters"])
    named += ["if_match: str | None = None"] if has_version else []
    signature = ", ".join(["self", *arguments, *(["*", *named] if named else [])])
    call = _call(each, in_query, body, is_file=is_file, has_version=has_version, is_list=is_list)
    returned = f"Iterator[{answer}]" if is_list else answer
    done = (
        call
        if answer == "None"
        else f"return {call}"
        if is_list
        else f"return cast({_quoted(answer)}, {call})"
    )
    head = f"    def {each['operationId']}({signature}) -> {returned}:"
    return f"{head}\n{_docstring(_words(each), 2)}\n        {done}"


def _quoted(answer: str) -> str:
    return f'"{answer}"' if answer not in ("bytes",) else answer


def _words(each: Mapping[str, Any]) -> str:
    more = each["description"].rpartition("\n\n")[0]
    return f"{each['summary']}." + (f"\n\n{more}" if more else "")


def _call(
    each: Mapping[str, Any],
    in_query: list[Any],
    body: Mapping[str, Any],
    *,
    is_file: bool,
    has_version: bool,
    is_list: bool,
) -> str:
    written = each["path"]
    names = re.findall(r"{(\w+)}", written)
    path = f'f"{written}"' if names else f'"{written}"'
    for one in each["parameters"]:
        if one["in"] == "path" and _type(one["schema"]) == "str":
            path = path.replace("{" + one["name"] + "}", "{quote(" + one["name"] + ", safe='')}")
    asked = ", ".join(f'"{one["name"]}": {one["name"]}' for one in in_query)
    if is_list:
        return f"self._connection.pages({path}, {{{asked}}})"
    parts = [f'"{each["method"]}"', path]
    parts += [f"query={{{asked}}}"] if in_query else []
    if is_file:
        parts.append("content=content")
    elif body:
        fields = ", ".join(f'"{name}": {name}' for name in body["properties"])
        parts.append(f"body={{{fields}}}")
    parts += ["if_match=if_match"] if has_version else []
    return f"self._connection.ask({', '.join(parts)})"


def _body_arguments(body: Mapping[str, Any]) -> list[str]:
    required = body.get("required", [])
    fields = body.get("properties", {})
    needed = [f"{name}: {_type(about)}" for name, about in fields.items() if name in required]
    return needed + [
        f"{name}: {_or_left_out(_type(about))} = LEFT_OUT"
        for name, about in fields.items()
        if name not in required
    ]


def _or_left_out(kind: str) -> str:
    return (
        f"{kind.removesuffix(' | None')} | LeftOut | None" if kind.endswith("None") else f"{kind} | LeftOut"
    )


def _asked(one: Mapping[str, Any]) -> str:
    kind = _type(one["schema"])
    return f"{one['name']}: {kind}" if one["required"] else f"{one['name']}: {kind} | None = None"


def _answer(each: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[str, bool]:
    """What an operation answers, and whether that comes in pages."""
    (good,) = (answer for code, answer in each["responses"].items() if code.startswith("2"))
    content = good.get("content", {})
    if "application/octet-stream" in content:
        return "bytes", False
    if not content:
        return "None", False
    schema = content["application/json"]["schema"]
    name = schema["$ref"].removeprefix(_REF)
    if name.startswith("Page_"):
        return _type(schemas[name]["properties"]["items"]["items"]), True
    return str(name), False


def _body(each: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    content = each.get("requestBody", {}).get("content", {}).get("application/json")
    return {} if content is None else dict(schemas[content["schema"]["$ref"].removeprefix(_REF)])


def _takes_file(each: Mapping[str, Any]) -> bool:
    return "application/octet-stream" in each.get("requestBody", {}).get("content", {})


def _type(schema: Mapping[str, Any]) -> str:
    """A schema as Python writes it; moments and days are strings in ISO 8601."""
    if "$ref" in schema:
        return str(schema["$ref"].removeprefix(_REF))
    if "anyOf" in schema:
        kinds = dict.fromkeys(_type(each) for each in schema["anyOf"])
        return " | ".join(sorted(kinds, key=lambda kind: kind == "None"))
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(each) for each in schema['enum'])}]"
    return _plain_type(schema)


def _plain_type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if kind == "object":
        inner = schema.get("additionalProperties", {})
        return f"dict[str, {_type(inner) if isinstance(inner, dict) else 'Any'}]"
    kinds = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
    return kinds.get(str(kind), "Any")


def _docstring(words: str, deep: int) -> str:
    indent = "    " * deep
    first, _, more = words.partition("\n")
    lines = textwrap.wrap(first.strip(), 104 - len(indent))
    rest = [textwrap.fill(part, 106 - len(indent)) for part in more.strip().split("\n\n") if part.strip()]
    if len(lines) == 1 and not rest:
        return f'{indent}"""{lines[0]}"""'
    text = "\n".join(lines) + ("\n\n" + "\n\n".join(rest) if rest else "") + "\n"
    return textwrap.indent(f'"""{text}"""', indent)


def _class(area: str) -> str:
    return "".join(part.title() for part in area.split("_")) + "Area"


def _everything(areas: Iterable[str]) -> str:
    names = sorted(areas)
    ways = {**{name: _class(name) for name in names}, "connection": "Connection"}
    imports = "\n".join(f"from holdfast.client.{name} import {ways[name]}" for name in sorted(ways))
    made = "\n".join(f"        self.{name} = {_class(name)}(connection)" for name in names)
    return (
        f'"""The whole API.\n\n{_NOTE}\n"""\n\nfrom __future__ import annotations\n\n'
        "import time\nfrom collections.abc import Callable\n\n"
        f"{imports}\n\n\n"
        "class Client:\n"
        '    """One Holdfast, with one key; see :class:`~holdfast.client.connection.Connection`."""\n\n'
        "    def __init__(self, address: str, key: str, *, timeout_seconds: float = 30.0, tries: int = 4, "
        "wait: Callable[[float], None] = time.sleep) -> None:\n"
        "        connection = Connection(address, key, timeout_seconds, tries, wait)\n"
        "        self.connection = connection\n"
        f"{made}\n"
    )


if __name__ == "__main__":
    main()
