"""The territory: what towns build together, who pays, and whether the partnership is worth it."""
