"""Dossiers: one signed file that proves a certificate, its lot and its status with no server.
Gives the verdict's exit code under policy `shop`. Source: docs/FORMAT.md sections 6.1, 6.3 and 7."""

import base64
import copy
import gzip
from datetime import datetime, timezone

from common import Fault, need, sha, signed, unhash, unmultikey
from log import verify_checkpoint, verify_inclusion
from statement import LIST_SERIALS, jcs, parse, read_proof, verify

BYTES_MAX = 4_000_000
SHOP_SECONDS, SKEW = 7 * 86_400, 300
MEMBERS = {"@context", "certificateRecord", "checkpoint", "documents", "entries", "lotRecord",
           "manifest", "trust", "type", "version"}
MANIFEST = {"@context", "digest", "host", "issuedAt", "lot", "members", "places", "proof",
            "sequence", "serial", "type", "version"}
PLACES = {"certificate", "lot", "revocation", "statusIndex", "suspension"}


class Undecided(Exception):
    """Not enough is known."""


def seconds(text):
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return int(at.replace(tzinfo=timezone.utc).timestamp())


def document(data):
    return parse(data[:-1] if data.endswith(b"\n") else data, BYTES_MAX)


def exactly(value, members):
    need(isinstance(value, dict) and set(value) == members, "shape")


def statement_of(value, host, public):
    """A statement and its digest, once it keeps to the profile and verifies."""
    verify(jcs(value), host, public)
    bare = {name: member for name, member in value.items() if name != "proof"}
    return bare, sha(jcs(bare))


# --- the trust snapshot (6.1)

class Trust:
    def __init__(self, value, root):
        value = copy.deepcopy(value)
        message, signature, method = read_proof(value)
        edition = value.get("edition", 0)
        version = 1 if edition == 0 else 2 if edition < 2 else 3
        need((value["type"], value["version"]) == ("TasdiqTrust", version), "trust_form")
        later = any({"names", "contact"} & set(party) for party in value["parties"])
        need(version == 3 or not later, "trust_form")
        need(root == value["root"] and "genesisRoot" not in value, "trust_root")
        self.value, self.host = value, value["host"]
        founded, public = {}, unmultikey(root)
        name = "did:web:" + self.host.replace(":", "%3A") + "#root"
        for one in value["founding"]:
            need(one["proof"]["verificationMethod"] == name, "trust_signature")
            subject = statement_of(one, self.host, public)[0]["credentialSubject"]
            if subject.get("keyChange") == "key-added":
                key = unmultikey(subject["publicKeyMultibase"])
                founded[subject["verificationMethod"]] = subject["purpose"], key
        purpose, service = founded.get(method, (None, None))
        need(purpose == "service" and signed(service, signature, message), "trust_signature")
        log_key = base64.b64decode(value["logKey"].split("+", 2)[2])[1:]
        need(("log", log_key) in founded.values(), "trust_signature")
        size, self.root = self.checkpoint(value["checkpoint"])
        need(size == value["sequence"], "trust_form")

    def checkpoint(self, note):
        return verify_checkpoint(note, self.value["logKey"], self.host + "/log")

    def party(self, slug):
        return next((party for party in self.value["parties"] if party["party"] == slug), None)

    def key(self, method):
        keys = (key for party in self.value["parties"] for key in party["keys"])
        return next((key for key in keys if key["verificationMethod"] == method), None)


def standing(key, at):
    """What a key was worth at log time (FORMAT section 4)."""
    lost = key.get("compromised")
    if lost and (at > lost["recorded"]["loggedAt"] or at > lost["knownAt"]):
        return "nothing"
    if lost and at >= lost["since"]:
        return "suspect"
    retired = key.get("retired", {}).get("loggedAt", at)
    good = max(key["added"]["loggedAt"], key.get("countsFrom", "")) <= at <= min(retired, key.get("notAfter", at))
    return "good" if good else "nothing"


# --- the dossier (6.3)

def members_of(dossier):
    found = {"checkpoint": sha(dossier["checkpoint"].encode())}
    for name in ("certificateRecord", "documents", "lotRecord", "trust"):
        found[name] = sha(jcs(dossier[name]))
    others = 5
    if "goods" in dossier:
        found["goods"], others = sha(jcs(dossier["goods"])), 6
    for entry in dossier["entries"]:
        found[f"entries/{entry['leaf']['index']}"] = sha(jcs(entry))
    need(len(found) == others + len(dossier["entries"]), "member_twice")
    return found


def manifest_of(dossier, trust):
    manifest = copy.deepcopy(dossier["manifest"])
    exactly(manifest, MANIFEST)
    exactly(manifest["places"], PLACES)
    message, signature, method = read_proof(manifest)
    version = dossier["version"]
    need((manifest["type"], manifest["version"]) == ("TasdiqDossierManifest", version), "shape")
    need(manifest["@context"] == dossier["@context"], "shape")
    need(manifest["host"] == trust.host, "host")
    key = trust.key(method)
    need(key and key["purpose"] == "service" and "compromised" not in key, "manifest_key")
    need(standing(key, manifest["issuedAt"]) == "good", "manifest_key")
    need(signed(unmultikey(key["publicKeyMultibase"]), signature, message), "manifest_signature")
    named = {name: unhash(text) for name, text in manifest["members"].items()}
    need(named == members_of(dossier), "member_differs")
    return manifest


class Entry:
    def __init__(self, entry, trust, own):
        exactly(entry, {"leaf", "proof"})
        leaf = entry["leaf"]
        exactly(leaf, {"index", "loggedAt", "prev", "statement"})
        self.index, self.at = leaf["index"], leaf["loggedAt"]
        self.hash = sha(b"\0" + jcs(leaf))
        self.proof = [unhash(text) for text in entry["proof"]]
        self.method = leaf["statement"]["proof"]["verificationMethod"]
        key = trust.key(self.method)
        need(key, "key_unknown")
        self.key = key
        public = unmultikey(key["publicKeyMultibase"])
        self.value, self.digest = statement_of(leaf["statement"], trust.host, public)
        self.subject = self.value["credentialSubject"]
        self.kind = next(word for word in self.value["type"] if word != "VerifiableCredential")
        self.mark = {"index": self.index, "loggedAt": self.at}
        own = ("BitstringStatusListCredential", "StatusIndex", "LabelIssue")
        purposes = {"assertion", "root"} | ({"service"} if self.kind in own else set())
        need(key["purpose"] in purposes, "key_purpose")
        # The certificate's own key is judged with its own checks.
        if self.index != own:
            worth = standing(key, self.at)
            need(worth == "good" or worth == "suspect" and self.kind != "Reconfirmation",
                 "key_worth")

    @property
    def issuer(self):
        """The party's short name."""
        return (self.value["issuer"]["id"].split(":parties:") + ["authority"])[1]


def within(serial, ranges):
    spans = ([int(end) for end in text.split("-")] for text in ranges)
    return any(span[0] <= serial <= span[-1] for span in spans)


def events_of(entries, is_meant):
    found = []
    for entry in entries:
        if entry.kind == "StatusChange" and is_meant(entry.subject):
            subject = entry.subject
            event = {"action": subject["statusChange"], "by": entry.issuer, "mark": entry.mark,
                     "effectiveFrom": subject["effectiveFrom"], "reason": subject["reason"]}
            event.update({name: subject[name] for name in ("notice", "returnTo") if subject.get(name)})
            back = [other.mark for other in entries if other.kind == "TraceabilityEvent"
                    and other.issuer == "authority" and other.subject.get("reason") == "wrong-lot"
                    and other.subject["of"] == entry.value["id"]]
            found.append({**event, **({"voided": back[0]} if back else {})})
    return found


def facts_of(entry):
    """Serial, lot, scheme and what it supersedes, of a certificate of a lot."""
    product = entry.subject["conformityAssessment"][0]["assessedProduct"][0]["product"]
    return (int(entry.value["id"].rsplit("/", 1)[1]), lot_key(product["id"]),
            entry.subject["referenceScheme"]["id"],
            entry.subject["batchCertificate"].get("supersedes"))


def renewal(entries, entry):
    """What it takes the place of, and what takes its place: from its first instant on, and not before
    it was logged."""
    _, lot, scheme, old = facts_of(entry)
    found = {"supersedes": int(old.rsplit("/", 1)[1])} if old else {}
    for other in entries:
        if "batchCertificate" in other.subject:
            by, *terms = facts_of(other)
            if terms == [lot, scheme, entry.value["id"]]:
                found["superseded"] = {"by": by, "from": max(other.value["validFrom"], other.at)}
    return found


def lot_key(iri):
    parts = iri.split("/", 3)[3].split("/")
    return f"{parts[1]}/{parts[-1]}"


def certificate_record(entries, entry, stated, url):
    subject, facts = entry.subject, entry.subject["batchCertificate"]
    product = subject["conformityAssessment"][0]["assessedProduct"][0]["product"]
    serial = int(entry.value["id"].rsplit("/", 1)[1])
    record = {
        "accreditation": subject["authorisation"][0]["endorsementEvidence"]["linkURL"],
        "digest": base64.b64encode(entry.digest).decode(), "issuer": entry.issuer,
        "lot": lot_key(product["id"]), "mark": entry.mark, "quantity": facts["quantity"],
        "scheme": subject["referenceScheme"]["id"].rsplit("/", 1)[1], "serial": serial,
        "validFrom": entry.value["validFrom"], "validUntil": entry.value["validUntil"],
        "verificationMethod": entry.method}
    events = events_of(entries, lambda to: to["id"] == entry.value["id"] or (
        to["id"] == url + "certificates" and within(serial, to["serials"])))
    if "confirmed" in stated:
        by = next((e for e in entries if e.index == stated["confirmed"]["index"]), None)
        need(by and by.kind == "Reconfirmation" and by.issuer == entry.issuer, "confirmed")
        digest = "u" + base64.urlsafe_b64encode(entry.digest).decode().rstrip("=")
        own = {"entry": entry.index, "statementDigest": digest}
        need(within(serial, by.subject.get("serials", []))
             or own in by.subject.get("entries", []), "confirmed")
        record["confirmed"] = by.mark
    record.update(renewal(entries, entry))
    return {**record, **({"events": events} if events else {})}


def lot_record(entries, entry, stated):
    subject, facts = entry.subject, entry.subject["lotDeclaration"]
    record = {
        "lot": lot_key(subject["id"]), "name": subject["name"],
        "packedOn": subject["productionDate"], "producer": entry.issuer,
        "product": facts["product"], "quantity": facts["quantity"], "region": facts["region"],
        "unit": facts["unit"]}
    if facts.get("names"):
        record["names"] = facts["names"]
    by_rule = [event for event in stated.get("events", []) if (event["action"], event["reason"],
               event["mark"]["index"]) == ("hold", "capacity", entry.index)]
    need(len(by_rule) <= 1, "record_differs")
    events = by_rule + events_of(entries, lambda to: to["id"] == subject["id"])
    return {**record, **({"events": events} if events else {})}


def status(events, at):
    """The last action in effect; what is final stands."""
    told = [event["action"] for event in events
            if event["effectiveFrom"] <= at and "voided" not in event]
    final = [action for action in told if action in ("withdraw", "recall")]
    return (final or told[-1:] or [None])[-1]


def bits_agree(record, index, lists):
    """Whether the bits prove that the certificate is not withdrawn; contradictions are faults."""
    proven = index.subject["covers"] > record["mark"]["index"]
    for purpose, action in (("revocation", "withdraw"), ("suspension", "suspend")):
        entry, serial = lists[purpose], record["serial"]
        name = f"{purpose}-{serial // LIST_SERIALS}"
        named = [one["entry"] for one in index.subject["lists"] if one["list"] == name]
        need(named == [entry.index] and entry.index < index.subject["covers"], "list_not_current")
        need(entry.subject["id"].endswith(f"/status/{name}#list"), "list_differs")
        packed = entry.subject["encodedList"][1:]
        bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        place = serial % LIST_SERIALS
        is_set = bool(bits[place // 8] & 0x80 >> place % 8)
        before = [e for e in record.get("events", []) if e["mark"]["index"] < entry.index]
        expected = False
        if before:
            soon = seconds(before[-1]["mark"]["loggedAt"]) + SKEW
            soon = datetime.fromtimestamp(soon, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            expected = status(before, soon) == action
        need(is_set == expected, "bit_differs")
        proven = proven and not is_set
    return proven


def authority(record, lot, trust):
    """Key and accreditation at log time."""
    at = record["mark"]["loggedAt"]
    worth = standing(trust.key(record["verificationMethod"]), at)
    need(worth != "nothing", "key_worth")
    if worth == "suspect" and "confirmed" not in record:
        raise Undecided
    party = trust.party(record["issuer"])
    given = next((a for a in party.get("accreditations", []) if a["id"] == record["accreditation"]),
                 None)
    if not given:
        raise Undecided
    need(given["mark"]["index"] < record["mark"]["index"], "accreditation")
    need(given["validFrom"] <= at <= given["validUntil"], "accreditation")
    # Changes of accreditations and suspended certifiers are not in the vectors.
    need(not given.get("events") and not party.get("events"), "beyond_this_reader")
    terms = (("schemes", record["scheme"]), ("products", lot["product"]),
             ("regions", lot["region"]))
    for kind, term in terms:
        need({term, "all"} & set(given["scope"][kind]), "accreditation")


def inherits(dossier, at, base):
    """Whether a hold or recall reaches the lot from another; its entry must lay it there."""
    told = dossier.get("goods", {}).get("inherited")
    if told is None:
        return False
    exactly(told, {"action", "by", "index", "reason", "since", "via"})
    need(told["action"] in ("hold", "recall"), "shape")
    if told["via"] == dossier["lotRecord"]["lot"]:
        return True
    entry = at.get(told["index"])
    need(entry, "entry_missing")
    if entry.kind == "StatusChange":
        change = entry.subject
        owner, number = told["via"].split("/", 1)
        is_gtin = owner.isdigit() and len(owner) == 14
        lot = f"{base}01/{owner}/10/{number}" if is_gtin else f"{base}lot/{owner}/{number}"
        need((change["id"], change["statusChange"], change["reason"], change["effectiveFrom"],
              entry.issuer) == (lot, told["action"], told["reason"], told["since"], told["by"]),
             "inherited_differs")
    else:
        need(told["action"] == "hold", "inherited_differs")
    return True


def exit_code(data, trust_file, root, now):
    trust = Trust(document(trust_file), root)
    dossier = document(data)
    version = 2 if dossier["trust"]["version"] >= 3 else 1
    exactly(dossier, MEMBERS | ({"goods"} & set(dossier) if version == 2 else set()))
    need((dossier["type"], dossier["version"]) == ("TasdiqDossier", version), "shape")
    within = Trust(dossier["trust"], root)
    if within.value["sequence"] > trust.value["sequence"]:
        trust = within
    manifest = manifest_of(dossier, trust)
    size, tree = trust.checkpoint(dossier["checkpoint"])
    need(size == manifest["sequence"], "checkpoint")
    need(size != trust.value["sequence"] or tree == trust.root, "fork")
    own = manifest["places"]["certificate"]
    entries = [Entry(entry, trust, own) for entry in dossier["entries"]]
    need(all(a.index < b.index for a, b in zip(entries, entries[1:])), "entry_order")
    for entry in entries:
        verify_inclusion(entry.hash, entry.index, size, entry.proof, tree)
    at = {entry.index: entry for entry in entries}
    place = {}
    for name, kind in (("certificate", "DigitalConformityCredential"),
                       ("lot", "DigitalProductPassport"), ("statusIndex", "StatusIndex"),
                       ("revocation", "BitstringStatusListCredential"),
                       ("suspension", "BitstringStatusListCredential")):
        place[name] = at.get(manifest["places"][name])
        need(place[name] and place[name].kind == kind, "place")
    record, lot = dossier["certificateRecord"], dossier["lotRecord"]
    derived = certificate_record(entries, place["certificate"], record, f"https://{trust.host}/")
    need(record == derived, "record_differs")
    need(lot == lot_record(entries, place["lot"], lot), "record_differs")
    inherited = inherits(dossier, at, f"https://{trust.host}/")
    documents = place["certificate"].subject["batchCertificate"].get("laboratoryReports", [])
    need(dossier["documents"] == documents, "documents_differ")
    need((record["serial"], record["lot"], record["digest"], lot["lot"])
         == (manifest["serial"], manifest["lot"], manifest["digest"], manifest["lot"]), "binding")
    added = at.get(trust.key(record["verificationMethod"])["added"]["index"])
    need(added and added.subject.get("verificationMethod") == record["verificationMethod"]
         and added.subject["publicKeyMultibase"] == place["certificate"].key["publicKeyMultibase"],
         "key_entry")
    # `shop` takes the service's word where the lists prove nothing yet; contradictions are faults.
    bits_agree(record, place["statusIndex"], place)
    authority(record, lot, trust)
    if not -SKEW <= seconds(now) - seconds(place["statusIndex"].at) <= SHOP_SECONDS:
        raise Undecided
    stands = record["validFrom"] <= now <= record["validUntil"]
    ended = status(record.get("events", []), now) in ("withdraw", "suspend")
    held = status(lot.get("events", []), now) in ("hold", "recall")
    gave_way = "superseded" in record and record["superseded"]["from"] <= now
    return 4 if ended or held or inherited or gave_way or not stands else 0


# What is no JSON document that all readers read alike (docs/FORMAT.md section 7).
UNREADABLE = {"too_large", "not_utf8", "not_json", "too_deep", "duplicate_key",
              "number_not_integer", "not_nfc"}


def verdict(data, trust, root, now):
    """The exit code, whatever it is handed."""
    try:
        return exit_code(data, trust, root, now)
    except Undecided:
        return 3
    except Fault as fault:
        return 2 if str(fault) in UNREADABLE else 1


def run(case, folder):
    """The verdict, as a fault so that every case has one."""
    data, trust = ((folder / case[name]).read_bytes() for name in ("file", "trust"))
    raise Fault(f"exit {verdict(data, trust, case['root'], case['at'])}")
