"""Writes the generated page of the HTTP API, from its own description."""

from __future__ import annotations

from typing import Any


def api() -> str:
    """Every operation of the HTTP API, by area, with what it takes and answers."""
    from renew_api import described

    document = described()
    how = "*Generated.* [How to use it](../../how-to/use-the-api.md)."
    lines = ["# The API of the whole product", "", how, ""]
    for area in document["tags"]:
        lines += [f"## {area['name'].replace('_', ' ').capitalize()}", "", area["description"], ""]
        lines += ["| Operation | Does | Scope | Takes | Answers |", "|---|---|---|---|---|"]
        for path, item in document["paths"].items():
            lines += [
                _operation(method, path, told)
                for method, told in item.items()
                if told["tags"] == [area["name"]]
            ]
        lines.append("")
    return "\n".join(lines)


def _operation(method: str, path: str, told: dict[str, Any]) -> str:
    asked = [f"`{each['name']}`" for each in told["parameters"] if each["in"] == "query"]
    asked += [_shape(content) for content in told.get("requestBody", {}).get("content", {}).items()]
    good = [answer for code, answer in told["responses"].items() if code < "3"]
    answers = [_shape(each) for answer in good for each in answer.get("content", {}).items()]
    cells = [
        f"`{method.upper()} /api/v1{path}`",
        told["summary"],
        f"`{told['x-scope']}`",
        ", ".join(asked),
        ", ".join(answers) or "nothing",
    ]
    return f"| {' | '.join(cells)} |"


def _shape(content: tuple[str, Any]) -> str:
    kind, about = content
    if kind != "application/json":
        return "a file"
    name = about["schema"]["$ref"].rpartition("/")[2]
    return f"a list of `{name[5:-1]}`" if name.startswith("Page_") else f"`{name}`"
