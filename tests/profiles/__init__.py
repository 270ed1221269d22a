"""Author profiles, through HTTP."""
