"""The record of a sitting: from its journal to its documents. Pure, as all of the engine."""
