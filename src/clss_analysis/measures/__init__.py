"""What we count: co-occurrence, networks, completeness."""
