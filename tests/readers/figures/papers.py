"""What is said of lots and certificates: which certificates are in force when, what is held or
recalled, for how long, and what of it was lifted, confirmed or annulled since.
Source: docs/FORMAT.md sections 4, 4.1 and 4.2. Not here: windows of stolen keys."""

from datetime import datetime, timedelta

LOOSENS = {"reinstate", "release"}
FINAL = {"withdraw", "recall"}
CERTIFIER_DAYS, INSPECTOR_DAYS = 30, 14


def later(instant, **much):
    form = "%Y-%m-%dT%H:%M:%SZ"
    return (datetime.strptime(instant, form) + timedelta(**much)).strftime(form)


class Change:
    """A change of status of a lot, a certificate or a party. A rule of the ledger lays one too,
    with the entry that it judged."""

    def __init__(self, index, word, start, by, ends=None, reason=None):
        self.index, self.word, self.start, self.by, self.ends = index, word, start, by, ends
        self.reason = reason

    def holds(self, at):
        return self.start <= at and (self.ends is None or at < self.ends)


def in_effect(changes, at):
    """What is final stands whatever came after it; else the last word counts."""
    holding = [change for change in changes if change.holds(at)]
    final = [change for change in holding if change.word in FINAL]
    return (final[:1] or holding[-1:] or [None])[0]


class Certificate:
    def __init__(self, document, lot, issuer, logged_at):
        subject = document["credentialSubject"]
        facts = subject["batchCertificate"]
        self.lot, self.issuer, self.quantity = lot, issuer, facts["quantity"]
        self.method = document.get("proof", {}).get("verificationMethod")
        self.model = facts.get("custodyModel", "identity-preserved")
        self.first, self.last = document["validFrom"], document["validUntil"]
        criteria = subject["conformityAssessment"][0]["assessmentCriteria"]
        self.scheme = criteria[0]["id"].rsplit("/", 1)[1]
        self.accreditation = subject["authorisation"][0]["endorsementEvidence"]["linkURL"]
        self.operator, self.old = (
            int(facts[name].rsplit("/", 1)[1]) if facts.get(name) else None
            for name in ("operatorCertificate", "supersedes"))
        # From when it takes the place of `old`, and what takes its own.
        self.since, self.next = max(self.first, logged_at), None

    def gave_way(self, at):
        return self.next is not None and self.next.since <= at


class Papers:
    def __init__(self):
        # Of lots, and with `operators` those of operators, by serial.
        self.certificates, self.of_lot, self.operators = {}, {}, {}
        # Changes by what they are about: ("lot", key), ("certificate", serial), ("party", name).
        self.changes, self.about, self.narrowed, self.roles = {}, {}, {}, {}
        # By the entry of a release: (source, lot) pairs whose inheritance it lifts.
        self.lifted, self.annulled = {}, set()

    # --- changes of status

    def say(self, target, change):
        self.changes.setdefault(target, []).append(change)
        self.about.setdefault(change.index, []).append(change)

    def change_of(self, index, subject, by, producer, now, edition):
        """The change that a statement makes, with what edition 1 asks of it."""
        word, start, ends = subject["statusChange"], subject["effectiveFrom"], None
        if edition:
            start = max(start, now) if word in LOOSENS else start
            if word == "hold" and by not in ("authority", producer):
                inspects = self.roles.get(by) == "inspector"
                ends = later(now, days=INSPECTOR_DAYS if inspects else CERTIFIER_DAYS)
        return Change(index, word, start, by, ends, subject["reason"])

    def confirm(self, index, by):
        """The authority's word makes it stand for good."""
        for change in self.about.get(index, []):
            change.ends = None if by == "authority" else change.ends

    def annul(self, index):
        """As if never logged."""
        self.annulled.add(index)
        for changes in self.changes.values():
            changes[:] = [change for change in changes if change.index != index]

    def take_back(self, index):
        """What a rule held with an event that did not happen."""
        self.annul(index)

    def status(self, target, at):
        change = in_effect(self.changes.get(target, []), at)
        return {"hold": "held", "recall": "recalled"}.get(change and change.word, "released")

    def held_with(self, index, at):
        """The lots that an entry held or recalled, of those that still are."""
        return {target[1] for target, changes in self.changes.items() if target[0] == "lot"
                and any(change.index == index for change in changes)
                and self.status(target, at) != "released"}

    def reach_anew(self, source):
        for index, pairs in self.lifted.items():
            self.lifted[index] = {pair for pair in pairs if pair[0] != source}

    # --- certificates

    def certify(self, serial, certificate):
        self.certificates[serial] = certificate
        if certificate.old is not None:
            self.certificates[certificate.old].next = certificate
        self.of_lot.setdefault(certificate.lot.key, []).append(serial)

    def narrow(self, subject):
        """An accreditation ends, or covers less."""
        ended = subject["scopeChange"] == "withdraw" and subject["reason"] != "ceased"
        if ended or subject["scopeChange"] == "narrow":
            terms = {} if ended else scope(subject["narrowedTo"])
            told = self.narrowed.setdefault(subject["accreditationId"], [])
            told.append((subject["effectiveFrom"], terms))

    def word_of(self, serial, at):
        """`withdrawn` of what ended for good, `in-force` of what counts."""
        found = self.certificates[serial]
        stopped = self.stopped(serial, at)
        if stopped or found.gave_way(at):
            return stopped or "superseded"
        whole = in_effect(self.changes.get(("party", found.issuer), []), at)
        if not found.first <= at <= found.last or whole and whole.word == "withdraw":
            return "not-in-force"
        terms = (found.scheme, found.lot.material, found.lot.region)
        return "in-force" if self.in_scope(found.accreditation, terms, at) else "not-in-force"

    def stopped(self, serial, at, known_before=None):
        """`withdrawn` or `suspended`, by what was logged before an entry; None: neither."""
        changes = self.changes.get(("certificate", serial), [])
        if known_before is not None:
            changes = [change for change in changes if change.index < known_before]
        change = in_effect(changes, at)
        words = {"withdraw": "withdrawn", "suspend": "suspended"}
        return words.get(change and change.word)

    def withdrawn_on(self, serial, day):
        """The reasons of withdrawals from a day on or from before it."""
        return {change.reason for change in self.changes.get(("certificate", serial), [])
                if change.word == "withdraw" and change.start[:10] <= day}

    def fallen(self, key, scheme, at):
        """What became of a lot's certificates that ended, unless another of the scheme is in force
        for as much."""
        known = [serial for serial in self.of_lot.get(key, [])
                 if self.certificates[serial].scheme == scheme]
        quantity = {serial: self.certificates[serial].quantity for serial in known}
        stands = max((quantity[serial] for serial in known
                      if self.word_of(serial, at) == "in-force"), default=0)
        return {self.stopped(serial, at) for serial in known if quantity[serial] > stands} - {None}

    def in_scope(self, accreditation, terms, at):
        told = self.narrowed.get(accreditation, [])
        return all(covers(left, terms) for start, left in told if start <= at)

    def certified(self, key, at, ask=lambda word: word == "in-force"):
        """What certificates of a lot certify, by scheme."""
        sums = {}
        for serial in self.of_lot.get(key, []):
            if ask(self.word_of(serial, at)):
                found = self.certificates[serial]
                sums[found.scheme] = sums.get(found.scheme, 0) + found.quantity
        return sums

    def standing(self, key, at, new):
        """The same with one that is new, of all that were not withdrawn: a chain of renewals counts
        once, with the largest of those that have not given way."""
        largest = {(new.scheme, self.first_of(new)): new.quantity}
        for serial in self.of_lot.get(key, []):
            found = self.certificates[serial]
            gone = found.gave_way(at) or new.old == serial and new.since <= at
            if self.stopped(serial, at) != "withdrawn" and not gone:
                chain = (found.scheme, self.first_of(found))
                largest[chain] = max(largest.get(chain, 0), found.quantity)
        return sum(quantity for chain, quantity in largest.items() if chain[0] == new.scheme)

    def first_of(self, certificate):
        """The one that a chain of renewals began with."""
        while certificate.old is not None:
            certificate = self.certificates[certificate.old]
        return certificate


def scope(terms):
    """Ids by sort, of addresses `/schemes/ID`, `/products/ID`, `/regions/ID`."""
    found = {}
    for term in terms:
        sort, name = term.split("/")[-2:]
        found.setdefault(sort, set()).add(name)
    return found


def covers(left, terms):
    sorts = ("schemes", "products", "regions")
    return all({name, "all"} & left.get(sort, set()) for sort, name in zip(sorts, terms))


def numbers(ranges):
    """The serials of ranges `7`, `10-25`."""
    for text in ranges:
        first, _, last = text.partition("-")
        yield from range(int(first), int(last or first) + 1)
