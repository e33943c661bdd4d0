"""Case records of social work into sociogenograms, relevance trees, findings and a reproducible book."""
