"""What tasks and cases are made of, checked: a title, a kind, a priority, somebody who does it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.work import PRIORITY_NAMES
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.cases import NewCase
    from holdfast.store.owners import Person
    from holdfast.store.tasks import NewTask

New = TypeVar("New", "NewTask", "NewCase")

LONGEST_TITLE = 200
LONGEST_TEXT = 10_000
_FARTHEST_US = 32_503_680_000_000_000
"""Nothing is due after the year 2999."""


def checked(settings: Settings, new: New, kinds: Collection[str]) -> New:
    """A task or a case that is to be made, with its words as they are kept. Refuses as the parts below do."""
    one_of(new.kind, kinds, "bad_kind")
    priority(new.priority)
    due(new.due_us)
    owner(settings, new.owner_id)
    check_customer(settings, new.subject_id)
    check_conversation(settings, new.conversation_id)
    return replace(new, title=title(new.title), text=text(new.text))


def title(written: str) -> str:
    """A title of one line. Refuses an empty and an endless one ("bad_title")."""
    kept = " ".join(plain(written).split())
    if kept and len(kept) <= LONGEST_TITLE:
        return kept
    raise Refusal(
        "bad_title",
        found=Text("The title has {n} letter.", "The title has {n} letters.", n=len(kept)),
        expected=Text("One to {most} letters.", most=LONGEST_TITLE),
        remedy=Text("Say in a few words what is to be done, and the rest below it."),
    )


def text(written: str) -> str:
    """What is written beside it, which may be nothing. Refuses an endless one ("bad_text")."""
    kept = plain(written).strip()
    if len(kept) <= LONGEST_TEXT:
        return kept
    raise Refusal(
        "bad_text",
        found=Text("The text has {n} letter.", "The text has {n} letters.", n=len(kept)),
        expected=Text("At most {most} letters.", most=LONGEST_TEXT),
        remedy=Text("Shorten it, or add it as a document of the customer."),
    )


def said(written: str) -> str:
    """A comment that says something. Refuses an empty one ("bad_text")."""
    if kept := text(written):
        return kept
    raise Refusal(
        "bad_text",
        found=Text("Nothing was written."),
        expected=Text("At least one letter."),
        remedy=Text("Write something, or leave it."),
    )


def plain(written: str) -> str:
    """Text without control signs, with plain line ends."""
    lines = written.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(each for each in lines if each in "\n\t" or each >= " ").replace("\x7f", "")
    return kept.encode("utf-8", "ignore").decode("utf-8")


def one_of(wanted: str, known: Collection[str], code: str) -> str:
    """``wanted``, where it is one of ``known``; refused as ``code`` otherwise."""
    if wanted in known:
        return wanted
    raise Refusal(
        code,
        found=Text("{found} is none of them.", found=wanted[:40] or '""'),
        expected=Text("One of {known}.", known=", ".join(known)),
        remedy=Text("Choose one of these; nothing was changed."),
    )


def priority(wanted: int) -> int:
    """A priority, 0 (urgent) to 3 (low). Refuses another number ("bad_priority")."""
    return int(one_of(str(wanted), [str(each) for each in range(len(PRIORITY_NAMES))], "bad_priority"))


def due(at_us: int | None) -> int | None:
    """A moment something is due at. Refuses one before 1970 or after 2999 ("bad_moment")."""
    if at_us is None or 0 <= at_us < _FARTHEST_US:
        return at_us
    raise Refusal(
        "bad_moment",
        found=Text("It would be due before 1970 or after 2999."),
        expected=Text("A day of our times."),
        remedy=Text("Mend the day; nothing was changed."),
    )


def owner(settings: Settings, person_id: int | None) -> Person | None:
    """Who is to do it; ``None`` for nobody. Refuses who may not sign in ("no_such_person")."""
    from holdfast.store import owners

    if person_id is None:
        return None
    found = owners.person_by_id(settings, person_id)
    if found is None:
        raise Refusal(
            "no_such_person",
            found=Text("Nobody signs in as {wanted}.", wanted=str(person_id)),
            expected=Text("Somebody who signs in to these pages."),
            remedy=Text("Choose somebody else; nothing was changed."),
        )
    return found


def check_customer(settings: Settings, subject_id: int | None) -> None:
    """Refuses a number that no customer has ("no_such_customer")."""
    from holdfast.store.known_ids import exists

    if subject_id is not None and not exists(settings, subject_id):
        raise Refusal(
            "no_such_customer",
            found=Text("There is no customer {id}.", id=str(subject_id)),
            expected=Text("The number of a customer of this workspace."),
            remedy=Text("Look for the name in the list of customers."),
        )


def check_conversation(settings: Settings, conversation_id: int | None) -> None:
    """Refuses a number that no conversation has ("no_such_conversation")."""
    from holdfast.store import inbox

    if conversation_id is not None and inbox.conversation(settings, conversation_id) is None:
        raise Refusal(
            "no_such_conversation",
            found=Text("There is no conversation {id}.", id=str(conversation_id)),
            expected=Text("The number of a conversation of the inbox."),
            remedy=Text("Open it in the inbox, and begin from there."),
        )


def no_such_case(case_id: int) -> Refusal:
    """That there is no case with this number."""
    return Refusal(
        "no_such_case",
        found=Text("There is no case {id}.", id=str(case_id)),
        expected=Text("The number of a case, as the list of cases shows it."),
        remedy=Text("Look for it in the list; nothing was changed."),
    )


def moved_on(state: Text) -> Refusal:
    """That somebody else was faster: it is not in the state any more in which this could be done."""
    return Refusal(
        "moved_on",
        found=Text("It is {state} already.", state=state),
        expected=Text("That nobody has done it meanwhile."),
        remedy=Text("Load the page again to see what there is; nothing was changed."),
    )
