"""Statements: the strict profile, the shape of each type, and the proof (eddsa-jcs-2022).
Source: docs/FORMAT.md section 1; W3C vc-di-eddsa 1.0; W3C Bitstring Status List 1.0."""

import base64
import gzip
import json
import re
import unicodedata

import goods
from common import Fault, is_day, is_time, need, sha, signed, unbase58, unmultikey
from label import gtin
from shapes import (CROCKFORD, NAMED, OPEN, Ledger, agree, check, count, filled, flag, hash_text,
                    is_true, months_later, rising, text)

W3C = "https://www.w3.org/ns/credentials/v2"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
LIST_SERIALS = 2**20


# --- strict JSON

def unique(pairs):
    members = dict(pairs)
    need(all(re.fullmatch("[!-~]*", key) for key in members), "key_not_ascii")
    need(len(members) == len(pairs), "duplicate_key")
    return members


def integer(text):
    need(text != "-0", "number_not_integer")
    need(abs(int(text)) < 2**53, "number_range")
    return int(text)


def refuse(code):
    def raise_it(_):
        raise Fault(code)
    return raise_it


def depth(value):
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def jcs(value):
    """RFC 8785, for ASCII names and integers only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parse(data, most=60_000):
    need(len(data) <= most, "too_large")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Fault("not_utf8") from None
    try:
        value = json.loads(text, object_pairs_hook=unique, parse_int=integer,
                           parse_float=refuse("number_not_integer"),
                           parse_constant=refuse("not_json"))
    except ValueError:
        raise Fault("not_json") from None
    need(depth(value) <= 32, "too_deep")
    for found in texts(value):
        need(not re.search("[\ud800-\udfff]", found), "not_json")
        need(unicodedata.is_normalized("NFC", found), "not_nfc")
    need(jcs(value) == data, "not_canonical")
    need(isinstance(value, dict), "shape")
    return value


HEAD = {"id": text, "issuer": NAMED, "name": text, "validFrom": is_time, "validUntil?": is_time,
        **OPEN}
PROOF = {"@context": lambda _: True, "created": is_time, "cryptosuite": {"eddsa-jcs-2022"},
         "proofPurpose": {"assertionMethod"}, "proofValue": lambda _: True,
         "type": {"DataIntegrityProof"}, "verificationMethod": text}
IDENTITY = {"id": text, "registeredName": text, "registeredId": text, "registeredDate": is_day,
            "registerType": text, "registrationScope?": [text], **OPEN}
REGISTRATION = {
    "role": {"authority", "certifier", "cooperative", "shop", "carrier", "laboratory", "inspector",
             "processor", "exporter"},
    "contact?": goods.CONTACT, "names?": goods.is_names,
    "region?": text, "successor?": text, "regions?": filled, "gtinPrefixes?": filled,
    "sameName?": is_true,
    "capacities?": [{"product": text, "campaign": text, "quantity": count}]}
LOT = {"id": text, "name": text, "idGranularity": text, "batchNumber": text,
       "productCategory": [{"code": text, **OPEN}], "productionDate": is_day,
       "expiryDate?": is_day, **OPEN,
       "lotDeclaration": {"product": text, "region": text, "quantity": count, "unit": text,
                          "campaign": text, "packSize": count,
                          "origin?": {"primary", "derived"}, "mandate?": text,
                          "names?": goods.is_names}}
CERTIFICATE = {
    "assessorLevel": text, "attestationType": text, "issuedToParty": NAMED,
    "authorisation": [{"endorsementEvidence": {"linkURL": text, **OPEN}, **OPEN}],
    "referenceScheme": NAMED, **OPEN,
    "conformityAssessment": [{
        "assessmentDate": is_day, "conformance": flag, **OPEN,
        "assessedProduct": [{"product": {"id": text, "batchNumber": text, **OPEN}, **OPEN}]}],
    "batchCertificate": {
        "product": text, "hsCode": text, "quantity": count, "unit": text, "decisionDate": is_day,
        "schemeEdition": text, "notCovered?": [text], "supersedes?": text,
        "operatorCertificate?": text,
        "custodyModel": {"identity-preserved", "segregated", "controlled-blending", "mass-balance"},
        "laboratoryReports?": [{
            "commitment": text, "laboratory": text,
            "sampledBy": {"certifier", "inspector", "laboratory", "cooperative"}}]}}
STATUS_ENTRY = {"type": text, "id?": text, "statusPurpose": text, "statusListIndex": count,
                "statusListCredential": text}
KEY = {"id": text, "keyChange": text, "verificationMethod": text, "publicKeyMultibase?": text,
       "purpose?": {"root", "assertion", "service", "label", "log", "receipt"},
       "custody?": {"self", "operator"}, "schemes?": [text], "notAfter?": is_time,
       "parties?": filled, "cosigner?": {"verificationMethod": text, "signature": text},
       "since?": is_time, "knownAt?": is_time}
REASON = {"nonconformity", "lab-result", "complaint", "fraud-suspected", "paperwork",
          "request-of-holder", "safety", "key-compromise", "capacity", "yield", "late", "age",
          "ceased", "error", "other"}
CHANGE = {
    "id": text, "effectiveFrom": is_time, "notice?": {"...": None}, "serials?": [text],
    "statusChange": {"suspend", "reinstate", "withdraw", "hold", "release", "recall"},
    "returnTo?": {"shop", "cooperative", "destroy"}, "lifts?": filled,
    "reason": REASON}
ENTRIES = [{"entry": count, "statementDigest": text}]
CONFIRM = {"id": text, "verificationMethod": text, "serials?": [text], "entries?": ENTRIES,
           "voids?": ENTRIES}
SCOPE = {"id": text, "accreditationId": text, "effectiveFrom": is_time, "notice?": {"...": None},
         "scopeChange": {"narrow", "suspend", "reinstate", "withdraw"}, "narrowedTo?": [text],
         "reason": REASON, "successor?": text}
ROOT = {"id": text, "verificationMethod": text, "publicKeyMultibase": text, "successor": text,
        "keeps?": [{"verificationMethod": text, "publicKeyMultibase": text,
                    "purpose": {"root", "assertion", "service", "label", "log", "receipt"}}]}
LIST = {"id": text, "type": text, "statusPurpose": text, "encodedList": text}
INDEX = {"id": text, "covers": count, "lists": [{"list": text, "entry": count}]}
LABELS = {"id": text, "count": count, "verificationMethod": text}
RULEBOOK = {"id": text, "version": count, "edition": lambda value: count(value) and value < 2**32,
            **goods.LISTS}
AGREEMENT = {"id": text, "certifier": text, "schemes": [text], "from": is_day, "until": is_day,
             "onPaper?": is_true}
GRANT = {"id": text, "prefix?": text, "gtin?": text, "to": text}
CAPACITY = {"id": text, "product": text, "campaign": text, "quantity": count}
VOID = {"id": text, "serials": [text]}
# Own types that are small, and kinds of events; a rulebook is as long as it says nothing of goods.
SMALL = {"Agreement", "PrefixGrant", "Capacity", "PricePaid", "CertificateExtract", "Mandate"}
SMALL_KINDS, SMALL_BYTES = {"unpack", "out", "sample", "observe", "void"}, 7_900


def whole_scope(ledger, scope):
    kinds = ["schemes", "products", "regions"]
    agree(all(any(ledger.term(kind, url) for kind in kinds) for url in scope))
    agree(all(any(ledger.term(kind, url) for url in scope) for kind in kinds))


def identity(ledger, document, subject):
    check(subject, IDENTITY)
    ledger.party(subject["id"])
    if subject["registerType"] == "accreditation":
        need("validUntil" in document, "shape")
        agree(document["validFrom"] < document["validUntil"])
        whole_scope(ledger, subject.get("registrationScope", []))
    else:
        agree(subject["registerType"] == "business")
        need("registration" in subject, "shape")
        check(subject["registration"], REGISTRATION)
        agree(all(map(is_prefix, subject["registration"].get("gtinPrefixes", []))))
        goods.contact(subject["registration"])
        goods.names(subject["registration"])


def is_prefix(digits):
    return re.fullmatch("[0-9]{7,12}", digits, re.ASCII)


def lot(ledger, document, subject):
    check(subject, LOT)
    number = ledger.lot(subject["id"])
    facts = subject["lotDeclaration"]
    agree(subject["idGranularity"] == "batch" and subject["batchNumber"] == number)
    agree(len(subject["productCategory"]) == 1)
    agree(document["id"] == subject["id"].replace(ledger.url, ledger.url + "declarations/"))
    agree(subject.get("expiryDate", "9999") >= subject["productionDate"])
    agree(1 <= facts["packSize"] <= facts["quantity"])
    goods.names(facts)
    agree("mandate" not in facts or ledger.is_statement(facts["mandate"]))


def certificate(ledger, document, subject):
    if isinstance(subject, dict) and "operatorCertificate" in subject and (
            "batchCertificate" not in subject):
        goods.operator_certificate(ledger, document, subject)
        status_entry(ledger, document)
        return
    check(subject, CERTIFICATE)
    need("validUntil" in document and "credentialStatus" in document, "shape")
    agree(document["validFrom"] < document["validUntil"])
    agree(len(subject["conformityAssessment"]) == len(subject["authorisation"]) == 1)
    assessment = subject["conformityAssessment"][0]
    agree(len(assessment["assessedProduct"]) == 1)
    product = assessment["assessedProduct"][0]["product"]
    agree(ledger.lot(product["id"]) == product["batchNumber"])
    agree(subject["assessorLevel"] == "3rdParty" and subject["attestationType"] == "certification")
    agree(assessment["conformance"] and subject["batchCertificate"]["quantity"] >= 1)
    ledger.party(subject["issuedToParty"]["id"])
    agree(ledger.term("schemes", subject["referenceScheme"]["id"]))
    for name in ("supersedes", "operatorCertificate"):
        other = subject["batchCertificate"].get(name)
        agree(other is None or ledger.serial(other) != ledger.serial(document["id"]))
    status_entry(ledger, document)


def status_entry(ledger, document):
    """The place of a certificate's serial in the revocation list."""
    serial = ledger.serial(document["id"])
    entry = document["credentialStatus"]
    check(entry, STATUS_ENTRY)
    agree(entry["type"] == "BitstringStatusListEntry" and entry["statusPurpose"] == "revocation")
    agree(entry["statusListIndex"] == serial % LIST_SERIALS)
    expected = f"{ledger.url}status/revocation-{serial // LIST_SERIALS}"
    agree(entry["statusListCredential"] == expected)


def short_name(did):
    return (did.split(":parties:") + ["authority"])[1]


def names_key_of(did, method):
    return re.match(re.escape(did) + "#.", method) and not method.endswith("-jwk")


def key_change(ledger, _, subject):
    check(subject, KEY)
    ledger.party(subject["id"])
    agree(names_key_of(subject["id"], subject["verificationMethod"]))
    has = set(subject) & {"publicKeyMultibase", "purpose", "custody", "since"}
    kind = subject["keyChange"]
    agree(kind == "key-added" or not {"parties", "cosigner"} & set(subject))
    if kind == "key-added":
        agree(has == {"publicKeyMultibase", "purpose", "custody"})
        agree(unmultikey(subject["publicKeyMultibase"]))
        for did in subject.get("parties", []):
            ledger.party(did)
        agree(rising([short_name(did) for did in subject.get("parties", [])]))
        if "cosigner" in subject:
            cosigner = subject["cosigner"]
            agree(names_key_of(subject["id"], cosigner["verificationMethod"]))
            agree(len(unbase58(cosigner["signature"]) or b"") == 64)
    elif kind == "key-compromised":
        agree(has == {"since"} and subject["since"] <= subject.get("knownAt", ""))
    else:
        agree(kind == "key-retired" and not has)


def serial_ranges(ranges):
    """How many serials; ascending, never touching, each in its one spelling."""
    agree(1 <= len(ranges) <= 1_500)
    after, total = 0, 0
    for spelt in ranges:
        found = re.fullmatch("(0|[1-9][0-9]{0,15})(?:-([1-9][0-9]{0,15}))?", spelt)
        agree(found)
        first = int(found[1])
        last = int(found[2]) if found[2] else first
        agree(after <= first <= last < 2**53 and (found[2] is None or first < last))
        after, total = last + 2, total + last - first + 1
    agree(total <= 100_000)
    return total


def public_notice(subject):
    for language, notice in subject.get("notice", {}).items():
        need(text(notice), "shape")
        agree(language in ("ar", "en", "es", "fr", "zgh") and 0 < len(notice) <= 500)


def status_change(ledger, _, subject):
    check(subject, CHANGE)
    target, for_lot = subject["id"], subject["statusChange"] in ("hold", "release", "recall")
    if target == ledger.url + "certificates":
        agree(not for_lot)
        agree(serial_ranges(subject.get("serials", [])) <= 1_000 or not subject.get("notice"))
    elif subject.get("serials"):
        agree(False)
    elif target.startswith(ledger.url + "certificates/"):
        ledger.serial(target)
        agree(not for_lot)
    elif target.startswith("did:"):
        ledger.party(target)
        agree(not for_lot)
    else:
        ledger.lot(target)
        agree(for_lot)
    public_notice(subject)
    goods.change(ledger, subject)


def reconfirmation(ledger, _, subject):
    check(subject, CONFIRM)
    ledger.party(subject["id"])
    agree(re.match(re.escape(subject["id"]) + "#.", subject["verificationMethod"]))
    need(subject.get("voids") != [], "shape")
    serials, named = subject.get("serials", []), [subject.get(name, [])
                                                  for name in ("entries", "voids")]
    agree(serials or any(named))
    if serials:
        serial_ranges(serials)
    for entries in named:
        agree(len(entries) <= 500 and rising([entry["entry"] for entry in entries]))
        for entry in entries:
            digest = entry["statementDigest"]
            agree(digest.startswith("u") and hash_text(digest[1:]))


def scope_change(ledger, _, subject):
    check(subject, SCOPE)
    ledger.party(subject["id"])
    if subject["scopeChange"] == "narrow":
        whole_scope(ledger, subject.get("narrowedTo", []))
    else:
        agree(not subject.get("narrowedTo"))
    if "successor" in subject:
        agree(subject["scopeChange"] == "withdraw" and subject["successor"] != subject["id"])
        ledger.party(subject["successor"])
    public_notice(subject)


def root_succession(ledger, _, subject):
    check(subject, ROOT)
    agree(subject["id"] == ledger.did)
    of_authority = lambda name: names_key_of(ledger.did, name)
    key, successor = unmultikey(subject["publicKeyMultibase"]), hash_text(subject["successor"])
    agree(key and successor and sha(key) != successor)
    kept = subject.get("keeps", [])
    agree(len(kept) <= 150 and len({one["verificationMethod"] for one in kept}) == len(kept))
    for one in kept:
        agree(of_authority(one["verificationMethod"]) and one["purpose"] != "root")
        agree(unmultikey(one["publicKeyMultibase"]))
    agree(of_authority(subject["verificationMethod"]))


def status_list(ledger, _, subject):
    check(subject, LIST)
    found = re.fullmatch("status/(revocation|suspension)-([0-9]+)#list",
                         subject["id"].removeprefix(ledger.url))
    agree(found and subject["type"] == "BitstringStatusList")
    agree(subject["statusPurpose"] == found[1] and subject["encodedList"].startswith("u"))
    packed = subject["encodedList"][1:]
    try:
        bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (ValueError, OSError, EOFError):
        raise Fault("inconsistent") from None
    agree(len(bits) * 8 == LIST_SERIALS)


def status_index(ledger, _, subject):
    check(subject, INDEX)
    agree(subject["id"] == ledger.url + "status")


def label_issue(ledger, _, subject):
    check(subject, LABELS)
    agree(1 <= subject["count"] <= 10_000)
    ledger.lot(subject["id"])


def rulebook(ledger, _, subject):
    check(subject, RULEBOOK)
    agree(subject["id"] == ledger.url + "rulebook" and subject["version"] >= 1)
    goods.rules(subject)


def agreement(ledger, _, subject):
    check(subject, AGREEMENT)
    for did in (subject["id"], subject["certifier"]):
        ledger.party(did)
    agree(subject["from"] <= subject["until"] <= months_later(subject["from"], 37))
    agree(subject["schemes"] and rising([scheme.encode() for scheme in subject["schemes"]]))


def prefix_grant(ledger, _, subject):
    check(subject, GRANT)
    for did in (subject["id"], subject["to"]):
        ledger.party(did)
    agree(("prefix" in subject) != ("gtin" in subject))
    if "prefix" in subject:
        agree(is_prefix(subject["prefix"]))
    else:
        agree(gtin(subject["gtin"]) == subject["gtin"])


def capacity(ledger, _, subject):
    check(subject, CAPACITY)
    ledger.party(subject["id"])


def label_void(ledger, _, subject):
    check(subject, VOID)
    serials = subject["serials"]
    agree(1 <= len(serials) <= 5_000)
    for spelt in serials:
        folded = spelt.replace("-", "").upper().translate(str.maketrans("OIL", "011"))
        need(re.fullmatch("[0-9A-HJKMNP-TV-Z]{8,20}", folded), "serial_form")
        agree(folded == spelt)
    agree(rising(serials))
    ledger.lot(subject["id"])


TYPES = {  # type: (foreign contexts, whether its envelope is closed, reader)
    "DigitalIdentityAnchor": ([W3C, UNTP], False, identity),
    "DigitalProductPassport": ([W3C, UNTP], False, lot),
    "DigitalConformityCredential": ([W3C, UNTP], False, certificate),
    "KeyChange": ([W3C], True, key_change),
    "StatusChange": ([W3C], True, status_change),
    "StatusIndex": ([W3C], True, status_index),
    "LabelIssue": ([W3C], True, label_issue),
    "Reconfirmation": ([W3C], True, reconfirmation),
    "ScopeChange": ([W3C], True, scope_change),
    "RootSuccession": ([W3C], True, root_succession),
    "Rulebook": ([W3C], True, rulebook),
    "Agreement": ([W3C], True, agreement),
    "PrefixGrant": ([W3C], True, prefix_grant),
    "Capacity": ([W3C], True, capacity),
    "LabelVoid": ([W3C], True, label_void),
    "TraceabilityEvent": ([W3C], True, goods.event),
    "PricePaid": ([W3C], True, goods.price_paid),
    "CertificateExtract": ([W3C], True, goods.extract),
    "Mandate": ([W3C], True, goods.mandate),
    "BitstringStatusListCredential": (None, True, status_list),
}


def read_proof(document):
    """Parts document and proof; (signed message, signature, verification method)."""
    proof = document.pop("proof", None)
    need(isinstance(proof, dict) and "proofValue" in proof, "proof_shape")
    signature = unbase58(proof["proofValue"])
    need(signature is not None and len(signature) == 64, "proof_value")
    check(proof, PROOF, "proof_shape")
    need(proof["@context"] == document.get("@context"), "proof_context")
    del proof["proofValue"]
    return sha(jcs(proof)) + sha(jcs(document)), signature, proof["verificationMethod"]


def content_id(document, host):
    """The id that a document without proof must have (1.5)."""
    content = {name: value for name, value in document.items() if name != "id"}
    number = int.from_bytes(sha(b"tasdiq-statement-v1\0" + jcs(content)), "big") >> 256 - 130
    digits = (CROCKFORD[number >> 5 * place & 31] for place in reversed(range(26)))
    return f"https://{host}/statements/{''.join(digits)}"


def read(data, host):
    """Document without proof, its type, signed message, signature, verification method."""
    document, ledger = parse(data), Ledger(host)
    message, signature, method = read_proof(document)
    check(document, HEAD)
    issuer = document["issuer"]["id"]
    ledger.party(issuer)
    need(re.match(re.escape(issuer) + "#.", method), "verification_method")
    types = document.get("type")
    check(types, [text])
    need(types.count("VerifiableCredential") == 1, "shape")
    kind = [word for word in types if word != "VerifiableCredential"]
    need(len(kind) == 1 and kind[0] in TYPES, "unknown_type")
    foreign, closed, members = TYPES[kind[0]]
    context = [W3C] if foreign is None else [*foreign, ledger.url + "ns/tasdiq/v1"]
    need(document["@context"] == context, "context_mismatch")
    need("credentialSubject" in document, "shape")
    own = {"@context", "credentialSubject", "id", "issuer", "name", "type", "validFrom", "validUntil"}
    need(not closed or set(document) <= own, "shape")
    subject = document["credentialSubject"]
    members(ledger, document, subject)
    small = kind[0] in SMALL or (
        set(subject) == {"id", "version", "edition"} if kind[0] == "Rulebook" else
        kind[0] == "TraceabilityEvent" and subject["kind"] in SMALL_KINDS)
    need(not small or len(data) <= SMALL_BYTES, "too_large")
    return document, kind[0], message, signature, method


def verify(data, host, public):
    document, _, message, signature, _ = read(data, host)
    need(signed(public, signature, message), "signature_invalid")
    return document


def run(case):
    if "repeat" in case:
        repeat = case["repeat"]
        data = (repeat["before"] * repeat["count"] + repeat["after"] * repeat["count"]).encode()
    else:
        data = base64.b64decode(case["bytes"])
    document = verify(data, case["host"], unmultikey(case["publicKey"]))
    if "contentId" in case:
        need(content_id(document, case["host"]) == case["contentId"], "content_id")
