"""What the guides say is run."""
