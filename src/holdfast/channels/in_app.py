"""Messages in the company's own app: they stand there for whoever is signed in, until they are read.

Nothing leaves this machine here: what says that a message was sent is what the app is shown, so that it is
there exactly once. For whom the app asks its server proves (:mod:`holdfast.domain.in_app`).
"""

from __future__ import annotations

from unicodedata import category

from holdfast.channels.contract import Channel, Tools, bad_address, refused, too_long
from holdfast.domain.in_app import MOST_TEXT
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt


class Board:
    """Says whether a message can stand in an app."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def close(self) -> None:
        """Nothing is open."""

    def send(self, parcel: Parcel) -> Receipt:
        """The receipt with which the message stands there."""
        wanted = parcel.request
        address = wanted.to.address
        if not address.strip() or address.count("@") > 1 or any(category(each)[0] == "C" for each in address):
            return bad_address(Text("A customer is called in the app by the id that they have there."))
        if wanted.attachments:
            return refused("no_files", Text("Files are not sent by this channel."), retry=False)
        if len(wanted.text) > MOST_TEXT:
            return too_long(MOST_TEXT, len(wanted.text))
        if self._tools.of_source(wanted.via) is None:
            return refused(
                "no_account", Text("No app is connected that shows messages, and switched on."), retry=True
            )
        return Receipt("sent")


CHANNEL = Channel(
    name="in_app",
    title=Text("Messages in your app"),
    meaning=Text("A bell in your app or shop, with the messages for whoever is signed in."),
    open=Board,
    dedupes=True,
    most_text=MOST_TEXT,
)
