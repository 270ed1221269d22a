"""Pages, through HTTP."""
