"""What is true for the whole site."""
