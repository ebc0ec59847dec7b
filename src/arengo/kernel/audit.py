"""The audit trail: operations write it themselves, in their own transaction."""

from __future__ import annotations

from arengo.kernel import clock
from arengo.kernel.models import AuditEntry, Comune, User


def record(
    action: str, *, comune: Comune, by: User | None, subject: str, **facts: str | int | None
) -> None:
    """Write that `by` (None: the system) did `action` (`room.verb`) to `subject`."""
    AuditEntry(
        comune=comune, at=clock.now(), actor=by, action=action, subject=subject, facts=facts
    ).save()
