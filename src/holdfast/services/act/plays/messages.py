"""Messages of plays as touches: in the customer's language, with what is known of them, to where they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from holdfast.domain.effects import AskTouch
from holdfast.domain.merge_fields import Values, fields_in, render
from holdfast.domain.plays import Play
from holdfast.domain.refusals import Refusal
from holdfast.domain.surveys import Question
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.services.act import survey_letters, surveys
from holdfast.services.act.messages import bought
from holdfast.services.act.messages.values import values_from
from holdfast.services.act.messages.writing import Writer
from holdfast.services.act.plays.issues import template_on
from holdfast.services.act.plays.known import Customer
from holdfast.settings import Settings
from holdfast.store import message_settings
from holdfast.store.surveys import NewAsked


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
    """Writes the messages of one play to customers of one batch; what templates say is read once.

    What ``units`` bought is read for all of them together, once a message asks for it.
    """

    def __init__(self, settings: Settings, play: Play, units: Collection[int] = ()) -> None:
        self._settings, self._play, self._units = settings, play, units
        self._writer = Writer(settings)
        self.asked: dict[str, NewAsked] = {}
        """The questions in the messages that were written, by the keys of these."""
        self._bought: dict[int, bought.Bought] | None = None
        self._asks: dict[str | int, tuple[object, bool]] = {}
        self._issues: dict[int, str | None] = {}

    def write(
        self, key: str, wanted: AskTouch, customer: Customer, entered_us: int
    ) -> TouchRequest | NotWritten:
        """The touch of a message for one customer, on the first channel that reaches them."""
        channel = next((each for each in wanted.channels if customer.reaches(each)), None)
        if channel is None:
            return NotWritten("no_address", Text("There is no address to which it could go."))
        if wanted.issue:
            issue = self._issue(entered_us)
            if issue is None:
                return NotWritten("no_issue", Text("No issue was planned for that day."))
            wanted = replace(wanted, template=issue)
        try:
            said = self._said(wanted, customer, key)
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

    def _said(self, wanted: AskTouch, customer: Customer, key: str) -> _Said:
        email, phone = (customer.addresses.get(each) for each in ("email", "phone"))
        values = values_from(
            self._settings,
            customer.traits,
            email=email.address if email else "",
            phone=phone.address if phone else "",
            things=self._things(wanted, customer.unit_id),
        )
        if wanted.template:
            written = self._writer.write(wanted.template, customer.language, values, customer.unit_id).message
            return _Said(written.subject, written.text, written.html, written.language)
        language = customer.language if customer.language in wanted.content else next(iter(wanted.content))
        content = wanted.content[language]
        if wanted.question is not None:
            return self._asking(key, wanted.question, content, values, language, customer.unit_id)
        subject = " ".join(render(content.get("subject", ""), values).split())
        return _Said(subject, render(content["text"], values), "", language)

    def _issue(self, entered_us: int) -> str | None:
        """The template of the issue of a day: of all customers who entered at once the same one."""
        if entered_us not in self._issues:
            self._issues[entered_us] = template_on(self._settings, self._play, entered_us)
        return self._issues[entered_us]

    def _things(self, wanted: AskTouch, unit_id: int) -> bought.Bought | None:
        """What a customer bought, where the message asks for it."""
        what = wanted.template or id(wanted.content)  # of all customers the same options of one step
        if what not in self._asks:
            self._asks[what] = (wanted.content, bought.names_any(self._names(wanted)))
        if not self._asks[what][1]:
            return None
        if self._bought is None:
            self._bought = bought.of_units(self._settings, {*self._units, unit_id})
        return self._bought.get(unit_id)

    def _names(self, wanted: AskTouch) -> frozenset[str]:
        if wanted.template:
            return self._writer.names(wanted.template)
        return frozenset(
            name
            for said in wanted.content.values()
            for template in said.values()
            for name in fields_in(template)
        )

    def _asking(
        self,
        key: str,
        question: Question,
        content: Mapping[str, str],
        values: Values,
        language: str,
        unit_id: int,
    ) -> _Said:
        """A message that asks a question, and the question as it is kept once the message is asked for."""
        base = message_settings.public_url(self._settings)
        if not base:
            raise survey_letters.nowhere_to_answer()
        link = base + survey_letters.SURVEY_PATH + surveys.token_of(self._settings, key)
        told = survey_letters.letter(self._settings, question, content, values, language, link)
        self.asked[key] = surveys.new_asked(
            self._settings,
            key,
            question,
            play_key=self._play.key,
            subject_id=unit_id,
            language=language,
            words=(told.question, told.choices),
        )
        return _Said(told.subject, told.text, told.html, language)
