"""Articles: written, published, read."""
