"""The second reader does not pass by reading less: `python3 -m unittest test_reader`."""

import contextlib
import io
import json
import shutil
import tempfile
import unittest
from pathlib import Path

import consignment
import goods_log
import reader
import way_back

VECTORS = Path(__file__).resolve().parent.parent / "vectors"


def run(root):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        return reader.main(root), said.getvalue()


class Counts(unittest.TestCase):
    """Over the smallest folders alone, so that it costs nothing."""

    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.root, self.readers = Path(self.place.name), dict(reader.READERS)
        self.addCleanup(reader.READERS.update, self.readers)
        for name in self.readers:
            if name not in ("log/note", "label/unsigned"):
                del reader.READERS[name]
        for name in reader.READERS:
            shutil.copytree(VECTORS / name, self.root / name)
        self.counts = json.loads((VECTORS / "counts.json").read_text())
        self.write({name: self.counts[name] for name in reader.READERS})

    def write(self, counts):
        (self.root / "counts.json").write_text(json.dumps(counts))

    def test_all_of_them_pass(self):
        self.assertEqual(run(self.root)[0], 0)

    def test_one_that_is_gone_is_missed(self):
        next((self.root / "log/note").glob("*.json")).unlink()
        code, said = run(self.root)
        self.assertEqual((code, "log/note: 28 cases, 29 are counted" in said), (1, True), said)

    def test_a_folder_that_is_empty_or_gone_is_missed(self):
        for path in (self.root / "log/note").glob("*.json"):
            path.unlink()
        self.assertEqual(run(self.root)[0], 1)
        shutil.rmtree(self.root / "log")
        self.assertEqual(run(self.root)[0], 1)
        self.write({"label/unsigned": 14})
        self.assertEqual(run(self.root)[0], 1, "a reader without cases")

    def test_a_folder_that_nobody_reads_is_told(self):
        shutil.copytree(self.root / "log/note", self.root / "log/more")
        self.write({**json.loads((self.root / "counts.json").read_text()), "log/more": 29})
        code, said = run(self.root)
        self.assertEqual((code, "log/more: 29 cases" in said), (1, True), said)

    def test_another_outcome_is_told(self):
        path = self.root / "log/note/note_good.json"
        path.write_text(path.read_text().replace('"ok"', '"signature_refuted"'))
        code, said = run(self.root)
        self.assertEqual((code, "note_good.json: ok" in said), (1, True), said)


class Goods(unittest.TestCase):
    def cases(self):
        found = reader.cases_of(VECTORS / "register/goods").values()
        return [case for _, case in reader.in_order({case["name"]: case for case in found})]

    def test_one_figure_that_is_off_is_seen(self):
        goods_log.LOGS.clear(), goods_log.REGISTERS.clear()
        last = None
        for case in self.cases():
            if "H" in "".join(case.get("lots", {})) and case["lots"].get("coop/H"):
                last = case
                break
            reader.outcome(lambda case, _: goods_log.run(case), case, None)
        wrong = json.loads(json.dumps(last))
        wrong["lots"]["coop/H"]["declared"] += 1
        said = reader.outcome(lambda case, _: goods_log.run(case), wrong, None)
        self.assertIn("coop/H: {'declared'", said)

    def test_a_refusal_with_another_figure_is_seen(self):
        goods_log.LOGS.clear(), goods_log.REGISTERS.clear()
        for case in self.cases():
            if case["expect"] == "yield_exceeded":
                case = {**case, "says": case["says"].replace("26,710", "26,709")}
                said = reader.outcome(lambda case, _: goods_log.run(case), case, None)
                self.assertIn("at most 26710 can be", said)
                return
            reader.outcome(lambda case, _: goods_log.run(case), case, None)
        self.fail("no case of it")


class Reasons(unittest.TestCase):
    """Each tampered file is refused for what was done to it, and not for a fault of this reader."""

    WAY_BACK = {
        "event-dropped": "certified under", "event-swapped": "certified under",
        "quantity-changed": "inclusion_refuted", "filled-changed": "filled_differs",
        "custody-better": "custody_differs", "producer-changed": "producers_differ",
        "rulebook-left-out": "rulebook_differs", "rulebook-changed": "rulebook_differs",
        "operator-left-out": "does not cover it", "mandate-left-out": "no mandate lets it act",
        "hold-hidden": "inherited_hidden", "entry-removed": "member_differs"}
    CONSIGNMENT = {
        "event-dropped": "unit_short", "event-swapped": "unit_short",
        "quantity-changed": "inclusion_refuted", "quantity-stated": "does not hold it",
        "lot-dropped": "shipped and not told", "received-unsigned": "receipt_differs",
        "record-changed": "record_differs", "voided-unsigned": "void_differs",
        "taken-back-hidden": "void_differs", "hold-of-another": "inherited_differs",
        "opening-forged": "opening_differs", "entry-removed": "member_differs"}

    def told(self, module, folder, name):
        case = json.loads((VECTORS / folder / f"{name}.json").read_text())
        data, trust = ((VECTORS / folder / case[part]).read_bytes() for part in ("file", "trust"))
        return module.verdicts(data, trust, case["root"], case["at"], case["expect"])[1]

    def test_of_ways_back(self):
        for name, why in self.WAY_BACK.items():
            self.assertIn(why, self.told(way_back, "trace", name), name)

    def test_of_consignments(self):
        for name, why in self.CONSIGNMENT.items():
            self.assertIn(why, self.told(consignment, "consignment", name), name)


if __name__ == "__main__":
    unittest.main()
