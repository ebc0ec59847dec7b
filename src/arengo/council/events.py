"""What the council tells the rooms above it."""

from __future__ import annotations

from django.dispatch import Signal

board_changed = Signal()
"""A sitting's journal grew, and that is committed. Sent with `comune`, `uid` and `board` (what everyone may see)."""

secrecy_changed = Signal()
"""A sitting became secret, or public again. Sent with `comune` and `uid`."""

sitting_closed = Signal()
"""A sitting is over. Sent with `comune` and `uid` inside the transaction that closes it."""

sitting_convened = Signal()
"""A notice or a supplement goes out. Sent with `comune`, `uid` and `convocation_id` inside its transaction."""
