"""A server that speaks the part of HubSpot's CRM API that is pulled, as its reference publishes it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

TOKEN = "pat-eu1-00000000-0000-0000-0000-000000000000"
_CHANGED = {"contacts": "lastmodifieddate", "deals": "hs_lastmodifieddate"}


@dataclass
class HubSpotServer:
    """Objects by kind, each with its properties; deals with the contacts they are associated with."""

    objects: dict[str, dict[str, dict[str, str]]] = field(
        default_factory=lambda: {"contacts": {}, "deals": {}}
    )
    associated: dict[str, list[str]] = field(default_factory=dict)
    searches: int = 0

    def put(self, kind: str, id_: str, changed: datetime, **properties: str) -> None:
        written = changed.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.objects[kind].setdefault(id_, {}).update(properties | {_CHANGED[kind]: written})

    def __call__(self, path: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            said = {
                "status": "error",
                "message": "Authentication credentials not found.",
                "category": "INVALID",
            }
            return 401, {}, json.dumps(said).encode()
        pieces = path.strip("/").split("/")
        if pieces[:2] == ["crm", "v3"] and pieces[-1] == "search":
            return 200, {}, json.dumps(self._search(pieces[3], content)).encode()
        if pieces[:2] == ["crm", "v4"]:
            return 200, {}, json.dumps(self._associations(content)).encode()
        return 404, {}, b"{}"

    def _search(self, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        self.searches += 1
        by, least = _CHANGED[kind], 0
        for group in asked.get("filterGroups", []):
            (condition,) = group["filters"]
            assert (condition["propertyName"], condition["operator"]) == (by, "GTE")
            least = int(condition["value"])
        assert asked["sorts"] == [{"propertyName": by, "direction": "ASCENDING"}]
        found = [
            (self._millis(properties[by]), id_, properties)
            for id_, properties in self.objects[kind].items()
            if self._millis(properties[by]) >= least
        ]
        found.sort(key=lambda each: (each[0], each[1]))
        results = [
            {
                "id": id_,
                "properties": {name: properties.get(name) for name in asked["properties"]},
                "createdAt": properties.get("createdate", properties[by]),
                "updatedAt": properties[by],
                "archived": False,
            }
            for _, id_, properties in found[: asked["limit"]]
        ]
        return {"total": len(found), "results": results}

    def _associations(self, asked: dict[str, Any]) -> dict[str, Any]:
        ids = [each["id"] for each in asked["inputs"]]
        return {
            "status": "COMPLETE",
            "results": [
                {
                    "from": {"id": id_},
                    "to": [{"toObjectId": int(to), "associationTypes": []} for to in self.associated[id_]],
                }
                for id_ in ids
                if id_ in self.associated
            ],
        }

    @staticmethod
    def _millis(written: str) -> int:
        return int(datetime.fromisoformat(written).astimezone(UTC).timestamp() * 1000)
