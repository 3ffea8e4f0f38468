"""Reading dashboards as Grafana does: what a panel asks, and what it shows of the answers.

Pure: no clock, no network, and nothing of the simulator. A number, name or step given here is the
one Grafana gives; where that cannot be said, what is missing is named instead.
"""
