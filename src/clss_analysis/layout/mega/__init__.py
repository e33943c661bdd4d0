"""The parts of a mega-sociogenogram: what is drawn of a network, its ring, its chords, its words."""
