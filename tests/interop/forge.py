"""What a dishonest operator has: the log's entries, the log and service keys, and any key it stole.
Signs statements and checkpoints and publishes any history it likes as static files. Uses the second
reader's hashing, none of the ledger's code."""

import base64
import copy
import gzip
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "readers"))
from common import BASE58, sha  # noqa: E402
from log import entries, tree_root  # noqa: E402

from mirror import number  # noqa: E402


def jcs(value):
    """RFC 8785 for ASCII member names and integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def base58(data):
    digits, value = "", int.from_bytes(data, "big")
    while value:
        value, rest = divmod(value, 58)
        digits = BASE58[rest] + digits
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def load_key(path, passphrase):
    return serialization.load_pem_private_key(Path(path).read_bytes(), passphrase)


def public(key):
    return key.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def content_id(document):
    """The id that a statement's content makes."""
    content = {name: value for name, value in document.items() if name != "id"}
    bits = int.from_bytes(sha(b"tasdiq-statement-v1\0" + jcs(content)), "big") >> 126
    digits = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> 5 * n & 31] for n in range(25, -1, -1))
    return document["id"].split("/statements/")[0] + "/statements/" + digits


def seal(document, key, method, created):
    """The document with a fresh proof (W3C eddsa-jcs-2022), under the id that its content makes."""
    document = {name: value for name, value in document.items() if name != "proof"}
    if "/statements/" in document.get("id", ""):
        document["id"] = content_id(document)
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "created": created,
        "proofPurpose": "assertionMethod", "verificationMethod": method,
        "@context": document["@context"],
    }
    signature = key.sign(sha(jcs(proof)) + sha(jcs(document)))
    return {**document, "proof": {**proof, "proofValue": base58(signature)}}


def bits(serials):
    """A Bitstring Status List of 2^20 serials with these set."""
    data = bytearray(1 << 17)
    for serial in serials:
        data[serial // 8] |= 0x80 >> serial % 8
    text = base64.urlsafe_b64encode(gzip.compress(bytes(data), mtime=0)).decode().rstrip("=")
    return "u" + text


class History:
    """Entries as an operator would like them to have been."""

    def __init__(self, folder, data):
        data = Path(data)
        passphrase = (data / "keys/passphrase").read_bytes().strip()
        self.key = lambda name: load_key(data / f"{name}.pem", passphrase)
        self.log_key, self.service_key = self.key("keys/log-1"), self.key("keys/service-1")
        config = json.loads((data / "ledger.json").read_text())
        self.vkey, self.origin = config["logKey"], config["host"] + "/log"
        folder = Path(folder)
        bundles = [path for path in (folder / "log/tile/entries").rglob("*") if path.is_file()]
        leaves = [json.loads(leaf) for path in bundles for leaf in entries(path.read_bytes())]
        self.leaves = sorted(leaves, key=lambda leaf: leaf["index"])
        self.honest = folder
        self.did = self.leaves[0]["statement"]["issuer"]["id"]
        self.dropped = len(self.leaves)

    def copy(self):
        other = copy.copy(self)
        other.leaves = copy.deepcopy(self.leaves)
        return other

    def find(self, sort, **members):
        """Indexes of the statements of a type whose subject has these members."""
        def fits(statement):
            subject = statement["credentialSubject"]
            return sort in statement["type"] and all(subject.get(k) == v for k, v in members.items())
        return [i for i, leaf in enumerate(self.leaves) if fits(leaf["statement"])]

    def by_service(self, statement, at):
        return seal(statement, self.service_key, f"{self.did}#service-1", at)

    def append(self, statement, at):
        self.leaves.append({"loggedAt": at, "statement": statement})

    def chained(self):
        """The leaves' bytes, numbered and chained."""
        prev, chain = sha(self.origin.encode() + b"\n"), []
        for index, leaf in enumerate(self.leaves):
            form = {"index": index, "loggedAt": leaf["loggedAt"],
                    "prev": base64.b64encode(prev).decode(), "statement": leaf["statement"]}
            chain.append(jcs(form))
            prev = sha(b"\0" + chain[-1])
        return chain

    def checkpoint(self, chain):
        root = tree_root([sha(b"\0" + leaf) for leaf in chain])
        text = f"{self.origin}\n{len(chain)}\n{base64.b64encode(root).decode()}\n"
        identity = bytes.fromhex(self.vkey.split("+")[1])
        line = base64.b64encode(identity + self.log_key.sign(text.encode())).decode()
        return f"{text}\n\u2014 {self.origin} {line}\n"

    def publish(self, folder):
        """Writes tiles, checkpoint, trust snapshot and status lists, all signed anew."""
        folder, chain = Path(folder), self.chained()
        level = [sha(b"\0" + leaf) for leaf in chain]
        bundle = [len(leaf).to_bytes(2, "big") + leaf for leaf in chain]
        tiles, height = {"entries": bundle}, 0
        while level:
            tiles[height] = level
            whole = len(level) // 256
            level = [tree_root(level[i * 256:(i + 1) * 256]) for i in range(whole)]
            height += 1
        for name, items in tiles.items():
            for tile in range(0, len(items), 256):
                part = items[tile:tile + 256]
                width = "" if len(part) == 256 else f".p/{len(part)}"
                put(folder / f"log/tile/{name}/{number(tile // 256)}{width}", b"".join(part))
        checkpoint = self.checkpoint(chain)
        put(folder / "log/checkpoint", checkpoint.encode())
        put(folder / "log/vkey", (self.vkey + "\n").encode())
        trust = json.loads((self.honest / "trust").read_bytes())
        trust.update(checkpoint=checkpoint, sequence=len(chain))
        moved(trust["parties"], self.dropped)
        put(folder / "trust", jcs(self.by_service(trust, trust["issuedAt"])))
        for purpose in ["revocation", "suspension"]:
            for index in self.find("BitstringStatusListCredential", statusPurpose=purpose):
                put(folder / f"status/{purpose}-0", jcs(self.leaves[index]["statement"]))
        return folder


def repacked(old, new, sign):
    """The blocks of one pack under the manifest of another (FORMAT.md, offline pack): big-endian,
    after 16 bytes the lengths of manifest and trust (u32), of directory and blocks (u64), then three
    numbers of blocks (u32), then all four parts."""
    def parts(pack):
        lengths = [int.from_bytes(pack[at:end], "big")
                   for at, end in ((16, 20), (20, 24), (24, 32), (32, 40))]
        found, at = [], 52
        for length in lengths:
            found.append(pack[at:at + length])
            at += length
        return found
    (old_manifest, _, directory, blocks), (manifest, trust, *_) = parts(old), parts(new)
    kept = json.loads(old_manifest)
    told = {**json.loads(manifest), **{name: kept[name]
                                       for name in ("lots", "certificates", "blocksDigest")}}
    manifest = jcs(sign(told, told["issuedAt"]))
    lengths = [len(manifest).to_bytes(4, "big"), len(trust).to_bytes(4, "big"), old[24:52]]
    return new[:16] + b"".join([*lengths, manifest, trust, directory, blocks])


def moved(value, dropped):
    """Log indexes in a trust snapshot, after one entry was dropped."""
    if isinstance(value, dict) and "loggedAt" in value and value.get("index", 0) > dropped:
        value["index"] -= 1
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, (dict, list)):
            moved(item, dropped)


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
