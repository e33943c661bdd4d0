"""Ties as arrows: where they may touch, which way they take, and the words on them."""
