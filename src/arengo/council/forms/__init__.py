"""What people type into the council's pages, by aggregate."""
