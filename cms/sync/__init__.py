"""What changed and what went away since a token, for static builds and copies."""
