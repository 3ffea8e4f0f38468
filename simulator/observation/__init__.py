"""What panels show, asked of a Prometheus: at a moment and over a span of time."""
