"""Thresholds written into dashboards and alert rules in place, every other byte as it was."""
