"""What panels and alert rules saw, and the thresholds it is held against."""
