"""What the record stores: passages of the archive, documents that left the draft, transcripts."""

from arengo.record.models.acts import Act, ActState, ActVersion, VersionCause
from arengo.record.models.omission import (
    Omission,
    OmissionStep,
    SealOpening,
    StepState,
    Target,
)
from arengo.record.models.passages import Passage, PassageKind
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
    "GlossaryEntry",
    "GlossaryKind",
    "GlossaryRefusal",
    "GlossarySource",
    "GlossaryVariant",
    "Omission",
    "OmissionStep",
    "Passage",
    "PassageKind",
    "SealOpening",
    "StepState",
    "Target",
    "TranscriptBase",
    "TranscriptEdit",
    "VersionCause",
]
