"""Who may do in the record what not every clerk may."""

from __future__ import annotations

from arengo.kernel.models import Role

# Who orders an omission, and who may ask to open what it sealed.
ORDERERS = (Role.SEGRETARIO, Role.PRESIDENTE)
