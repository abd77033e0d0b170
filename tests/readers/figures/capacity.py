"""Which lots a season above capacity holds. Source: docs/FORMAT.md sections 4 and 4.2."""

from fractions import Fraction

from .papers import later

WAIT_HOURS, STEPS = 72, 16


class Capacity:
    def __init__(self):
        # (party, material) -> campaign -> [(quantity, counts from, stated by the authority)]
        self.figures, self.seasons, self.parties = {}, {}, set()
        # What a held lot counts once it is released; what each lot counts at all.
        self.waiting, self.counted = {}, {}

    def state(self, party, row, own, at_once, now):
        """A figure; one that raises another waits, unless it counts at once."""
        limit = self.limit(party, row["product"], row["campaign"], now)
        waits = not at_once and limit is not None and row["quantity"] > limit
        start = later(now, hours=WAIT_HOURS) if waits else now
        campaigns = self.figures.setdefault((party, row["product"]), {})
        campaigns.setdefault(row["campaign"], []).append((row["quantity"], start, own))

    def limit(self, party, material, campaign, now):
        """The authority's newest figure or a certifier's, whichever is less; nothing where only
        other campaigns have one; None where none has."""
        campaigns = self.figures.get((party, material), {})
        counting = {name: [row for row in rows if row[1] <= now]
                    for name, rows in campaigns.items()}
        if not any(counting.values()):
            return None
        own = counting.get(campaign, [])
        newest = [[row[0] for row in own if row[2] == by][-1:] for by in (True, False)]
        return min((figure for rows in newest for figure in rows), default=0)

    def declared(self, lot, campaign, rules, now):
        """Whether a new lot is held; what it counts is kept."""
        material, quantity = lot.material, lot.declared
        limit = None
        if rules.edition >= 2:
            if lot.opening == "derived":
                return False
            if lot.opening == "primary":
                material, quantity = first_of(rules, material, quantity)
                limit = self.limit(lot.producer, material, campaign, now) or 0
        if limit is None:
            limit = self.limit(lot.producer, material, campaign, now)
        season = (lot.producer, material, campaign)
        total = self.seasons.get(season, 0) + quantity
        held = limit is not None and total > limit
        self.counted[lot.key] = (season, quantity)
        if held and rules.edition > 0:
            self.waiting[lot.key] = (season, quantity)
        else:
            self.seasons[season] = total
        return held

    def released(self, key):
        if key in self.waiting:
            season, quantity = self.waiting.pop(key)
            self.seasons[season] = self.seasons.get(season, 0) + quantity

    def undeclared(self, key):
        waits = self.waiting.pop(key, None)
        if key in self.counted and not waits:
            season, quantity = self.counted[key]
            self.seasons[season] -= quantity


def first_of(rules, material, quantity):
    """The material a harvest began as, and how much of it was needed at the least: a chain's share
    where there is one, else the recipes' ceilings, rounded up at each step."""
    seen = {material}
    for _ in range(STEPS):
        chains = [(row["from"], Fraction(*row["hold"])) for row in rules.of("chains")
                  if row["to"] == material]
        steps = [(row["from"], Fraction(*row["ceiling"])) for row in rules.ratios()
                 if row["to"] == material and row["from"] != material]
        ways = chains or steps
        if not ways:
            break
        material, share = min(ways, key=lambda way: way[0])
        quantity = -(-quantity * share.denominator // share.numerator)
        if material in seen:
            break
        seen.add(material)
    return material, quantity
