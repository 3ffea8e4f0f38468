"""Metrics proposed from the dashboards and rules that people have."""
