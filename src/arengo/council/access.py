"""Who works for the council: runs the console, keeps people, rules, agenda and notices."""

from __future__ import annotations

from arengo.kernel.models import Role

CLERKS = (Role.SEGRETARIO, Role.PRESIDENTE, Role.AMMINISTRATORE)
