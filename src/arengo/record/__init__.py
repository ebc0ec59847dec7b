"""The record: what was said and decided, from the draft at the gavel to the public archive.

It stands over the chamber (whose journal it tells) and the live room (whose captions and
recording it reads), and is imported by neither.
"""
