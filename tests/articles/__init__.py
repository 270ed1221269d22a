"""Articles, through HTTP."""
