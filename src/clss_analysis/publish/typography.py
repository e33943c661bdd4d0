"""Typography of a document tree in its language: quotation marks, and French spaces; never in code or addresses."""

from __future__ import annotations

import re

from clss_analysis.publish.tree import Node, Tree, language_of, plain, rewrite, rewrite_runs, text
from clss_analysis.records.typography import FIXED, NARROW, spaced

_BREAKS = ("Space", "SoftBreak")
_BEFORE = re.compile(r"[;:!?»%€]")
_GLUED = re.compile(r"(?<=[\w)\]’…»])([;:!?]+)$")
_TITLES = re.compile(r"(?:^|[(\[« ’'])(?:M\.|MM\.|Mme|Mmes|Mlle|Dr|n°|p\.|pp\.|art\.|chap\.|vol\.|éd\.)$")
_GROUP_LEFT = re.compile(r"(?:^|[^\d])\d{1,3}$")
_GROUP_RIGHT = re.compile(r"^\d{3}(?:\D|$)")


def unquoted(tree: Tree, lang: str) -> Tree:
    """A tree whose quotation marks are those of a language such as en-GB, in words that say no other one."""
    outer, inner = (f"«{NARROW}", f"{NARROW}»"), ("“", "”")
    marks = (outer, inner) if lang.startswith("fr") else (inner, ("‘", "’"))

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Quoted":
            return None
        left, right = marks[node["c"][0]["t"] != "DoubleQuote"]
        return [text(left), *node["c"][1], text(right)]

    return rewrite(tree, change, skip=lambda node: _is_verbatim(node, lang))


def set_in(tree: Tree, lang: str) -> Tree:
    """A tree with the spaces and quotation marks of its language, those of French wherever words say they are that."""
    if lang.startswith("fr"):
        return french(tree)
    told = rewrite(tree, lambda node: french([node]) if (language_of(node) or "").startswith("fr") else None)
    return unquoted(told, lang)


def french(tree: Tree) -> Tree:
    """A tree with French spaces and quotation marks.

    Spaces before ; : ! ? » % € and after « become narrow no-break spaces (U+202F), also where none was typed before
    a mark that ends a word; thousands keep together; M., Mme, n°, p. and the like keep what follows.  Straight and
    English double quotes become « ».  What says that it is in another language stays as it is.

    Args:
        tree: any list of a pandoc tree.

    Returns:
        The new tree.

    >>> plain(french([text("Qui"), {"t": "Space"}, text("?")])) == "Qui" + NARROW + "?"
    True
    """
    return rewrite_runs(unquoted(tree, "fr"), _spaces, skip=_is_verbatim)


def _is_verbatim(node: Node, lang: str = "fr") -> bool:
    language = language_of(node)
    if language is not None and language[:2] != lang[:2]:
        return True
    if node["t"] in ("Code", "CodeBlock", "RawInline", "RawBlock", "Math"):
        return True
    return node["t"] == "Link" and plain(node["c"][1]) in (node["c"][2][0], node["c"][2][0].removeprefix("mailto:"))


def _spaces(run: list[Node]) -> list[Node]:
    result: list[Node] = []
    for index, node in enumerate(run):
        following = run[index + 1] if index + 1 < len(run) else None
        if node["t"] == "Str":
            result.append(text(_inside(node["c"], ends=following is None or following["t"] != "Str")))
        elif node["t"] in _BREAKS and result:
            glue = _glue(_edge(result[-1], last=True), _edge(following, last=False))
            result.append(text(glue) if glue else node)
        else:
            result.append(node)
    return result


def _edge(node: Node | None, *, last: bool) -> str:
    if node is None or node["t"] in ("Code", "Math", "RawInline", "Note"):
        return ""
    words = plain([node])
    return words[-20:] if last else words[:20]


def _glue(before: str, after: str) -> str:
    if before.endswith("«") or _BEFORE.match(after):
        return NARROW
    if _GROUP_LEFT.search(before) and _GROUP_RIGHT.match(after):
        return NARROW
    return FIXED if _TITLES.search(before) and after else ""


def _inside(word: str, *, ends: bool) -> str:
    if "://" in word or "@" in word:
        return word
    word = spaced(word)
    word = re.sub(r"«(?=[^\s\u202f])", f"«{NARROW}", word)
    word = re.sub(r"(?<=[^\s\u202f])»", f"{NARROW}»", word)
    return _GLUED.sub(lambda found: NARROW + found[1], word) if ends else word
