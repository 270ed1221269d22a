"""What is found of any published kind from elsewhere."""
