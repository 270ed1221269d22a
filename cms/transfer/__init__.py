"""The whole of a site in one file: backups, and bringing them back."""
