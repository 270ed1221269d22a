"""Pictures for links that are shared: title, byline and site, drawn when none was chosen."""
