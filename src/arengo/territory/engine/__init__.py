"""Pure engines of plan and finance: arrays and frozen data in, arrays and frozen data out."""
