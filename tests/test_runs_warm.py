"""A notebook executed by the warm engine is the notebook that stock papermill gives, but for times and chance ids."""

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from itertools import groupby
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError
from warm_runs import contents, notebook

from clss_analysis.privacy import clear
from clss_analysis.records import read
from clss_analysis.runs import warm_engine, warm_server
from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.plan import plan_runs
from clss_analysis.runs.warm_client import NoWarmServerError, WarmServer, fork
from clss_analysis.runs.warm_engine import NAME, Shared, register

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
FIDELITY = {
    "await": ("import asyncio\nawait asyncio.sleep(0.01)\n'après'", "async def f():\n    return 3\nawait f()"),
    "subprocess": (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(5)'], capture_output=True, text=True)",
        "subprocess.run(['echo', 'écho'])",
        "import os\nos.system('echo système; echo erreur >&2')",
    ),
    "shell": ("!echo ligne", "%%bash\necho cellule", "x = !echo capturé\nx", "%pwd\nNone", "%who_ls"),
    "display": (
        "from IPython.display import display, Markdown, HTML, update_display",
        "h = display(Markdown('un'), display_id='d')",
        "h.update(Markdown('deux'))\nupdate_display(HTML('trois'), display_id='d')",
        "display({'text/plain': 'brut', 'text/html': '<b>gras</b>'}, raw=True)",
    ),
    "clear": (
        "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
        "for n in range(3):\n    clear_output(wait=True)\n    print(n)",
    ),
    "plots": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('titre')",
        "plt.rcParams['font.size'], plt.get_backend()",
        "fig, ax = plt.subplots(figsize=(2, 2))\nax.bar([1], [2])\nplt.show()\nprint('fini')",
        "import pandas as pd\npd.DataFrame({'a': [1, None]}).style.format('{:.1f}').set_uuid('u')",
    ),
    "wide": (
        "import pandas as pd\npd.DataFrame([[n * 10 ** 6 for n in range(24)]]), pd.get_option('display.max_columns')",
    ),
    "streams": (
        "import sys, warnings, logging\nprint('dehors')\nprint('erreur', file=sys.stderr)",
        "warnings.warn('attention', UserWarning)\nwarnings.warn('attention', UserWarning)",
        "logging.warning('journal')",
        "import pandas as pd\npd.Series([1]).view if hasattr(pd.Series, 'view') else None\nNone",
    ),
    "state": (
        "import sys, os, threading, random\n__name__, sorted(k for k in globals() if not k.startswith('_'))",
        "sys.argv[1:2], sys.path[0], sys.flags.optimize, [t.name for t in threading.enumerate()][:1]",
        "sys.modules['__main__'].__dict__ is globals(), sys.getrecursionlimit(), os.getcwd() == os.environ['PWD_TEST']",
        "sorted(k for k in os.environ if not k.startswith('JPY_')), os.getpid() == os.getsid(0)",
        "import signal\nsignal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM).name",
        "hash('mot')",
    ),
    "large": ("'x' * 300_000", "for n in range(2000):\n    print(n, 'mot ' * 10)", "print('y' * 1_000_000)"),
    "history": ("1 + 1", "_ + 1", "Out, In[-2]", "%history -n 1-2", "get_ipython().execution_count"),
    "help": ("?len", "class A:\n    'doc'\nA?", "%timeit -n1 -r1 -q -o pass\nNone"),
    "processes": (
        "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(2).map(str, range(3)))",
        "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as p:\n    r = p.map(abs, [-1, 2])\nr",
    ),
}
FAILING = {
    "error": ("def f(x):\n    return 1 / x\nf(1)", "f(0)", "'jamais'"),
    "chained": ("try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('autre') from e",),
    "syntax": ("x = (",),
    "stdin": ("input('nom ?')",),
    "exit": ("import sys\nsys.exit(3)",),
    "recursion": (
        "import sys\nlimit = sys.getrecursionlimit()\nsys.setrecursionlimit(400)\ndef f():\n    return f()\nf()",
        "sys.setrecursionlimit(limit)\nlimit",
    ),
    "interrupt": ("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)",),
}


@pytest.fixture(autouse=True, scope="module")
def _engine():
    register()
    yield
    Shared.restart()


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """All the cells in one notebook, executed by stock papermill and by the warm engine."""
    folder = tmp_path_factory.mktemp("fidelity")
    marks = [(name, cell) for name, cells in {**FIDELITY, **FAILING}.items() for cell in cells]
    path = notebook(folder / "in.ipynb", *(cell for _, cell in marks), parameters="")
    source = nbformat.read(path, 4)
    for (name, _), cell in zip(marks, source.cells, strict=True):
        if name in FAILING:
            cell.metadata["tags"] = ["raises-exception"]
    nbformat.write(source, path)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PYTHONHASHSEED": "0", "PWD_TEST": str(folder), "IPYTHONDIR": str(folder / "i")}.items():
            patch.setenv(name, value)
        Shared.restart()
        for engine in (None, NAME):
            out = folder / "out.ipynb"
            with pytest.raises(PapermillExecutionError, match="KeyboardInterrupt"):
                papermill.execute_notebook(path, out, engine_name=engine, cwd=folder, progress_bar=False)
            made = nbformat.read(out, 4)
            made.cells = [cell for cell in made.cells if "papermill-error-cell-tag" not in cell.metadata.tags]
            cells = [(name, plain(cell)) for (name, _), cell in zip(marks, made.cells, strict=True)]
            found.append((cells, made.metadata.language_info, made.metadata.kernelspec))
        Shared.restart()
    return found


def plain(cell):
    """A cell without times, addresses in memory and process numbers, its streams whole.

    Where a stream is cut is a matter of time, in stock papermill as well: `%history` writes each line in pieces, and
    whatever the kernel has when a fifth of a second is over goes out as one.  So is which of two streams is first:
    what another process writes to them is read by a thread for each.
    """
    whole = []
    for are_streams, found in groupby(cell.get("outputs", ()), lambda each: each.get("output_type") == "stream"):
        outputs = list(found)
        for name in sorted({each.name for each in outputs}) if are_streams else ():
            text = "".join(each.text for each in outputs if each.name == name)
            whole.append(nbformat.v4.new_output("stream", name=name, text=text))
        whole += [] if are_streams else outputs
    if "outputs" in cell:
        cell.outputs = whole
    for name in ("papermill", "execution"):
        cell.metadata.pop(name, None)
    text = re.sub(r"ipykernel_\d+", "ipykernel_N", nbformat.v4.writes_json(nbformat.v4.new_notebook(cells=[cell])))
    return re.sub(r"0x[0-9a-f]{6,}", "0x", text)


@pytest.mark.parametrize("name", [*FIDELITY, *FAILING])
def test_cells_give_what_they_give_in_stock_papermill(name, executed):
    (stock, *about), (warm, *about_warm) = executed
    ours, theirs = ([cell for of, cell in cells if of == name] for cells in (warm, stock))
    assert ours == theirs
    assert about_warm == about
    if name in FAILING:
        assert any('"output_type": "error"' in cell for of, cell in warm if of == name)


def test_the_state_of_widgets_is_kept(tmp_path):
    pytest.importorskip("ipywidgets")
    path = notebook(tmp_path / "in.ipynb", "import ipywidgets\nipywidgets.IntSlider(value=3)", parameters="")
    out = papermill.execute_notebook(path, tmp_path / "out.ipynb", engine_name=NAME, progress_bar=False)
    assert out.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]


def test_two_runs_share_nothing(tmp_path):
    first = notebook(
        tmp_path / "a.ipynb",
        "import pandas as pd, os, sys, builtins\nbuiltins.leak = 1\npd.set_option('display.max_rows', 3)\n"
        "os.environ['LEAK'] = '1'\nsys.modules['leak'] = sys\nos.chdir('/')\nopen_file = open('/dev/null')",
        "import random, numpy\nrandom.random(), float(numpy.random.random())",
    )
    second = notebook(
        tmp_path / "b.ipynb",
        "import pandas as pd, os, sys, builtins\n"
        "hasattr(builtins, 'leak'), pd.get_option('display.max_rows'), 'LEAK' in os.environ, 'leak' in sys.modules",
        "import random, numpy\nrandom.random(), float(numpy.random.random())",
    )
    one = papermill.execute_notebook(first, None, engine_name=NAME, progress_bar=False)
    two = papermill.execute_notebook(second, None, engine_name=NAME, progress_bar=False)
    assert two.cells[1].outputs[0].data["text/plain"] == "(False, 60, False, False)"
    assert one.cells[2].outputs[0].data["text/plain"] != two.cells[2].outputs[0].data["text/plain"]


def test_a_kernel_that_dies_is_a_failure_like_any_other(tmp_path):
    path = notebook(tmp_path / "in.ipynb", "import os\nos._exit(7)", parameters="")
    with pytest.raises(Exception, match="Kernel died"):
        papermill.execute_notebook(path, None, engine_name=NAME, progress_bar=False)
    assert warm_engine.WarmKernelManager.ended == 7


def test_a_foreign_kernel_gets_a_process_of_its_own_and_a_word(tmp_path, caplog):
    assert warm_engine._unfit(["/usr/bin/python3", "-m", "ipykernel_launcher"], ".") == "kernel"
    assert warm_engine._unfit([sys.executable, "-m", "xeus"], ".") == "kernel"
    (tmp_path / "matplotlibrc").write_text("font.size: 20\n")
    path = notebook(tmp_path / "in.ipynb", "import matplotlib\nmatplotlib.rcParams['font.size']", parameters="")
    out = papermill.execute_notebook(path, None, engine_name=NAME, progress_bar=False, cwd=tmp_path)
    assert out.cells[0].outputs[0].data["text/plain"] == "20.0"
    assert "Noyau ordinaire" in caplog.text


def test_elsewhere_than_on_linux_there_is_no_server(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(NoWarmServerError, match="system"):
        WarmServer()


def test_a_server_with_a_thread_or_a_context_is_not_forked():
    code = (
        "import threading, time, zmq\nfrom clss_analysis.runs.warm_server import obstacle\n"
        "assert obstacle() == '', obstacle()\n"
        "c = zmq.Context()\nassert obstacle() == 'zmq'\nc.term()\nassert obstacle() == ''\n"
        "threading.Thread(target=time.sleep, args=(1,), daemon=True).start()\nassert obstacle() == 'thread'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})


def test_a_server_for_households_has_what_draws_them_and_nothing_that_counts():
    code = (
        "import sys; sys.argv = ['', '', '']\n"
        "from clss_analysis.runs import warm_server\n"
        "warm_server._warm()\n"
        "print('clss_analysis.layout.kinds.trajectory' in sys.modules, 'scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_an_edited_module_of_the_project_makes_the_server_stale(tmp_path, monkeypatch):
    module = tmp_path / "mien.py"
    module.write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__("mien")
    sources = warm_server.project_sources()
    assert str(module) in sources
    assert not any("site-packages" in path for path in sources)
    assert not warm_server.stale(sources)
    module.write_text("x = 23\n")
    assert warm_server.stale(sources)


def test_all_ends_with_the_server():
    server = WarmServer()
    server.await_ready()
    child = fork(server.address, "kernel", env=os.environ, cwd="/", argv=["", "-f", "/nowhere/never.json"])
    os.kill(server.pid, signal.SIGKILL)
    assert child.wait(60) == -signal.SIGKILL
    end = time.monotonic() + 60
    while Path(f"/proc/{child.pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{child.pid}").exists()
    server.close()


def test_papermill_finds_the_engine_by_its_entry_point():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    module, _, name = project["papermill.engine"][NAME].partition(":")
    found = getattr(__import__(module, fromlist=[name]), name)
    assert found.execute_notebook == warm_engine.WarmEngine.execute_notebook
    module, _, name = project["jupyter_client.kernel_provisioners"][NAME].partition(":")
    assert getattr(__import__(module, fromlist=[name]), name) is warm_engine.WarmProvisioner


def test_a_book_has_the_same_bytes_with_stock_kernels(tmp_path):
    """Two runs of the publication, which between them draw and count; CLSS_RUNS_ALL=1 compares every one."""
    dataset = ROOT / "data" / "publication"
    records = read(dataset)
    wanted = None if os.environ.get("CLSS_RUNS_ALL") else {"menage-N", "constats"}
    runs = [run for run in plan_runs(records, dataset="../dataset") if wanted is None or run.id in wanted]
    made = []
    for warm in (False, True):
        folder = tmp_path / str(warm) / "_runs"
        how = How(jobs=2, warm=warm)
        seen = {"dataset": dataset, "records": records, "clearance": clear(records)}
        results = execute(runs, ROOT / "notebooks", folder, how=how, **seen)
        assert all(result.ok for result in results)
        made.append(contents(folder))
    assert made[0] == made[1]
    assert len(made[0]) > len(runs) * 2
