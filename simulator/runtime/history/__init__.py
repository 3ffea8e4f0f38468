"""History: a scenario's past as blocks that a Prometheus serves at once."""
