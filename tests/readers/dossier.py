"""Dossiers: one signed file that proves a certificate, its lot and its status with no server.
Gives the verdict's exit code under policy `shop`. Source: docs/FORMAT.md sections 6.3 and 7."""

import base64
import gzip
from datetime import datetime, timezone

from common import Fault, need
from sealed import AGE_SECONDS, SKEW, Form, Opened, Undecided, ended, exactly, seconds, standing, under
from statement import LIST_SERIALS

CERTIFIER_DAYS, INSPECTOR_DAYS = 30, 14
PLACES = {"certificate", "lot", "revocation", "statusIndex", "suspension"}


def version_of(dossier):
    return 2 if dossier["trust"].get("version", 0) >= 3 else 1


def places_of(dossier):
    exactly(dossier["manifest"]["places"], PLACES)
    need("goods" not in dossier or version_of(dossier) == 2, "shape")


FORM = Form(
    kind="TasdiqDossier", version=version_of,
    members={"certificateRecord", "documents", "lotRecord"}, optional={"goods"},
    hashed={"certificateRecord", "documents", "goods", "lotRecord"},
    manifest_kind="TasdiqDossierManifest",
    manifest={"digest", "lot", "places", "serial"}, most=4_000_000, places=places_of)


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


def lot_record(entry):
    """What a declaration makes of it, without its history."""
    subject, facts = entry.subject, entry.subject["lotDeclaration"]
    record = {
        "lot": lot_key(subject["id"]), "name": subject["name"],
        "packedOn": subject["productionDate"], "producer": entry.issuer,
        "product": facts["product"], "quantity": facts["quantity"], "region": facts["region"],
        "unit": facts["unit"]}
    return {**record, **({"names": facts["names"]} if facts.get("names") else {})}


def lot_stated(lot, at, declared, trust):
    """Its history is what its entries say, and what a rule held with its declaration or with what
    filled it."""
    events = lot.get("events", [])
    held = [event for event in events if is_rule_hold(event, declared, at)]
    need(len({(e["mark"]["index"], e["reason"]) for e in held}) == len(held), "record_differs")
    own = [event for event in events if event not in held]
    derived = events_of(list(at.values()), lambda to: to["id"] == declared.subject["id"])
    derived = later_rules(derived, own, trust, lot["producer"])
    bare = {name: value for name, value in lot.items() if name != "events"}
    need(bare == lot_record(declared) and own == derived, "record_differs")


def is_rule_hold(event, declared, at):
    index, reason = event["mark"]["index"], event["reason"]
    by, own = at.get(index), index == declared.index
    fills = by and by.kind == "TraceabilityEvent" and any(
        line["lot"] == declared.subject["id"] for line in by.subject.get("outputs", []))
    late = reason in ("yield", "late", "age") and (own or fills)
    return event["action"] == "hold" and (late or reason == "capacity" and own)


def later_rules(derived, stated, trust, producer=None):
    """What edition 1 makes of a change that was logged under it, which is the service's word: what
    loosens counts from its log time, another's hold of a lot ends by itself (4.2)."""
    if "edition" not in trust.value:
        return derived
    found = []
    for event in derived:
        told = next((one for one in stated if one["mark"] == event["mark"]), None)
        changed = dict(event)
        if event["action"] in ("reinstate", "release"):
            changed["effectiveFrom"] = max(event["effectiveFrom"], event["mark"]["loggedAt"])
        elif event["action"] == "hold" and event["by"] not in (None, "authority", producer):
            role = (trust.party(event["by"]) or {}).get("role")
            days = INSPECTOR_DAYS if role == "inspector" else CERTIFIER_DAYS
            ends = {"ends": instant(seconds(event["mark"]["loggedAt"]) + days * 86_400)}
            changed.update(ends if producer and told and "ends" in told else {})
        found.append(told if told in (event, changed) else event)
    return found


def instant(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def status(events, at):
    """The last action in effect; what is final stands."""
    told = [event["action"] for event in events if event["effectiveFrom"] <= at
            and "voided" not in event and at < event.get("ends", "9")]
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
            soon = instant(seconds(before[-1]["mark"]["loggedAt"]) + SKEW)
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


def inherits(told, lot, at, base):
    """A hold or recall that reaches the lot from another: its entry must lay it there."""
    if told is None:
        return
    exactly(told, {"action", "by", "index", "reason", "since", "via"})
    need(told["action"] in ("hold", "recall"), "shape")
    if told["via"] == lot:
        return
    entry = at.get(told["index"])
    need(entry, "entry_missing")
    if entry.kind == "StatusChange":
        change = entry.subject
        owner, number = told["via"].split("/", 1)
        is_gtin = owner.isdigit() and len(owner) == 14
        via = f"{base}01/{owner}/10/{number}" if is_gtin else f"{base}lot/{owner}/{number}"
        need((change["id"], change["statusChange"], change["reason"], change["effectiveFrom"],
              entry.issuer) == (via, told["action"], told["reason"], told["since"], told["by"]),
             "inherited_differs")
    else:
        may = entry.kind in ("TraceabilityEvent", "DigitalProductPassport")
        need(may and told["action"] == "hold", "inherited_differs")


def proven(opened):
    """Every part follows from signed entries: step 6, and the lists of step 8."""
    dossier, manifest, trust = opened.value, opened.manifest, opened.trust
    at = opened.read(own={manifest["places"]["certificate"]})
    place = {}
    for name, kind in (("certificate", "DigitalConformityCredential"),
                       ("lot", "DigitalProductPassport"), ("statusIndex", "StatusIndex"),
                       ("revocation", "BitstringStatusListCredential"),
                       ("suspension", "BitstringStatusListCredential")):
        place[name] = at.get(manifest["places"][name])
        need(place[name] and place[name].kind == kind, "place")
    record, lot = dossier["certificateRecord"], dossier["lotRecord"]
    certificate_stated(record, at, place["certificate"], trust)
    lot_stated(lot, at, place["lot"], trust)
    inherits(dossier.get("goods", {}).get("inherited"), lot["lot"], at, f"https://{trust.host}/")
    documents = place["certificate"].subject["batchCertificate"].get("laboratoryReports", [])
    need(dossier["documents"] == documents, "documents_differ")
    need((record["serial"], record["lot"], record["digest"], lot["lot"])
         == (manifest["serial"], manifest["lot"], manifest["digest"], manifest["lot"]), "binding")
    return place


def certificate_stated(record, at, certificate, trust):
    """The record of a certificate is what its entries say, and its key was added where the snapshot
    says."""
    derived = certificate_record(list(at.values()), certificate, record, f"https://{trust.host}/")
    if "events" in derived:
        derived["events"] = later_rules(derived["events"], record.get("events", []), trust)
    need(record == derived, "record_differs")
    added = at.get(trust.key(record["verificationMethod"])["added"]["index"])
    need(added and added.subject.get("verificationMethod") == record["verificationMethod"]
         and added.subject["publicKeyMultibase"] == certificate.key["publicKeyMultibase"],
         "key_entry")


def is_over(record, lot, inherited, now):
    """Whether a genuine certificate is not fit now."""
    stands = record["validFrom"] <= now <= record["validUntil"]
    stopped = status(record.get("events", []), now) in ("withdraw", "suspend")
    held = status(lot.get("events", []), now) in ("hold", "recall")
    return bool(stopped or held or inherited or gave_way(record, now) or not stands)


def gave_way(record, now):
    return "superseded" in record and record["superseded"]["from"] <= now


def exit_code(data, trust_file, root, now):
    opened = Opened(data, trust_file, root, FORM)
    place = under("HASH_FAILURE", proven, opened)
    dossier = opened.value
    record, lot = dossier["certificateRecord"], dossier["lotRecord"]
    # `shop` takes the service's word where the lists prove nothing yet; contradictions are faults.
    under("LOG_PROOF_FAILURE", bits_agree, record, place["statusIndex"], place)
    under("AUTHORITY_FAILURE", authority, record, lot, opened.trust)
    age = seconds(now) - seconds(place["statusIndex"].at)
    if not -SKEW <= age <= AGE_SECONDS["shop"]:
        raise Undecided
    inherited = dossier.get("goods", {}).get("inherited")
    return 4 if is_over(record, lot, inherited, now) else 0


def verdict(data, trust, root, now):
    """The exit code, whatever it is handed."""
    try:
        return exit_code(data, trust, root, now)
    except Undecided:
        return 3
    except Fault as fault:
        return ended(fault)[0]


def run(case, folder):
    """The verdict, as a fault so that every case has one."""
    data, trust = ((folder / case[name]).read_bytes() for name in ("file", "trust"))
    raise Fault(f"exit {verdict(data, trust, case['root'], case['at'])}")
