"""Names: the catalog, where every metric is declared once, its exposition, the Pushgateway."""
