"""What several tests share: doubles, readers, builders and oracles."""
