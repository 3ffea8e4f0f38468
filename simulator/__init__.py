"""Synthetic load and metrics for the dashboards of a credit-scoring platform."""

__version__ = "0.1.0"
