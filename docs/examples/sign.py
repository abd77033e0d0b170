"""Declares a lot: signs the statement here, submits it, and verifies that it is in the log.
Needs `pip install cryptography`, and this ledger's log key as you know it from elsewhere.

    export SEED=$(openssl rand -hex 32)                    # the private key: keep it to yourself
    python3 sign.py                                        # the public key, for the registrar
    tasdiq register cooperative --id coop-exemple --name 'Coopérative fictive' --region MA-09 \\
        --public z6Mk...                                   # the registrar, on the service's machine
    python3 sign.py http://127.0.0.1:8080 coop-exemple EX-1 'LOG KEY'    # ledger.json, /log/vkey
"""

import base64, datetime, hashlib, json, os, sys, urllib.request
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
sha, unbase64 = lambda data: hashlib.sha256(data).digest(), base64.b64decode


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = LETTERS[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def canonical(value):  # RFC 8785, for what a statement may hold: ASCII names, whole numbers
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def ask(path, body=None, kind="application/json"):
    request = urllib.request.Request(url + path, body, {"Content-Type": kind})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(os.environ["SEED"]))
public = "z" + base58(b"\xed\x01" + key.public_key().public_bytes_raw())
if len(sys.argv) < 5:
    sys.exit(print(public))
url, party, number, log_key = sys.argv[1:5]

# The service fills in the form; what is signed is looked at here, by who signs it.
today = datetime.date.today()
lot = {"producer": party, "lot": number, "product": "safran-taliouine", "quantity": 25000,
       "packSize": 250, "region": "MA-09", "campaign": str(today.year), "packedOn": str(today)}
prepared = json.loads(ask("/api/v1/prepare", canonical({"lots": [lot]})))["prepared"][0]
statement = prepared.get("unsigned") or sys.exit(json.dumps(prepared, indent=2))

# docs/FORMAT.md 1.2: the proof is over the hashes of its own options and of the document.
methods = json.loads(ask(f"/parties/{party}/did.json"))["verificationMethod"]
method = next(it["id"] for it in methods if it.get("publicKeyMultibase") == public)
now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
proof = {"@context": statement["@context"], "created": now, "cryptosuite": "eddsa-jcs-2022",
         "proofPurpose": "assertionMethod", "type": "DataIntegrityProof", "verificationMethod": method}
message = sha(canonical(proof)) + sha(canonical(statement))
statement["proof"] = {**proof, "proofValue": "z" + base58(key.sign(message))}
receipt = json.loads(ask("/api/v1/statements", canonical(statement), "application/vc"))

# docs/FORMAT.md 2: the leaf holds what was signed; its path leads to the root that the log signed.
leaf = ask(f"/api/v1/statements/{receipt['index']}")
assert canonical(json.loads(leaf)["statement"]) == canonical(statement), "another statement"
node, index, last = sha(b"\0" + leaf), receipt["index"], receipt["treeSize"] - 1
for sibling in map(unbase64, receipt["inclusionProof"]):  # RFC 9162 section 2.1.3.2
    assert last > 0, "the path is too long"
    if index & 1 or index == last:
        node = sha(b"\1" + sibling + node)
        while index and not index & 1:
            index, last = index >> 1, last >> 1
    else:
        node = sha(b"\1" + node + sibling)
    index, last = index >> 1, last >> 1
text, lines = receipt["checkpoint"].split("\n\n")
origin, size, root = text.split("\n")
assert last == 0 and int(size) == receipt["treeSize"] and unbase64(root) == node, "not in this tree"
name, _, log_public = log_key.strip().split("+", 2)
signed = [unbase64(line.split(" ")[2])[4:] for line in lines.splitlines() if f" {name} " in line]
Ed25519PublicKey.from_public_bytes(unbase64(log_public)[1:]).verify(signed[0], f"{text}\n".encode())
held = f", held: {receipt['held']['reason']}" if "held" in receipt else ""
print(f"entry {receipt['index']} of {origin}, proven under {size} entries{held}: {receipt['id']}")
