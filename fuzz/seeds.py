#!/usr/bin/env python3
"""Writes inputs for the fuzzers to begin with, from the golden vectors and the fixtures of a
release: fuzz/seeds.py FOLDER. `fuzz/run` takes what covers new code from there into fuzz/corpus."""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
vectors = here / "../tests/vectors"
release = here / "../tests/fixtures/releases/0.1"
forms = here / "../tests/fixtures/forms"
out = pathlib.Path(sys.argv[1])


def put(target, *inputs):
    folder = out / target
    folder.mkdir(parents=True, exist_ok=True)
    for one in inputs:
        data = one.encode() if isinstance(one, str) else one
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def cases(folder):
    return [json.loads(file.read_text()) for file in sorted((vectors / folder).glob("*.json"))]


def own(data):
    """Of the ledger that the parsers know; both hosts have one length."""
    return data.replace(b"tasdiq.example", b"ledger.example")


entries = []
for bundle in sorted((release / "copy/log/tile/entries").rglob("*")):
    rest = bundle.read_bytes() if bundle.is_file() else b""
    while rest:
        length = int.from_bytes(rest[:2], "big")
        entries.append(rest[2:2 + length])
        rest = rest[2 + length:]
some = entries[:8] + entries[20:200:17] + entries[-12:]
statements = [entry.split(b'"statement":', 1)[1][:-1] for entry in some]
put("leaf", *some)
put("statement", *statements)
put("tape", *statements, b"{}", b"[1,-2,true,null]", '{"a":"é\\n\\u0000","b":[{}]}')
put("document", *statements[:4], b'{"a":[1,{"b":"x"}],"c":null}', b"[1.5]", b'{"a":1,"a":2}')
put("bundle", b"".join(len(e).to_bytes(2, "big") + e for e in some[:3]), b"\0\0")
for target, folder in [("tape", "statement/first"), ("statement", "statement/sidecar"),
                       ("statement", "statement/goods")]:
    for case in cases(folder):
        data = base64.b64decode(case.get("bytes", ""))
        if 0 < len(data) < 10_000:
            put(target, own(data))
for name, member, target in [
    ("note", "note", "note"), ("checkpoint", "note", "checkpoint"), ("tlog_proof", "file", "proof_file"),
    ("policy", "policy", "policy"), ("tile", "path", "tile_path"), ("leaf", "leaf", "leaf"),
]:
    for case in cases(f"log/{name}"):
        if isinstance(case["input"].get(member), str):
            put(target, own(case["input"][member].encode()))
        if name == "policy" and "note" in case["input"]:
            keys = [word for word in case["input"]["policy"].split() if word.count("+") == 2]
            put("cosignature", *(f"{key}\n{case['input']['note']}" for key in keys[:2]))
        if "vkey" in case["input"]:
            put("vkey", case["input"]["vkey"])
checkpoint = (release / "copy/log/checkpoint").read_text()
put("note", checkpoint)
put("checkpoint", checkpoint, f"old 0\n\n{checkpoint}", f"old 263\n\n{checkpoint}",
    f"old 3\n{base64.b64encode(bytes(32)).decode()}\n\n{checkpoint}", checkpoint.split("\n\n")[0] + "\n")
put("vkey", json.loads((release / "trust.json").read_text())["logKey"])
for row in (release / "inputs.csv").read_text().splitlines()[1:]:
    what, _, text = row.split(",", 2)
    if text.startswith("https"):
        put("code", text)
put("code", "06111234567895/A24B017", "(01)06111234567895(10)A24B017(21)K7Q2M9XD", "my-coop/L7",
    "https://ledger.example/lot/my-coop/L7", "https://ledger.example/01/06111234567895/10/A%2F1?x=y#z")
for paper in (release / "papers").iterdir():
    data = paper.read_bytes()
    target = {".jwt": "jwt", ".tlog-proof": "proof_file"}.get(paper.suffix)
    if target:
        put(target, data)
put("dossier", (release / "papers/3.tasdiq").read_bytes(), own((vectors / "dossier/valid.tasdiq").read_bytes()))
put("dossier", (forms / "dossier-2.tasdiq").read_bytes())
put("trust", (release / "trust.json").read_bytes(), (forms / "trust-3.json").read_bytes())
# The same blocks, called changes since entry 0.
for whole in ((release / "daily.pack").read_bytes(), (forms / "pack-3.pack").read_bytes()):
    put("pack", whole)
    put("pack_delta", b"tasdiqD" + whole[7:])
put("policy", "log ledger.example/log+1a2b3c4d+AeK\nquorum none\n", "quorum none\n")
put("token_uri", "pkcs11:token=mine;object=signing?module-path=/usr/lib/p11.so",
    "pkcs11:token=a%20b;id=%01%02;type=private;slot-id=3?pin-source=file:/x&module-path=y",
    "pkcs11:object=x?pin-value=1234")
put("csv",
    "lot,scheme,edition,quantity,decision_date,valid_from,valid_until,not_covered\n"
    "06111234567895/A24B017,bio-maroc,2018,800 L,2026-11-02,2026-11-02,2027-11-01,\n"
    "my-coop/L7,bio-maroc,2018,\"12,5 kg\",2026-11-02,,2027-11-01,organoleptic quality\n",
    "lot;gtin;product;quantity;pack_size;region;campaign;packed_on;expires_on;name\r\n"
    "A24B017;06111234567895;argane;800 L;250 mL;MA-09;2026;2026-10-30;2028-10-29;\r\n"
    ";;;;;;;;;\r\nL7;;argane;1 250 L;0,5 L;MA-09;2026/27;30/10/2026;;\"Huile; d'argane\"\r\n")
put("reader",
    "sep=;\r\nn;\xc9tiquette;lieu\r\n1;https://ledger.example/lot/MY-COOP/L7;\"Quai; 3\"\r\n;;\r\n2;my-coop/L8;\r\n",
    "code\rmy-coop/L7\r\rmy-coop/L8\r",
    "\ufeff{\n \"index\": 7, \"loggedAt\": \"2026-01-01T00:00:00Z\", \"prev\": \"\", \"statement\": {}}\n",
    "a\t\"b\nc\"\td\n\"https://ledger.example/01/06111234567895\"x\t,\n")
put("names", "ledger.example", "127.0.0.1:8080", "06111234567895/A24B017", "my-coop/L7",
    "01/06111234567895/10/A24B017", "lot/my-coop/L%2F7", "my-coop", "06111234567895", "K7Q2M9XD",
    "2026-11-23T14:04:15Z", "2026-11-23T15:04:15+01:00", "2026-02-28",
    "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "https://ledger.example/certificates/17", "00/106141412345678908", "unit/my-coop/P-7",
    "https://ledger.example/events/my-coop/4K7Q0123456789ABCDEFGHJKMN", "+01:00", "-12:00", "02-29",
    "u" + "A" * 43, "12.5 kg", "1.005 kg", "250 mL", "9007199254740991", "1e3", "-1")
with tempfile.TemporaryDirectory() as place:
    for extra in [[], ["-outpubkey", f"{place}/public"]]:
        made = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", f"{place}/key"] + extra,
                              capture_output=True)
        if made.returncode == 0:
            put("key_file", pathlib.Path(f"{place}/key").read_bytes())
    put("key_file", b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")

# A body for each door, behind the number of the door.
form = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
sheet = b'--b\r\nContent-Disposition: form-data; name="file"; filename="codes.csv"\r\n\r\ncode;lot\r\n%s;L1\r\n'
code = next((out / "code").iterdir()).read_bytes()
put("door",
    b"\0" + form % (b"codes", code) + form % (b"policy", b"audit") + sheet % code + b"--b--\r\n",
    b"\1codes=" + code + b"&policy=shop&format=json",
    b"\2" + statements[0], b'\3{"statement":' + statements[1] + b',"jwt":"a..b"}',
    b"\4" + statements[0] + b"\n\n" + statements[2] + b"\n",
    b'\5{"lots":[{"producer":"my-coop","lot":"L7","product":"argane","quantity":1,"packSize":1,'
    b'"region":"MA-09","campaign":"2026","packedOn":"2026-01-01"}]}',
    b'\5{"certificates":[{"issuer":"a","lot":"my-coop/L7","scheme":"bio-maroc","schemeEdition":"1",'
    b'"decisionDate":"2026-01-01","validUntil":"2027-01-01"},7]}',
    b'\6{"inputs":["x","' + code + b'"],"policy":"customs"}', b'\6{"statement":' + statements[3] + b"}",
    b"\7" + statements[0])
