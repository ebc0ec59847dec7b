"""What the record tells the rest of the house, each inside the transaction that made it so."""

from django.dispatch import Signal

# Somebody corrected words: comune, sitting.
transcript_changed = Signal()
# A passage may be read no more: comune, sitting, start_s, end_s. Whoever keeps anything made of
# words, sound or picture of a sitting listens, and forgets it or makes it again.
omission_made = Signal()
# An act is for everyone from now on: comune, act.
act_published = Signal()
