"""How things look: geometry to matplotlib figures."""
