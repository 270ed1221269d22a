"""Counts of what readers see, kept so that nobody has to count."""
