"""Projects, through HTTP."""
