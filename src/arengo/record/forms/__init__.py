"""What people type of the record."""
