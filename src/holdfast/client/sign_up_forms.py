"""Sign-up forms for newsletters: what each asks and says, how it does, who entered an address.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class SignUp(TypedDict):
    """Somebody entered an address, which is masked; ``confirmed_at`` is null until the mail was answered.

    ``version`` is that of the form which they saw, ``wording`` the words they agreed to.
    """

    id: int
    address: str
    customer_id: int | None
    known_before: bool
    topics: list[str]
    language: str
    version: int
    wording: str
    entered_at: str
    confirmed_at: str | None


class SignUpForm(TypedDict):
    """A form; ``address`` is its own page, "" while nobody can sign up.

    ``entered`` counts addresses, ``confirmed`` those whose mail was answered, ``known`` those of them
    that belonged to a customer before.
    """

    id: int
    key: str
    title: str
    open: bool
    content: dict[str, Any]
    version: int
    address: str
    entered: int
    confirmed: int
    known: int
    made_at: str
    changed_at: str
    changed_by: str


class SignUpFormsArea:
    """Sign-up forms for newsletters: what each asks and says, how it does, who entered an address."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_sign_up_forms(self, *, limit: int | None = None) -> Iterator[SignUpForm]:
        """List the sign-up forms, by number."""
        return self._connection.pages("/sign-up-forms", {"limit": limit})

    def create_sign_up_form(
        self,
        *,
        title: str,
        key: str | LeftOut = LEFT_OUT,
        content: dict[str, Any] | LeftOut | None = LEFT_OUT,
    ) -> SignUpForm:
        """Make a sign-up form, which is open at once."""
        return cast(
            "SignUpForm",
            self._connection.ask(
                "POST", "/sign-up-forms", body={"title": title, "key": key, "content": content}
            ),
        )

    def get_sign_up_form(self, form_id: int) -> SignUpForm:
        """Get one sign-up form."""
        return cast("SignUpForm", self._connection.ask("GET", f"/sign-up-forms/{form_id}"))

    def update_sign_up_form(
        self,
        form_id: int,
        *,
        title: str | LeftOut | None = LEFT_OUT,
        content: dict[str, Any] | LeftOut | None = LEFT_OUT,
        open: bool | LeftOut | None = LEFT_OUT,
        if_match: str | None = None,
    ) -> SignUpForm:
        """Change a sign-up form, open it or close it; who signed up before keeps the words of then."""
        return cast(
            "SignUpForm",
            self._connection.ask(
                "PATCH",
                f"/sign-up-forms/{form_id}",
                body={"title": title, "content": content, "open": open},
                if_match=if_match,
            ),
        )

    def list_sign_ups(self, form_id: int, *, limit: int | None = None) -> Iterator[SignUp]:
        """List who entered an address into a form, the oldest first."""
        return self._connection.pages(f"/sign-up-forms/{form_id}/sign-ups", {"limit": limit})
