"""Keys that never leave a token: SoftHSM holds them, `pkcs11-tool` (OpenSC) looks at them and signs
with them too, and a batch of certificates signed on the token is verified:
`token.py TASDIQ URL FOLDER`. The folder holds the ledger's data in `ledger`."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

tasdiq, url, work = sys.argv[1], sys.argv[2], Path(sys.argv[3])
folder, data = work / "token", work / "ledger"
places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"]
module = next(place for place in places if Path(place).exists())
PIN = "314159"
CERTIFIER = "certif-atlas"

(folder / "tokens").mkdir(parents=True)
(folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
(folder / "pin").write_text(PIN + "\n")
environment = {name: text for name, text in os.environ.items() if not name.startswith("TASDIQ_")}
environment["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")


def run(*command, **more):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          env=environment | more, stdin=subprocess.DEVNULL, timeout=120)


def must(*command, **more):
    done = run(*command, **more)
    if done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def refused(word, *command, **more):
    """Exit code 2, these words on stderr, and no PIN anywhere."""
    done = run(tasdiq, *command, **more)
    if done.returncode != 2 or word not in done.stderr or PIN in done.stdout + done.stderr:
        sys.exit(f"{command}: {done.returncode}, not 2 and {word!r}\n{done.stdout}{done.stderr}")


def opensc(*words):
    return must("pkcs11-tool", "--module", module, "--login", "--pin", PIN, *words)


def at(path, query=""):
    return f"pkcs11:{path}?module-path={module}&pin-source=file:{folder}/pin{query}"


must("softhsm2-util", "--init-token", "--free", "--label", "demo token", "--pin", PIN,
     "--so-pin", "27182818")
here = "token=demo%20token;object="

# --- a key is made there and cannot leave
made = json.loads(must(tasdiq, "--json", "keygen", "--pkcs11", at(here + "signing;id=%01")))
public = made["publicKeyMultibase"]
assert made["token"] == "demo token" and public.startswith("z6Mk"), made
again = must(tasdiq, "keygen", "--pkcs11", f"pkcs11:{here}second?module-path={module}",
             TASDIQ_PIN=PIN).strip()
assert again.startswith("z6Mk") and again != public
listed = opensc("--list-objects", "--type", "privkey")
assert listed.count("sensitive, always sensitive, never extractable, local") == 2, listed
refused("never overwritten", "keygen", "--pkcs11", at(here + "signing"))
refused("never overwritten", "keygen", "--pkcs11", at(here + "third;id=%01"))

# --- it signs for a certifier of the demonstration
register = ["register", "key", "add", "--id", CERTIFIER, "--name", "token-1", "--url", url,
            "--as", data / "keys/registrar-1.pem"]
issue = ["issue", data / "examples/certificates.csv", "--issuer", CERTIFIER, "--url", url, "--yes",
         "--json", "--key"]
refused("is not registered for", *issue, at(here + "signing", "").replace(
    f"pin-source=file:{folder}/pin", f"pin-value={PIN}"))
must(tasdiq, *register, "--public", public)
must(tasdiq, *issue, made["uri"])
lots = [row["lot"] for row in csv.DictReader((data / "examples/certificates.csv").open())]
trust = folder / "trust.json"
must(tasdiq, "trust", "--url", url, "--out", trust)
for lot in lots:
    code = must(tasdiq, "label", lot, "--url", url, "--format", "text").split()[-1]
    report = json.loads(must(tasdiq, "--json", "verify", "--url", url, "--trust", trust, code))
    assert "#token-1" in json.dumps(report), report
print(f"   SoftHSM: {len(lots)} certificates signed on a token, in the log and verified")

# --- the signature of a document is the one that OpenSC makes with the same key
message = folder / "message"
message.write_bytes(b"m" * 64)
draft = folder / "draft.json"
