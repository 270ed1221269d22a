"""Search: entries of what readers may find, kept beside the articles they point at."""
