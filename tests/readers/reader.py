"""A second reader of Tasdiq's formats, written from docs/FORMAT.md and the specifications it names,
sharing no code with the first. Runs every golden vector: `python3 reader.py [VECTORS]`.
Needs Python 3.9 and `cryptography`. Not a tool: it answers with codes, never with advice."""

import json
import sys
from pathlib import Path

import consignment
import dossier
import evidence
import goods_log
import label
import log
import register
import sidecar
import statement
import way_back
from common import Fault

# By folder: what a case comes to, given the case and the folder. A fault's code is an outcome.
READERS = {
    "consignment": lambda case, folder: consignment.run(case, folder),
    "dossier": lambda case, folder: dossier.run(case, folder),
    "evidence": lambda case, folder: evidence.run(case, folder),
    **{f"log/{kind}": lambda case, folder, run=run: run(case["input"])
       for kind, run in log.RUN.items()},
    "label/signed": lambda case, folder: label.run(case),
    "label/unsigned": lambda case, folder: label.run(case),
    "register/edition1": lambda case, folder: register.run(case),
    "register/edition3": lambda case, folder: register.run(case),
    "register/goods": lambda case, folder: goods_log.run(case),
    "statement/first": lambda case, folder: statement.run(case),
    "statement/goods": lambda case, folder: statement.run(case),
    "statement/sidecar": lambda case, folder: sidecar.run(case),
    "trace": lambda case, folder: way_back.run(case, folder),
}


def outcome(run, case, folder):
    try:
        return "skip" if run(case, folder) == "skip" else "ok"
    except Fault as fault:
        return fault.args[0]


def expected(case, name):
    """Dossiers are judged here under the policy `shop` alone; of other files the readers say themselves
    whether they agree."""
    expect = case["expect"]
    if isinstance(expect, str):
        return expect
    return f"exit {expect['shop']['exitCode']}" if name == "dossier" else "ok"


def in_order(cases):
    """A case that stands after another, behind it."""
    waiting, told = dict(cases), {}
    while waiting:
        ready = [path for path, case in waiting.items()
                 if case.get("after") is None or case["after"] in told]
        if not ready:
            raise ValueError(f"{next(iter(waiting))} stands after a case that is not there")
        for path in ready:
            case = waiting.pop(path)
            told[case["name"]] = True
            yield path, case


def cases_of(folder):
    return {path: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def folders(root):
    """Every folder that holds cases; `w3c` holds two documents that interoperability tests read."""
    found = {path.parent.relative_to(root).as_posix() for path in root.glob("*/**/*.json")}
    return found - {"w3c"}


def main(root):
    """Every folder must have a reader, and hold as many cases as are counted: no vector goes unread."""
    counts = json.loads((root / "counts.json").read_text())
    passed, faults, skipped = 0, [], 0
    for name in sorted(folders(root) | set(counts) | set(READERS)):
        cases = cases_of(root / name)
        if not cases or len(cases) != counts.get(name) or name not in READERS:
            faults.append(f"{name}: {len(cases)} cases, {counts.get(name, 'none')} are counted, "
                          f"{'a' if name in READERS else 'no'} reader")
            continue
        for path, case in in_order(cases):
            found = outcome(READERS[name], case, root / name)
            if found == "skip":
                skipped += 1
            elif found == expected(case, name):
                passed += 1
            else:
                faults.append(f"{name}/{path.name}: {found}, not {expected(case, name)}")
    print(*faults, sep="\n", end="\n" * bool(faults), file=sys.stderr)
    print(f"{passed} passed, {skipped} beyond this reader, {len(faults)} failed")
    return 0 if passed and not faults else 1


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent / "vectors"))
