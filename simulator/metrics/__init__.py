"""Names: the catalog, where every metric is declared once, and its exposition."""
