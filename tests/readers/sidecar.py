"""Certificates submitted with their vc+jwt. Source: docs/FORMAT.md section 1.4; RFC 7515; W3C
VC-JOSE-COSE 1.0."""

import base64
import json
import re

import statement
from common import Fault, need, signed, unmultikey

MOST = 2_048


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def once(pairs):
    need(len(dict(pairs)) == len(pairs), "submission_form")
    return dict(pairs)


def parted(data):
    """The statement's own bytes and its vc+jwt; None for a statement alone."""
    if not re.match(rb"\s*\{\s*\"(statement|jwt)\"", data):
        return data, None
    try:
        # `once` sees inner objects too: a statement's own members are judged by its own reader.
        members = json.loads(data, object_pairs_hook=once)
    except ValueError:
        raise Fault("submission_form") from None
    need(set(members) <= {"statement", "jwt"} and "statement" in members, "submission_form")
    jwt = members.get("jwt")
    need(jwt is None or isinstance(jwt, str), "submission_form")
    # The statement's bytes as they stand: all between its name and the member after it.
    text = data.decode()
    start = text.index('"statement"') + len('"statement"')
    start += len(text[start:]) - len(text[start:].lstrip(" \t\r\n:"))
    end = json.JSONDecoder().raw_decode(text, start)[1]
    return text[start:end].encode(), jwt


def verify(document, method, jwt, public):
    need("DigitalConformityCredential" in document["type"], "sidecar_invalid")
    header = {"alg": "EdDSA", "cty": "vc", "kid": f"{method}-jwk", "typ": "vc+jwt"}
    head = base64url(statement.jcs(header))
    need(len(jwt) <= MOST and jwt.startswith(head + ".."), "sidecar_invalid")
    text = jwt[len(head) + 2:]
    need(re.fullmatch("[A-Za-z0-9_-]{86}", text), "sidecar_invalid")
    signature = base64.urlsafe_b64decode(text + "==")
    need(base64url(signature) == text, "sidecar_invalid")
    payload = base64url(statement.jcs(document))
    need(signed(public, signature, f"{head}.{payload}".encode()), "sidecar_invalid")


def run(case):
    data, jwt = parted(base64.b64decode(case["bytes"]))
    public = unmultikey(case["publicKey"])
    statement.verify(data, case["host"], public)
    if jwt is not None:
        document = json.loads(data)
        method = document.pop("proof")["verificationMethod"]
        verify(document, method, jwt, public)
