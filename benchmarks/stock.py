"""Stock papermill as its documentation has it, in a module that imports nothing else."""

from pathlib import Path

import papermill


def execute(notebook: str, out: str, parameters: dict[str, object], cwd: str) -> None:
    Path(cwd, "figures").mkdir(parents=True, exist_ok=True)
    papermill.execute_notebook(
        notebook, out, parameters=parameters, kernel_name="python3", cwd=cwd, progress_bar=False, log_output=False
    )
