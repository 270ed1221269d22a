"""What others pick up by themselves: feeds, sitemaps, robots.txt, llms.txt."""
