"""The example portfolio that `cms demo` writes."""
