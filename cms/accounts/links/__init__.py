"""Ways in that work once: invitations, resets, confirmations, the setup link."""
