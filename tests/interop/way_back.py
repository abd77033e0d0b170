"""A lot's way back as one file, judged where there is no network at all: the genuine one passes, and
an event dropped, an event swapped for a genuine one of another lot, and a rulebook changed or left
out are each named, though the service itself signed the file anew: `way_back.py TASDIQ URL FOLDER`.
The folder holds the ledger's data in `ledger`."""

import base64
import copy
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

from forge import jcs, load_key, seal, sha

tasdiq, url, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]) / "way-back"
data = Path(sys.argv[3]) / "ledger"
LOT, OTHER = "coop-fictive-15/SAFFRON2G", "coop-fictive-16/DATES1KG"
PASSED, FAILED, UNDECIDED = 0, 1, 3


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, check=False)


ALONE = next((way for way in (["unshare", "-n"], ["unshare", "-rn"])
              if not run(*way, "true").returncode), None)
if ALONE is None:
    print("   a lot's way back without network: SKIPPED, no network namespace can be made here")
    sys.exit()
routes = run(*ALONE, "cat", "/proc/net/route").stdout.decode().splitlines()[1:]
assert not routes, routes
assert run(*ALONE, "curl", "-fsS", "--max-time", "5", url).returncode, "there is a network"

folder.mkdir()
empty = folder / "empty"
empty.mkdir()
passphrase = (data / "keys/passphrase").read_bytes().strip()
service = load_key(data / "keys/service-1.pem", passphrase)
root = json.loads((data / "ledger.json").read_text())["root"]


def fetched(lot):
    with urllib.request.urlopen(f"{url}/api/v1/lots/{lot}/trace.tasdiq", timeout=20) as answer:
        return json.load(answer)


def digest(value):
    return base64.b64encode(sha(value)).decode()


def signed(file):
    """The file as the service would sign it: every member named by its hash."""
    members = {name: digest(jcs(file[name])) for name in ("goods", "trust")}
    members["checkpoint"] = digest(file["checkpoint"].encode())
    for entry in file["entries"]:
        members[f"entries/{entry['leaf']['index']}"] = digest(jcs(entry))
    manifest = {**file["manifest"], "members": members}
    method = manifest["proof"]["verificationMethod"]
    return {**file, "manifest": seal(manifest, service, method, manifest["issuedAt"])}


def judged(file, *more):
    path = folder / "file.tasdiq"
    path.write_bytes(jcs(file))
    done = run(*ALONE, tasdiq, "--json", "--data", empty, "verify", "--offline", *more, path)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        sys.exit(f"no report: {done.stdout.decode()}{done.stderr.decode()}")
    report = report[0] if isinstance(report, list) else report
    failed = [f"{check['check']}: {check['evidence']}" for check in report["checks"]
              if check["result"] == "fail"]
    return done.returncode, failed


def place_of(file, *fits):
    """The first entry whose subject has all of these members."""
    return next(place for place, entry in enumerate(file["entries"])
                if all(fit(entry["leaf"]["statement"]["credentialSubject"]) for fit in fits))


def is_transform(subject):
    return subject.get("kind") == "transform"


def is_rulebook(subject):
    return "edition" in subject and "recipes" in subject


file, other = fetched(LOT), fetched(OTHER)
assert file["checkpoint"] == other["checkpoint"], "the log grew between two requests"
assert judged(file, "--root", root) == (PASSED, [])
assert judged(file)[0] == UNDECIDED, "a root that nobody compared"
assert judged(signed(file), "--root", root) == (PASSED, []), "the forger errs"


def forged(change):
    lie = copy.deepcopy(file)
    change(lie["entries"])
    lie["entries"].sort(key=lambda entry: entry["leaf"]["index"])
    return signed(lie)


def swap(entries):
    entries[place_of(file, is_transform)] = other["entries"][place_of(other, is_transform)]


def looser(entries):
    subject = entries[place_of(file, is_rulebook)]["leaf"]["statement"]["credentialSubject"]
    subject["recipes"][0]["ratios"][0]["ceiling"] = [1, 1]


plain = copy.deepcopy(file)
dropped = plain["entries"].pop(place_of(file, is_transform))
made = dropped["leaf"]["statement"]["credentialSubject"]["outputs"][0]["lot"].rsplit("/", 1)[1]
rulebook = file["entries"][place_of(file, is_rulebook)]["leaf"]["index"]
LIES = [
    ("an event is dropped by whoever hands the file on", plain, "manifest", ""),
    ("an event is dropped by the service",
     forged(lambda entries: entries.pop(place_of(file, is_transform))), "records", made),
    ("an event is swapped for another lot's", forged(swap), "records", made),
    ("the rulebook is changed", forged(looser), "inclusion", str(rulebook)),
    ("the rulebook is left out",
     forged(lambda entries: entries.pop(place_of(file, is_rulebook))), "records", ""),
]
for lie, forgery, check, named in LIES:
    code, failed = judged(forgery, "--root", root)
    if code != FAILED or not failed or not failed[0].startswith(check) or named not in failed[0]:
        sys.exit(f"way back: {lie}: exit code {code}, {failed}, not {check} with {named!r}")
    print(f"   a way back without network: {lie}: {failed[0][:120]}")
print("   a way back without network: the genuine one passes, 0")
