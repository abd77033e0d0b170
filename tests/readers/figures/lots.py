"""Lots and where their goods lie. Goods lie in places: free or packed with a holder, on their way
or in dispute under their shipper, consumed, out. An event moves quantities from place to place; a
fill brings new ones. Undone, it moves them back."""

from fractions import Fraction

from . import need

MODELS = ["identity-preserved", "segregated", "controlled-blending", "mass-balance"]
FREE, PACKED, TRANSIT, DISPUTED = "free", "packed", "inTransit", "disputed"
HELD = (FREE, PACKED, TRANSIT, DISPUTED)
CONSUMED = ("consumed",)
OUT = "out"


class Fill:
    """What one event filled a lot with, and what came along: cover by scheme, harvest by
    material."""

    def __init__(self, quantity, cover, harvest, model, sources, logged_at):
        self.logged_at = logged_at
        self.quantity, self.cover, self.harvest = quantity, cover, harvest
        self.model = model
        # The lots it comes from that opened full: two at most, enough to know that it is mixed.
        self.roots = frozenset(sorted(set().union(*(lot.roots() for lot in sources)))[:2])
        self.openings = frozenset().union(*(lot.openings() for lot in sources))
        days = [lot.harvested() for lot in sources]
        self.harvested = min((day for day in days if day), default=None)


class Lot:
    """`opening` is primary, declared (on its producer's word) or derived (filled by events)."""

    def __init__(self, key, subject, producer, opening, index):
        facts = subject["lotDeclaration"]
        self.key, self.producer, self.opening, self.index = key, producer, opening, index
        self.material, self.unit, self.region = facts["product"], facts["unit"], facts["region"]
        self.declared, self.pack_size = facts["quantity"], facts["packSize"]
        self.packed_on, self.logged_at = subject["productionDate"], None
        self.undeclared = False
        self.fills, self.places, self.recovered = {}, {}, {}
        self.closed_by, self.papers = set(), 0
        self.labelled = self.on_goods_left = 0
        self.label_schemes, self.claimed = set(), MODELS[0]
        if opening != "derived":
            self.places[(FREE, producer)] = self.declared

    # --- how much

    def first_fill(self):
        """(entry, log time) of the first that stands."""
        return [(index, self.fills[index].logged_at) for index in sorted(self.fills)][:1]

    def filled(self):
        if self.undeclared:
            return 0
        if self.opening != "derived":
            return self.declared
        return sum(fill.quantity for fill in self.fills.values())

    def at(self, place):
        return self.places.get(place, 0)

    def total(self, word):
        return sum(q for place, q in self.places.items() if place[0] == word)

    def left(self):
        return sum(self.total(word) for word in HELD)

    def is_closed(self):
        return bool(self.closed_by) or self.papers > 0

    def put(self, place, quantity):
        self.places[place] = self.at(place) + quantity
        if not self.places[place]:
            del self.places[place]

    def check(self):
        """Every quantity is somewhere, none is twice, none is less than nothing."""
        below = [place for place, quantity in self.places.items() if quantity < 0]
        need(not below, "less than nothing is {}".format("/".join(map(str, (below or [""])[0]))),
             self)
        parts = {word: self.total(word) for word in (*HELD, "consumed", OUT)}
        told = " + ".join(f"{quantity} {word}" for word, quantity in parts.items())
        filled = self.filled()
        need(filled == sum(parts.values()), f"{filled} filled, but {told}", self)
        need(filled <= self.declared, f"{filled} filled, {self.declared} declared", self)
        for holder, back in self.recovered.items():
            gone = self.gone(holder)
            need(0 <= back <= gone, f"{back} brought back of {gone} gone through {holder}", self)
        need(self.labelled <= filled, f"labels for {self.labelled} of {filled}", self)

    def gone(self, holder=None):
        """What left by a sale or to somebody outside."""
        return sum(q for place, q in self.places.items()
                   if place[:2] == (OUT, "gone") and holder in (None, place[3]))

    # --- from what

    def roots(self):
        if self.opening != "derived":
            return frozenset([self.key])
        return frozenset(sorted(set().union(*(fill.roots for fill in self.fills.values())))[:2])

    def openings(self):
        if self.opening != "derived":
            return frozenset([self.opening])
        return frozenset().union(*(fill.openings for fill in self.fills.values()))

    def origin_word(self):
        words = self.openings()
        if words == {"primary"}:
            return "traced"
        return "partly" if "primary" in words else "declared"

    def harvested(self):
        if self.opening == "primary":
            return self.packed_on
        days = [fill.harvested for fill in self.fills.values() if fill.harvested]
        return min(days, default=None)

    def model(self):
        """The weakest of what went in, segregated at most where several lots are mixed."""
        models = [fill.model for fill in self.fills.values()]
        models.append(MODELS[1] if len(self.roots()) > 1 else MODELS[0])
        return weakest(models)

    def handed_on(self):
        return weakest([self.model(), self.claimed])

    # --- what flows along

    def carried(self, member):
        sums = {}
        for fill in self.fills.values():
            for key, quantity in getattr(fill, member).items():
                sums[key] = sums.get(key, 0) + quantity
        return sums

    def cover(self, scheme):
        return self.carried("cover").get(scheme, 0)

    def share(self, scheme):
        return Fraction(self.cover(scheme), self.filled() or 1)


def weakest(models):
    return MODELS[max(map(MODELS.index, models))]
