"""The inbox: what arrives, what is caught, and what nobody keeps longer than they may."""
