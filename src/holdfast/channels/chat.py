"""The chat on a website: what is said stands in the conversation, where the visitor's browser fetches it.

Nothing leaves this machine here: the message stands in the inbox by the very transaction that says that it
was sent, so that it is there exactly once.
"""

from __future__ import annotations

from unicodedata import category

from holdfast.channels.contract import Channel, Tools, bad_address, refused, too_long
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt

MOST_TEXT = 4_000


class Voice:
    """Says whether a message can stand in a conversation."""

    def __init__(self, tools: Tools) -> None:
        pass

    def close(self) -> None:
        """Nothing is open."""

    def send(self, parcel: Parcel) -> Receipt:
        """The receipt with which the message is put into its conversation."""
        wanted = parcel.request
        if any(category(letter)[0] in "CZ" for letter in wanted.to.address) or "@" in wanted.to.address:
            return bad_address(Text("A visitor of the chat is called by letters and digits."))
        if wanted.conversation_id is None:
            return refused("no_conversation", Text("The visitor has not written in the chat."), retry=False)
        if wanted.attachments:
            return refused("no_files", Text("Files are not sent by this channel."), retry=False)
        if len(wanted.text) > MOST_TEXT:
            return too_long(MOST_TEXT, len(wanted.text))
        return Receipt("sent")


CHANNEL = Channel(
    name="chat",
    title=Text("Chat on the website"),
    meaning=Text("Answers in the chat window of your website."),
    open=Voice,
    dedupes=True,
    most_text=MOST_TEXT,
)
