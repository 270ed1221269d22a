"""What an attacker sends, and what must not come back."""
