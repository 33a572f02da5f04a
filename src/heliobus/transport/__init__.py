"""Moves bytes and knows no vendor."""
