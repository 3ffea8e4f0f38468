"""Which panel and which threshold step a span of time exercises, proved with a real Prometheus."""
