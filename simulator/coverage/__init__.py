"""What the panels of a dashboard show, read through a real Prometheus."""
