"""Templates of messages: written in blocks, published, and shown as a customer would get them.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class MessageImage(TypedDict):
    """A picture; ``name`` is how blocks name it. Width and height are 0 where they are not known."""

    name: str
    title: str
    media_type: str
    size: int
    width: int
    height: int


class MessageTemplate(TypedDict):
    """A template; customers get what was published last, ``published`` 0 is never.

    ``draft`` is what is being written; ``not_whole`` says why it cannot be published yet.
    """

    id: int
    key: str
    title: str
    kind: str
    languages: list[str]
    draft: dict[str, Any]
    version: int
    published: int
    not_whole: list[str]
    made_at: str
    changed_at: str
    changed_by: str


class ShownMessage(TypedDict):
    """A message as one customer would get it; ``missing`` are fields for want of which they would not."""

    language: str
    subject: str
    text: str
    html: str
    missing: list[str]


class TemplatesArea:
    """Templates of messages: written in blocks, published, and shown as a customer would get them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_message_images(self, *, limit: int | None = None) -> Iterator[MessageImage]:
        """List the pictures for messages, by name."""
        return self._connection.pages("/message-images", {"limit": limit})

    def add_message_image(self, *, title: str, content: str) -> MessageImage:
        """Keep a picture; the same one again is the same."""
        return cast(
            "MessageImage",
            self._connection.ask("POST", "/message-images", body={"title": title, "content": content}),
        )

    def list_message_templates(self, *, limit: int | None = None) -> Iterator[MessageTemplate]:
        """List the templates, by number."""
        return self._connection.pages("/message-templates", {"limit": limit})

    def create_message_template(
        self,
        *,
        title: str,
        kind: str | LeftOut = LEFT_OUT,
        language: str | LeftOut = LEFT_OUT,
        key: str | LeftOut = LEFT_OUT,
        draft: dict[str, Any] | LeftOut | None = LEFT_OUT,
    ) -> MessageTemplate:
        """Make a template, empty or with what it says."""
        return cast(
            "MessageTemplate",
            self._connection.ask(
                "POST",
                "/message-templates",
                body={"title": title, "kind": kind, "language": language, "key": key, "draft": draft},
            ),
        )

    def get_message_template(self, template_id: int) -> MessageTemplate:
        """Get one template with what is being written."""
        return cast("MessageTemplate", self._connection.ask("GET", f"/message-templates/{template_id}"))

    def update_message_template(
        self,
        template_id: int,
        *,
        title: str | LeftOut | None = LEFT_OUT,
        draft: dict[str, Any] | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> MessageTemplate:
        """Change the draft or the title of a template; what customers get stays until it is published."""
        return cast(
            "MessageTemplate",
            self._connection.ask(
                "PATCH",
                f"/message-templates/{template_id}",
                body={"title": title, "draft": draft},
                if_match=if_match,
            ),
        )

    def delete_message_template(self, template_id: int, *, if_match: str | None = None) -> None:
        """Take a template away; for a month it can be brought back."""
        self._connection.ask("DELETE", f"/message-templates/{template_id}", if_match=if_match)

    def preview_message_template(
        self,
        template_id: int,
        *,
        language: str | LeftOut = LEFT_OUT,
        variant: str | LeftOut = LEFT_OUT,
        customer_id: int | LeftOut | None = LEFT_OUT,
        draft: bool | LeftOut = LEFT_OUT,
    ) -> ShownMessage:
        """Show a message in a language, with a customer's values as the key may see them. Nothing is sent."""
        return cast(
            "ShownMessage",
            self._connection.ask(
                "POST",
                f"/message-templates/{template_id}/preview",
                body={"language": language, "variant": variant, "customer_id": customer_id, "draft": draft},
            ),
        )

    def publish_message_template(self, template_id: int) -> MessageTemplate:
        """Let customers get the draft from now on."""
        return cast(
            "MessageTemplate", self._connection.ask("POST", f"/message-templates/{template_id}/publish")
        )

    def restore_message_template(self, template_id: int) -> MessageTemplate:
        """Bring a template back."""
        return cast(
            "MessageTemplate", self._connection.ask("POST", f"/message-templates/{template_id}/restore")
        )
