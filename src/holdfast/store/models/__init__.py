"""The tables. Moments are integers of microseconds UTC (``..._us``), days count from 1970-01-01.

Django gives shape and migrations; what runs over many rows is SQL in the modules beside this one.
"""

from __future__ import annotations

from holdfast.store.models.access import (
    IdentityProvider,
    Invitation,
    PasswordReset,
    PersonIdentity,
    PersonSession,
    RecoveryCode,
    SecondFactor,
    SignInRule,
)
from holdfast.store.models.api import ApiAnswer, Webhook, WebhookAbout, WebhookDelivery, WebhookMessage
from holdfast.store.models.audit import AuditHead, AuditNote
from holdfast.store.models.care import (
    CareSetting,
    ChannelUse,
    Document,
    NeedKnown,
    Note,
    Owner,
    PointChange,
    PointState,
    TraitEdit,
)
from holdfast.store.models.consent import ConsentSaid, MessageSetting, SendingStop, SoftBounce, Suppressed
from holdfast.store.models.customers import (
    AccountContact,
    ContactPoint,
    CustomerText,
    IdentityLink,
    Sighting,
    Subject,
    TraitRow,
)
from holdfast.store.models.identity import Duplicate, DuplicateSearch, IdentityMerge, NotTheSame
from holdfast.store.models.imports import Import, Lease
from holdfast.store.models.inbox import InboxConversation, InboxCursor, InboxMessage, MailThread
from holdfast.store.models.keep import BackupMade, ErasedKey, Erasure, RetentionRule, RetentionRun
from holdfast.store.models.live import (
    Arrived,
    DueUnit,
    Job,
    LiveSource,
    LogRow,
    PropertyMap,
    Quarantined,
    Seen,
    WriteKey,
)
from holdfast.store.models.measured import LoopRun, Standing, StandingCount, StoredAlert, StoredFigure
from holdfast.store.models.outbox import (
    ChannelSetting,
    Touch,
    TouchAttachment,
    TouchContent,
    TouchSender,
    TouchTry,
)
from holdfast.store.models.people import User
from holdfast.store.models.pulse import CompanyBasis
from holdfast.store.models.risk import (
    RiskBacktest,
    RiskCriteria,
    RiskHistory,
    RiskModel,
    RiskScore,
    RiskScoring,
)
from holdfast.store.models.segments import (
    FeatureNow,
    IdealCustomer,
    ProspectFit,
    Segment,
    SegmentCount,
    SegmentDue,
    SegmentMember,
    SegmentMove,
)
from holdfast.store.models.shell import AlertRead, SavedView
from holdfast.store.models.sign_in import SignInTry
from holdfast.store.models.sources import Pull, ScoreTarget, SourceOwner, SourceTally, SourceWaiting
from holdfast.store.models.start import AskedWork, SavedMap, SetUpLink, StartStep, Upload
from holdfast.store.models.tables import Cost, Product, Rate, SeriesPoint
from holdfast.store.models.tasks import Case, MailChoice, Task, WorkChange

__all__ = [
    "AccountContact",
    "ApiAnswer",
    "AlertRead",
    "Arrived",
    "AskedWork",
    "AuditHead",
    "AuditNote",
    "BackupMade",
    "CareSetting",
    "ChannelSetting",
    "Case",
    "ChannelUse",
    "CompanyBasis",
    "ConsentSaid",
    "ContactPoint",
    "Cost",
    "CustomerText",
    "Document",
    "DueUnit",
    "Duplicate",
    "DuplicateSearch",
    "ErasedKey",
    "Erasure",
    "FeatureNow",
    "IdealCustomer",
    "IdentityLink",
    "IdentityMerge",
    "IdentityProvider",
    "Import",
    "InboxConversation",
    "InboxCursor",
    "InboxMessage",
    "Invitation",
    "Job",
    "Lease",
    "LiveSource",
    "LogRow",
    "LoopRun",
    "MailChoice",
    "MailThread",
    "MessageSetting",
    "NeedKnown",
    "NotTheSame",
    "Note",
    "Owner",
    "PasswordReset",
    "PersonIdentity",
    "PersonSession",
    "PointChange",
    "PointState",
    "Product",
    "PropertyMap",
    "ProspectFit",
    "Pull",
    "Quarantined",
    "Rate",
    "RecoveryCode",
    "RetentionRule",
    "RetentionRun",
    "RiskBacktest",
    "RiskCriteria",
    "RiskHistory",
    "RiskModel",
    "RiskScore",
    "RiskScoring",
    "SavedMap",
    "SavedView",
    "ScoreTarget",
    "SecondFactor",
    "Seen",
    "Segment",
    "SegmentCount",
    "SegmentDue",
    "SegmentMember",
    "SegmentMove",
    "SendingStop",
    "SeriesPoint",
    "SetUpLink",
    "Sighting",
    "SignInRule",
    "SignInTry",
    "SoftBounce",
    "SourceOwner",
    "SourceTally",
    "SourceWaiting",
    "Standing",
    "StandingCount",
    "StartStep",
    "StoredAlert",
    "StoredFigure",
    "Subject",
    "Suppressed",
    "Task",
    "Touch",
    "TouchAttachment",
    "TouchContent",
    "TouchSender",
    "TouchTry",
    "TraitEdit",
    "TraitRow",
    "Upload",
    "User",
    "Webhook",
    "WebhookAbout",
    "WebhookDelivery",
    "WebhookMessage",
    "WorkChange",
    "WriteKey",
]
