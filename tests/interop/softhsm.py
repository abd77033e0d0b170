"""Keys that never leave a token: SoftHSM holds them, `pkcs11-tool` (OpenSC) looks at them and signs
with them too, and a batch of certificates signed on the token is verified:
`softhsm.py TASDIQ URL FOLDER`. The folder holds the ledger's data in `ledger`."""

import csv
import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

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
        sys.exit(f"{command}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
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
# The root signs: the key counts at once.
register = ["register", "key", "add", "--id", CERTIFIER, "--name", "token-1", "--url", url,
            "--as", data / "keys/root.pem"]
issue = ["issue", data / "examples/certificates.csv", "--issuer", CERTIFIER, "--url", url, "--yes",
         "--json", "--key"]
refused("is not registered for", *issue,
        f"pkcs11:{here}signing?module-path={module}&pin-value={PIN}")
must(tasdiq, *register, "--public", public)
must(tasdiq, "register", "accredit", "--id", CERTIFIER, "--scheme", "terroir-du-maroc",
     "--product", "all", "--region", "all", "--until", "2099-12-31", "--url", url,
     "--as", data / "keys/registrar-1.pem")
must(tasdiq, "register", "agreement", "--certifier", CERTIFIER, "--client", "all", "--scheme",
     "terroir-du-maroc", "--url", url, "--as", data / "keys/registrar-1.pem")
issued = json.loads(must(tasdiq, *issue, made["uri"]))
assert issued["logged"] > 100, issued
with (data / "examples/certificates.csv").open() as file:
    lots = [row["lot"] for row in csv.DictReader(file)]
assert len(lots) > 100
trust, codes = folder / "trust.json", folder / "codes.txt"
must(tasdiq, "trust", "--url", url, "--out", trust)
must(tasdiq, "label", *lots[:50], "--url", url, "--out", codes)
serials = ["label", lots[0], "--serials", "2", "--yes", "--issuer", CERTIFIER, "--url", url, "--key"]
assert len(must(tasdiq, *serials, made["uri"]).split()) == 2, "labels for a request signed on a token"

# Packs are made under what the witnesses have seen.
ends = time.monotonic() + 60
judge = [tasdiq, "--json", "verify", "--url", url, "--trust", trust, codes]
while (judged := run(*judge)).returncode == 3 and time.monotonic() < ends:
    time.sleep(0.5)
reports = json.loads(judged.stdout)
assert len(reports) == 50 and all(report["exitCode"] == 0 for report in reports), reports
print(f"   SoftHSM: {len(lots)} certificates signed on a token; those looked at verify")

# --- their second form, vc+jwt, was signed there too; the same key takes one back
last = urlsplit(issued["rows"][-1]["id"]).path
jwt, taken_back = folder / "last.jwt", ["status", "withdraw", "--serials", last.rsplit("/", 1)[1]]
must("curl", "-fsS", "-o", jwt, f"{url}{last}.jwt")
must(tasdiq, "verify", "--url", url, "--trust", trust, jwt)
taken_back += ["--reason", "nonconformity", "--yes", "--url", url, "--issuer", CERTIFIER, "--key"]


def at_terminal(typed, *command):
    """Runs it where it can ask, and types this; exit code, and all that the terminal showed."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(tasdiq, [str(part) for part in (tasdiq, *command)], environment)
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            piece = b""
        if not piece:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()
        shown += piece
        if b"PIN of demo token: " in shown and typed:
            os.write(terminal, typed.encode() + b"\n")
            typed = ""


asking = f"pkcs11:{here}signing?module-path={module}"
for pin, expected, words in [("000000", 2, "refuses the PIN"), (PIN, 0, "logged as entry")]:
    code, shown = at_terminal(pin, *taken_back, asking)
    assert code == expected and words in shown and pin not in shown, (code, shown)
ends = time.monotonic() + 60
while (again := run(tasdiq, "verify", "--url", url, "--trust", trust, jwt)).returncode == 0:
    assert time.monotonic() < ends, again.stdout
    time.sleep(0.5)
assert again.returncode == 4 and "withdrawn" in again.stdout, again.stdout
print("   its vc+jwt verifies; the key withdraws one again, its PIN typed at a terminal unseen")


# --- keys made elsewhere: two of one name, one of another curve, one beside a foreign public key
def brought(name, label, number):
    key, file = Ed25519PrivateKey.generate(), folder / f"{name}.pem"
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM,
                                       serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption()))
    must("softhsm2-util", "--import", file, "--token", "demo token", "--pin", PIN, "--label", label,
         "--id", number)


unsigned = json.loads(must("curl", "-fsS", "-H", "accept: application/json",
                           f"{url}/certificates/0"))
unsigned.pop("proof")
(folder / "draft.json").write_text(json.dumps(unsigned))
issuer = unsigned["issuer"]["id"].split(":")[-1]
sign = ["sign", folder / "draft.json", "--issuer", issuer, "--out", folder / "signed.json", "--key"]
must(tasdiq, *sign, at(here + "second"))
brought("one", "twin", "0a")
brought("two", "twin", "0b")
refused("2 private keys", *sign, at(here + "twin"))
must(tasdiq, *sign, at(here + "twin;id=%0a"))
opensc("--delete-object", "--type", "pubkey", "--id", "0a")
refused("no public key beside it", *sign, at("token=demo%20token;id=%0a"))
opensc("--set-id", "0a", "--type", "pubkey", "--id", "0b")
(folder / "signed.json").unlink()
refused("does not verify", *sign, at("token=demo%20token;id=%0a"))
assert not (folder / "signed.json").exists()
opensc("--keypairgen", "--key-type", "EC:prime256v1", "--label", "p256", "--id", "0c")
refused("not an Ed25519 key", *sign, at(here + "p256"))

# --- what is wrong is said
signing = here + "signing"
refused("refuses the PIN", *sign, f"pkcs11:{signing}?module-path={module}&pin-value=000000")
refused("refuses the PIN", *sign, f"pkcs11:{signing}?module-path={module}", TASDIQ_PIN="000000")
refused("no PIN", *sign, f"pkcs11:{signing}?module-path={module}")
refused("cannot be read", *sign, f"pkcs11:{signing}?module-path={module}&pin-source=file:/none")
refused("no token fits", *sign, at("token=elsewhere;object=signing"))
refused("no private key", *sign, at(here + "nothing"))
refused("no PKCS#11 module", *sign, f"pkcs11:{signing}")
refused("cannot be used", *sign, f"pkcs11:{signing}?module-path={folder}/none.so")
refused("malformed", *sign, "pkcs11:token")
refused("stands twice", *sign, at("token=a;token=b"))
must("softhsm2-util", "--init-token", "--free", "--label", "demo token", "--pin", PIN,
     "--so-pin", "27182818")
refused("2 tokens fit", *sign, at(signing))
print("   wrong PINs, tokens, objects and modules, a foreign public key: refused, nothing signed")
