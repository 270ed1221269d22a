"""The lifecycle that every published kind shares."""
