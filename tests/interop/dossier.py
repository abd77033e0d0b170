#!/usr/bin/env python3
"""Dossiers of a demonstration ledger, judged with the network taken away, with a root key and
nothing else: `dossier.py TASDIQ URL FOLDER`."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

tasdiq, url, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
PASSED, FAILED, UNDECIDED, UNFIT = 0, 1, 3, 4


def run(*command):
    return subprocess.run(command, capture_output=True, check=False)


def must(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def get(path):
    with urllib.request.urlopen(url + path, timeout=20) as answer:
        return answer.read()


EMPTY = folder / "nothing"
EMPTY.mkdir()
ALONE = ["unshare", "-n"] if not run("unshare", "-n", "true").returncode else (
    ["unshare", "-rn"] if not run("unshare", "-rn", "true").returncode else [])


def need(path, code, what, *options):
    done = run(*ALONE, tasdiq, "--data", EMPTY, "verify", "--offline", *options, path)
    if done.returncode != code:
        sys.exit(f"{what}: {done.returncode}, not {code}\n{done.stdout.decode()}"
                 f"{done.stderr.decode()}")


root = json.loads(must(tasdiq, "--json", "trust", "--url", url, "--out", folder / "trust"))["root"]
PINNED = ("--root", root)
WANTED = {"valid": PASSED, "suspended": UNFIT, "withdrawn": UNFIT, "expired": UNFIT}
sizes = []
for word, code in WANTED.items():
    lot = json.loads(get(f"/api/v1/lots?status={word}&limit=1"))["lots"][0]
    found = next(c for c in lot["certificates"] if c["status"] == word)
    path = folder / f"{word}.tasdiq"
    must(tasdiq, "dossier", str(found["serial"]), "--out", path, "--url", url)
    sizes.append(path.stat().st_size)
    need(path, code, f"a {word} certificate", *PINNED)
good = folder / "valid.tasdiq"
need(good, UNDECIDED, "without a root key")
data = good.read_bytes()
for name, spoilt in [("changed", data.replace(b'"quantity":', b'"quantity":1', 1)),
                     ("swapped", (folder / "withdrawn.tasdiq").read_bytes().replace(
                         b'"action":"withdraw"', b'"action":"reinstate"', 1))]:
    path = folder / f"{name}.tasdiq"
    path.write_bytes(spoilt)
    need(path, FAILED, f"a {name} dossier", *PINNED)
print(f"   dossiers of {min(sizes)} to {max(sizes)} bytes judged "
      f"{'without network ' if ALONE else ''}from a root key alone: 0, 1, 3 and 4")
