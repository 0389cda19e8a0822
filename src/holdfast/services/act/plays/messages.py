"""Messages of plays as touches: in the customer's language, with what is known of them, to where they are."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.effects import AskTouch
from holdfast.domain.merge_fields import render
from holdfast.domain.plays import Play
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.services.act.messages.values import values_from
from holdfast.services.act.messages.writing import Writer
from holdfast.services.act.plays.known import Customer
from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class NotWritten:
    """Why there is no message for a customer: a field that is not known, a template that is gone."""

    code: str
    because: Text


@dataclass(frozen=True, slots=True)
class _Said:
    subject: str
    text: str
    html: str
    language: str


class Letters:
    """Writes the messages of one play; what templates say is read once."""

    def __init__(self, settings: Settings, play: Play) -> None:
        self._settings, self._play = settings, play
        self._writer = Writer(settings)

    def write(self, key: str, wanted: AskTouch, customer: Customer) -> TouchRequest | NotWritten:
        """The touch of a message for one customer, on the first channel that reaches them."""
        channel = next((each for each in wanted.channels if customer.reaches(each)), None)
        if channel is None:
            return NotWritten("no_address", Text("There is no address to which it could go."))
        try:
            said = self._said(wanted, customer)
        except Refusal as refusal:
            return NotWritten(refusal.code, refusal.found)
        to = customer.addresses[channel]
        return TouchRequest(
            key=key,
            purpose=self._play.purpose,
            channel=channel,
            to=Recipient(to.address, customer.unit_id, to.subject_id),
            subject=said.subject,
            text=said.text,
            html=said.html,
            language=said.language,
            via=to.via,
            topic=(wanted.topic or self._play.topic) if self._play.purpose == "marketing" else "",
            asked_by=f"play {self._play.key}",
            priority=self._play.priority,
        )

    def _said(self, wanted: AskTouch, customer: Customer) -> _Said:
        email, phone = (customer.addresses.get(each) for each in ("email", "phone"))
        values = values_from(
            self._settings,
            customer.traits,
            email=email.address if email else "",
            phone=phone.address if phone else "",
        )
        if wanted.template:
            written = self._writer.write(wanted.template, customer.language, values, customer.unit_id).message
            return _Said(written.subject, written.text, written.html, written.language)
        language = customer.language if customer.language in wanted.content else next(iter(wanted.content))
        content = wanted.content[language]
        subject = " ".join(render(content.get("subject", ""), values).split())
        return _Said(subject, render(content["text"], values), "", language)
