"""The process that listens to a sitting and writes its captions."""
