"""Fetches a certificate and its issuer's DID document, and spoils copies of the certificate:
`documents.py URL FOLDER`. Writes certificate.json, did.json, certificate-FAULT.json; and of its vc+jwt
certificate.jwt and certificate-FAULT.jwt."""

import base64
import copy
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

url, folder = sys.argv[1], Path(sys.argv[2])


def get(path, accept="application/json"):
    request = urllib.request.Request(url + path, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def first_certificate():
    for serial in range(10):
        try:
            return get(f"/certificates/{serial}", "application/vc")
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
    sys.exit("no certificate among the first ten serials")


certificate = first_certificate()
did = certificate["issuer"]["id"]
slug = did.split(":parties:")[1]
(folder / "certificate.json").write_text(json.dumps(certificate))
(folder / "did.json").write_text(json.dumps(get(f"/parties/{slug}/did.json")))

spoilt = {name: copy.deepcopy(certificate) for name in ["quantity", "created", "signature", "issuer"]}
spoilt["quantity"]["credentialSubject"]["batchCertificate"]["quantity"] += 1
spoilt["created"]["proof"]["created"] = "2026-01-01T00:00:00Z"
value = certificate["proof"]["proofValue"]
spoilt["signature"]["proof"]["proofValue"] = value[:-1] + ("2" if value[-1] != "2" else "3")
spoilt["issuer"]["issuer"]["name"] += " "
for name, document in spoilt.items():
    assert document != certificate, name
    (folder / f"certificate-{name}.json").write_text(json.dumps(document))


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


serial = certificate["id"].rsplit("/", 1)[1]
with urllib.request.urlopen(f"{url}/certificates/{serial}.jwt", timeout=20) as answer:
    assert answer.headers["content-type"] == "application/vc+jwt"
    jws = answer.read().decode()
header, payload, signature = jws.split(".")
unsigned = {name: value for name, value in spoilt["quantity"].items() if name != "proof"}
other = "B" if signature[0] == "A" else "A"
jwts = {
    "certificate": jws,
    "certificate-quantity": f"{header}.{encoded(unsigned)}.{signature}",
    "certificate-signature": f"{header}.{payload}.{other}{signature[1:]}",
    "certificate-none": f'{encoded({"alg": "none", "typ": "vc+jwt"})}.{payload}.',
}
for name, text in jwts.items():
    assert name == "certificate" or text != jws, name
    (folder / f"{name}.jwt").write_text(text)
