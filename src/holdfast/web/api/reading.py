"""What a request brings, read as the operation declares it; what does not fit is refused by name."""

from __future__ import annotations

import re
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from django.http import HttpRequest, QueryDict

from holdfast.domain.texts import Text
from holdfast.web.api.contract import MOST_BODY, MOST_UPLOAD, Operation, Upload
from holdfast.web.api.problems import Refused, Wrong, refused
from holdfast.web.bridge import TOO_LARGE

_PLACE = re.compile(r" - at `\$?\.?(?:key )?([^`]*)`$")
_FIELD = re.compile(r"(?:unknown|missing required) field `([^`]*)`")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""A character that no database keeps in a text, as JSON writes it."""
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def path_values(operation: Operation, given: tuple[str, ...]) -> dict[str, Any]:
    """What stands in the path, by name. Refuses (404) what cannot be the number or name of anything."""
    values = {}
    for (name, kind), written in zip(operation.path_types.items(), given, strict=True):
        try:
            if "\0" in written:
                raise ValueError("no database keeps it in a text")
            values[name] = msgspec.convert(_scalar(written, kind), kind)
        except ValueError as error:
            raise refused(
                404,
                "not_found",
                Text("{value} is no {name}.", value=written[:100], name=name),
                Text("The number or the name of one that this key may see."),
                Text("List what there is, and ask again."),
            ) from error
    return values


def query_value(operation: Operation, given: QueryDict) -> Any:
    """What stands after the question mark. Refuses (422) unknown names and values that do not fit."""
    fields = {each.encode_name: each.type for each in msgspec.structs.fields(operation.query_type)}
    read: dict[str, Any] = {}
    for name, values in given.lists():
        kind = fields.get(name, str)
        if any("\0" in value for value in values):
            raise does_not_fit([Wrong(field=name, found="A text holds the character U+0000")])
        if _is_list(kind):
            read[name] = [_scalar(value, get_args(_bare(kind))[0]) for value in values]
        elif len(values) > 1:
            raise does_not_fit([Wrong(field=name, found="given several times")])
        else:
            read[name] = _scalar(values[0], kind)
    try:
        return msgspec.convert(read, operation.query_type)
    except msgspec.ValidationError as error:
        raise does_not_fit([_wrong(error)]) from error


def body_value(operation: Operation, request: HttpRequest) -> Any:
    """The body as the operation wants it: JSON, or a file. Refuses 400, 413, 415, 422."""
    upload = operation.body_type is Upload
    wanted = "application/octet-stream" if upload else "application/json"
    size = int(request.META.get(TOO_LARGE) or request.META.get("CONTENT_LENGTH") or 0)
    most = MOST_UPLOAD if upload else getattr(operation.body_type, "most_body", MOST_BODY)
    if size > most:
        raise refused(
            413,
            "body_too_large",
            Text("The body has {n} bytes.", n=size),
            Text("At most {most} bytes.", most=most),
            Text("Send less at a time."),
        )
    if request.content_type != wanted:
        raise refused(
            415,
            "wrong_media_type",
            Text("The body comes as {found}.", found=repr((request.content_type or "")[:100])),
            Text("Content-Type: {wanted}.", wanted=wanted),
            Text("Say in the header what the body is."),
            headers={"Accept": wanted},
        )
    if upload:
        return Upload(request, size)
    try:
        written = request.read(most)
        if _NUL.search(written):
            raise does_not_fit([Wrong(field="", found="A text holds the character U+0000")])
        return msgspec.json.decode(written, type=operation.body_type)
    except msgspec.ValidationError as error:
        raise does_not_fit([_wrong(error)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(
            400,
            "not_json",
            Text("The body is not JSON: {reason}.", reason=str(error)[:200].rstrip(".")),
            Text("One JSON object in UTF-8."),
            Text("Check what your program writes."),
        ) from error


def does_not_fit(wrong: list[Wrong]) -> Refused:
    """A refusal (422) that names the fields that do not fit."""
    return refused(
        422,
        "does_not_fit",
        Text("{field}: {found}.", field=wrong[0].field or "request", found=wrong[0].found),
        Text("What the description of this operation in openapi.json says."),
        Text("Mend it and send it again; nothing was changed."),
        wrong=wrong,
    )


def _wrong(error: msgspec.ValidationError) -> Wrong:
    """What msgspec says, with the place it names apart."""
    said = str(error)
    place = _PLACE.search(said) or _FIELD.search(said)
    return Wrong(field="" if place is None else place[1], found=_PLACE.sub("", said))


def _scalar(written: str, kind: Any) -> Any:
    """A written value as JSON would have it: only what is spelled as a number becomes one."""
    names = {each for each in _plain_kinds(kind) if isinstance(each, type)}
    if bool in names and written in ("true", "false"):
        return written == "true"
    if int in names and len(written) < 20 and _WHOLE.fullmatch(written):
        return int(written)
    if float in names and len(written) < 40 and _NUMBER.fullmatch(written):
        return float(written)
    return written


def _plain_kinds(kind: Any) -> list[Any]:
    bare = _bare(kind)
    if get_origin(bare) in (Union, UnionType):
        return [plain for each in get_args(bare) for plain in _plain_kinds(each) if plain is not NoneType]
    return [bare]


def _is_list(kind: Any) -> bool:
    return get_origin(_bare(kind)) in (list, tuple)


def _bare(kind: Any) -> Any:
    return _bare(get_args(kind)[0]) if get_origin(kind) is Annotated else kind
