"""What the record stores: passages of the archive, documents that left the draft, transcripts."""

from arengo.record.models.acts import Act, ActState, ActVersion, VersionCause
from arengo.record.models.approval import (
    Approval,
    Impediment,
    Rectification,
    RectificationState,
    Signature,
    Signer,
    SigningOrder,
    SigningRule,
    Trust,
)
from arengo.record.models.omission import (
    Omission,
    OmissionStep,
    SealOpening,
    StepState,
    Target,
)
from arengo.record.models.passages import Passage, PassageKind
from arengo.record.models.past import ImportRun, PastRecording, PastState
from arengo.record.models.public import Attendance, Clip, ClipState, Decision, Subscription
from arengo.record.models.publication import (
    AlboRules,
    Attestation,
    AttestationKind,
    PersonalData,
    Publication,
    PublicationEnd,
    Redaction,
    RegisterLine,
    Release,
    TermReading,
)
from arengo.record.models.sealed import SealedVersion
from arengo.record.models.templates import DocumentTemplate, TemplateKind
from arengo.record.models.transcript import (
    GlossaryEntry,
    GlossaryKind,
    GlossaryRefusal,
    GlossarySource,
    GlossaryVariant,
    TranscriptBase,
    TranscriptEdit,
)

__all__ = [
    "Act",
    "ActState",
    "ActVersion",
    "AlboRules",
    "Approval",
    "Attendance",
    "Attestation",
    "AttestationKind",
    "Clip",
    "ClipState",
    "Decision",
    "DocumentTemplate",
    "GlossaryEntry",
    "GlossaryKind",
    "GlossaryRefusal",
    "GlossarySource",
    "GlossaryVariant",
    "Impediment",
    "ImportRun",
    "Omission",
    "OmissionStep",
    "Passage",
    "PassageKind",
    "PastRecording",
    "PastState",
    "PersonalData",
    "Publication",
    "PublicationEnd",
    "Rectification",
    "RectificationState",
    "Redaction",
    "RegisterLine",
    "Release",
    "SealOpening",
    "SealedVersion",
    "Signature",
    "Signer",
    "SigningOrder",
    "SigningRule",
    "StepState",
    "Subscription",
    "Target",
    "TemplateKind",
    "TermReading",
    "TranscriptBase",
    "TranscriptEdit",
    "Trust",
    "VersionCause",
]
