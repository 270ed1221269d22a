"""The pages of a site that are not articles: about, uses, now."""
