"""A receipt of a certificate, verified by scitt-cose, which we did not write: `receipt.py URL FOLDER`.
The key comes from the ledger's COSE key set; an altered entry and an altered receipt fail."""

import subprocess
import sys
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

url, folder = sys.argv[1], Path(sys.argv[2])
tool = Path(sys.executable).parent / "scitt-cose"


def get(path):
    with urllib.request.urlopen(url + path, timeout=20) as answer:
        return answer.read()


def judged(receipt, leaf):
    (folder / "receipt.cose").write_bytes(receipt)
    command = [tool, "--receipt", folder / "receipt.cose", "--receipt-log-pubkey",
               folder / "receipt.pem", "--leaf-entry-hex", leaf.hex(), "--json"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


keys = get("/.well-known/scitt-keys")
# One key: an array of one map of five members, whose last value is the public key.
assert keys[:2] == b"\x81\xa5" and keys[-34:-32] == b"\x58\x20", keys.hex()
public = Ed25519PublicKey.from_public_bytes(keys[-32:])
(folder / "receipt.pem").write_bytes(public.public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
kid = keys[keys.index(b"\x02\x58\x20") + 3:][:32]
assert get(f"/.well-known/scitt-keys/{kid.hex()}") == keys[1:]

size = int(get("/log/checkpoint").split(b"\n")[1])
for index in (0, size // 2, size - 1):
    leaf, receipt = (get(f"/api/v1/statements/{index}{end}") for end in ("", "/receipt"))
    code, said = judged(receipt, leaf)
    assert code == 0, f"entry {index}: {said}"
    for altered in (leaf.replace(b'"index":', b'"index": ', 1), leaf[:-1]):
        assert judged(receipt, altered)[0] != 0, f"entry {index}: an altered entry passes"
    for place in (len(receipt) // 2, len(receipt) - 5):
        forged = receipt[:place] + bytes([receipt[place] ^ 1]) + receipt[place + 1:]
        assert judged(forged, leaf)[0] != 0, f"entry {index}: an altered receipt passes"
assert get("/certificates/0.receipt")[:2] == b"\xd2\x84"
print(f"   scitt-cose: receipts of {len(receipt)} bytes verify, altered entries and receipts do not")
