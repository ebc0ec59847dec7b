"""The demo sitting: a short invented council sitting, its clip and its reference transcript."""
