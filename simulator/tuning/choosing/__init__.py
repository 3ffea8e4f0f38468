"""Which thresholds and holds are best, as a person would type them."""
