"""Dashboards and rules held against each other and against themselves, without any data."""
