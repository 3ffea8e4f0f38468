"""How good alarms are: what thresholds with holds did in recordings, beside known incidents."""
