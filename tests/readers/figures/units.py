"""Logistic units: what lies in which, and with whom. Source: docs/FORMAT.md section 1.8."""

from . import need


class Unit:
    """In use while it has a state of `filled` or `sent`."""

    def __init__(self, holder, lots, inside):
        self.holder, self.lots, self.inside = holder, dict(lots), set(inside)
        self.state, self.parent, self.changed = "filled", None, None

    def copy(self):
        other = Unit(self.holder, self.lots, self.inside)
        other.state, other.parent, other.changed = self.state, self.parent, self.changed
        return other


class Units:
    def __init__(self):
        self.known = {}

    def all_in(self, names):
        """These units and what lies in them, on all levels."""
        for name in names:
            yield name
            yield from self.all_in(self.known[name].inside)

    def goods(self, names):
        sums = {}
        for name in self.all_in(names):
            for lot, quantity in self.known[name].lots.items():
                sums[lot] = sums.get(lot, 0) + quantity
        return sums

    def before(self, names):
        """Copies to return to; of one that never was: nothing."""
        return {name: self.known[name].copy() if name in self.known else None for name in names}

    def restore(self, copies):
        for name, unit in copies.items():
            if unit is None:
                del self.known[name]
            else:
                self.known[name] = unit

    def at_hand(self, name, holder):
        unit = self.known.get(name)
        need(unit and unit.state == "filled" and unit.parent is None and unit.holder == holder,
             f"unit {name} is not at hand")
        return unit

    def touch(self, names, index):
        """The entry that changed them last."""
        for name in names:
            self.known[name].changed = index

    def as_left(self, name, holder, index):
        """Whether a unit is at hand as an entry left it."""
        unit = self.known.get(name)
        return bool(unit and unit.state == "filled" and unit.parent is None
                    and unit.holder == holder and unit.changed == index)

    def empty(self, names):
        for name in list(self.all_in(names)):
            unit = self.known[name]
            unit.lots, unit.inside, unit.parent, unit.state = {}, set(), None, "empty"

    def pack(self, name, holder, lots, inside):
        used = name in self.known and self.known[name].state != "empty"
        need(not used, f"unit {name} is in use", None, "sscc_in_use")
        for one in inside:
            self.at_hand(one, holder).parent = name
        self.known[name] = Unit(holder, lots, inside)

    def unpack(self, name, lots, inside):
        unit = self.known[name]
        for lot, quantity in lots.items():
            need(unit.lots.get(lot, 0) >= quantity, f"unit {name} holds less of it", lot)
            unit.lots[lot] -= quantity
            if not unit.lots[lot]:
                del unit.lots[lot]
        for one in inside:
            need(one in unit.inside, f"unit {one} is not in {name}")
            unit.inside.discard(one)
            self.known[one].parent = None
        if not unit.lots and not unit.inside:
            unit.state = "empty"

    def hand_over(self, names, holder, state):
        for name in names:
            self.known[name].state = state
        for name in self.all_in(names):
            self.known[name].holder = holder
