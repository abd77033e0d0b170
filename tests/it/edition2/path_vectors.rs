//! Trace dossiers for any reader, in `tests/vectors/trace`: of lots whose goods were pressed, came
//! in units, went back and forth and moved in another's name; and what a service, or whoever hands
//! the file on, can do to them. Each with the verdict that every reader must come to.

use super::mandates::{ALL, mandate};
use super::told::{forged_of, judged, told};
use super::*;
use crate::dossier::story::Story;
use crate::kept;
use serde_json::json;
use tasdiq::names::{LotNumber, UnitKey};
use tasdiq::trust::Trust;
use tasdiq::verify::{CheckResult, Evidence, Policy, verify};

const FAIR: &str = "fairtrade";
const FOLDER: &str = "trace";

/// What the files are judged under: the oldest snapshot, since each file brings its own.
struct Kept {
    trust: Trust,
    root: String,
    cases: Vec<Value>,
}

/// What a file is meant to come to: exit code and sub-indication.
type Meant = (u8, Option<&'static str>);

const GOOD: Meant = (0, None);
const UNFIT: Meant = (4, None);
/// Records do not follow, or a member is another.
const OTHER: Meant = (1, Some("HASH_FAILURE"));

impl Kept {
    fn new(story: &Story) -> Self {
        let file = story.trust_file();
        kept::file(&format!("{FOLDER}/trust.snapshot"), &file);
        let trust = Trust::open(&file, None).unwrap();
        let root = trust.root.clone();
        Self { trust, root, cases: vec![] }
    }

    fn put(&mut self, story: &Story, (name, says): (&str, &str), bytes: &[u8], meant: Meant) {
        self.put_at(story.now.plus_seconds(60), (name, says), bytes, [meant; 3]);
    }

    fn put_at(
        &mut self,
        at: Timestamp,
        (name, says): (&str, &str),
        bytes: &[u8],
        meant: [Meant; 3],
    ) {
        let mut expect = serde_json::Map::new();
        for (policy, meant) in Policy::ALL.into_iter().zip(meant) {
            let report = verify(Evidence::Dossier(bytes), &self.trust, None, at, policy);
            let why = json!(report.authenticity.sub_indication);
            let found = (report.exit_code, why.as_str());
            assert_eq!(found, meant, "{name}: {:#?}", report.checks);
            let verdict = json!({"exitCode": found.0, "subIndication": why});
            expect.insert(policy.name().to_owned(), verdict);
        }
        let file = format!("{name}.tasdiq");
        kept::file(&format!("{FOLDER}/{file}"), bytes);
        self.cases.push(json!({
            "name": name, "says": says, "file": file, "trust": "trust.snapshot",
            "root": self.root, "at": at, "expect": expect,
        }));
    }
}

/// Kernels K, certified for all, pressed to oil O, which is certified; kernels L, of which some
/// went to the press in a unit and became its own oil P; kernels M, which `rival` declared and sent
/// in the name of `coop`, and of which some came back.
fn begun() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.kernels("coop/L", 50_000);
    goods.declared(&[("O", "argane", 30_000), ("S", "argane", 4_000)]);
    let (all, _) = goods.counted["coop/K"];
    goods.certify_coop(FAIR, all).unwrap();
    goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/O", 10_000)]).unwrap();
    goods.make("argan-press", &[("coop/K", 10_000)], &[("coop/O", 5_000)]).unwrap();
    let two = [("coop/K", 4_000), ("coop/L", 4_000)];
    goods.make("argan-press", &two, &[("coop/S", 4_000)]).unwrap();
    let rests_on = Some(Word::new(&goods.world.domain.certificate_id(1_000)));
    let model = CustodyModel::MassBalance;
    let claim = goods.certificate(0, "coop/O", 15_000, FAIR, model, rests_on);
    goods.say("atlas", |draft| claim.draft(draft)).unwrap();
    in_a_unit(&mut goods);
    in_anothers_name(&mut goods);
    goods.ship("coop", "souk", &[("coop/O", 8_000)]).unwrap();
    let sent = goods.last("coop");
    goods.receive("souk", &sent, &[("coop/O", 6_000, 1_000, 1_000)]).unwrap();
    let back = goods.last("souk");
    goods.receive("coop", &back, &[("coop/O", 1_000, 0, 0)]).unwrap();
    goods.lose("coop", &[("coop/O", 500)]).unwrap();
    goods
}

fn in_a_unit(goods: &mut Goods) {
    let unit = UnitKey::Own(slug("coop"), LotNumber::parse("SACK").unwrap());
    let packing = Packing { unit: unit.clone(), lots: lines(&[("coop/L", 20_000)]), units: vec![] };
    goods.event_as("coop", EventKind::Pack(packing)).unwrap();
    let what = Shipment {
        to: Receiver::Party(slug("moulin")),
        purpose: ShipPurpose::Sale,
        lots: vec![],
        units: vec![unit.clone()],
        carrier: None,
        returns: None,
    };
    goods.event_as("coop", EventKind::Ship(what)).unwrap();
    let sent = goods.last("coop");
    goods.receive("moulin", &sent, &[("coop/L", 20_000, 0, 0)]).unwrap();
    let all = Packing { unit, lots: vec![], units: vec![] };
    goods.event_as("moulin", EventKind::Unpack(all)).unwrap();
    let claim = goods.lot("moulin", "P", "argane", 9_000);
    goods.say("moulin", |draft| claim.draft(draft)).unwrap();
    let drawn = [("coop/L", 18_000)];
    goods.make_as("moulin", "argan-press", &drawn, &[("moulin/P", 9_000)]).unwrap();
}

fn in_anothers_name(goods: &mut Goods) {
    let id = goods.let_act(&mandate("rival", &ALL, "2027-09-30"));
    let mut claim = goods.lot("coop", "M", "argan-kernels", 60_000);
    claim.facts.origin = Some(LotOrigin::Primary);
    claim.facts.mandate = Some(Word::new(&id));
    goods.say("rival", |draft| claim.draft(draft)).unwrap();
    let what = Shipment {
        to: Receiver::Party(slug("souk")),
        purpose: ShipPurpose::Sale,
        lots: lines(&[("coop/M", 40_000)]),
        units: vec![],
        carrier: None,
        returns: None,
    };
    goods.mandated("rival", &id, EventKind::Ship(what)).unwrap();
    let sent = goods.last("rival");
    goods.receive("souk", &sent, &[("coop/M", 39_900, 0, 100)]).unwrap();
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// The place in the file of the first entry of which this is true.
fn place(file: &Value, is: impl Fn(&Value) -> bool) -> usize {
    let entries = file["entries"].as_array().unwrap();
    entries.iter().position(|entry| is(&entry["leaf"]["statement"])).unwrap()
}

/// Leaves an entry out.
fn without(file: &mut Value, is: impl Fn(&Value) -> bool) {
    let at = place(file, is);
    file["entries"].as_array_mut().unwrap().remove(at);
}

fn presses(statement: &Value) -> bool {
    statement["credentialSubject"]["recipe"] == "argan-press"
}

fn is_a(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |statement| statement["type"].as_array().unwrap().iter().any(|one| one == kind)
}

/// Puts an entry of the log in its place.
fn insert(story: &Story, file: &mut Value, index: u64) {
    let (leaves, tree) = (story.log_leaves(), story.tree());
    let leaf = value(&leaves[usize::try_from(index).unwrap()]);
    let entry = json!({"leaf": leaf, "proof": tree.inclusion(index, tree.size()).unwrap()});
    let entries = file["entries"].as_array_mut().unwrap();
    entries.push(entry);
    entries.sort_by_key(|entry| entry["leaf"]["index"].as_u64());
}

/// What a service can do that signs whatever it likes.
fn by_the_service(kept: &mut Kept, story: &Story) {
    let mut put = |case: (&str, &str), lot: &str, meant, change: &dyn Fn(&mut Value)| {
        let bytes = forged_of(story, lot, |file| change(file));
        kept.put(story, case, &bytes, meant);
    };
    let dropped = ("event-dropped", "the second pressing that filled the oil is left out");
    put(dropped, "coop/O", OTHER, &|file| {
        let at = file["entries"].as_array().unwrap().len();
        let last = (0..at).rev().find(|at| presses(&file["entries"][*at]["leaf"]["statement"]));
        file["entries"].as_array_mut().unwrap().remove(last.unwrap());
    });
    let at = story.leaves.iter().rposition(|leaf| presses(&value(leaf))).unwrap();
    let other = u64::try_from(at).unwrap();
    let swapped = ("event-swapped", "a genuine pressing of another lot stands in place of one");
    put(swapped, "coop/O", OTHER, &|file| {
        without(file, presses);
        insert(story, file, other);
    });
    let changed = ("quantity-changed", "a signed quantity is another: its leaf is not in the log");
    put(changed, "coop/O", (1, Some("LOG_PROOF_FAILURE")), &|file| {
        let at = place(file, presses);
        let quantity = "/leaf/statement/credentialSubject/outputs/0/quantity";
        *file["entries"][at].pointer_mut(quantity).unwrap() = json!(9_999);
    });
    let filled = ("filled-changed", "more is said to be filled than the entries fill");
    put(filled, "coop/O", OTHER, &|file| file["goods"]["filled"] = json!(15_001));
    let more = ("more-left-than-came", "more is said to have left than was there");
    put(more, "coop/O", OTHER, &|file| file["goods"]["out"] = json!(15_001));
    let producers = ("producer-changed", "another is said to have produced what it is made of");
    put(producers, "moulin/P", OTHER, &|file| file["goods"]["producers"] = json!(["moulin"]));
    let custody = ("custody-better", "a better model of custody is said than follows");
    put(custody, "coop/S", OTHER, &|file| {
        file["goods"]["model"] = json!("identity-preserved");
    });
    let newer = ("rulebook-left-out", "the newer of two versions of the rulebook is left out");
    put(newer, "coop/O", OTHER, &|file| {
        let at = file["entries"].as_array().unwrap().len();
        let is = |at: &usize| is_a("Rulebook")(&file["entries"][*at]["leaf"]["statement"]);
        let last = (0..at).rev().find(is).unwrap();
        file["entries"].as_array_mut().unwrap().remove(last);
    });
    let version = ("rulebook-changed", "an older version is said to be in force");
    put(version, "coop/O", OTHER, &|file| file["manifest"]["rulebook"] = json!(2));
    let operator = ("operator-left-out", "what the cover rests on is left out");
    put(operator, "coop/O", OTHER, &|file| {
        without(file, |it| !it["credentialSubject"]["operatorCertificate"].is_null());
    });
    let mandated = ("mandate-left-out", "who signed in another's name does not show that it may");
    put(mandated, "coop/M", OTHER, &|file| without(file, is_a("Mandate")));
    let key = ("key-of-another", "the manifest is signed by a key that is no service key");
    let file = value(&story.way_back("coop/M"));
    let mut manifest = file["manifest"].clone();
    manifest.as_object_mut().unwrap().remove("proof");
    let method = story.method("coop#key-1");
    let number = crate::world::key(20);
    let sealed = tasdiq::seal::seal(&manifest, &method, story.now, &number).unwrap();
    let mut signed = file;
    signed["manifest"] = value(&sealed);
    kept.put(story, key, &canonical_bytes(&signed), (1, Some("TRUST_FAILURE")));
}

/// What whoever hands it on can do.
fn by_the_bearer(kept: &mut Kept, story: &Story) {
    let good = story.way_back("coop/M");
    let mut put = |case: (&str, &str), meant, change: &dyn Fn(&mut Value)| {
        let mut file = value(&good);
        change(&mut file);
        kept.put(story, case, &canonical_bytes(&file), meant);
    };
    put(("entry-removed", "an entry is gone, and the manifest names it"), OTHER, &|file| {
        file["entries"].as_array_mut().unwrap().pop();
    });
    let another = value(&story.way_back("coop/L"));
    put(("goods-of-another", "what is said of the goods is said of another lot"), OTHER, &|file| {
        file["goods"] = another["goods"].clone();
    });
    let lot = ("lot-of-another", "the signed manifest was changed to name another lot");
    put(lot, (1, Some("SIG_CRYPTO_FAILURE")), &|file| file["manifest"]["lot"] = json!("coop/L"));
    let form = (1, Some("FORMAT_FAILURE"));
    put(("member-unknown", "a member stands in it that no version has"), form, &|file| {
        file["hidden"] = json!(true);
    });
    let stripped = ("cosignature-stripped", "the witness's line is gone");
    put(stripped, OTHER, &|file| {
        let note = file["checkpoint"].as_str().unwrap().trim_end();
        let (rest, line) = note.rsplit_once('\n').unwrap();
        assert!(line.contains("witness.example/w1"));
        file["checkpoint"] = json!(format!("{rest}\n"));
    });
    let cut = ("cut-in-half", "its second half is gone");
    kept.put(story, cut, &good[..good.len() / 2], (2, Some("FORMAT_FAILURE")));
}

#[test]
fn trace_dossiers_for_any_reader() {
    let story = told(begun());
    let mut kept = Kept::new(&story);
    // The same rules once more, so that there are two versions on the path.
    let mut goods = Goods::resumed(story.into_world(), 500);
    let rules = Rulebook { goods: first_goods_rules().unwrap(), ..Rulebook::plain(3, 2) };
    let unsigned = rules.draft(&goods.world.draft("authority"));
    goods.world.log(unsigned, "authority#root", 1).unwrap();
    let mut story = told(goods);
    for (name, says, lot) in [
        ("pressed", "kernels became certified oil; some was sold and came back", "coop/O"),
        ("two-origins", "oil of two lots of kernels, one of them certified", "coop/S"),
        ("came-in-a-unit", "the press drew kernels that came to it in a unit", "moulin/P"),
        ("in-anothers-name", "declared and sent under a mandate; a little is missing", "coop/M"),
    ] {
        kept.put(&story, (name, says), &story.way_back(lot), GOOD);
    }
    let stale = (3, Some("STATUS_STALE"));
    let old = ("three-days-old", "status of three days ago is enough for a shop alone");
    let bytes = story.way_back("coop/O");
    kept.put_at(story.now.plus_seconds(3 * DAY), old, &bytes, [GOOD, stale, stale]);
    by_the_service(&mut kept, &story);
    by_the_bearer(&mut kept, &story);
    let mut goods = Goods::resumed(story.into_world(), 600);
    let hold = goods.change("inspection", "coop/K", StatusAction::Hold).unwrap();
    story = told(goods);
    let held = ("held-by-descent", "the kernels it was made of are held");
    kept.put(&story, held, &story.way_back("coop/O"), UNFIT);
    let itself = ("held-itself", "an inspector holds the lot");
    kept.put(&story, itself, &story.way_back("coop/K"), UNFIT);
    let hidden = forged_of(&story, "coop/O", |file| {
        file["goods"].as_object_mut().unwrap().remove("inherited");
    });
    kept.put(&story, ("hold-hidden", "that it inherits a hold is not said"), &hidden, OTHER);
    let mut goods = Goods::resumed(story.into_world(), 700);
    let id = goods.id_at(hold);
    goods.change_lifting("registrar", "coop/O", StatusAction::Release, vec![id]).unwrap();
    story = told(goods);
    let lifted = ("lifted", "a release names the hold that it lifts for this lot");
    kept.put(&story, lifted, &story.way_back("coop/O"), GOOD);
    let mut goods = Goods::resumed(story.into_world(), 800);
    goods.change("coop", "coop/L", StatusAction::Recall).unwrap();
    story = told(goods);
    let recalled = ("recalled-by-descent", "the kernels of the press were recalled");
    kept.put(&story, recalled, &story.way_back("moulin/P"), UNFIT);
    let story = what_was_undone(&mut kept, story);
    what_certificates_became_of(&mut kept, story);
    kept::kept(FOLDER, &kept.cases);
}

/// A declaration, and a shipment that who acted sent to itself; and a hold that would have ended.
fn what_was_undone(kept: &mut Kept, story: Story) -> Story {
    let mut goods = Goods::resumed(story.into_world(), 900);
    goods.kernels("coop/N", 1_000);
    goods.undo("coop", Undone::Declaration(key("coop/N"))).unwrap();
    let id = goods.let_act(&mandate("rival", &ALL, "2027-09-30"));
    let what = Shipment {
        to: Receiver::Party(slug("rival")),
        purpose: ShipPurpose::Sale,
        lots: lines(&[("coop/M", 20_000)]),
        units: vec![],
        carrier: None,
        returns: None,
    };
    goods.mandated("rival", &id, EventKind::Ship(what)).unwrap();
    let sent = goods.last("rival");
    goods.receive("rival", &sent, &[("coop/M", 20_000, 0, 0)]).unwrap();
    goods.declare("rival/R", "argane", 9_000).unwrap();
    goods.make_as("rival", "argan-press", &[("coop/M", 18_000)], &[("rival/R", 9_000)]).unwrap();
    goods.undo("coop", Undone::Event(sent)).unwrap();
    goods.kernels("coop/Q", 1_000);
    goods.certify(50, "coop/Q", 1_000, "nm-mark").unwrap();
    let hold = goods.change("atlas", "coop/Q", StatusAction::Hold).unwrap();
    let confirmation = Reconfirmation {
        party: slug("atlas"),
        verification_method: goods.world.method("atlas#key-1"),
        serials: None,
        entries: vec![(hold, goods.world.register.digest_at(hold).unwrap())],
        voids: vec![],
    };
    let unsigned = confirmation.draft(&goods.world.draft("authority"));
    goods.world.by_registrar(unsigned).unwrap();
    goods.later(31 * DAY);
    let story = told(goods);
    for (name, says, lot) in [
        ("declaration-undone", "its declaration was undone", "coop/N"),
        ("goods-taken-back", "made of goods that were taken back since: held", "rival/R"),
        ("hold-confirmed", "a certifier's hold that the authority made stand", "coop/Q"),
    ] {
        kept.put(&story, (name, says), &story.way_back(lot), UNFIT);
    }
    story
}

/// What oil rests on: the certificate of its maker is suspended, then withdrawn for fraud.
fn what_certificates_became_of(kept: &mut Kept, mut story: Story) {
    for (number, action, word) in
        [(1_000, StatusAction::Suspend, "suspended"), (1_100, StatusAction::Withdraw, "withdrawn")]
    {
        let mut goods = Goods::resumed(story.into_world(), number);
        let change = StatusChange {
            target: StatusTarget::Certificate(1_000),
            action,
            reason: Reason::FraudSuspected,
            effective_from: Timestamp::parse("2026-09-01T00:00:00Z").unwrap(),
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        goods.say("atlas", |draft| change.draft(draft)).unwrap();
        story = told(goods);
        let name = format!("input-certificate-{word}");
        let says = format!("the certificate that the oil's own rests on is {word}, and it is told");
        kept.put(&story, (&name, &says), &story.way_back("coop/O"), GOOD);
        let hidden = forged_of(&story, "coop/O", |file| {
            let goods = file["goods"].as_object_mut().unwrap();
            assert_eq!(goods.remove("inputCertificate").unwrap()["status"], word);
        });
        let (name, says) = (format!("{name}-hidden"), format!("that it is {word} is not told"));
        kept.put(&story, (&name, &says), &hidden, OTHER);
    }
}

/// Old stock, on its producer's word alone: what left it is on no path.
#[test]
fn the_way_back_of_old_stock_is_genuine() {
    let mut goods = Goods::new();
    let mut claim = goods.lot("coop", "OLD", "argane", 50_000);
    claim.packed_on = Day::parse("2026-05-01").unwrap();
    claim.facts.campaign = "2026".into();
    goods.world.now = Timestamp::parse("2026-06-20T08:00:00Z").unwrap();
    goods.declare_as("coop/OLD", &claim).unwrap();
    goods.lose("coop", &[("coop/OLD", 500)]).unwrap();
    let story = told(goods);
    let report = judged(&story, &story.way_back("coop/OLD"));
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let more = forged_of(&story, "coop/OLD", |file| file["goods"]["filled"] = json!(50_001));
    assert_eq!(judged(&story, &more).exit_code, 1);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("trust", story.trust_file()),
        ("more.tasdiq", more),
        ("told.tasdiq", story.way_back("coop/OLD")),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let root = Trust::open(&story.trust_file(), None).unwrap().root;
    let there = second_reader(folder.path(), &root, story.now);
    assert!(there["told"].starts_with("0 ") && there["more"].starts_with("1 "), "{there:?}");
}

/// What the second reader says of each file of a folder.
fn second_reader(folder: &std::path::Path, root: &str, at: Timestamp) -> BTreeMap<String, String> {
    let readers = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers");
    let program = "import pathlib, sys; sys.path.insert(0, sys.argv[1]); import way_back\n\
                   trust = pathlib.Path(sys.argv[2], 'trust').read_bytes()\n\
                   for path in sorted(pathlib.Path(sys.argv[2]).glob('*.tasdiq')):\n\
                   \u{20} found, why = way_back.verdicts(path.read_bytes(), trust, *sys.argv[3:5], ['shop'])\n\
                   \u{20} print(path.stem, *found['shop'], why)";
    let mut command = std::process::Command::new("python3");
    let run = command.args(["-B", "-c", program]).arg(readers).arg(folder);
    let run = run.arg(root).arg(at.to_string()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let told = String::from_utf8(run.stdout).unwrap();
    let lines = told.lines().map(|line| line.split_once(' ').unwrap());
    lines.map(|(name, said)| (name.to_owned(), said.to_owned())).collect()
}

/// Of whatever history, the way back of every lot is genuine to both programs; and with any one
/// entry left out by the service both say the same of it.
#[test]
fn ways_back_of_histories_drawn_at_random_are_judged_alike() {
    let given = std::env::var("TASDIQ_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = given.unwrap_or(41);
    println!("TASDIQ_TEST_SEED={seed}");
    let long = std::env::var_os("TASDIQ_LONG").is_some();
    for number in 0..if long { 100 } else { 2 } {
        let mut player = super::player::Player::new(seed.wrapping_mul(1_000).wrapping_add(number));
        (0..100).for_each(|_| drop(player.step()));
        let story = told(player.into_goods());
        let trust = Trust::open(&story.trust_file(), None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("trust"), story.trust_file()).unwrap();
        let mut here = BTreeMap::new();
        let lots: Vec<String> =
            story.register.lots().map(|lot| lot.record.lot.to_string()).collect();
        for (place, lot) in lots.iter().enumerate() {
            let whole = story.way_back(lot);
            let entries = value(&whole)["entries"].as_array().unwrap().len();
            let gone = place.wrapping_mul(7).wrapping_add(3) % entries;
            let short = forged_of(&story, lot, |file| {
                file["entries"].as_array_mut().unwrap().remove(gone);
            });
            for (kind, bytes) in [("whole", whole), ("short", short)] {
                let evidence = Evidence::Dossier(&bytes);
                let report = verify(evidence, &trust, None, story.now, Policy::Shop);
                let failed = report.checks.iter().find(|it| it.result == CheckResult::Fail);
                let why = failed.map(|check| check.evidence.clone()).unwrap_or_default();
                let name = format!("{place:03}-{kind}");
                std::fs::write(folder.path().join(format!("{name}.tasdiq")), &bytes).unwrap();
                let genuine = [0, 4].contains(&report.exit_code);
                assert!(genuine || kind == "short", "{lot} of history {number}: {why}");
                here.insert(name, (report.exit_code, format!("{lot} {why}")));
            }
        }
        let there = second_reader(folder.path(), &trust.root, story.now);
        assert_eq!(here.len(), there.len());
        let code = |said: &str| said.split(' ').next().unwrap().parse::<u8>().unwrap();
        let other: Vec<String> = here
            .iter()
            .filter(|(name, (exit, _))| code(&there[*name]) != *exit)
            .map(|(name, (exit, why))| format!("{name}: {exit} {why}; there {}", there[name]))
            .collect();
        assert!(other.is_empty(), "history {number}:\n{}", other.join("\n"));
    }
}
