"""How: one kernel per component of the platform, and the engine that joins them."""
