"""N2: every page says who may open it; what says nothing stays closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from django.test import Client

OPEN_TO_EVERYONE = {
    "sign_in_code", "forgotten", "new_password", "sign_in_with", "sign_in_back", "invitation",
    "sign_in", "choose", "healthz", "asset", "hook", "chat_script", "chat",
}  # fmt: skip
CARE = {
    "note_write": [1], "note": [1, 1, "change"], "set_owner": [1], "say": [1], "keep_point": [1],
    "log_contact": [1], "document_add": [1], "document": [1, 1], "document_do": [1, 1, "delete"],
}  # fmt: skip
ARRIVING: dict[str, list[object]] = {
    "revoke_key": [1], "create_key": [], "drop_events": [], "replay_all": [], "replay_event": [1],
    "quarantined_event": [1],
}  # fmt: skip
IDENTITY: dict[str, list[object]] = {
    "customer_ids": [1], "take_out": [1], "accounts": [1], "parent": [1], "compare": [1, 2],
    "merge": [], "different": [], "undo_merge": [1],
}  # fmt: skip
SOURCES: dict[str, list[object]] = {
    "source_do": ["stripe", "try"], "pull_do": ["shop", "run"], "target_do": ["warehouse", "off"],
}  # fmt: skip
SEGMENTS: dict[str, list[object]] = {
    "segment": ["gold"], "segment_edit": ["gold"], "segment_delete": ["gold"], "segment_export": ["gold"],
}  # fmt: skip
PRIVACY: dict[str, list[object]] = {
    "person": [1], "person_export": [1], "person_erase": [1], "erasure": [1], "lift_erasure": [1],
    "keep_for": [], "keep_all": [],
}  # fmt: skip
INBOX: dict[str, list[object]] = {
    "conversation_read": [1], "conversation_assign": [1], "conversation_state": [1],
    "conversation_link": [1], "channel_do": ["website", "on"],
}  # fmt: skip
PEOPLE: dict[str, list[object]] = {
    "own_name": [], "own_password": [], "own_codes": [], "own_factor_off": [], "own_end_sessions": [],
    "own_unlink": [1], "invite_person": [], "revoke_invitation": [1], "colleague_do": [1, "let-in"],
    "provider_do": ["google", "off"],
}  # fmt: skip
ARGUMENTS = {
    **PEOPLE,
    "own_link": ["google"],
    "colleague": [1],
    "provider": ["google"],
    "new_password": ["x"],
    "invitation": ["x"],
    "sign_in_with": ["google"],
    "sign_in_back": ["google"],
    **INBOX,
    **PRIVACY,
    "conversation": [1],
    "conversation_news": [1],
    "mailbox": ["mailbox"],
    "chat_one": ["website"],
    "chat": ["website", "words"],
    **SOURCES,
    **SEGMENTS,
    "source_add": ["stripe"],
    "source": ["stripe"],
    "hook": ["stripe"],
    **ARRIVING,
    **IDENTITY,
    "asset": ["none.css"],
    "customer": [1],
    "news": [1],
    **CARE,
    "export_risks": ["pdf"],
}
ONLY_POST = {
    "segments_ready",
    "segment_delete",
    "fit_look",
    "take_out", "parent", "merge", "different", "undo_merge",
    "sign_out", "choose", "roll_back", "decide", "stale_after", "choose_fields",
    *PEOPLE, *CARE, *ARRIVING, *SOURCES, *INBOX, *PRIVACY,
} - {"document", "quarantined_event", "person", "person_export", "erasure"}  # fmt: skip


def routes() -> list[str]:
    from holdfast.web.urls import urlpatterns

    return [pattern.name for pattern in urlpatterns if pattern.name]


def address_of(name: str) -> str:
    from django.urls import reverse

    return reverse(name, args=ARGUMENTS.get(name, []))


def test_n2_every_route_has_a_name_and_declares_its_roles(served: object) -> None:
    from holdfast.web.access import declared_roles
    from holdfast.web.urls import urlpatterns

    declared = {pattern.name: declared_roles(pattern.callback) for pattern in urlpatterns}
    assert None not in declared
    assert {name for name, roles in declared.items() if roles is None} == OPEN_TO_EVERYONE


def test_n2_without_sign_in_every_page_leads_there(visitor: Client) -> None:
    for name in sorted(set(routes()) - OPEN_TO_EVERYONE):
        answer = visitor.post(address_of(name)) if name in ONLY_POST else visitor.get(address_of(name))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/sign-in?next=/"), name


def test_n2_a_swap_in_place_without_sign_in_becomes_a_change_of_page(visitor: Client) -> None:
    answer = visitor.get("/settings", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in")


@pytest.mark.parametrize("role", ["admin", "manager", "agent", "analyst", "read_only"])
def test_n2_a_role_opens_exactly_what_it_may(signed_in: Callable[..., Client], role: str) -> None:
    from holdfast.web.access import declared_roles
    from holdfast.web.urls import urlpatterns

    client = signed_in(role)
    for pattern in urlpatterns:
        roles = declared_roles(pattern.callback)
        if roles is None or pattern.name in ONLY_POST or pattern.name is None:
            continue
        answer = client.get(address_of(pattern.name))
        assert (answer.status_code == 403) == (role not in roles), pattern.name


def test_n2_a_view_that_declares_nothing_is_closed() -> None:
    from holdfast.web.access import DenyByDefault, only

    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    with pytest.raises(PermissionDenied, match="does not say who may open it"):
        DenyByDefault(forgotten).process_view(HttpRequest(), forgotten, (), {})
    with pytest.raises(ValueError, match="no such role: owner"):
        only(frozenset({"owner"}))


def test_n2_someone_signed_out_in_the_database_is_out(signed_in: Callable[..., Client]) -> None:
    from holdfast.store.models import User

    client = signed_in()
    assert client.get("/settings").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/settings").status_code == 302
