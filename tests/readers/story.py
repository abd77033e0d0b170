"""A log made by hand, for tests of the figures: statements of the forms in docs/FORMAT.md, not
signed, in leaves and tiles as an export holds them."""

import base64
import hashlib
import json
from datetime import datetime, timedelta

from figures.catalogue import COVERED
from figures.replay import replay
from figures.tiles import WIDTH, bundle_path

HOST = "ledger.example"
FORM = "%Y-%m-%dT%H:%M:%SZ"


def did(who):
    return f"did:web:{HOST}" + ("" if who == "authority" else f":parties:{who}")


def lot_url(key):
    owner, number = key.split("/")
    return f"https://{HOST}/" + (f"01/{owner}/10/{number}" if owner.isdigit()
                                 else f"lot/{owner}/{number}")


def unit_url(key):
    return f"https://{HOST}/" + (f"00/{key}" if "/" not in key else f"unit/{key}")


def lines(lots):
    """By address, as lists stand."""
    rows = [{"lot": lot_url(key), "quantity": quantity} for key, quantity in lots.items()]
    return sorted(rows, key=lambda row: row["lot"])


class Story:
    """Each method logs one statement, a minute after the one before, and returns its id."""

    def __init__(self, rules=None):
        self.entries, self.now, self.next = [], datetime(2026, 6, 1, 8), 0
        self.party("authority", "authority")
        self.rulebook(rules or {})

    def at(self, day):
        self.now = datetime.strptime(day + "T08:00:00Z", "%Y-%m-%dT%H:%M:%SZ")
        return self

    def say(self, who, kind, subject, key="key-1", **more):
        self.now += timedelta(minutes=1)
        self.next += 1
        at = self.now.strftime(FORM)
        document = {"id": f"https://{HOST}/statements/{self.next:026}",
                    "issuer": {"id": did(who), "name": who}, "type": [kind, "VerifiableCredential"],
                    "credentialSubject": subject, "validFrom": at,
                    "proof": {"verificationMethod": f"{did(who)}#{key}"}, **more}
        self.entries.append((at, document))
        return document["id"]

    def party(self, who, role, **registration):
        key = "root" if who == "authority" else "registrar-1"
        facts = {"role": role, "region": "MA-09", **registration}
        return self.say("authority", "DigitalIdentityAnchor",
                        {"id": did(who), "registration": facts}, key)

    def rulebook(self, rules, edition=2):
        self.version = getattr(self, "version", 0) + 1
        return self.say("authority", "Rulebook", {"id": f"https://{HOST}/rulebook",
                                                  "version": self.version, "edition": edition,
                                                  **rules})

    def lot(self, key, material, quantity, who="coop", packed=None, unit="GRM", pack=250, **facts):
        packed = packed or self.now.strftime("%Y-%m-%d")
        url = lot_url(key)
        subject = {"id": url, "productionDate": packed, "lotDeclaration": {
            "campaign": packed[:4], "packSize": pack, "product": material, "quantity": quantity,
            "region": "MA-09", "unit": unit, **facts}}
        return self.say(who, "DigitalProductPassport", subject,
                        id=url.replace(HOST, HOST + "/declarations"))

    def event(self, who, kind, **members):
        self.next += 1
        url = f"https://{HOST}/events/{who}/{self.next:026}"
        at = self.now.strftime(FORM)
        return self.say(who, "TraceabilityEvent", {"id": url, "kind": kind, "at": at,
                                                   "offset": "+00:00", **members}, id=url)

    def transform(self, who, recipe, inputs, outputs):
        return self.event(who, "transform", recipe=recipe, inputs=lines(inputs),
                          outputs=lines(outputs))

    def ship(self, who, to, lots=None, units=(), purpose="sale"):
        to = {"commitment": "u" + "A" * 43, "country": "FR"} if to is None else did(to)
        members = {"lots": lines(lots or {}), "units": sorted(map(unit_url, units))}
        return self.event(who, "ship", to=to, purpose=purpose,
                          **{name: rows for name, rows in members.items() if rows})

    def receive(self, who, of, lots):
        """By lot (accepted, refused, missing)."""
        rows = [{"lot": lot_url(key), "accepted": a, "refused": r, "missing": m}
                for key, (a, r, m) in sorted(lots.items())]
        lacks = any(row["refused"] or row["missing"] for row in rows)
        return self.event(who, "receive", of=of, lots=rows,
                          discrepancy="short" if lacks else "none")

    def settle(self, who, of, how, lots):
        rows = [{**row, "as": how} for row in lines(lots)]
        return self.event(who, "settle", of=of, lots=rows)

    def pack(self, who, unit, lots=None, units=(), kind="pack"):
        members = {"lots": lines(lots or {}), "units": sorted(map(unit_url, units))}
        return self.event(who, kind, unit=unit_url(unit),
                          **{name: rows for name, rows in members.items() if rows})

    def leave(self, who, kind, word, lots, **more):
        name = "channel" if kind == "out" else "cause"
        return self.event(who, kind, lots=lines(lots), **{name: word}, **more)

    def price(self, who, key, ship, buyer, quantity, terms, confirms=None):
        """`terms` are currency, amount and premium; who confirms says the seller's words."""
        seller = key.split("/")[0]
        subject = {"id": lot_url(key), "ship": ship, "seller": did(seller), "buyer": did(buyer),
                   "scheme": "fairtrade", "quantity": quantity, "basis": "ex-works",
                   "paidOn": self.now.strftime("%Y-%m-%d"), "invoice": "u" + "B" * 43,
                   **dict(zip(("currency", "amount", "premium"), terms)),
                   **({"confirms": confirms} if confirms else {})}
        return self.say(who, "PricePaid", subject)

    def void(self, who, of):
        return self.event(who, "void", of=of, reason="incorrect-data")

    def certify(self, serial, key, quantity, scheme="bio-maroc", who="atlas", **facts):
        world = replay((index, *entry) for index, entry in enumerate(self.entries))[0]
        lot = world.lots[key]
        if world.rules.since and lot.opening != "declared" and scheme in COVERED:
            facts["operatorCertificate"] = self.rests_on(world, lot, quantity, scheme)
        subject = {
            "batchCertificate": {"quantity": quantity, "custodyModel": "segregated", **facts},
            "authorisation": [{"endorsementEvidence": {"linkURL": f"https://{HOST}/given"}}],
            "conformityAssessment": [{
                "assessedProduct": [{"product": {"id": lot_url(key)}}],
                "assessmentCriteria": [{"id": f"https://{HOST}/schemes/{scheme}"}]}]}
        return self.say(who, "DigitalConformityCredential", subject,
                        id=f"https://{HOST}/certificates/{serial}",
                        validUntil="2029-12-31T23:59:59Z")

    def rests_on(self, world, lot, quantity, scheme):
        """A new certificate of the lot's producer, for what certified lots needed and this one."""
        volumes = {}
        for operator in world.papers.operators.values():
            if (operator.party, operator.scheme) == (lot.producer, scheme):
                volumes = dict(operator.volumes)
        if lot.key in world.capacity.counted:
            (_, *season), counted = world.capacity.counted[lot.key]
            needed = -(-counted * quantity // lot.declared)
            volumes[tuple(season)] = volumes.get(tuple(season), 0) + needed
        return self.operator(1_000 + len(world.papers.operators), lot.producer, scheme, volumes,
                             sorted({one.material for one in world.lots.values()}))

    def operator(self, serial, party, scheme, volumes, materials, decided="2026-06-01"):
        """`volumes` by material and campaign."""
        rows = [{"material": material, "campaign": campaign, "quantity": quantity}
                for (material, campaign), quantity in sorted(volumes.items())]
        subject = {
            "issuedToParty": {"id": did(party)},
            "referenceScheme": {"id": f"https://{HOST}/schemes/{scheme}"},
            "authorisation": [{"endorsementEvidence": {"linkURL": f"https://{HOST}/given"}}],
            "operatorCertificate": {"materials": materials, "regions": ["MA-09"],
                                    "decisionDate": decided, "volumes": rows}}
        url = f"https://{HOST}/certificates/{serial}"
        self.say("atlas", "DigitalConformityCredential", subject, id=url,
                 validFrom=f"{decided}T00:00:00Z", validUntil="2029-12-31T23:59:59Z")
        return url

    def status(self, who, about, word, **more):
        start = self.now.strftime(FORM)
        return self.say(who, "StatusChange", {"id": about, "statusChange": word, "reason": "safety",
                                              "effectiveFrom": start, **more})

    def labels(self, key, count):
        return self.say("authority", "LabelIssue", {"id": lot_url(key), "count": count,
                                                    "verificationMethod": did("x") + "#label-1"})

    # --- as an export holds it

    def leaves(self):
        prev, found = hashlib.sha256(f"{HOST}/log\n".encode()).digest(), []
        for index, (at, document) in enumerate(self.entries):
            entry = {"index": index, "loggedAt": at, "prev": base64.b64encode(prev).decode(),
                     "statement": document}
            leaf = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            found.append(leaf.encode())
            prev = hashlib.sha256(b"\0" + found[-1]).digest()
        return found

    def write(self, folder):
        leaves = self.leaves()
        for first in range(0, len(leaves), WIDTH):
            part = leaves[first:first + WIDTH]
            path = bundle_path(folder / "log", first // WIDTH, len(part))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in part))
        (folder / "log" / "checkpoint").write_text(f"{HOST}/log\n{len(leaves)}\nroot\n")

