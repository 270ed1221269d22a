"""What is left to tell and to forget of something that was removed for good."""
