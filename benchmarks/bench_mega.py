"""The mega-sociogenogram against general network layouts: time, overlaps and crossings on the same graphs.

Peers are measured where they are installed: pygraphviz (neato, sfdp) and netgraph, networkx' spring layout always.
Their nodes get the boxes that this project's labels need, their lines are straight.
"""

from __future__ import annotations

import random
from typing import Any

import pandas as pd

from clss_analysis.records import Records, codes
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.tables import typed

_NAMES = ("Service social", "Maison médicale", "Antenne juridique", "Agence immobilière sociale", "Centre de guidance",
          "École de devoirs", "Maison de quartier", "Permanence-logement", "Service de médiation", "Cellule habitat")  # fmt: skip


def cohort(services: int, households: int, seed: int) -> Records:
    """Households with two to twelve ties each to services of their own area, some to any; all synthetic.

    Args:
        services: how many, of all sectors, a third of them in institutions.
        households: how many.
        seed: any whole number.
    """
    rng = random.Random(f"{services}/{households}/{seed}")
    sectors = codes("sector")
    areas = max(1, services // 25)
    actors, by_area = [], [[] for _ in range(areas)]
    for n in range(services):
        area = n % areas
        name = f"{_NAMES[n % len(_NAMES)]} {n + 1:03d}"
        institution = f"Association {area + 1}-{rng.randrange(4) + 1}" if rng.random() < 0.35 else ""
        kind = "professional" if rng.random() < 0.15 else "service"
        actors.append({"id": f"s{n:03d}", "label": name, "kind": kind, "sector": rng.choice(sectors), "institution": institution})  # fmt: skip
        by_area[area].append(f"s{n:03d}")
    ties = []
    for h in range(households):
        home = by_area[rng.randrange(areas)]
        weights = [1.0 / (1 + i) for i in range(len(home))]
        near = sorted({*rng.choices(home, weights, k=rng.randint(2, 9)), *(rng.choices(actors, k=1)[0]["id"],)})
        for k, service in enumerate(near):
            calls = rng.random() < 0.3
            ends = {"to_actor": service} if calls else {"from_actor": service}
            direction = rng.choices(("one_way", "two_way", "unknown"), (78, 17, 5))[0]
            ties.append({"id": f"h{h}-t{k}", "household": f"h{h}", **ends, "direction": direction})
        for k in range(rng.randint(0, 2)):
            a, b = rng.choice(near), rng.choice(near)
            if a != b:
                ties.append({"id": f"h{h}-w{k}", "household": f"h{h}", "from_actor": a, "to_actor": b, "direction": rng.choice(("one_way", "two_way"))})  # fmt: skip
    rows: dict[str, Any] = {
        "households": [{"id": f"h{h}", "label": f"Ménage {h}"} for h in range(households)],
        "actors": actors,
        "ties": ties,
    }
    tables: dict[str, Any] = {}
    for name in table_names():
        columns = [str(field["name"]) for field in fields(name)]
        cells = [{**dict.fromkeys(columns, ""), "source": "synthetic", "reading": "false", **row} for row in rows.get(name, [])]  # fmt: skip
        tables[name] = typed(pd.DataFrame(cells, columns=columns, dtype=object), name)
    return Records(name="banc", title="Banc d’essai", synthetic=True, sha256="", source="banc d’essai", **tables)
