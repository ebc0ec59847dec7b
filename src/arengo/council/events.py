"""What the council tells the rooms above it, once it is committed."""

from __future__ import annotations

from django.dispatch import Signal

board_changed = Signal()
"""A sitting's journal grew. Sent with `comune`, `uid` and `board` (what everyone may see)."""

secrecy_changed = Signal()
"""A sitting became secret, or public again. Sent with `comune` and `uid`."""
