"""How good thresholds are, measured against known truth, and which would be better."""
