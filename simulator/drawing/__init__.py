"""Drawing on pages: scales, labels of axes, and series as SVG paths."""
