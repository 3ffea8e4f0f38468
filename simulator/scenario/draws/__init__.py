"""Drawing the episodes of a scenario: each day another day, and the same for the same seed."""
