"""A log that traces goods, statement by statement: the figures of every lot that each one changes, and
what is refused, with its code. Source: docs/FORMAT.md sections 1.8, 4.2, 4.4 and 4.5. The figures are
those of `figures`; here stand the rules that an audit of figures does not ask for. Not here: forms
of texts, serials and ids (register), who is accredited for what."""

import base64
import json
import re

from balance import told
from common import Fault, need, signed, unmultikey
from figures import Broken
from figures import need as figure
from figures.papers import in_effect
from figures.replay import World
from figures.tiles import lot_key, party
from statement import read

# What may be done with goods that are held, and with those that are recalled.
ALWAYS = {"loss", "sample", "destroy", "receive", "observe", "void", "settle", "unpack"}


class Register(World):
    """Refuses with a code what the rules forbid."""

    def __init__(self, root, host):
        super().__init__()
        name = "did:web:" + host.replace(":", "%3A")
        self.methods = {name + "#root": unmultikey(root)}
        self.letters, self.prices, self.parts = {}, {}, {}

    def take(self, index, now, document):
        code = "event_exists" if "TraceabilityEvent" in document["type"] else "id_taken"
        figure(document["id"] not in self.entry_of, "another has this id", None, code)
        super().take(index, now, document)

    # --- status

    def barred(self, subject):
        """Goods that are held or recalled, themselves or by descent, do not move on."""
        if subject["kind"] in ALWAYS or subject.get("purpose") == "recall-return":
            return
        inherited = self.inherited()
        rows = subject.get("lots", []) + subject.get("inputs", [])
        keys = [lot_key(row["lot"]) for row in rows] + [
            lot.key for lot in self.units.goods(subject.get("units", []))]
        words = {word for key in keys for word in
                 (self.papers.status(("lot", key), self.now), inherited.get(key))}
        figure("recalled" not in words, "recalled", None, "lot_recalled")
        figure("held" not in words, "held", None, "lot_held")

    def hides_nothing(self, document, subject):
        """What is said of goods is not put aside by undoing how they came to be; what a rule held goes
        with its entry."""
        if subject["kind"] != "void" or party(document["issuer"]["id"]) == "authority":
            return
        undone, declared = self.events.get(subject["of"]), self.declared_by(subject["of"])
        emptied = [declared] if declared else [lot.key for lot in undone.filled] if undone else []
        for key in emptied:
            change = in_effect(self.papers.changes.get(("lot", key), []), self.now)
            word = change and change.by != "rule" and change.word
            figure(word != "recall", "recalled", None, "lot_recalled")
            figure(word != "hold", "held", None, "lot_held")
        if undone and undone.kind == "receive":
            inherited = self.inherited()
            for row in undone.subject["lots"]:
                key = lot_key(row["lot"])
                words = (self.papers.status(("lot", key), self.now), inherited.get(key))
                figure(not row["accepted"] or "recalled" not in words, "recalled", None, "lot_recalled")

    def take_StatusChange(self, index, now, document, subject):
        by, lifts = party(document["issuer"]["id"]), subject.get("lifts", [])
        for address in lifts:
            laid = self.papers.about.get(self.entry_of.get(address), [])
            final = any(change.word == "recall" for change in laid)
            own = not final and all(change.by == by for change in laid)
            may = by == "authority" or own
            figure(may, "not lifted by who laid it", None, "not_authorised")
        super().take_StatusChange(index, now, document, subject)

    # --- events

    def take_TraceabilityEvent(self, index, now, document, subject):
        named = subject.get("mandate")
        if named:
            letter, by = self.letters.get(named), party(document["issuer"]["id"])
            act = "receive" if subject["kind"] == "receive" else "ship"
            may = letter and party(letter["to"]) == by and act in letter["acts"]
            figure(may and now[:10] <= letter["until"], "not let to", None, "not_mandated")
        self.barred(subject)
        self.hides_nothing(document, subject)
        if subject.get("from") == "out":
            for row in subject["lots"]:
                lot, holder = self.lot(row["lot"]), self.whose(document, named)
                left = lot.gone(holder) - lot.recovered.get(holder, 0)
                what = f"{row['quantity']} brought back, {left} were put out"
                figure(row["quantity"] <= left, what, lot, "insufficient")
        super().take_TraceabilityEvent(index, now, document, subject)

    def take_Mandate(self, index, now, document, subject):
        super().take_Mandate(index, now, document, subject)
        self.letters[document["id"]] = subject

    # --- papers

    def take_CertificateExtract(self, index, now, document, subject):
        """Parts of a certificate, over all its holders; and of a consignment, what was shipped."""
        lot, ship = self.lot(subject["lot"]), self.event(subject["consignment"])
        serial = int(subject["id"].rsplit("/", 1)[1])
        certified = self.papers.certificates[serial].quantity
        for about, most in (((serial,), certified),
                            ((ship.subject["id"], lot.key), ship.sent.get(lot, 0))):
            total = self.parts.get(about, 0) + subject["quantity"]
            figure(total <= most, f"{total} of at most {most}", lot, "extract_exceeded")
        for about in ((serial,), (ship.subject["id"], lot.key)):
            self.parts[about] = self.parts.get(about, 0) + subject["quantity"]

    def take_PricePaid(self, index, now, document, subject):
        lot, ship = self.lot(subject["id"]), self.event(subject["ship"])
        terms = {name: value for name, value in subject.items() if name != "confirms"}
        if "confirms" in subject:
            stated = self.prices.get(subject["confirms"])
            figure(stated and stated["terms"] == terms, "other terms", lot, "terms_differ")
            stated["word"] = "confirmed"
            return
        receipt = ship.answer
        row = next((row for row in receipt.subject["lots"] if self.lot(row["lot"]) is lot), None)
        paid = sum(one["terms"]["quantity"] for one in self.prices.values()
                   if one["terms"]["ship"] == subject["ship"] and one["terms"]["id"] == subject["id"])
        total, most = paid + subject["quantity"], row["accepted"] if row else 0
        figure(total <= most, f"{total} paid, {most} accepted", lot, "price_exceeded")
        self.prices[document["id"]] = {"terms": terms, "word": "one-sided", "of": ship.issuer}

    def price_word(self, lot):
        """Of the first sale by its producer."""
        found = [one["word"] for one in self.prices.values()
                 if lot_key(one["terms"]["id"]) == lot.key and one["of"] == lot.producer]
        return found[0] if found else "none"

    def take_KeyChange(self, index, now, document, subject):
        super().take_KeyChange(index, now, document, subject)
        if subject.get("keyChange") == "key-added":
            key = unmultikey(subject["publicKeyMultibase"])
            self.methods[subject["verificationMethod"]] = key


# --- the cases

# By the name of a case: what was logged before it and with it.
LOGS = {}


def folded(case, log):
    register = Register(case["root"], case["host"])
    for index, (now, value) in enumerate(log):
        register.take(index, now, value)
    return register


REGISTERS = {}


def numbers(text):
    return {int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)}


def run(case):
    """A register that goes on from the case before; one that is refused changes nothing, so it is
    judged on a register of its own."""
    before = LOGS[case["after"]] if case["after"] else []
    data, now = base64.b64decode(case["bytes"]), case["loggedAt"]
    register = REGISTERS.pop(case["after"], None) if case["expect"] == "ok" else None
    register = register or folded(case, before)
    _, _, message, signature, method = read(data, case["host"])
    need(method in register.methods, "unknown_key")
    need(signed(register.methods[method], signature, message), "signature_invalid")
    value = json.loads(data)
    try:
        register.take(len(before), now, value)
    except Broken as broken:
        if broken.code is None or not numbers(broken.what) <= numbers(case.get("says", "")):
            raise Fault(f"{broken.code}: {broken.what}") from None
        raise Fault(broken.code) from None
    inherited = register.inherited()
    for key, kept in case.get("lots", {}).items():
        lot = register.lots[key]
        found = {**told(register, lot, inherited), "price": register.price_word(lot)}
        wrong = {name: found.get(name) for name in kept if found.get(name) != kept[name]}
        need(not wrong, f"{key}: {wrong}")
    LOGS[case["name"]] = [*before, (now, value)]
    REGISTERS[case["name"]] = register
