"""What a notebook asks for: the one cell tagged `parameters`, read without running it.

papermill writes parameter *names* into the code of a notebook as they come, and only warns of an unknown one.
Names and types are therefore held against the parameters cell before any kernel starts.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.records import message
from clss_analysis.runs.notebook import read, tags

TAG = "parameters"
Scalar = str | int | float | bool


class ParameterError(ValueError):
    """Parameters that a notebook does not take, or a parameters cell that cannot be read.

    `faults` holds one line per fault.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Parameter:
    """A name of the parameters cell, its default, and the type that the default fixes."""

    name: str
    default: Scalar

    @property
    def type(self) -> type[Scalar]:
        """The type that a value must have: str, int, float or bool."""
        return type(self.default)

    def takes(self, value: object) -> bool:
        """Whether a value has the parameter's type; an int serves as a float, a bool never as a number."""
        if isinstance(value, bool) or self.type is bool:
            return isinstance(value, bool) and self.type is bool
        if self.type is float:
            return isinstance(value, int | float) and math.isfinite(value)
        return type(value) is self.type


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """The parameters of a notebook, in their own order.

    Args:
        notebook: path of the .ipynb file.

    Returns:
        Name → parameter, read from the cell tagged `parameters` with `ast`; nothing is executed.

    Raises:
        ParameterError: there is not exactly one such cell, or it holds something else than names given literal
            values of type str, int, float or bool.
    """
    cells = [cell for cell in read(notebook).cells if cell.cell_type == "code" and TAG in tags(cell)]
    if len(cells) != 1:
        raise ParameterError((message("runs.one_cell", notebook=notebook.name, n=len(cells)),))
    try:
        return dict(_parameter(statement) for statement in ast.parse(cells[0].source).body)
    except (SyntaxError, ValueError):
        raise ParameterError((message("runs.not_literal", notebook=notebook.name),)) from None


def check(notebook: Path, given: Mapping[str, object], asked: Mapping[str, Parameter] | None = None) -> None:
    """Refuse parameters that a notebook does not take, before any kernel starts.

    Args:
        notebook: path of the .ipynb file.
        given: every parameter of the run; the defaults are for JupyterLab, a run says them all.
        asked: what `read_parameters` gave for the notebook, where many runs share it; default: it is read.

    Raises:
        ParameterError: a name is unknown, missing or no identifier, or a value has another type than the default.
    """
    asked = read_parameters(notebook) if asked is None else asked
    faults: list[str] = []
    for name, value in given.items():
        if not isinstance(name, str) or not name.isidentifier() or name not in asked:
            allowed = ", ".join(asked)
            faults.append(message("runs.unknown", notebook=notebook.name, name=_shown(name), allowed=allowed))
        elif not asked[name].takes(value):
            wanted, came = asked[name].type.__name__, type(value).__name__
            faults.append(message("runs.mistyped", notebook=notebook.name, name=name, wanted=wanted, came=came))
    faults += [message("runs.missing", notebook=notebook.name, name=name) for name in asked if name not in given]
    if faults:
        raise ParameterError(tuple(faults))


def _parameter(statement: ast.stmt) -> tuple[str, Parameter]:
    target: ast.expr
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    else:
        raise ValueError("no assignment")
    default = ast.literal_eval(value)
    if not isinstance(target, ast.Name) or not isinstance(default, str | int | float | bool):
        raise ValueError("no name given a literal value")  # noqa: TRY004 - one error for an unreadable cell
    return target.id, Parameter(target.id, default)


def _shown(name: object, longest: int = 40) -> str:
    text = ascii(name)
    return text if len(text) <= longest else f"{text[:longest]}…"
