"""The past, through HTTP."""
