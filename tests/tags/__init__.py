"""The vocabulary, through HTTP."""
