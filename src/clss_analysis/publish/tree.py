"""Pandoc's document tree as plain values: building blocks, and walks that give new trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

Node = dict[str, Any]
Attr = list[Any]
Tree: TypeAlias = Any  # a node, or lists of nodes at any depth

INLINES = frozenset(
    [
        "Str",
        "Emph",
        "Underline",
        "Strong",
        "Strikeout",
        "Superscript",
        "Subscript",
        "SmallCaps",
        "Quoted",
        "Cite",
        "Code",
        "Space",
        "SoftBreak",
        "LineBreak",
        "Math",
        "RawInline",
        "Link",
        "Image",
        "Note",
        "Span",
    ]
)
SPACE: Node = {"t": "Space"}


def attr(identifier: str = "", classes: Iterable[str] = (), **values: str) -> Attr:
    """An attribute triple; names of values are written with `_` for `-`."""
    return [identifier, list(classes), [[key.replace("_", "-"), value] for key, value in values.items()]]


def text(value: str) -> Node:
    """A run of text; it may hold spaces, which are then not broken by the writers."""
    return {"t": "Str", "c": value}


def words(value: str) -> list[Node]:
    """A sentence as inlines, with spaces where lines may break.

    >>> [node["t"] for node in words("deux mots")]
    ['Str', 'Space', 'Str']
    """
    nodes: list[Node] = []
    for word in value.split(" "):
        nodes += [SPACE, text(word)] if nodes else [text(word)]
    return nodes


def span(inlines: list[Node], *classes: str) -> Node:
    """Inlines with classes."""
    return {"t": "Span", "c": [attr("", classes), inlines]}


def link(inlines: list[Node], target: str, *classes: str) -> Node:
    """A link; `#id` is one inside the book."""
    return {"t": "Link", "c": [attr("", classes), inlines, [target, ""]]}


def para(inlines: list[Node]) -> Node:
    """A paragraph."""
    return {"t": "Para", "c": inlines}


def div(blocks: list[Node], attributes: Attr) -> Node:
    """Blocks with attributes."""
    return {"t": "Div", "c": [attributes, blocks]}


def raw(form: str, value: str) -> Node:
    """A block in the language of one writer."""
    return {"t": "RawBlock", "c": [form, value]}


def raw_inline(form: str, value: str) -> Node:
    """A piece of a paragraph in the language of one writer."""
    return {"t": "RawInline", "c": [form, value]}


def value_of(attributes: Attr, key: str) -> str | None:
    """The value of a key in an attribute triple, None when it has none."""
    return next((str(value) for name, value in attributes[2] if name == key), None)


def language_of(node: Node) -> str | None:
    """The language that a heading, division or span says it is in, None when it says none."""
    if node["t"] in ("Div", "Span"):
        return value_of(node["c"][0], "lang")
    return value_of(node["c"][1], "lang") if node["t"] == "Header" else None


def rewrite(
    tree: Tree, change: Callable[[Node], list[Node] | None], *, skip: Callable[[Node], bool] = lambda _: False
) -> Tree:
    """A new tree in which nodes are replaced, from the leaves up.

    Args:
        tree: a node, or any list of the tree.
        change: gets each node once its children are rewritten; gives the nodes that stand in its place, or None to
            keep it.
        skip: nodes for which this holds stay as they are, with all that is in them.

    Returns:
        The new tree; the one that came in is not touched.
    """
    if isinstance(tree, list):
        result: list[Any] = []
        for item in tree:
            if not isinstance(item, (dict, list)) or (isinstance(item, dict) and "t" in item and skip(item)):
                result.append(item)
                continue
            leaf = isinstance(item, dict) and isinstance(item.get("c", ""), str) and "t" in item
            new = item.copy() if leaf else rewrite(item, change, skip=skip)
            replaced = change(new) if isinstance(new, dict) and "t" in new else None
            if replaced is None:
                result.append(new)
            else:
                result.extend(replaced)
        return result
    if isinstance(tree, dict):
        return {k: rewrite(v, change, skip=skip) if isinstance(v, (dict, list)) else v for k, v in tree.items()}
    return tree


def rewrite_runs(tree: Tree, change: Callable[[list[Node]], list[Node]], *, skip: Callable[[Node], bool]) -> Tree:
    """A new tree in which each list of inlines goes through `change`; nodes for which `skip` holds stay."""
    if isinstance(tree, dict):
        if "t" in tree and skip(tree):
            return tree
        return {k: rewrite_runs(v, change, skip=skip) if isinstance(v, (dict, list)) else v for k, v in tree.items()}
    if not isinstance(tree, list):
        return tree
    items = [rewrite_runs(item, change, skip=skip) for item in tree]
    if items and all(isinstance(item, dict) and item.get("t") in INLINES for item in items):
        return change(items)
    return items


def nodes(tree: Tree) -> Iterable[Node]:
    """Every node of a tree, parents before children, in reading order."""
    if isinstance(tree, dict) and "t" in tree:
        yield tree
    for item in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        if isinstance(item, (dict, list)):
            yield from nodes(item)


def identifiers(tree: Tree) -> list[str]:
    """The ids in a tree, in reading order.

    >>> identifiers([div([], attr("un")), span([], "classe")])
    ['un']
    """
    found = []
    for node in nodes(tree):
        content = node.get("c")
        if isinstance(content, list) and len(content) > 1:
            triple = content[1] if node["t"] == "Header" else content[0]
            if isinstance(triple, list) and len(triple) == 3 and isinstance(triple[0], str) and triple[0]:
                found.append(triple[0])
    return found


def plain(tree: Tree) -> str:
    """The words of a tree without notes.

    >>> plain([text("un"), SPACE, {"t": "Emph", "c": [text("toit")]}])
    'un toit'
    """
    if isinstance(tree, list):
        return "".join(plain(item) for item in tree)
    if not isinstance(tree, dict):
        return ""
    kind, content = tree.get("t"), tree.get("c")
    if kind == "Str":
        return str(content)
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Code", "Math"):
        return str(content[1]) if isinstance(content, list) else ""
    if kind in ("Note", "RawInline", "RawBlock"):
        return ""
    if kind in ("Span", "Link", "Image", "Cite") and isinstance(content, list):
        return plain(content[1])
    return plain(content)
