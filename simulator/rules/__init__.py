"""Files of alert and recording rules, of Prometheus's and Grafana's forms, read into one model."""
