//! What follows for a lot, as its readers get it: in a report of the live register, from a pack, a
//! dossier, and the file of its way back; and what a service that lies is caught at.

use super::*;
use crate::dossier::story::Story;
use serde_json::json;
use tasdiq::log::Hash;
use tasdiq::pack::{Pack, PackFile, pack_root_of};
use tasdiq::register::{Grade, LotStatus, OriginWord, PriceWord};
use tasdiq::seal::seal;
use tasdiq::trust::{LiveStatus, Standing, StatusData, Trust};
use tasdiq::verify::{CheckName, CheckResult, Evidence, Policy, Report, verify};

/// Two lots of jars of the pressed oil, each with a certificate: 0 of J1, 1 of J2.
fn jars() -> Goods {
    let mut goods = super::story::pressed();
    goods.declared(&[("J1", "argane", 107_500), ("J2", "argane", 107_500)]);
    let outputs = [("coop/J1", 107_500), ("coop/J2", 107_500)];
    goods.make("pack-off", &[("coop/H", 215_000)], &outputs).unwrap();
    goods.certify(0, "coop/J1", 107_500, "nm-mark").unwrap();
    goods.certify(1, "coop/J2", 107_500, "nm-mark").unwrap();
    goods
}

pub(super) fn told(mut goods: Goods) -> Story {
    goods.later(60);
    // Its history is compared when it ends: what goes on is another's.
    let world = std::mem::replace(&mut goods.world, World::founded());
    let mut story = Story::over(world);
    story.keep_lists();
    story
}

fn trust_of(world: &World) -> Trust {
    Trust::open(&world.trust_file(), None).unwrap()
}

fn label(world: &World, serial: u64) -> String {
    let record = world.register.certificate(serial).unwrap().record;
    world.label(record.lot.number().as_str(), record.mark.index, 4)
}

/// The reports on a jar: by the live register, a new pack, a new dossier.
pub(super) fn reports(story: &Story, serial: u64) -> [Report; 3] {
    let (trust, file, now) = (trust_of(story), story.pack_file(), story.now);
    let pack = Pack::open(&file[..], &trust).unwrap();
    let checkpoint = story.checkpoint();
    let live = LiveStatus {
        register: &story.register,
        checkpoint: &checkpoint,
        now,
        standing: Standing::Following,
        serials: None,
        counted: None,
    };
    let (label, dossier) = (label(story, serial), story.dossier(serial));
    let code = Evidence::Code(&label);
    [
        verify(code, &trust, Some(&live), now, Policy::Shop),
        verify(code, &trust, Some(&pack), now, Policy::Shop),
        verify(Evidence::Dossier(&dossier), &trust, None, now, Policy::Shop),
    ]
}

fn codes(story: &Story, serial: u64) -> [u8; 3] {
    reports(story, serial).map(|report| report.exit_code)
}

fn laid(report: &Report, check: CheckName) -> (CheckResult, bool, String) {
    let found = report.checks.iter().find(|laid| laid.check == check).unwrap();
    (found.result, found.required, found.evidence.clone())
}

#[test]
fn a_report_tells_where_a_jar_comes_from() {
    let story = told(jars());
    let all = reports(&story, 0);
    for report in &all {
        assert_eq!(report.exit_code, 0, "{:?}", report.checks);
        for check in [
            CheckName::InheritedStatus,
            CheckName::Origin,
            CheckName::Custody,
            CheckName::MassBalance,
        ] {
            let (result, required, evidence) = laid(report, check);
            assert_eq!((result, required), (CheckResult::Pass, true), "{check:?} {evidence}");
        }
        let trace = report.trace.as_ref().unwrap();
        assert_eq!((trace.origin, trace.price), (OriginWord::Traced, PriceWord::None));
        assert_eq!(trace.model, all[0].trace.as_ref().unwrap().model);
        assert_eq!(trace.origins[0].producer, slug("coop"));
        assert!(trace.origins[0].producer_name.contains("coop"), "{:?}", trace.origins[0]);
        assert_eq!(trace.custody.as_ref().unwrap().filled, 107_500);
    }
    // The live register knows lots and steps, newest first, and where the goods are.
    let trace = all[0].trace.as_ref().unwrap();
    assert_eq!((trace.origin_count, trace.origins.len()), (Some(5), 5));
    let shares: u16 = trace.origins.iter().map(|origin| origin.per_mille.unwrap()).sum();
    assert!((995..=1_000).contains(&shares), "{shares}");
    let first = &trace.steps[0];
    assert_eq!((first.what.as_str(), first.grade), ("certify", Grade::Signed));
    let made = trace.steps.iter().find(|step| step.what.as_str() == "transform").unwrap();
    assert_eq!((made.grade, made.how.as_deref()), (Grade::Stated, Some("pack-off")));
    assert_eq!(trace.steps.iter().filter(|step| step.what.as_str() == "declare").count(), 10);
    assert!(trace.steps.is_sorted_by(|one, other| one.index >= other.index));
    let custody = trace.custody.as_ref().unwrap();
    assert_eq!((custody.free, custody.exhausted), (Some(107_500), false));
    assert_eq!(custody.holders[0].party, slug("coop"));
}

#[test]
fn what_is_sold_out_is_told_and_stays_fit() {
    let mut goods = jars();
    goods.out("coop", &[("coop/J1", 107_500)]).unwrap();
    let story = told(goods);
    for report in reports(&story, 0) {
        assert_eq!(report.exit_code, 0);
        assert_eq!(report.fitness.as_ref().unwrap().now.lot, LotStatus::Released);
        assert!(report.trace.unwrap().custody.unwrap().exhausted);
    }
}

#[test]
fn fair_trade_is_valid_only_where_nothing_fails() {
    let words = |goods: Goods| {
        let story = told(goods);
        reports(&story, 0).map(|report| report.fitness.unwrap().fair_trade)
    };
    assert_eq!(words(jars()), ["none"; 3]);
    // The fruit is certified before it is drawn, so its cover flows down to the oil.
    let oil = |fruit: u64, asked: u64| {
        let mut goods = Goods::new();
        goods.declare("coop/F", "argan-fruit", 2_000_000).unwrap();
        goods.certify(7, "coop/F", fruit, "fairtrade").unwrap();
        goods.declared(&[("D", "argan-fruit-dry", 1_000_000)]);
        goods.make("argan-fruit-dry", &[("coop/F", 2_000_000)], &[("coop/D", 1_000_000)]).unwrap();
        let made = goods.certify(0, "coop/D", asked, "fairtrade");
        made.map(|_| goods)
    };
    assert_eq!(code(oil(1_000_000, 1_000_000).map(|_| 0)), "cover_exceeded");
    assert_eq!(words(oil(2_000_000, 1_000_000).unwrap()), ["valid"; 3]);
    let mut goods = oil(2_000_000, 1_000_000).unwrap();
    goods.change("coop", "coop/F", StatusAction::Hold).unwrap();
    assert_eq!(words(goods), ["inherited-status"; 3]);
}

/// The recall of one lot of fruit, from the first word to the last jar.
#[test]
fn a_recall_of_fruit_is_told_on_every_jar_and_lifted_branch_by_branch() {
    let mut story = told(jars());
    assert_eq!([codes(&story, 0), codes(&story, 1)], [[0; 3]; 2]);
    let mut goods = Goods::resumed(story.into_world(), 500);
    let recall = goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    story = told(goods);
    for serial in [0, 1] {
        for report in reports(&story, serial) {
            assert_eq!(report.exit_code, 4, "{:?}", report.checks);
            let (result, required, evidence) = laid(&report, CheckName::InheritedStatus);
            assert_eq!((result, required), (CheckResult::Fail, true));
            assert!(evidence.contains("recalled") && evidence.contains("coop/F3"), "{evidence}");
            let inherited = report.trace.unwrap().inherited.unwrap();
            assert_eq!((inherited.via, inherited.index), (key("coop/F3"), recall));
        }
    }
    let mut goods = Goods::resumed(story.into_world(), 600);
    let bytes = &goods.world.leaves[usize::try_from(recall).unwrap()];
    let id = Statement::parse(bytes, &goods.world.domain).unwrap().id.clone();
    goods.change_lifting("registrar", "coop/J1", StatusAction::Release, vec![id]).unwrap();
    story = told(goods);
    assert_eq!([codes(&story, 0), codes(&story, 1)], [[0; 3], [4; 3]]);
    let mut goods = Goods::resumed(story.into_world(), 700);
    // 61 % of the jars, then the others; an inspector sees the first.
    let progress = |goods: &Goods| {
        let register = &goods.world.register;
        let told = register.trace().progress(register.lot_handle(&key("coop/F3")).unwrap());
        let whole = told.filled - told.consumed;
        assert_eq!(whole, 215_000);
        (told.stated * 100 / whole, told.seen * 100 / whole)
    };
    assert_eq!(progress(&goods), (0, 0));
    let destroy = |goods: &mut Goods, lots: &[(&str, u64)]| {
        let (cause, from_out) = (DestructionCause::Recall, false);
        let what = Destruction { cause, lots: lines(lots), from_out };
        goods.event_as("coop", EventKind::Destroy(what)).unwrap();
        goods.last("coop")
    };
    let of = destroy(&mut goods, &[("coop/J1", 23_650), ("coop/J2", 107_500)]);
    assert_eq!(progress(&goods), (61, 0));
    let look = Observation {
        step: ObservedStep::Destroying,
        lots: vec![key("coop/J1"), key("coop/J2")],
        result: Some(Finding::Conformant),
        of: Some(of),
    };
    goods.event_as("inspection", EventKind::Observe(look)).unwrap();
    assert_eq!(progress(&goods), (61, 61));
    destroy(&mut goods, &[("coop/J1", 83_850)]);
    assert_eq!(progress(&goods), (100, 61));
}

#[test]
fn a_pack_that_hides_a_descendant_has_another_hash_than_the_log_gives() {
    let mut goods = jars();
    goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    let honest = &goods.world;
    let trust = trust_of(honest);
    let file = honest.pack_file();
    let pack = Pack::open(&file[..], &trust).unwrap();
    assert_eq!(pack.root(), pack_root_of(&honest.register).unwrap());
    assert!(pack.inherited(&key("coop/J2")).is_some());
    // The service signs a pack of the state before under the checkpoint of now.
    let older = jars();
    let sealing = tasdiq::pack::Sealing {
        checkpoint: &honest.checkpoint(),
        trust: &honest.trust_file(),
        now: honest.now,
        method: &honest.method("authority#service-1"),
        signer: &crate::world::key(3),
    };
    let contents = tasdiq::pack::Contents::of_register(&older.world.register).unwrap();
    let size = honest.register.size();
    let lie = tasdiq::pack::seal_contents(&honest.domain, size, &contents, &sealing).unwrap();
    let pack = Pack::open(&lie[..], &trust).unwrap();
    assert!(pack.inherited(&key("coop/J2")).is_none());
    assert_ne!(pack.root(), pack_root_of(&honest.register).unwrap(), "an audit finds it");
}

#[test]
fn a_delta_brings_what_moved() {
    let mut goods = jars();
    let (older, since) = (goods.world.pack_file(), goods.world.register.size());
    goods.ship("coop", "souk", &[("coop/J2", 50_000)]).unwrap();
    let sent = goods.last("coop");
    goods.receive("souk", &sent, &[("coop/J2", 50_000, 0, 0)]).unwrap();
    goods.out("souk", &[("coop/J2", 250)]).unwrap();
    goods.lose("coop", &[("coop/J1", 500)]).unwrap();
    let lost = goods.last("coop");
    let between = (goods.world.pack_file(), goods.world.register.size());
    goods.undo("coop", Undone::Event(lost)).unwrap();
    let trust = trust_of(&goods.world);
    let file = goods.world.pack_file();
    for (held, since) in [(older, since), between] {
        let delta = PackFile::read(&file[..]).unwrap();
        let delta = delta.delta_since(&goods.world.register, since).unwrap();
        assert!(delta.len() < file.len());
        let held = Pack::open(&held[..], &trust).unwrap();
        assert_eq!(held.updated(&PackFile::read(&delta[..]).unwrap(), &trust).unwrap(), file);
    }
    let pack = Pack::open(&file[..], &trust).unwrap();
    let custody = |lot: &str| pack.trace(&key(lot)).unwrap().custody.unwrap();
    assert_eq!((custody("coop/J2").out, custody("coop/J1").out), (250, 0));
    assert_eq!(custody("coop/H").consumed, 215_000);
}

/// Judges the file of a lot's way back.
pub(super) fn judged(story: &Story, bytes: &[u8]) -> Report {
    verify(Evidence::Dossier(bytes), &trust_of(story), None, story.now, Policy::Audit)
}

#[test]
fn the_way_back_of_a_jar_is_recomputed_with_no_server() {
    let mut goods = jars();
    goods.ship("coop", "souk", &[("coop/J1", 1_000), ("coop/J2", 500)]).unwrap();
    let sent = goods.last("coop");
    goods.receive("souk", &sent, &[("coop/J1", 1_000, 0, 0), ("coop/J2", 500, 0, 0)]).unwrap();
    let mut story = told(goods);
    let bytes = story.way_back("coop/J1");
    let report = judged(&story, &bytes);
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let trace = report.trace.unwrap();
    assert_eq!((trace.origin, trace.origins.len()), (OriginWord::Traced, 5));
    // The very steps that the live register tells, with their places in the log.
    let live = story.register.lot_trace(&key("coop/J1"), story.now).unwrap();
    assert_eq!((&trace.steps, &trace.origins.len()), (&live.steps, &live.origins.len()));
    assert!(trace.steps.iter().any(|step| step.what.as_str() == "receive"));
    assert_eq!((trace.cover, trace.model), (live.cover, live.model));
    let (_, _, evidence) = laid(&judged(&story, &bytes), CheckName::MassBalance);
    assert!(evidence.contains("pack or audit, not by a path"), "{evidence}");
    // A recall that came since is in a new file, and names the input.
    let mut goods = Goods::resumed(story.into_world(), 800);
    goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    story = told(goods);
    let report = judged(&story, &story.way_back("coop/J1"));
    assert_eq!(report.exit_code, 4, "{:#?}", report.checks);
    assert!(laid(&report, CheckName::InheritedStatus).2.contains("coop/F3"));
}

/// The file with entries and members changed, and signed anew by a service that lies.
fn forged(story: &Story, change: impl Fn(&mut Value)) -> Vec<u8> {
    forged_of(story, "coop/J1", change)
}

/// The same of another lot.
pub(super) fn forged_of(story: &Story, lot: &str, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(&story.way_back(lot)).unwrap();
    change(&mut value);
    let mut manifest = value["manifest"].clone();
    manifest.as_object_mut().unwrap().remove("proof");
    let hash = |value: &Value| json!(Hash::sha256(&canonical_bytes(value)));
    let mut members = serde_json::Map::new();
    members.insert("goods".to_owned(), hash(&value["goods"]));
    members.insert("trust".to_owned(), hash(&value["trust"]));
    let note = value["checkpoint"].as_str().unwrap().as_bytes();
    members.insert("checkpoint".to_owned(), json!(Hash::sha256(note)));
    for entry in value["entries"].as_array().unwrap() {
        members.insert(format!("entries/{}", entry["leaf"]["index"]), hash(entry));
    }
    manifest["members"] = Value::Object(members);
    let method = story.method("authority#service-1");
    let sealed = seal(&manifest, &method, story.now, &crate::world::key(3)).unwrap();
    value["manifest"] = serde_json::from_slice(&sealed).unwrap();
    canonical_bytes(&value)
}

/// Where an entry of a recipe stands in the file.
fn place_of(value: &Value, recipe: &str) -> usize {
    let entries = value["entries"].as_array().unwrap();
    let is = |entry: &Value| {
        entry["leaf"]["statement"]["credentialSubject"]["recipe"].as_str() == Some(recipe)
    };
    entries.iter().position(is).unwrap()
}

#[test]
fn a_way_back_that_was_tampered_with_is_named() {
    let mut goods = jars();
    // A genuine event of another lot, and a second rulebook that lets less oil come of kernels.
    goods.capacity("coop", "argan-fruit", 10_001_000);
    goods.declare("coop/F9", "argan-fruit", 1_000).unwrap();
    goods.declared(&[("D9", "argan-fruit-dry", 500)]);
    goods.make("argan-fruit-dry", &[("coop/F9", 1_000)], &[("coop/D9", 500)]).unwrap();
    let other = goods.world.register.size() - 1;
    let rules = Rulebook { goods: first_goods_rules().unwrap(), ..Rulebook::plain(3, 2) };
    let unsigned = rules.draft(&goods.world.draft("authority"));
    goods.world.log(unsigned, "authority#root", 1).unwrap();
    let story = told(goods);
    let failed = |bytes: &[u8]| {
        let report = judged(&story, bytes);
        assert_eq!(report.exit_code, 1, "{:#?}", report.checks);
        let mut failed = report.checks.iter().filter(|laid| laid.result == CheckResult::Fail);
        let found = failed.next().unwrap();
        (found.check, found.evidence.clone())
    };
    assert_eq!(judged(&story, &forged(&story, |_| {})).exit_code, 0);
    // Who is not the service cannot change a byte.
    let mut value: Value = serde_json::from_slice(&story.way_back("coop/J1")).unwrap();
    value["entries"].as_array_mut().unwrap().remove(3);
    let (check, evidence) = failed(&canonical_bytes(&value));
    assert_eq!(check, CheckName::Manifest, "{evidence}");
    // The service drops an event: what it filled is not there.
    let dropped = forged(&story, |value| {
        let place = place_of(value, "argan-press");
        value["entries"].as_array_mut().unwrap().remove(place);
    });
    let (check, evidence) = failed(&dropped);
    assert_eq!(check, CheckName::Records);
    assert!(evidence.contains("coop/H"), "{evidence}");
    // It swaps it for a genuine one of another lot.
    let (leaves, tree) = (story.log_leaves(), story.tree());
    let swapped = forged(&story, |value| {
        let place = place_of(value, "argan-fruit-dry");
        let entries = value["entries"].as_array_mut().unwrap();
        entries.remove(place);
        let at = usize::try_from(other).unwrap();
        let leaf: Value = serde_json::from_slice(&leaves[at]).unwrap();
        let entry = json!({"leaf": leaf, "proof": tree.inclusion(other, tree.size()).unwrap()});
        let index = |entry: &Value| entry["leaf"]["index"].as_u64().unwrap();
        let place = entries.iter().position(|it| index(it) > other).unwrap_or(entries.len());
        entries.insert(place, entry);
    });
    let (check, evidence) = failed(&swapped);
    assert_eq!(check, CheckName::Records);
    assert!(evidence.contains("coop/D"), "{evidence}");
    // It leaves out the newer rulebook, or says that another is in force.
    let is_rulebook =
        |entry: &Value| entry["leaf"]["statement"]["credentialSubject"]["edition"].is_u64();
    let older = forged(&story, |value| {
        let entries = value["entries"].as_array_mut().unwrap();
        let place = entries.iter().rposition(is_rulebook).unwrap();
        entries.remove(place);
    });
    let (check, evidence) = failed(&older);
    assert_eq!((check, evidence.contains("rulebook 3")), (CheckName::Records, true), "{evidence}");
    // It changes a quantity: the leaf is not in the log.
    let changed = forged(&story, |value| {
        let place = place_of(value, "argan-press");
        let subject = "/leaf/statement/credentialSubject/outputs/0/quantity";
        *value["entries"][place].pointer_mut(subject).unwrap() = json!(214_999);
    });
    let (check, evidence) = failed(&changed);
    assert_eq!(check, CheckName::Inclusion, "{evidence}");
    // It says more than follows.
    let more = forged(&story, |value| value["goods"]["filled"] = json!(107_501));
    let (check, evidence) = failed(&more);
    assert_eq!((check, evidence.contains("107501")), (CheckName::Records, true), "{evidence}");
}

#[test]
fn a_recall_hidden_in_a_way_back_is_found() {
    let mut goods = jars();
    goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    let story = told(goods);
    let report = judged(
        &story,
        &forged(&story, |value| {
            value["goods"].as_object_mut().unwrap().remove("inherited");
        }),
    );
    assert_eq!(report.exit_code, 1);
    assert!(report.checks.iter().any(|laid| laid.evidence.contains("is not told")));
}

/// What a reader that shares no code with this one says of a dossier.
fn second_reader(story: &Story, dossier: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["dossier", "trust"].map(|name| folder.path().join(name));
    std::fs::write(&paths[0], dossier).unwrap();
    std::fs::write(&paths[1], story.trust_file()).unwrap();
    let readers = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers");
    let program = "import sys; sys.path.insert(0, sys.argv[1]); import dossier; \
                   data, trust = (open(path, 'rb').read() for path in sys.argv[2:4]); \
                   print(dossier.verdict(data, trust, sys.argv[4], sys.argv[5]))";
    let run = std::process::Command::new("python3")
        .args(["-B", "-c", program])
        .arg(readers)
        .args(&paths)
        .arg(trust_of(story).first_root())
        .arg(story.now.to_string())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8_lossy(&run.stdout).trim().to_owned()
}

/// In a dossier of a certificate, what is inherited is proven by its entry.
#[test]
fn a_dossier_that_names_another_recall_is_refused() {
    let mut goods = jars();
    goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    let story = told(goods);
    assert_eq!(second_reader(&story, &story.dossier(0)), "4");
    let mut value: Value = serde_json::from_slice(&story.dossier(0)).unwrap();
    value["goods"]["inherited"]["via"] = json!("coop/F4");
    let mut manifest = value["manifest"].clone();
    manifest.as_object_mut().unwrap().remove("proof");
    manifest["members"]["goods"] = json!(Hash::sha256(&canonical_bytes(&value["goods"])));
    let method = story.method("authority#service-1");
    let sealed = seal(&manifest, &method, story.now, &crate::world::key(3)).unwrap();
    value["manifest"] = serde_json::from_slice(&sealed).unwrap();
    assert_eq!(second_reader(&story, &canonical_bytes(&value)), "1");
    let report = judged(&story, &canonical_bytes(&value));
    assert_eq!(report.exit_code, 1);
    let (result, _, evidence) = laid(&report, CheckName::Records);
    assert_eq!((result, evidence.contains("coop/F4")), (CheckResult::Fail, true), "{evidence}");
}

/// What an audit says of a log in which a service put a statement that its rules refuse.
fn audited(goods: &mut Goods, who: &str, number: u8, kind: EventKind) -> (String, u64) {
    let name = goods.next_name();
    let claim = goods.event(name, kind);
    let world = &mut goods.world;
    let unsigned = claim.draft(&world.draft(who));
    let (method, at) = (world.method(&format!("{who}#key-1")), world.now.plus_seconds(1));
    let statement = seal(&unsigned, &method, at, &crate::world::key(number)).unwrap();
    world.leaves.push(statement);
    world.times.push(at);
    let catalog = tasdiq::catalog::Catalog::builtin().unwrap();
    let root = tasdiq::seal::Signer::public(&crate::world::key(1));
    let empty = tasdiq::register::Register::new(world.domain.clone(), root, catalog).knowing(2);
    let mut replayer = tasdiq::register::Replayer::new(empty);
    let leaves = world.log_leaves();
    let fault = leaves.iter().find_map(|leaf| replayer.take_bytes(leaf).err()).unwrap();
    assert_eq!(fault.index, leaves.len() as u64 - 1);
    world.leaves.pop();
    world.times.pop();
    (fault.code, fault.index)
}

#[test]
fn a_service_that_logs_what_it_must_refuse_is_caught_by_anybody_who_replays() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("H", "argane", 60_707)]);
    let press = Transformation {
        recipe: "argan-press".into(),
        inputs: lines(&[("coop/K", 100_000)]),
        outputs: lines(&[("coop/H", 60_707)]),
    };
    let (code, _) = audited(&mut goods, "coop", 20, EventKind::Transform(press));
    assert_eq!(code, "yield_exceeded");
    goods.ship("coop", "souk", &[("coop/K", 1_000)]).unwrap();
    let lots = vec![Received { lot: key("coop/K"), accepted: 1_000, refused: 0, missing: 0 }];
    let of = goods.last("coop");
    let receipt = Arrival { of, lots, discrepancy: Discrepancy::None };
    let (code, _) = audited(&mut goods, "coop", 20, EventKind::Receive(receipt));
    assert_eq!(code, "not_receiver");
}

#[test]
fn a_monitor_hears_of_descendants_of_goods_held_and_of_shipments() {
    let mut goods = jars();
    let hears = |goods: &Goods, before: &tasdiq::register::Register, index: u64, watch: &str| {
        let bytes = &goods.world.leaves[usize::try_from(index).unwrap()];
        let statement = Statement::parse(bytes, &goods.world.domain).unwrap();
        let mark = tasdiq::seal::LogPosition { index, logged_at: goods.world.now };
        let watch: tasdiq::monitor::Watch = watch.parse().unwrap();
        watch.hear(before, &statement, mark).is_some()
    };
    let before = goods.world.register.clone();
    let sent = goods.ship("coop", "souk", &[("coop/J1", 1_000)]).unwrap();
    for (watch, heard) in [
        ("shipments-to=souk", true),
        ("shipments-to=rival", false),
        ("shop=coop", true),
        ("shop=souk", false),
        ("descendants-of=coop/F3", true),
        ("descendants-of=coop/J2", false),
    ] {
        assert_eq!(hears(&goods, &before, sent, watch), heard, "{watch}");
    }
    let (of, before) = (goods.last("coop"), goods.world.register.clone());
    let came = goods.receive("souk", &of, &[("coop/J1", 1_000, 0, 0)]).unwrap();
    assert!(hears(&goods, &before, came, "shipments-to=souk"));
    assert!(!hears(&goods, &before, came, "shipments-to=coop"));
    let before = goods.world.register.clone();
    let recall = goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    for (watch, heard) in [
        ("shop=souk", true),
        ("shop=rival", false),
        ("descendants-of=coop/H", true),
        ("descendants-of=coop/F1", false),
        ("shipments-to=souk", false),
    ] {
        assert_eq!(hears(&goods, &before, recall, watch), heard, "{watch}");
    }
}
