"""Arengo, the open digital town hall of Italian Comuni."""
