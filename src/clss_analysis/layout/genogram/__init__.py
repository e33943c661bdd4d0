"""The sociogenogram: a household's genogram, the services around it, arrows between them, and all of it over time."""
