"""The rules of a council and the journal of a sitting: pure, without Django, clock, files or sockets."""
