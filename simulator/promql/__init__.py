"""PromQL as it is written: the series that a query reads, its ranges, the labels it names."""
