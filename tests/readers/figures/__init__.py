"""The figures of goods, folded from the entries of a log alone, with arithmetic of its own: whole
numbers and exact fractions. Written from docs/FORMAT.md; shares no code with the ledger. Not here:
signatures, hashes, and who may say what: an audit asks for those."""


class Broken(Exception):
    """A figure that cannot be: what is wrong, of which lot, and the code of the rule if one has it."""

    def __init__(self, what, lot=None, code=None):
        super().__init__(what)
        self.what, self.lot, self.code = what, lot, code


def need(condition, what, lot=None, code=None):
    if not condition:
        raise Broken(what, lot, code)
