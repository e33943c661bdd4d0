"""The book: chapters and runs made into HTML, PDF and EPUB, with their manifest."""
