"""The book: chapters and runs to HTML, PDF, EPUB and Word, by pandoc and Typst or by Quarto."""

from typing import TYPE_CHECKING

from clss_analysis import lazily

if TYPE_CHECKING:
    from clss_analysis.publish.book import build_book
    from clss_analysis.publish.lint import lint
    from clss_analysis.publish.manifest import sidecars
    from clss_analysis.publish.pandoc import PandocError
    from clss_analysis.publish.pdf import TypstError
    from clss_analysis.publish.project import BookError, Project, read_project
    from clss_analysis.publish.quarto import QuartoError, QuartoMissingError

__all__ = [
    "BookError",
    "PandocError",
    "Project",
    "QuartoError",
    "QuartoMissingError",
    "TypstError",
    "build_book",
    "lint",
    "read_project",
    "sidecars",
]

lazily(
    __name__,
    {
        "build_book": "book",
        "lint": "lint",
        "sidecars": "manifest",
        "PandocError": "pandoc",
        "TypstError": "pdf",
        "BookError": "project",
        "Project": "project",
        "read_project": "project",
        "QuartoError": "quarto",
        "QuartoMissingError": "quarto",
    },
)
