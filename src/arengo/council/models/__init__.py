"""The tables of the council, by aggregate."""

from arengo.council.models.agenda import AgendaItem, Document, ItemType, Opinion, OpinionType
from arengo.council.models.convocation import Convocation, ConvocationKind, Notice
from arengo.council.models.journal import Device, JournalEntry
from arengo.council.models.people import (
    Absence,
    Group,
    GroupMembership,
    Mandate,
    MandateKind,
    Office,
    OfficeKind,
    Person,
    Stance,
)
from arengo.council.models.rulebook import RuleBook
from arengo.council.models.sitting import Sitting, SittingKind, SittingMode, SittingState, new_uid

__all__ = [
    "Absence",
    "AgendaItem",
    "Convocation",
    "ConvocationKind",
    "Device",
    "Document",
    "Group",
    "GroupMembership",
    "ItemType",
    "JournalEntry",
    "Mandate",
    "MandateKind",
    "Notice",
    "Office",
    "OfficeKind",
    "Opinion",
    "OpinionType",
    "Person",
    "RuleBook",
    "Sitting",
    "SittingKind",
    "SittingMode",
    "SittingState",
    "Stance",
    "new_uid",
]
