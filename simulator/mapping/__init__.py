"""What a platform calls what is simulated: from measures to metrics, in a file."""
