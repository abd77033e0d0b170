"""What an edition of the rules forbids: editions, ids, texts, names, campaigns, serials.
Source: docs/FORMAT.md sections 1.5 and 4. Not here: the rules that need the whole register."""

import base64
import copy
import re
import unicodedata

import renewal
from common import decimal, need, signed, unmultikey
from statement import content_id, read, short_name, texts

KNOWN_EDITION, WINDOW = 3, 4_096
# Categories whose characters show nothing; the two joiners stay.
HIDDEN, JOINERS = {"Cc", "Cf", "Co", "Zl", "Zp"}, "\u200c\u200d"
# White_Space of the Unicode Character Database.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B)))
FIXED_IDS = {"DigitalConformityCredential", "DigitalProductPassport",
             "BitstringStatusListCredential", "TraceabilityEvent"}
NEW_TYPES = {"Agreement": 1, "PrefixGrant": 1, "Capacity": 1, "LabelVoid": 1, "TraceabilityEvent": 2,
             "PricePaid": 2, "CertificateExtract": 2, "Mandate": 2}
# By type: members, and the edition that each came with.
NEW_MEMBERS = {
    "DigitalIdentityAnchor": {"regions": 1, "gtinPrefixes": 1, "sameName": 1, "contact": 3, "names": 3},
    "DigitalProductPassport": {"origin": 2, "mandate": 2, "names": 3},
    "DigitalConformityCredential": {"operatorCertificate": 2, "supersedes": 3},
    "KeyChange": {"parties": 1, "cosigner": 1}, "Reconfirmation": {"voids": 1},
    "ScopeChange": {"successor": 1}, "StatusChange": {"lifts": 2, "returnTo": 3}}
# Types of UNTP, and their members that hold our own.
UNTP = {"DigitalIdentityAnchor", "DigitalProductPassport", "DigitalConformityCredential"}
OWN = {"registration", "lotDeclaration", "batchCertificate"}


class Register:
    """As much of it as the vectors need: keys, the rulebook, serials."""

    def __init__(self, host, root, newest):
        did = "did:web:" + host.replace(":", "%3A")
        self.keys = {did + "#root": unmultikey(root)}
        self.version = self.edition = 0
        self.serials, self.next = set(), 0
        self.newest = newest
        self.goods = renewal.Goods()


def edition_of(kind, subject):
    """The edition that a statement, with the members it has, came with."""
    own = OWN & set(subject)
    members = {} if kind in UNTP else dict(subject)
    for name in own:
        members.update(subject[name])
    if kind == "DigitalConformityCredential" and not own:
        return 2  # Of an operator.
    known = NEW_MEMBERS.get(kind, {})
    editions = [NEW_TYPES.get(kind, 0), *(known[name] for name in members if name in known)]
    if kind in ("StatusChange", "ScopeChange") and subject["reason"] == "ceased":
        editions.append(1)
    if kind in ("StatusChange", "ScopeChange") and subject["reason"] in ("yield", "late", "age"):
        editions.append(2)
    if kind == "DigitalIdentityAnchor" and members.get("role") in ("processor", "exporter"):
        editions.append(2)
    if kind == "TraceabilityEvent" and subject.get("reason") == "wrong-lot":
        editions.append(3)
    # A rulebook that puts an edition in force brings what is of it.
    if kind == "Rulebook" and subject["edition"] < 2 and len(subject) > 3:
        editions.append(2)
    return max(editions)


def text_form(text):
    hidden = (unicodedata.category(letter) in HIDDEN and letter not in JOINERS for letter in text)
    need(not any(hidden) and text == text.strip(SPACE), "text_form")


def names_of(kind, document):
    subject = document["credentialSubject"]
    yield document["issuer"]["name"]
    if kind == "DigitalIdentityAnchor":
        yield subject["registeredName"]
    elif kind == "DigitalProductPassport":
        yield subject["name"]
    elif kind == "DigitalConformityCredential":
        yield subject["issuedToParty"]["name"]


def campaign(text):
    """First and last year."""
    found = re.fullmatch("([0-9]{4})(?:/([0-9]{2}))?", text)
    need(found, "campaign_form")
    first = int(found[1])
    need(found[2] is None or int(found[2]) == (first + 1) % 100, "campaign_form")
    return first, first + (found[2] is not None)


def forms(document, kind, method, host):
    """What edition 1 asks of every statement (4.2)."""
    if kind not in FIXED_IDS:
        need(document["id"] == content_id(document, host), "id_form")
    for text in (*texts(document), method):
        text_form(text)
    for name in names_of(kind, document):
        need(1 <= len(name) <= 120, "name_form")


def campaigns(kind, subject):
    if kind == "DigitalProductPassport":
        first, last = campaign(subject["lotDeclaration"]["campaign"])
        need(first <= int(subject["productionDate"][:4]) <= last + 1, "campaign_day")
    elif kind == "Capacity":
        campaign(subject["campaign"])
    for capacity in subject.get("registration", {}).get("capacities", []):
        campaign(capacity["campaign"])


def advance(register, serial):
    """`next` is one above the highest serial reached from 0 in steps of at most the window."""
    register.serials.add(serial)
    while True:
        near = [one for one in register.serials if register.next <= one < register.next + WINDOW]
        if not near:
            return
        register.next = max(near) + 1


def rulebook(register, document):
    subject = document["credentialSubject"]
    need(short_name(document["issuer"]["id"]) == "authority", "not_authorised")
    follows = subject["version"] == register.version + 1
    need(follows and subject["edition"] >= register.edition, "rulebook_order")
    need(subject["edition"] <= register.newest, "newer_edition")


def log(register, data, host, at):
    """Judges a statement and folds it in."""
    document, kind, message, signature, method = read(data, host)
    need(method in register.keys, "unknown_key")
    need(signed(register.keys[method], signature, message), "signature_invalid")
    subject = document["credentialSubject"]
    serial = None
    if kind == "DigitalConformityCredential":
        serial = decimal(document["id"].rsplit("/", 1)[1], "id_form", 2**53)
        need(serial not in register.serials, "id_taken")
    need(edition_of(kind, subject) <= register.edition, "edition")
    if register.edition:
        forms(document, kind, method, host)
        campaigns(kind, subject)
        need(serial is None or serial < register.next + WINDOW, "serial_window")
    register.goods.judge(document, kind, at, register.edition)
    if kind == "Rulebook":
        rulebook(register, document)
        register.version, register.edition = subject["version"], subject["edition"]
    if subject.get("keyChange") == "key-added":
        register.keys[subject["verificationMethod"]] = unmultikey(subject["publicKeyMultibase"])
    if serial is not None:
        advance(register, serial)
    register.goods.fold(document, kind, at)


STATES = {}


def run(case):
    """Each case stands after another; one that is refused changes nothing."""
    before = STATES[case["after"]] if case["after"] else Register(
        case["host"], case["root"], case.get("newest", KNOWN_EDITION))
    register = copy.deepcopy(before)
    STATES[case["name"]] = before
    log(register, base64.b64decode(case["bytes"]), case["host"], case["loggedAt"])
    STATES[case["name"]] = register
