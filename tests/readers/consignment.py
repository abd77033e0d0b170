"""Consignments: a shipment, its lots and their certificates with status, proven with no server; every
sum is made again. Source: docs/FORMAT.md sections 6.5 and 7. Not here: form and proofs (sealed), the
records of certificates and lots (dossier), papers."""

import base64

from common import Fault, need, sha
from dossier import (LIST_SERIALS, authority, bits_agree, certificate_stated, gave_way, inherits,
                     is_over, lot_key, lot_stated, status)
from sealed import (Form, Opened, Undecided, Verdict, ended, exactly, fresh, seconds, standing, under,
                    witnessed)
from statement import jcs
from way_back import lay_goods

ENTRIES_MOST, OPENINGS_MOST, OPENED_BYTES = 5_000, 64, 4_000_000
INDEX_AGE_SECONDS = 25 * 3_600
WORST_FIRST = [1, 2, 3, 4, 0]


def form_of_parts(value):
    places, shipment = value["manifest"]["places"], value["shipment"]
    optional = {"extracts", "lists", "packings", "statusIndex"} & set(places)
    exactly(places, {"shipment"} | optional)
    need(all(places[name] for name in optional - {"statusIndex"}), "shape")
    exactly(shipment, {"id", "state"} | {"answered", "voided"} & set(shipment))
    for lot in value["lots"]:
        exactly(lot, {"accepted", "declared", "dried", "missing", "record", "refused", "sent"}
                | {"goods"} & set(lot))
    need(len(value["entries"]) <= ENTRIES_MOST, "shape")
    need(len(value.get("openings", [])) <= OPENINGS_MOST, "shape")


FORM = Form(
    kind="TasdiqConsignment", version=lambda _: 1,
    members={"certificateRecords", "lots", "shipment"}, optional={"openings"},
    hashed={"certificateRecords", "lots", "shipment"},
    manifest_kind="TasdiqConsignmentManifest", manifest={"digest", "places", "shipment"},
    most=16_000_000, places=form_of_parts)


def entry_at(at, index):
    need(index in at, f"entry {index} is missing")
    return at[index]


def event_of(entry, *kinds):
    need(entry.kind == "TraceabilityEvent" and entry.subject["kind"] in kinds,
         f"entry {entry.index} is none of {kinds}")
    return entry.subject


# --- what follows from the entries

def derived(opened):
    """Everything stated follows from signed entries."""
    value, places = opened.value, opened.manifest["places"]
    at = opened.read(own={record["mark"]["index"] for record in value["certificateRecords"]})
    found = entry_at(at, places["shipment"])
    ship = event_of(found, "ship")
    need(ship["id"] == opened.manifest["shipment"] == value["shipment"]["id"], "shipment_differs")
    digest = base64.b64encode(found.digest).decode()
    need(opened.manifest["digest"] == digest, "shipment_differs")
    sums = totals(ship, packings(at, places))
    answered(at, value["shipment"], ship["id"])
    extracts(at, value, places, ship["id"])
    lots(opened, at, sums)
    voided(at, value["shipment"], ship["id"])
    openings(at, value.get("openings", []), found)
    return ship


def packings(at, places):
    """What lies in each unit: `pack` fills it, `unpack` takes out, of all if it names nothing."""
    units, last = {}, -1
    for index in places.get("packings", []):
        need(last < index < places["shipment"], "packing_order")
        last = index
        what = event_of(entry_at(at, index), "pack", "unpack")
        lines = {lot_key(row["lot"]): row["quantity"] for row in what.get("lots", [])}
        inside = set(what.get("units", []))
        if what["kind"] == "pack":
            units[what["unit"]] = (lines, inside)
            continue
        need(what["unit"] in units, "unit_short")
        has, holds = units[what["unit"]]
        if not lines and not inside:
            has, holds = {}, set()
        for lot, quantity in lines.items():
            need(has.get(lot, 0) >= quantity, "unit_short")
            has = {**has, lot: has[lot] - quantity}
        need(inside <= holds, "unit_short")
        units[what["unit"]] = ({lot: left for lot, left in has.items() if left}, holds - inside)
    return units


def totals(ship, units):
    """What was shipped of each lot, loose and in its units."""
    sums = {}

    def add(lines):
        for lot, quantity in lines:
            sums[lot] = sums.get(lot, 0) + quantity

    add((lot_key(row["lot"]), row["quantity"]) for row in ship.get("lots", []))
    waiting, seen = list(ship.get("units", [])), set()
    while waiting:
        unit = waiting.pop()
        need(unit in units and unit not in seen, f"unit {unit} was not packed, or is there twice")
        seen.add(unit)
        add(units[unit][0].items())
        waiting.extend(units[unit][1])
    return sums


def answered(at, shipment, name):
    if "answered" in shipment:
        what = event_of(entry_at(at, shipment["answered"]), "receive", "settle")
        need(what["of"] == name, "answer_differs")


def voided(at, shipment, name):
    """That nothing else took it back is the service's signed word."""
    voids = [entry.index for entry in at.values() if entry.kind == "TraceabilityEvent"
             and entry.subject["kind"] == "void" and entry.subject["of"] == name]
    stated = [shipment["voided"]] if "voided" in shipment else []
    need(voids[:1] == stated, "void_differs")
    need((shipment["state"] == "undone") == bool(voids), "void_differs")


def extracts(at, value, places, name):
    named = places.get("extracts", [])
    need(all(a < b for a, b in zip(named, named[1:])), "extract_order")
    found = {entry.index for entry in at.values() if entry.kind == "CertificateExtract"}
    need(found <= set(named), "extract_not_named")
    certified = {(record["serial"], record["lot"]) for record in value["certificateRecords"]}
    for index in named:
        entry = entry_at(at, index)
        need(entry.kind == "CertificateExtract", "extract_differs")
        serial = int(entry.subject["id"].rsplit("/", 1)[1])
        need(entry.subject["consignment"] == name
             and (serial, lot_key(entry.subject["lot"])) in certified, "extract_differs")


def lots(opened, at, sums):
    """Every lot of the shipment, each once."""
    value, trust = opened.value, opened.trust
    receipt = at.get(value["shipment"].get("answered"))
    lines = receipt.subject["lots"] if receipt and receipt.subject["kind"] == "receive" else []
    for lot in value["lots"]:
        key = lot["record"]["lot"]
        need(sums.pop(key, None) == lot["sent"], f"the shipment does not hold it: {key}")
        declared = entry_at(at, lot["declared"])
        need(declared.kind == "DigitalProductPassport", "place")
        lot_stated(lot["record"], at, declared, trust)
        inherits(lot.get("goods", {}).get("inherited"), key, at, f"https://{trust.host}/")
        signed = [row for row in lines if lot_key(row["lot"]) == key]
        row = signed[0] if signed else {"accepted": 0, "refused": 0, "missing": 0}
        need((lot["accepted"], lot["refused"], lot["missing"] + lot["dried"])
             == (row["accepted"], row["refused"], row["missing"]), "receipt_differs")
    need(not sums, f"shipped and not told: {sums}")
    of_lots, serials = {lot["record"]["lot"] for lot in value["lots"]}, set()
    for record in value["certificateRecords"]:
        need(record["lot"] in of_lots and record["serial"] not in serials, "certificate_differs")
        serials.add(record["serial"])
        certificate = entry_at(at, record["mark"]["index"])
        need("batchCertificate" in certificate.subject, "certificate_differs")
        certificate_stated(record, at, certificate, trust)
        lists(opened, record)


def lists(opened, record):
    """Where the status index and the lists of a certificate stand."""
    places = opened.manifest["places"]
    need("statusIndex" in places, "list_missing")
    found = {"statusIndex": entry_at(opened.entries, places["statusIndex"])}
    for purpose in ("revocation", "suspension"):
        name = f"{purpose}-{record['serial'] // LIST_SERIALS}"
        need(name in places.get("lists", {}), "list_missing")
        found[purpose] = entry_at(opened.entries, places["lists"][name])
    need(found["statusIndex"].kind == "StatusIndex", "place")
    return found


def openings(at, given, ship):
    """Each opens one commitment that the shipment or a certificate names, in their order."""
    named = {ship.subject.get("document")}
    if isinstance(ship.subject["to"], dict):
        named.add(ship.subject["to"]["commitment"])
    for entry in at.values():
        for report in entry.subject.get("batchCertificate", {}).get("laboratoryReports", []):
            named.add(report["commitment"])
    last = ""
    for one in given:
        exactly(one, {"commitment", "salt"} | {"opening", "document"} & set(one))
        need(("opening" in one) != ("document" in one), "opening_form")
        salt = base64.urlsafe_b64decode(one["salt"] + "==")
        content = jcs(one["opening"]) if "opening" in one else base64.b64decode(one["document"])
        need(len(salt) == 16 and len(content) <= OPENED_BYTES, "opening_form")
        told = base64.urlsafe_b64encode(sha(salt + content)).decode().rstrip("=")
        need("u" + told == one["commitment"] and one["commitment"] in named, "opening_differs")
        # In the order of the hashes, not of their letters.
        order = base64.urlsafe_b64decode(told + "=")
        need(not last or last < order, "opening_order")
        last = order


# --- the verdict

def barred(lot, now):
    """Held or recalled, itself or by what it was made of."""
    own = status(lot["record"].get("events", []), now) in ("hold", "recall")
    return own or "inherited" in lot.get("goods", {})


def of_shipment(opened, policy, now, listed_at):
    verdict = Verdict(policy)
    fresh(verdict, opened, now, listed_at)
    ship = opened.entries[opened.manifest["places"]["shipment"]]
    if standing(ship.key, ship.at) != "good":
        verdict.miss("KEY_SUSPECT")
    verdict.unfit = any(barred(lot, now) for lot in opened.value["lots"])
    return verdict.end()


def of_certificate(opened, record, policy, now, listed_at):
    """As of a dossier; its exit code alone."""
    verdict, listed = Verdict(policy), lists(opened, record)
    fresh(verdict, opened, now, listed_at)
    lot = next(lot for lot in opened.value["lots"] if lot["record"]["lot"] == record["lot"])
    goods = lot.get("goods", {})
    try:
        authority(record, lot["record"], opened.trust)
    except Undecided:
        verdict.miss("KEY_SUSPECT")
    except Fault:
        verdict.fail("AUTHORITY_FAILURE")
    others = [one["quantity"] for one in opened.value["certificateRecords"]
              if one["lot"] == record["lot"]]
    lay_goods(verdict, goods, max(others))
    verdict.unfit = is_over(record, lot["record"], goods.get("inherited"), now)
    try:
        clear = bits_agree(record, listed["statusIndex"], listed)
        seen = witnessed(opened.trust, opened.value["checkpoint"])[0]
        behind = (seen or seconds(listed_at)) - seconds(listed_at)
        stopped = status(record.get("events", []), now) in ("withdraw", "suspend")
        if policy != "shop" and not stopped and (not clear or behind > INDEX_AGE_SECONDS):
            verdict.miss("TRY_LATER")
    except Fault:
        verdict.fail("LOG_PROOF_FAILURE")
    return verdict.end()[0]


def told(opened, policy, now):
    value, places = opened.value, opened.manifest["places"]
    index = places.get("statusIndex")
    listed_at = opened.manifest["issuedAt"] if index is None else entry_at(opened.entries, index).at
    report, why = of_shipment(opened, policy, now, listed_at)
    records = value["certificateRecords"]
    codes = [of_certificate(opened, record, policy, now, listed_at) for record in records]
    counted = [code for code, record in zip(codes, records) if not gave_way(record, now)]
    unfit = "voided" in value["shipment"] or any(barred(lot, now) for lot in value["lots"])
    worst = min([report, *counted, 4 * unfit], key=WORST_FIRST.index)
    sent = {lot["record"]["lot"]: lot["sent"] for lot in value["lots"]}
    return {"exitCode": worst, "subIndication": why, "certificates": codes,
            "state": value["shipment"]["state"], "sent": sent}


def verdicts(data, trust, root, now, policies):
    """By policy what is told, and why."""
    try:
        opened = Opened(data, trust, root, FORM)
        under("HASH_FAILURE", follows, opened)
        return {policy: told(opened, policy, now) for policy in policies}, "ok"
    except Fault as fault:
        code, why = ended(fault)
        none = {"exitCode": code, "subIndication": why, "certificates": [], "state": None, "sent": {}}
        return {policy: none for policy in policies}, fault.args[0]


def follows(opened):
    try:
        derived(opened)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as fault:
        raise Fault(f"rests on what is not there: {fault!r}") from None


def run(case, folder):
    """Agrees with what is kept under every policy."""
    data, trust = ((folder / case[name]).read_bytes() for name in ("file", "trust"))
    found, why = verdicts(data, trust, case["root"], case["at"], case["expect"])
    for policy, kept in case["expect"].items():
        need(found[policy] == kept, f"{policy}: {found[policy]} ({why}), not {kept}")
