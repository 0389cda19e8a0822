"""The whole API.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from holdfast.client.apps import AppsArea
from holdfast.client.cases import CasesArea
from holdfast.client.causes import CausesArea
from holdfast.client.changes import ChangesArea
from holdfast.client.common import CommonArea
from holdfast.client.connection import Connection
from holdfast.client.connections import ConnectionsArea
from holdfast.client.contact_calendar import ContactCalendarArea
from holdfast.client.contact_points import ContactPointsArea
from holdfast.client.contact_rules import ContactRulesArea
from holdfast.client.customers import CustomersArea
from holdfast.client.dashboards import DashboardsArea
from holdfast.client.digests import DigestsArea
from holdfast.client.documents import DocumentsArea
from holdfast.client.enrolments import EnrolmentsArea
from holdfast.client.event_names import EventNamesArea
from holdfast.client.export_files import ExportFilesArea
from holdfast.client.exports import ExportsArea
from holdfast.client.figures import FiguresArea
from holdfast.client.identity import IdentityArea
from holdfast.client.imports import ImportsArea
from holdfast.client.inbox import InboxArea
from holdfast.client.journey import JourneyArea
from holdfast.client.messages import MessagesArea
from holdfast.client.notes import NotesArea
from holdfast.client.outside import OutsideArea
from holdfast.client.people import PeopleArea
from holdfast.client.play_proof import PlayProofArea
from holdfast.client.plays import PlaysArea
from holdfast.client.privacy import PrivacyArea
from holdfast.client.pulls import PullsArea
from holdfast.client.readings import ReadingsArea
from holdfast.client.ready_plays import ReadyPlaysArea
from holdfast.client.reasons import ReasonsArea
from holdfast.client.risks import RisksArea
from holdfast.client.saved_views import SavedViewsArea
from holdfast.client.scripts import ScriptsArea
from holdfast.client.segments import SegmentsArea
from holdfast.client.sending import SendingArea
from holdfast.client.sign_up_forms import SignUpFormsArea
from holdfast.client.signals import SignalsArea
from holdfast.client.sources import SourcesArea
from holdfast.client.surveys import SurveysArea
from holdfast.client.tasks import TasksArea
from holdfast.client.team import TeamArea
from holdfast.client.templates import TemplatesArea
from holdfast.client.traits import TraitsArea
from holdfast.client.webhooks import WebhooksArea
from holdfast.client.workspace import WorkspaceArea


class Client:
    """One Holdfast, with one key; see :class:`~holdfast.client.connection.Connection`."""

    def __init__(
        self,
        address: str,
        key: str,
        *,
        timeout_seconds: float = 30.0,
        tries: int = 4,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        connection = Connection(address, key, timeout_seconds, tries, wait)
        self.connection = connection
        self.apps = AppsArea(connection)
        self.cases = CasesArea(connection)
        self.causes = CausesArea(connection)
        self.changes = ChangesArea(connection)
        self.common = CommonArea(connection)
        self.connections = ConnectionsArea(connection)
        self.contact_calendar = ContactCalendarArea(connection)
        self.contact_points = ContactPointsArea(connection)
        self.contact_rules = ContactRulesArea(connection)
        self.customers = CustomersArea(connection)
        self.dashboards = DashboardsArea(connection)
        self.digests = DigestsArea(connection)
        self.documents = DocumentsArea(connection)
        self.enrolments = EnrolmentsArea(connection)
        self.event_names = EventNamesArea(connection)
        self.export_files = ExportFilesArea(connection)
        self.exports = ExportsArea(connection)
        self.figures = FiguresArea(connection)
        self.identity = IdentityArea(connection)
        self.imports = ImportsArea(connection)
        self.inbox = InboxArea(connection)
        self.journey = JourneyArea(connection)
        self.messages = MessagesArea(connection)
        self.notes = NotesArea(connection)
        self.outside = OutsideArea(connection)
        self.people = PeopleArea(connection)
        self.play_proof = PlayProofArea(connection)
        self.plays = PlaysArea(connection)
        self.privacy = PrivacyArea(connection)
        self.pulls = PullsArea(connection)
        self.readings = ReadingsArea(connection)
        self.ready_plays = ReadyPlaysArea(connection)
        self.reasons = ReasonsArea(connection)
        self.risks = RisksArea(connection)
        self.saved_views = SavedViewsArea(connection)
        self.scripts = ScriptsArea(connection)
        self.segments = SegmentsArea(connection)
        self.sending = SendingArea(connection)
        self.sign_up_forms = SignUpFormsArea(connection)
        self.signals = SignalsArea(connection)
        self.sources = SourcesArea(connection)
        self.surveys = SurveysArea(connection)
        self.tasks = TasksArea(connection)
        self.team = TeamArea(connection)
        self.templates = TemplatesArea(connection)
        self.traits = TraitsArea(connection)
        self.webhooks = WebhooksArea(connection)
        self.workspace = WorkspaceArea(connection)
