"""What `simulator tune` reports."""
