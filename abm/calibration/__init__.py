"""Estimate the parameters from published figures, and show how far to trust them."""
