"""The rulebook in force: what recipes give at most, whose cover is kept, what may be missing, how
long a material keeps. Source: docs/FORMAT.md section 1.8."""

from fractions import Fraction
from functools import lru_cache

from .catalogue import COVERED, DERIVED, EITHER, PRIMARY
from . import need

BUILT_IN = {"group", "split", "pack-off"}
TOLERANCE, DECLARE_WITHIN, STEPS = 5, 60, 16
# Four years of 48 months.
DAYS_OF_48_MONTHS = 1461


class Rules:
    """All lists come anew with each rulebook; materials and when they are traced are kept."""

    def __init__(self):
        self.edition, self.since = 0, None
        self.lists, self.added, self.traced = {}, {}, {}
        self.gives = lru_cache(maxsize=None)(self.most_of)

    def put(self, subject, now):
        self.edition = subject["edition"]
        if self.edition < 2:
            return
        self.lists = subject
        self.since = self.since or now
        self.added.update((row["id"], row["origin"]) for row in self.of("materials"))
        self.traced.update((row["material"], row["at"]) for row in self.of("tracedFrom"))
        self.gives.cache_clear()

    def of(self, name):
        return self.lists.get(name, [])

    def row(self, name, material):
        return next((row for row in self.of(name) if row["material"] == material), {})

    # --- materials

    def origin(self, material):
        known = {"primary": PRIMARY, "derived": DERIVED, "either": EITHER}
        of_catalogue = (word for word, ids in known.items() if material in ids)
        return next(of_catalogue, self.added.get(material))

    def traced_from(self, material):
        """Log time from which on a material is traced; None: nothing is yet."""
        return self.traced.get(material, self.since)

    def tolerance(self, material):
        return self.row("tolerances", material).get("perMille", TOLERANCE)

    def keeps_days(self, material):
        months = self.row("keeping", material).get("keeps", 0)
        return -(-months * DAYS_OF_48_MONTHS // 48)

    def declare_within(self, material):
        return self.row("keeping", material).get("declareWithin", DECLARE_WITHIN)

    # --- schemes

    def least(self, scheme):
        """The covered share in per mille below which nothing is certified; None: no cover kept."""
        stated = (row for row in self.of("coveredSchemes") if row["scheme"] == scheme)
        for row in stated:
            return row.get("least", 1000)
        left_out = any(row["scheme"] == scheme for row in self.of("uncovered"))
        return 1000 if scheme in COVERED and self.since and not left_out else None

    # --- recipes

    def recipe(self, name):
        if name in BUILT_IN:
            return None
        found = next((row for row in self.of("recipes") if row["id"] == name), None)
        need(found, f"no recipe {name} in the rulebook in force", None, "recipe_unknown")
        return found

    def ratios(self):
        return (ratio for recipe in self.of("recipes") for ratio in recipe["ratios"])

    def hold(self, start, end):
        rows = (row for row in self.of("chains") if (row["from"], row["to"]) == (start, end))
        return next((Fraction(*row["hold"]) for row in rows), None)

    def most_of(self, start, end, steps=STEPS):
        """What one unit of a material gives of another at most, over all ways: what a chain says,
        else the most generous recipes. None: no way."""
        if start == end:
            return Fraction(1)
        held = self.hold(start, end)
        if held is not None or not steps:
            return held
        ways = []
        for ratio in self.ratios():
            if ratio["from"] == start:
                behind = self.gives(ratio["to"], end, steps - 1)
                if behind is not None:
                    ways.append(Fraction(*ratio["ceiling"]) * behind)
        return max(ways, default=None)

    def chained(self):
        """Materials that some chain ends in."""
        return {row["to"] for row in self.of("chains")}

    def is_origin(self, material):
        """Whether what was harvested of it is counted down to the end of some chain."""
        return any(self.gives(material, end) is not None for end in self.chained())


def together(recipe, material):
    """The outputs that spend one ceiling with this one."""
    groups = recipe.get("shares", []) if recipe else []
    return set(next((group for group in groups if material in group), [material]))


def most(recipe, drawn, material, member):
    """Floored once for each input material."""
    if recipe is None:
        return drawn.get(material, 0)
    given = 0
    for ratio in recipe["ratios"]:
        if ratio["to"] == material:
            n, d = ratio.get(member, ratio["ceiling"])
            given += drawn.get(ratio["from"], 0) * n // d
    return given


def above(recipe, drawn, made, member):
    """Output materials above what the inputs give, with what they give."""
    over = {}
    for material, asked in made.items():
        given = most(recipe, drawn, material, member)
        group = sorted(together(recipe, material) & set(made))
        spent = sum(Fraction(made[one], max(1, most(recipe, drawn, one, member)))
                    for one in group)
        if asked > given or len(group) > 1 and spent > 1:
            over[material] = given
    return over


def judge_materials(recipe, drawn, made):
    if recipe is None:
        need(len(set(drawn) | set(made)) == 1, "a built-in recipe makes no other material",
             None, "recipe_mismatch")
        return
    inputs = {ratio["from"] for ratio in recipe["ratios"]} | set(recipe.get("minor", []))
    outputs = {ratio["to"] for ratio in recipe["ratios"]}
    foreign = (set(drawn) - inputs) | (set(made) - outputs)
    told = f"not of recipe {recipe['id']}: {', '.join(sorted(foreign))}"
    need(not foreign, told, None, "recipe_mismatch")
