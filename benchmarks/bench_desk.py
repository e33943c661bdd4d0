"""The desk in a browser: from a change to its drawing, and the list of a thousand households.

A household of 15 persons and 20 services with 27 ties, in Chromium on the same machine.  The time is that from the
change of a field (or the drop of a symbol) to the frame in which the page shows what follows from it, in milliseconds:
the median and the longest of five.  What moves nobody, or puts one thing beside the others, is shown as a sketch, which
the drawing as it should be follows: `whole` is when that is on view.
"""

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from clss_analysis.desk.draft import Draft
from clss_analysis.records.house import House
from clss_analysis.records.vocabulary import codes

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from desk_house import empty_house, opened

_TIMES, _HOMES = 5, 1000
_WATCH = """
() => { window.drawnAt = 1; window.idle = () => drawnAt && document.getElementById('encours').hidden;
  new MutationObserver(() => requestAnimationFrame(() => { window.drawnAt = performance.now(); }))
    .observe(document.getElementById('dessin'), { childList: true }); }
"""
_CHANGE = """
async ([row, column, value]) => {
  const field = document.querySelector(`#${row} [data-column=${column}]`), began = performance.now();
  const drawn = drawnAt; field.value = value; field.dispatchEvent(new Event('change', { bubbles: true }));
  await new Promise(done => { const look = () =>
    (drawnAt > drawn || (idle() && document.getElementById('etat').textContent === document.body.dataset.saved
      && performance.now() - began > 60)) ? done() : requestAnimationFrame(look); look(); });
  return performance.now() - began; }
"""


def large_household(draft: Draft) -> int:
    """A household of 15 persons and 20 services in a draft; gives its number."""
    key = draft.add("households", {"intake": "2023-01"})
    home = {"household": draft.tables["households"][key]["id"]}
    for criterion in codes("criterion"):
        draft.add("criteria", {**home, "criterion": criterion, "met": "true"})
    people = []
    for n in range(15):
        role = "mother" if n == 0 else "father" if n == 1 else "child"
        gender, first = "woman" if n % 2 == 0 else "man", {"index": "true"} if n == 0 else {}
        age = str(44 - n) if n < 2 else str(n)
        row = {
            "role": role,
            "gender": gender,
            "residence": "household",
            "given_name": f"Prénom {chr(65 + n)}",
            "age": age,
        }
        people.append(_added(draft, "persons", {**home, **row, **first}))
    draft.add("couples", {**home, "partner_a": people[0], "partner_b": people[1], "state": "married"})
    for child in people[2:]:
        for parent in people[:2]:
            draft.add("filiations", {**home, "parent": parent, "child": child, "kind": "birth"})
    for n in range(20):
        actor = _added(draft, "actors", {**home, "kind": "service", "label": f"Service {n + 1}"})
        start = f"2023-{1 + n % 12:02d}"
        draft.add(
            "ties", {**home, "direction": "one_way", "from_person": people[n % 15], "to_actor": actor, "start": start}
        )
        if n % 3 == 0:
            draft.add("ties", {**home, "direction": "one_way", "from_actor": actor, "to_person": people[0]})
    return key


def _added(draft: Draft, table: str, cells: dict[str, str]) -> str:
    key = draft.add(table, cells)
    return str(draft.tables[table][key]["id"])


def run() -> list[dict[str, object]]:
    """One row for each kind of change."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = empty_house(Path(folder))
        draft = Draft(house)
        key = large_household(draft)
        people, ties, actors = (list(draft.tables[table]) for table in ("persons", "ties", "actors"))
        draft.save()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with opened(house) as (address, _):
            page = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
            page.goto(address)
            page.goto(f"{address.partition('?')[0]}household/{key}")
            page.evaluate(_WATCH)
            _settled(page)
            changes = {
                "an age": [(f"persons-{people[0]}", "age", str(45 + n)) for n in range(_TIMES)],
                "an age, and with it the order of children": [
                    (f"persons-{people[3]}", "age", str(4 + n)) for n in range(_TIMES)
                ],
                "a note": [(f"persons-{people[4]}", "note", "x" * n) for n in range(1, _TIMES + 1)],
                "a month of a tie": [(f"ties-{ties[5]}", "start", f"2023-{2 + n:02d}") for n in range(_TIMES)],
                "whom a tie goes to": [
                    (f"ties-{ties[8]}", "to_actor", draft.tables["actors"][each]["id"]) for each in actors[10:15]
                ],
                "a name of a service": [(f"actors-{actors[2]}", "label", f"Maison {n}") for n in range(_TIMES)],
                "a fault": [(f"persons-{people[5]}", "age", "x" * (n + 1)) for n in range(_TIMES)],
            }
            rows = [_measured(page, name, each) for name, each in changes.items()]
        return [*rows, _list(Path(folder) / "many", browser)]


def _settled(page: Page) -> None:
    page.wait_for_function("idle() && drawnAt && performance.now() - drawnAt > 4000", timeout=120_000)


def _measured(page: Page, name: str, changes: list[tuple[str, str, str]]) -> dict[str, object]:
    times, whole = [], []
    for each in changes:
        times.append(page.evaluate(_CHANGE, list(each)))
        began = page.evaluate("performance.now()")
        _settled(page)
        whole.append(max(times[-1], page.evaluate("drawnAt") - began + times[-1]))
    return {"change": name, "ms": round(statistics.median(times)), "longest": round(max(times)),
            "whole": round(statistics.median(whole))}  # fmt: skip


def _list(folder: Path, browser: object) -> dict[str, object]:
    folder.mkdir()
    house = empty_house(folder)
    _many(house)
    with opened(house) as (address, _):
        page = browser.new_page()  # type: ignore[attr-defined]  # a browser of playwright
        page.goto(address)
        times = []
        for _ in range(_TIMES):
            page.goto(address.partition("?")[0])
            times.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    return {"change": f"the list of {_HOMES} households opened", "ms": round(statistics.median(times)),
            "longest": round(max(times)), "whole": ""}  # fmt: skip


def _many(house: House) -> None:
    """A thousand small households, written as the file of the draft is."""
    draft = Draft(house)
    row = 0
    for n in range(_HOMES):
        home = f"M{n + 1}"
        found = {"households": [{"id": home, "intake": "2023-01"}], "criteria": [], "persons": []}
        found["criteria"] = [{"household": home, "criterion": each, "met": "true"} for each in codes("criterion")]
        found["persons"] = [{"id": f"{home}-{k}", "household": home, "role": "mother" if k == 0 else "child",
                             "given_name": f"Prénom {n} {k}"} for k in range(4)]  # fmt: skip
        for table, rows in found.items():
            for each in rows:
                row += 1
                draft.tables[table][row] = each
    draft.save()


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
