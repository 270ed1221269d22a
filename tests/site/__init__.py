"""The site's settings, through HTTP."""
