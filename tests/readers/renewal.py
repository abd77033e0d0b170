"""What edition 3 asks of certificates and recalls: a chain of renewals counts once, a renewal lifts
nothing, a recall says what to do. Source: docs/FORMAT.md section 4.5.
Not here: who may sign what, beyond what the vectors need."""

from common import need
from statement import short_name

SKEW, NOTICE_MAX = 300, 300


class Certificate:
    def __init__(self, document, at):
        subject = document["credentialSubject"]
        product = subject["conformityAssessment"][0]["assessedProduct"][0]["product"]
        old = subject["batchCertificate"].get("supersedes")
        self.old = int(old.rsplit("/", 1)[1]) if old else None
        self.issuer, self.lot = document["issuer"]["id"], product["id"]
        self.scheme = subject["referenceScheme"]["id"]
        self.quantity = subject["batchCertificate"]["quantity"]
        self.first, self.last = document["validFrom"], document["validUntil"]
        self.since = max(self.first, at)
        self.next, self.changes = None, []

    def status(self):
        """By its changes alone: `withdraw` stands, else the last one."""
        return "withdraw" if "withdraw" in self.changes else (self.changes or [None])[-1]


class Goods:
    def __init__(self):
        self.lots, self.certificates, self.recalls = {}, {}, {}

    def chains(self, lot, scheme):
        """First serials of the chains, by serial."""
        first = {}
        for serial, known in self.certificates.items():
            if (known.lot, known.scheme) == (lot, scheme):
                first[serial] = first.get(known.old, serial)
        return first

    def certified(self, new, at):
        """Each chain once: the largest of those that have not given way, and the new one."""
        first, largest = self.chains(new.lot, new.scheme), {}
        for serial, chain in first.items():
            known = self.certificates[serial]
            gone = known.next is not None and self.certificates[known.next].since <= at
            if known.status() != "withdraw" and not gone:
                largest[chain] = max(largest.get(chain, 0), known.quantity)
        chain = first.get(new.old, "new")
        if new.since <= at:
            largest[chain] = 0
        largest[chain] = max(largest.get(chain, 0), new.quantity)
        return sum(largest.values())

    def certificate(self, document, at):
        new = Certificate(document, at)
        if new.old is not None:
            need(new.old in self.certificates, "certificate_unknown")
            old = self.certificates[new.old]
            same = (old.issuer, old.lot, old.scheme) == (new.issuer, new.lot, new.scheme)
            stands = old.next is None and old.status() not in ("withdraw", "suspend")
            need(same and stands and new.last >= at, "not_renewable")
        need(self.certified(new, at) <= self.lots.get(new.lot, 0), "quantity_exceeded")

    def judge(self, document, kind, at, edition):
        if edition < 3:
            return
        subject = document["credentialSubject"]
        if kind == "DigitalConformityCredential":
            self.certificate(document, at)
        if subject.get("statusChange") == "recall":
            notice = subject.get("notice", {})
            told = all(any(letter.isalpha() for letter in notice.get(language, ""))
                       for language in ("fr", "ar"))
            need(told and all(len(text) <= NOTICE_MAX for text in notice.values()), "notice_missing")
        if subject.get("reason") == "wrong-lot":
            need(short_name(document["issuer"]["id"]) == "authority", "not_authorised")
            need(self.recalls.get(subject["of"]) == "stands", "status_order")

    def fold(self, document, kind, at):
        subject = document["credentialSubject"]
        if kind == "DigitalProductPassport":
            self.lots[subject["id"]] = subject["lotDeclaration"]["quantity"]
        if kind == "DigitalConformityCredential":
            serial, new = int(document["id"].rsplit("/", 1)[1]), Certificate(document, at)
            self.certificates[serial] = new
            if new.old is not None:
                self.certificates[new.old].next = serial
        if subject.get("statusChange") == "recall":
            self.recalls[document["id"]] = "stands"
        if subject.get("reason") == "wrong-lot":
            self.recalls[subject["of"]] = "void"
        if kind == "StatusChange" and "/certificates/" in subject["id"]:
            known = self.certificates.get(int(subject["id"].rsplit("/", 1)[1]))
            if known:
                known.changes.append(subject["statusChange"])
