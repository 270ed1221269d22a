"""The lifecycle that every kind shares."""
