"""Certificates of operators: which lots one covers, and what of a harvest its volumes let count.
Source: docs/FORMAT.md section 4.4. A lot that a certificate or a draw makes use of a volume for
counts for good, in the first material of its chain."""

from . import need
from .papers import in_effect


class Operator:
    def __init__(self, document, index):
        subject = document["credentialSubject"]
        facts = subject["operatorCertificate"]
        self.index, self.serial = index, int(document["id"].rsplit("/", 1)[1])
        self.party = subject["issuedToParty"]["id"].split(":parties:")[1]
        self.issuer = document["issuer"]["id"].split(":parties:")[1]
        self.scheme = subject["referenceScheme"]["id"].rsplit("/", 1)[1]
        self.accreditation = subject["authorisation"][0]["endorsementEvidence"]["linkURL"]
        self.materials, self.regions = facts["materials"], facts["regions"]
        self.first = max(document["validFrom"][:10], facts["decisionDate"])
        self.last = document["validUntil"][:10]
        self.volumes = {(row["material"], row["campaign"]): row["quantity"]
                        for row in facts.get("volumes", [])}

    def is_about(self, lot, scheme):
        return (self.scheme == scheme and self.party == lot.producer
                and lot.material in self.materials and lot.region in self.regions
                and self.first <= lot.packed_on <= self.last)


class Volumes:
    """`world` has papers, capacity and lots."""

    def __init__(self, world):
        self.world = world
        # By (season, scheme) and lot what is used; what of it was used counts for ever.
        self.used = {}

    def about(self, lot, scheme):
        found = self.world.papers.operators.values()
        return [one for one in found if one.is_about(lot, scheme)][::-1]

    def covers(self, operator, lot, now):
        """Nothing had stopped it when the lot was declared and first filled, and its certifier is
        still there for it."""
        papers = self.world.papers
        entries = [(lot.index, lot.logged_at), *lot.first_fill()]
        if any(papers.stopped(operator.serial, at, index) for index, at in entries):
            return False
        whole = in_effect(papers.changes.get(("party", operator.issuer), []), now)
        terms = (operator.scheme, lot.material, lot.region)
        gone = whole and whole.word == "withdraw"
        return not gone and papers.in_scope(operator.accreditation, terms, now)

    def lets(self, lot, scheme, now):
        """Whether any lets a lot count now; while one is suspended, none does."""
        about = self.about(lot, scheme)
        stopped = {one.serial: self.world.papers.stopped(one.serial, now) for one in about}
        if "suspended" in stopped.values():
            return False
        return any(not stopped[one.serial] and self.covers(one, lot, now) for one in about)

    def fallen(self, lot, scheme, now):
        """What became of those about a lot: suspended now; withdrawn for fraud, or for anything else
        while no other lets it count."""
        papers = self.world.papers
        for one in self.about(lot, scheme):
            word, reasons = papers.stopped(one.serial, now), papers.withdrawn_on(one.serial, lot.packed_on)
            counts = "fraud-suspected" in reasons or reasons and not self.lets(lot, scheme, now)
            if word == "suspended" or word == "withdrawn" and counts:
                yield word

    def volume(self, season, scheme, now, named=None):
        """The newest figure of those not withdrawn, or named; at most the capacity."""
        party, material, campaign = season
        figures = [one.volumes[material, campaign]
                   for one in self.world.papers.operators.values()
                   if (one.scheme, one.party) == (scheme, party)
                   and (material, campaign) in one.volumes
                   and (one.serial == named
                        or self.world.papers.stopped(one.serial, now) != "withdrawn")]
        capacity = self.world.capacity.limit(party, material, campaign, now) or 0
        return min(figures[-1] if figures else 0, capacity)

    def room(self, lot, scheme, now, named=None):
        """(used by this lot and others, what the lot counts, the most it may use); None: it counts
        nothing."""
        if lot.key not in self.world.capacity.counted:
            return None
        season, counted = self.world.capacity.counted[lot.key]
        used = self.used.setdefault((season, scheme), {})
        others = sum(quantity for key, quantity in used.items() if key != lot.key)
        most = max(0, self.volume(season, scheme, now, named) - others)
        return used, counted, min(most, counted)

    def draw(self, lot, now):
        """What a harvest that is drawn from now is covered by, by scheme. It is used up then."""
        if lot.opening != "primary":
            return {}
        covers = {}
        schemes = {one.scheme for one in self.world.papers.operators.values()
                   if one.party == lot.producer}
        for scheme in sorted(schemes):
            room = self.lets(lot, scheme, now) and self.room(lot, scheme, now)
            if room:
                used, counted, most = room
                used[lot.key] = max(most, used.get(lot.key, 0))
                whole = most >= counted
                covers[scheme] = lot.declared if whole else most * lot.declared // counted
        return covers

    def certify(self, lot, scheme, total, operator, now):
        """All that is certified of a lot counts."""
        room = self.room(lot, scheme, now, operator)
        if operator is None or room is None:
            return
        used, counted, most = room
        needed = -(-total * counted // lot.declared)
        need(needed <= most, f"{needed} of a volume asked, {most} are left", lot,
             "volume_exceeded")
        used[lot.key] = max(needed, used.get(lot.key, 0))

    def undeclared(self, key):
        for used in self.used.values():
            used.pop(key, None)
