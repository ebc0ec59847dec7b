"""What the record stores: the archive's passages, and the documents that left the draft."""

from arengo.record.models.acts import Act, ActState, ActVersion, VersionCause
from arengo.record.models.passages import Passage, PassageKind

__all__ = ["Act", "ActState", "ActVersion", "Passage", "PassageKind", "VersionCause"]
