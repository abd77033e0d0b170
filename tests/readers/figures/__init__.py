"""The figures of goods, folded from the entries of a log alone, with arithmetic of its own: whole
numbers and exact fractions. Written from docs/FORMAT.md; shares no code with the ledger. Not here:
signatures, hashes, and who may say what: an audit asks for those."""


class Broken(Exception):
    """A figure that cannot be: what is wrong, and of which lot."""

    def __init__(self, what, lot=None):
        super().__init__(what)
        self.what, self.lot = what, lot


def need(condition, what, lot=None):
    if not condition:
        raise Broken(what, lot)
