"""The dishonest operator: holds the log and service keys (and one stolen certifier's key), rewrites,
drops, forks, back-dates, hides, and lets into the log what the rules refuse. Each lie is told to the
tools of those who check, and each must be caught, with the line that says so: `dishonest.py TASDIQ
URL DATA FOLDER`, DATA being the data folder of the demonstration that serves at URL."""

import functools
import http.server
import shutil
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from forge import History, bits, jcs, put, repacked, seal

tasdiq, url, data, work = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
caught = []


def instant(seconds=0):
    at = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def run(*arguments):
    done = subprocess.run([tasdiq, *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, env={"PATH": "/usr/bin:/bin", "HOME": str(work)})
    return done.returncode, done.stdout + done.stderr


def must(lie, code, text, *arguments):
    """The command must end with this code and say this; the line that says it is kept."""
    found, said = run(*arguments)
    lines = [line.strip() for line in said.splitlines() if text in line]
    if found != code or not lines:
        sys.exit(f"dishonest: {lie}: not caught: {arguments}\n"
                 f"exit code {found}, not {code}, or no line with {text!r}:\n{said}")
    caught.append((lie, arguments[0], lines[0]))


class Site:
    """A folder served over HTTP on loopback, until closed."""

    def __init__(self, folder):
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass
        handler = functools.partial(Quiet, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        return self.url

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def audited(lie, history, text, *more):
    folder = history.publish(work / f"lie-{len(caught)}")
    must(lie, 1, text, "audit", "--tiles", folder, "--trust", trust, *more)
    return folder


def watched(lie, folder, text, state=None):
    """A monitor that has seen the honest log is shown this one."""
    if state is None:
        state = work / f"state-{len(caught)}"
        shutil.copytree(seen, state)
    with Site(folder) as site:
        must(lie, 1, text, "monitor", "--url", site, "--trust", trust, "--state", state, "--once",
             "--slack", 0)
    return state


honest_folder = work / "honest"
code, said = run("export", honest_folder, "--url", url)
assert code == 0, said
honest = History(honest_folder, data)
trust, checkpoint = work / "trust.json", work / "seen-checkpoint"
shutil.copy(honest_folder / "trust", trust)
shutil.copy(honest_folder / "log/checkpoint", checkpoint)
size = len(honest.leaves)
thief = honest.key("demo-keys/certif-atlas-2")
thief_method = f"{honest.did}:parties:certif-atlas#key-2"


def serial_of(certificate):
    return int(certificate.rsplit("/", 1)[1])


# Certificates of the robbed certifier whose status nobody has changed.
changed = {honest.leaves[i]["statement"]["credentialSubject"]["id"]
           for i in honest.find("StatusChange")}
mine = [statement["id"] for statement in (leaf["statement"] for leaf in honest.leaves)
        if statement["proof"]["verificationMethod"] == thief_method
        and "DigitalConformityCredential" in statement["type"] and statement["id"] not in changed]

# The tools find nothing wrong with the honest log, nor with the forger's copy of it.
again = honest.publish(work / "again")
text = checkpoint.read_text().partition("\n\n")[0]
assert (again / "log/checkpoint").read_text().startswith(text + "\n\n"), "the forger errs"
assert run("audit", "--tiles", again, "--trust", trust)[0] == 0
seen = work / "seen"
with Site(honest_folder) as site:
    code, said = run("monitor", "--url", site, "--trust", trust, "--state", seen, "--once")
assert code == 0, said

# 1. Rewrites an entry: a cooperative's lot grows. The operator has not its key.
lie = "rewrites an entry"
history = honest.copy()
lot = history.find("DigitalProductPassport")[7]
subject = history.leaves[lot]["statement"]["credentialSubject"]
subject["name"] += " extra"
folder = audited(lie, history, f"FAULT at entry {lot}: signature_invalid")
audited(lie, history, "FAULT", "--since", checkpoint)
watched(lie, folder, "fork")

# 2. Drops the withdrawal of a certificate, and makes the lists and index after it anew.
lie = "drops an entry"
history = honest.copy()
withdrawn = honest.find("StatusChange", statusChange="withdraw")[0]
history.leaves.pop(withdrawn)
history.dropped = withdrawn
for index in history.find("BitstringStatusListCredential", statusPurpose="revocation"):
    leaf = history.leaves[index]
    leaf["statement"]["credentialSubject"]["encodedList"] = bits([])
    leaf["statement"] = history.by_service(leaf["statement"], leaf["loggedAt"])
for index in history.find("StatusIndex"):
    leaf = history.leaves[index]
    subject = leaf["statement"]["credentialSubject"]
    subject["covers"] -= 1
    for row in subject["lists"]:
        row["entry"] -= 1
    leaf["statement"]["id"] = leaf["statement"]["id"].split("=")[0] + f"={subject['covers']}"
    leaf["statement"] = history.by_service(leaf["statement"], leaf["loggedAt"])
folder = audited(lie, history, "log_behind", "--since", checkpoint)
code, said = run("audit", "--tiles", folder, "--trust", trust)
assert code == 0, f"the forgery is not as good as it should be: {said}"
watched(lie, folder, "fork")

# 3. Forks: two histories after the same beginning, each shown to somebody else.
lie = "forks"
views = []
for certificate in mine[:2]:
    history = honest.copy()
    old = history.leaves[withdrawn]["statement"]
    statement = {**old, "id": f"{old['id']}-{serial_of(certificate)}"}
    subject = {**old["credentialSubject"], "id": certificate, "effectiveFrom": instant(-30)}
    statement.update(credentialSubject=subject, validFrom=instant())
    history.append(seal(statement, thief, thief_method, instant()), instant())
    views.append(history.publish(work / f"view-{serial_of(certificate)}"))
state = work / "state-fork"
shutil.copytree(seen, state)
with Site(views[0]) as site:
    run("monitor", "--url", site, "--trust", trust, "--state", state, "--once")
watched(lie, views[1], "fork", state)
kept = [path for path in (state / "evidence").rglob("*") if path.is_file()]
notes = {path.read_bytes() for path in kept}
for view in views:
    assert (view / "log/checkpoint").read_bytes() in notes, f"not kept as evidence: {kept}"
must(lie, 1, "fork", "audit", "--tiles", views[1], "--trust", trust,
     "--since", views[0] / "log/checkpoint")

# 4. Back-dates with a stolen key: a certificate for a lot that has none.
lie = "back-dates with a stolen key"
genuine = next(i for i in reversed(honest.find("DigitalConformityCredential"))
               if honest.leaves[i]["statement"]["proof"]["verificationMethod"] == thief_method)
old = honest.leaves[genuine]["statement"]
stolen = {**old, "id": old["id"].rsplit("/", 1)[0] + "/900"}
stolen["credentialStatus"] = {**old["credentialStatus"], "statusListIndex": 900}
past = honest.leaves[genuine]["loggedAt"]
early = (datetime.strptime(past, "%Y-%m-%dT%H:%M:%SZ") - timedelta(days=30)).strftime(
    "%Y-%m-%dT%H:%M:%SZ")
forged = seal(stolen, thief, thief_method, early)
history = honest.copy()
history.append(forged, early)
audited(lie, history, "time_back")
history = honest.copy()
history.leaves.insert(genuine, {"loggedAt": past, "statement": forged})
folder = history.publish(work / "inserted")
watched(lie, folder, "fork")
history = honest.copy()
registrar = honest.key("keys/registrar-1")
report = honest.find("KeyChange", keyChange="key-compromised")[0]
report = honest.leaves[report]["statement"]
report = {**report, "id": report["id"] + "-atlas", "validFrom": instant()}
report["credentialSubject"] = {
    **report["credentialSubject"], "id": f"{honest.did}:parties:certif-atlas",
    "verificationMethod": thief_method, "since": instant(-5), "knownAt": instant(-5)}
history.append(seal(report, registrar, f"{honest.did}#registrar-1", instant()), instant())
history.append(forged, instant())
audited(lie, history, "key_compromised")

# 5. Hides a withdrawal: it is in the log, the list after it does not say so.
lie = "hides a withdrawal"
history = honest.copy()
leaf = honest.leaves[withdrawn]["statement"]
statement = {**leaf, "id": leaf["id"] + "-hidden"}
subject = {**leaf["credentialSubject"], "id": mine[2], "effectiveFrom": honest.leaves[-1]["loggedAt"]}
logged = honest.leaves[-1]["loggedAt"]
statement.update(credentialSubject=subject, validFrom=logged)
history.append(seal(statement, thief, thief_method, logged), logged)
late = history.publish(work / "late")
while instant(-65) < logged:
    time.sleep(1)
watched(lie, late, "late")
after = datetime.strptime(logged, "%Y-%m-%dT%H:%M:%SZ") + timedelta(seconds=2)
after = after.strftime("%Y-%m-%dT%H:%M:%SZ")
newest = honest.find("BitstringStatusListCredential", statusPurpose="revocation")[-1]
newest = honest.leaves[newest]["statement"]
plain = {**newest, "id": newest["id"].split("=")[0] + f"={after}", "validFrom": after}
history.append(history.by_service(plain, after), after)
audited(lie, history, "status_list_wrong")

# 6. Serves an old status list, under a newer log: a certificate is withdrawn, the list says so.
lie = "serves an old status list"
history.leaves.pop()
serials = [serial_of(honest.leaves[i]["statement"]["credentialSubject"]["id"])
           for i in honest.find("StatusChange", statusChange="withdraw")]
true = {**plain, "credentialSubject": {**plain["credentialSubject"],
                                       "encodedList": bits([*serials, serial_of(mine[2])])}}
history.append(history.by_service(true, after), after)
folder = history.publish(work / "old-list")
assert run("audit", "--tiles", folder, "--trust", trust)[0] == 0
put(folder / "status/revocation-0", (honest_folder / "status/revocation-0").read_bytes())
watched(lie, folder, "status")
code, label = run("label", "--url", url, "--format", "text")
pack = work / "old.pack"
code, said = run("pack", "--url", url, "--out", pack)
assert code == 0, said
must(lie, 3, "too old", "verify", "--trust", trust, "--pack", pack, "--at",
     instant(9 * 86_400), label.splitlines()[0])

# 7. Its writer skips a rule: more oil than the kernels give, and a receipt signed by the shipper.
PRESSER, SHOP = "coop-fictive-17", "boutique-fictive-1"
presser = honest.key(f"demo-keys/{PRESSER}")
event = honest.leaves[honest.find("TraceabilityEvent", kind="transform")[0]]["statement"]
declared = {statement["id"].rsplit("/", 1)[1]: statement for statement in
            (honest.leaves[i]["statement"] for i in honest.find("DigitalProductPassport"))
            if statement["issuer"]["id"].endswith(PRESSER)}
kernels, oil = (declared[name]["credentialSubject"]["id"] for name in ("KERNELS", "OIL"))
host = kernels.split("/lot/")[0]


def said(number, kind, at=None, **members):
    """An event of the presser, signed with its key."""
    url_ = f"{host}/events/{PRESSER}/{number:026}"
    at = at or logged
    subject = {"id": url_, "kind": kind, "at": at, "offset": "+00:00", **members}
    document = {**event, "id": url_, "issuer": declared["OIL"]["issuer"], "validFrom": at,
                "name": f"Event: {kind}", "credentialSubject": subject}
    method = f"{honest.did}:parties:{PRESSER}#key-1"
    return seal(document, presser, method, logged)


def entered(lie, code_, *statements):
    history = honest.copy()
    for statement in statements:
        history.append(statement, logged)
    folder = audited(lie, history, f"FAULT at entry {size + len(statements) - 1}: {code_}")
    watched(lie, folder, code_)


def pressed(quantity):
    return said(1, "transform", recipe="argan-press", region="MA-09",
                inputs=[{"lot": kernels, "quantity": 100_000}],
                outputs=[{"lot": oil, "quantity": quantity}],
                at=declared["OIL"]["credentialSubject"]["productionDate"] + "T08:00:00Z")


history = honest.copy()
history.append(pressed(60_706), logged)
folder = history.publish(work / "as-much-as-there-is")
code, told = run("audit", "--tiles", folder, "--trust", trust)
assert code == 0, f"what the kernels give is refused: {told}"
entered("enters more than the fruit gives", "yield_exceeded", pressed(60_707))
line = {"lot": kernels, "quantity": 1_000}
sent = said(2, "ship", purpose="sale", to=f"{honest.did}:parties:{SHOP}", lots=[line])
arrived = said(3, "receive", of=sent["id"], discrepancy="none", lots=[
    {"lot": kernels, "accepted": 1_000, "refused": 0, "missing": 0}])
entered("lets the shipper sign the receipt", "not_receiver", sent, arrived)

# 8. Flowers are recalled; the pack of the day before is signed anew, with its jars untouched.
lie = "hides a descendant of a recalled lot in its pack"
RECALLED, JARS = "coop-fictive-15/FLOWERS", "coop-fictive-15/SAFFRON2G"
key = data / "demo-keys/coop-fictive-15.pem"
before = (honest_folder / "api/v1/packs/latest").read_bytes()
jar = work / "jar.txt"
code, told = run("label", JARS, "--url", url, "--format", "text", "--out", jar)
assert code == 0, told
code, told = run("status", "--target", RECALLED, "--action", "recall", "--reason", "safety",
                 "--notice-fr", "Rapportez.", "--notice-ar", "أعيدوها", "--key", key,
                 "--issuer", "coop-fictive-15", "--passphrase-file", data / "keys/passphrase",
                 "--url", url, "--yes")
assert code == 0, told
after_it = work / "recalled"
code, told = run("export", after_it, "--url", url)
assert code == 0, told
trust = work / "trust-recalled.json"
shutil.copy(after_it / "trust", trust)
assert run("audit", "--tiles", after_it, "--trust", trust)[0] == 0
true = (after_it / "api/v1/packs/latest").read_bytes()
put(after_it / "api/v1/packs/latest", repacked(before, true, honest.by_service))
pack = work / "hiding.pack"
put(pack, (after_it / "api/v1/packs/latest").read_bytes())
code, told = run("verify", "--offline", "--trust", trust, "--pack", pack, jar)
assert code == 0, f"the lie is not as good as it should be: {told}"
with Site(after_it) as site:
    must(lie, 1, "pack_differs", "audit", "--url", site, "--trust", trust)
put(pack, true)
must(lie, 4, "FLOWERS", "verify", "--offline", "--trust", trust, "--pack", pack, jar)
must(lie, 4, "FLOWERS", "verify", "--url", url, "--trust", trust, jar)

for lie, tool, line in caught:
    print(f"   dishonest operator {lie}: {tool}: {line[:150]}")
