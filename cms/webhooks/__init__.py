"""Who is told when readers see something else: signed, in order, until it arrives."""
