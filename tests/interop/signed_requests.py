"""Requests signed by a library we did not write (RFC 9421, RFC 9530): the service hands the serials
of a label issue to its issuer, once a request, and to nobody else.
`signed_requests.py URL FOLDER`: FOLDER holds the ledger's data in `ledger`, and in `serial.txt` the
label that the newest issue gave."""

import json
import secrets
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

url, folder = sys.argv[1], Path(sys.argv[2])
keys = folder / "ledger/keys"
service = load_pem_private_key((keys / "service-1.pem").read_bytes(),
                               (keys / "passphrase").read_text().strip().encode())


class Message:
    """What the library signs: method, URL, header fields."""

    def __init__(self, path, body):
        self.method, self.url, self.body = "POST", url + path, body
        self.headers = {"Content-Type": "application/json"}


def signed(path, body, keyid, key=service, **changes):
    class Keys(HTTPSignatureKeyResolver):
        def resolve_private_key(self, key_id):
            return key

    message = Message(path, body)
    now = datetime.now(timezone.utc)
    options = {
        "key_id": keyid, "created": now, "expires": now + timedelta(seconds=300),
        "nonce": secrets.token_hex(16), "tag": "tasdiq", "body": body,
        "covered_component_ids": ("@method", "@path", "@query", "content-digest"), **changes}
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    signer.sign(message, **options)
    return message


def sent(message, body=None):
    request = urllib.request.Request(message.url, data=body or message.body, headers=message.headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def get(path):
    with urllib.request.urlopen(url + path) as answer:
        return answer.read()


def newest_issue():
    """The statement of the newest label issue in the log, which anybody reads there."""
    size = int(get("/log/checkpoint").decode().splitlines()[1])
    for index in range(size - 1, -1, -1):
        leaf = get(f"/api/v1/statements/{index}")
        if b'"LabelIssue"' in leaf:
            statement = json.loads(leaf)["statement"]
            return json.dumps(statement, sort_keys=True, separators=(",", ":"),
                              ensure_ascii=False).encode()
    sys.exit("the log holds no label issue")


def refused(what, answer, code=401):
    if answer[0] != code or answer[1]["code"] != "request_signature" or "labels" in answer[1]:
        sys.exit(f"{what}: {answer}")


labels, statement = "/api/v1/labels", newest_issue()
keyid = json.loads(statement)["issuer"]["id"] + "#service-1"
message = signed(labels, statement, keyid)
status, page = sent(message)
texts = [row["text"] for row in page.get("labels", [])]
if status != 201 or texts != (folder / "serial.txt").read_text().split():
    sys.exit(f"the issuer's signed request: {status} {page}")
refused("the same request again", sent(message))
refused("another body", sent(signed(labels, statement, keyid), statement + b" "))
refused("another key", sent(signed(labels, statement, keyid, Ed25519PrivateKey.generate())))
refused("less covered", sent(signed(labels, statement, keyid,
                                    covered_component_ids=("@method", "@path", "content-digest"))))
refused("another tag", sent(signed(labels, statement, keyid, tag="other")))
refused("no algorithm", sent(signed(labels, statement, keyid, include_alg=False)))
old = datetime.now(timezone.utc) - timedelta(hours=1)
refused("an old one", sent(signed(labels, statement, keyid, created=old,
                                  expires=old + timedelta(seconds=300))))
plain = Message(labels, statement)
refused("not signed", sent(plain))
print("   http-message-signatures: its signed request is taken, once; altered, old, unsigned: refused")
