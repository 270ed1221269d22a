"""Lets `python -m cms` do what `cms` does."""

from cms.cli import main

if __name__ == "__main__":
    main()
