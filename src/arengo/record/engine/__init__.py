"""The pure part of the record: no Django, no clock, no I/O."""
