"""A second reader of Tasdiq's formats, written from docs/FORMAT.md and the specifications it names,
sharing no code with the first. Runs every golden vector: `python3 reader.py [VECTORS]`.
Needs Python 3.9 and `cryptography`. Not a tool: it answers with codes, never with advice."""

import json
import sys
from pathlib import Path

import dossier
import evidence
import label
import log
import register
import sidecar
import statement
from common import Fault


def outcome(run, case):
    try:
        run(case)
    except Fault as fault:
        return fault.args[0]
    return "ok"


def of_evidence(path):
    """How many pieces of evidence this reader agrees on, and what it says of the others."""
    kept, agreed, faults = json.loads(path.read_text()), 0, []
    for case in kept["cases"]:
        try:
            agreed += evidence.run(case, kept["host"], kept["now"], kept["trust"]) == "ok"
        except Fault as fault:
            faults.append(f"evidence {case['name']}: {fault.args[0]}")
    return agreed, faults


def main(folder):
    """Every file must have a reader, so that new vectors cannot go unread."""
    passed = failed = 0
    for path in sorted(folder.glob("*/*.json")):
        if path.parent.name == "w3c":
            continue  # Two documents, not cases: the interoperability tests verify them.
        if path.parent.name == "evidence":
            agreed, faults = of_evidence(path)
            passed, failed = passed + agreed, failed + len(faults)
            print(*faults, sep="\n", end="\n" * bool(faults), file=sys.stderr)
            continue
        run = {
            "dossier": lambda case: dossier.run(case, path.parent),
            "log": log.RUN.get(path.stem),
            "label": label.run,
            "register": register.run,
            "statement": sidecar.run if path.stem == "sidecar" else statement.run,
        }[path.parent.name]
        for case in json.loads(path.read_text()):
            found = outcome(run, case.get("input", case))
            expect = case["expect"]
            if path.parent.name == "dossier":
                expect = f"exit {expect['shop']['exitCode']}"
            if found == expect:
                passed += 1
            else:
                failed += 1
                print(f"{path.parent.name}/{path.stem} {case['name']}: {found}, not "
                      f"{expect}", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent / "vectors"))
