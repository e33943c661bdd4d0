"""The household's genogram: generation rows, unions and lines of descent."""
