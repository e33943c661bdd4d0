"""What may leave the house: disclosure gate, suppression, escaping."""
