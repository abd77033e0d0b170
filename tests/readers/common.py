"""What all formats share: codes, hashes, strict Ed25519, and texts with one spelling.
Sources: RFC 8032, RFC 4648, W3C CID 1.0 (Multikey), docs/FORMAT.md section 1."""

import base64
import hashlib
import re
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Fault(Exception):
    """A refusal; its first argument is the code, a second one what a report says of it."""


def need(condition, code, *more):
    if not condition:
        raise Fault(code, *more)


def sha(data):
    return hashlib.sha256(data).digest()


P = 2**255 - 19
# y of the points of order 1, 2, 4 and 8, and of their negatives (RFC 8032 curve constants).
Y8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL_ORDER = {0, 1, P - 1, Y8, P - Y8}


def point_ok(data):
    """A canonical encoding of a point that is not of small order."""
    y = int.from_bytes(data, "little") & (2**255 - 1)
    return y < P and y not in SMALL_ORDER


def signed(public, signature, message):
    """Strict Ed25519 (RFC 8032); OpenSSL itself refuses S >= L."""
    if len(signature) != 64 or not point_ok(public) or not point_ok(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def unbase64(text, code):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault(code) from None
    need(base64.b64encode(data).decode() == text, code)
    return data


def unhash(text, code="malformed_hash"):
    data = unbase64(text, code)
    need(len(data) == 32, code)
    return data


BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def unbase58(text):
    """The bytes of a multibase `z` text; None if it is none. One spelling: a leading 1 is a byte."""
    if not isinstance(text, str) or not re.fullmatch(f"z[{BASE58}]+", text):
        return None
    number = 0
    for letter in text[1:]:
        number = number * 58 + BASE58.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def unmultikey(text):
    data = unbase58(text)
    return data[2:] if data and len(data) == 34 and data[:2] == b"\xed\x01" else None


def decimal(text, code, end=2**64):
    need(re.fullmatch("0|[1-9][0-9]*", text, re.ASCII) and int(text) < end, code)
    return int(text)


def is_time(text):
    return matches(text, "%Y-%m-%dT%H:%M:%SZ", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def is_day(text):
    return matches(text, "%Y-%m-%d", r"\d{4}-\d\d-\d\d")


def matches(text, form, pattern):
    try:
        return bool(re.fullmatch(pattern, text, re.ASCII)) and bool(datetime.strptime(text, form))
    except (TypeError, ValueError):
        return False
