"""Blocks of Prometheus's storage, written from arrays of samples."""
