//! What travels under edition 3: packs of the third form, trust snapshots of version 3, dossiers of
//! version 2; and that those made before stay readable.

use serde_json::{Value, json};
use tasdiq::names::LotKey;
use tasdiq::pack::{Pack, PackFile, pack_root_of};
use tasdiq::register::CertificateStatus;
use tasdiq::statement::*;
use tasdiq::trust::{StatusData, Trust};
use tasdiq::verify::{Evidence, Policy, Signal, verify};

use super::{
    TEXTS, certified, id_of, lot, reachable, recall, renew, renewing, said, say, wrong_lot,
};
use crate::dossier::story::Story;
use crate::world::{World, key};

fn trust_of(world: &World) -> Trust {
    Trust::open(&world.trust_file(), None).unwrap()
}

/// Names, a way to be reached, a renewal, a recall with what to do.
fn full() -> World {
    let mut world = certified(50);
    reachable(&mut world, "coop");
    let mut claim = world.lot("L2", 10);
    claim.facts.names = [("ar", "زيت أركان"), ("en", "Argan oil")]
        .map(|(language, name)| (language.to_owned(), name.to_owned()))
        .into();
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "ok");
    assert_eq!(renew(&mut world, 1, 0, 50), "ok");
    let claim = recall(&world, &TEXTS, Some(ReturnTo::Cooperative));
    said(&mut world, "coop", |draft| claim.draft(draft)).unwrap();
    world
}

#[test]
fn a_pack_of_the_third_form_holds_what_the_register_does() {
    let world = full();
    let file = world.pack_file();
    assert_eq!(&file[..8], b"tasdiqP3");
    let manifest: Value =
        serde_json::from_slice(PackFile::read(&file[..]).unwrap().manifest_bytes()).unwrap();
    assert_eq!(manifest["version"], json!(3));
    assert_eq!((&manifest["edition"], &manifest["columns"]), (&json!(3), &json!(1)));
    let trust = trust_of(&world);
    let pack = Pack::open(&file[..], &trust).unwrap();
    pack.check().unwrap();
    assert_eq!(pack.root(), pack_root_of(&world.register).unwrap(), "an audit recomputes it");
    for lot in world.register.lots() {
        assert_eq!(pack.lot(&lot.record.lot).unwrap(), lot.record);
        let own = world.register.certificates_of(&lot.record.lot).map(|found| found.record);
        assert_eq!(pack.certificates_of(&lot.record.lot), own.collect::<Vec<_>>());
    }
    let named: LotKey = lot("L2");
    assert_eq!(pack.lot(&named).unwrap().names["ar"], "زيت أركان");
    assert_eq!(pack.certificate(0).unwrap().superseded.unwrap().by, 1);
    // The verdict offline is the one of the live register.
    let index = world.register.certificate(0).unwrap().record.mark.index;
    let label = world.label("L1", index, 4);
    let report = verify(Evidence::Code(&label), &trust, Some(&pack), world.now, Policy::Shop);
    assert_eq!(report.exit_code, 4);
    let fitness = report.fitness.unwrap();
    assert_eq!(fitness.now.certificate, CertificateStatus::Valid);
    assert_eq!(fitness.now.return_to, Some(ReturnTo::Cooperative));
    assert!(report.item.contains(&Signal::Superseded));
    assert!(fitness.now.contact.unwrap().phone.is_some());
}

#[test]
fn below_edition_2_packs_stay_of_the_second_form() {
    let mut world = World::newest();
    world.declare("L1", 10).unwrap();
    assert_eq!(&world.pack_file()[..8], b"tasdiqP2");
    let trust: Value = serde_json::from_slice(&world.trust_file()).unwrap();
    assert_eq!(trust["version"], json!(2));
}

#[test]
fn a_delta_brings_renewals_and_what_to_do() {
    let mut world = certified(50);
    let older = world.pack_file();
    let since = world.register.size();
    assert_eq!(renew(&mut world, 1, 0, 50), "ok");
    let claim = recall(&world, &TEXTS, Some(ReturnTo::Shop));
    let index = said(&mut world, "coop", |draft| claim.draft(draft)).unwrap();
    let event = wrong_lot(&world, &id_of(&world, index), 1);
    said(&mut world, "registrar", |draft| event.draft(draft)).unwrap();
    let trust = trust_of(&world);
    let file = world.pack_file();
    let delta = PackFile::read(&file[..]).unwrap().delta_since(&world.register, since).unwrap();
    assert_eq!(&delta[..8], b"tasdiqD3");
    assert!(delta.len() < file.len());
    let held = Pack::open(&older[..], &trust).unwrap();
    let made = held.updated(&PackFile::read(&delta[..]).unwrap(), &trust).unwrap();
    assert_eq!(made, file);
    let pack = Pack::open(&made[..], &trust).unwrap();
    assert!(pack.lot(&lot("L1")).unwrap().events[0].voided.is_some());
}

#[test]
fn who_holds_a_pack_of_the_second_form_gets_a_whole_one() {
    let mut world = World::newest();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 50, "bio-maroc").unwrap();
    let (older, since) = (world.pack_file(), world.register.size());
    world.raise(3);
    let raised = world.register.size();
    assert_eq!(renew(&mut world, 1, 0, 50), "ok");
    let trust = trust_of(&world);
    let file = world.pack_file();
    let answer =
        |since| PackFile::read(&file[..]).unwrap().delta_since(&world.register, since).unwrap();
    assert_eq!(answer(since), file);
    assert_eq!(answer(0), file);
    let delta = answer(raised);
    assert_eq!(&delta[..8], b"tasdiqD3");
    // One that is handed over all the same is refused, and what is held stays.
    let held = Pack::open(&older[..], &trust).unwrap();
    let refused = held.updated(&PackFile::read(&delta[..]).unwrap(), &trust).unwrap_err();
    assert_eq!(refused.code(), "trust_form");
}

/// Under another frame the same blocks are another pack.
#[test]
fn a_form_is_not_taken_for_another() {
    let world = full();
    let trust = trust_of(&world);
    let mut file = world.pack_file();
    file[7] = b'2';
    assert_eq!(Pack::open(&file[..], &trust).err().unwrap().code(), "trust_form");
    let mut world = World::newest();
    world.declare("L1", 10).unwrap();
    let trust = trust_of(&world);
    let mut file = world.pack_file();
    file[7] = b'3';
    assert_eq!(Pack::open(&file[..], &trust).err().unwrap().code(), "trust_form");
}

#[test]
fn a_snapshot_of_version_3_names_how_parties_are_reached() {
    let mut world = renewing();
    reachable(&mut world, "coop");
    let trust = trust_of(&world);
    let party = trust.parties.iter().find(|party| party.party.as_str() == "coop").unwrap();
    assert_eq!(party.names["ar"], "تعاونية خيالية");
    assert_eq!(party.contact.as_ref().unwrap().phone.as_deref(), Some("+212500000001"));
    // Signed anew under an older version it is refused: nothing of a later form hides there.
    let mut value: Value = serde_json::from_slice(&world.trust_file()).unwrap();
    assert_eq!(value["version"], json!(3));
    value.as_object_mut().unwrap().remove("proof");
    value["version"] = json!(2);
    let method = world.method("authority#service-1");
    let bytes = tasdiq::seal::seal(&value, &method, world.now, &key(3)).unwrap();
    assert_eq!(Trust::open(&bytes, None).unwrap_err().code(), "trust_form");
}

/// A story under edition 3: certificate 0 renewed by 4, a recall of lot L1 taken back.
pub fn told() -> Story {
    let mut story = Story::begun_in(renewing());
    let mut claim = story.certificate(4, "L0", 100, "fairtrade");
    claim.facts.supersedes = Some(story.domain.certificate_id(0).as_str().into());
    assert_eq!(say(&mut story, "atlas", |draft| claim.draft(draft)), "ok");
    let claim = StatusChange {
        target: StatusTarget::Lot(lot("L1")),
        ..recall(&story, &TEXTS, Some(ReturnTo::Shop))
    };
    let index = said(&mut story, "coop", |draft| claim.draft(draft)).unwrap();
    let event = wrong_lot(&story, &id_of(&story, index), 1);
    said(&mut story, "registrar", |draft| event.draft(draft)).unwrap();
    story.keep_lists();
    story
}

fn verdict(story: &Story, bytes: &[u8]) -> tasdiq::verify::Report {
    let trust = trust_of(story);
    verify(Evidence::Dossier(bytes), &trust, None, story.now, Policy::Audit)
}

#[test]
fn a_dossier_of_version_2_proves_what_took_its_place() {
    let story = told();
    let bytes = story.dossier(0);
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((&value["version"], &value["trust"]["version"]), (&json!(2), &json!(3)));
    let report = verdict(&story, &bytes);
    assert_eq!(report.exit_code, 4, "{:?}", report.checks);
    assert_eq!(report.fitness.unwrap().now.superseded_by, Some(4));
    assert_eq!(verdict(&story, &story.dossier(4)).exit_code, 0);
    // A recall that was taken back is proven with the entry that did.
    let report = verdict(&story, &story.dossier(1));
    assert_eq!(report.exit_code, 0, "{:?}", report.checks);
    assert!(report.item.contains(&Signal::RecallVoided));
}

/// What the service would have to leave out or put in does not follow from the entries.
#[test]
fn a_dossier_cannot_say_what_its_entries_do_not() {
    let story = told();
    let forged = |serial: u64, change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&story.dossier(serial)).unwrap();
        change(&mut value);
        let mut manifest = value["manifest"].clone();
        manifest.as_object_mut().unwrap().remove("proof");
        for member in ["certificateRecord", "lotRecord"] {
            let hash = tasdiq::log::Hash::sha256(&canonical_bytes(&value[member]));
            manifest["members"][member] = json!(hash);
        }
        let method = story.method("authority#service-1");
        let sealed = tasdiq::seal::seal(&manifest, &method, story.now, &key(3)).unwrap();
        value["manifest"] = serde_json::from_slice(&sealed).unwrap();
        verdict(&story, &canonical_bytes(&value)).exit_code
    };
    assert_eq!(forged(0, &|_| {}), 4);
    let drop = |value: &mut Value, record: &str, member: &str| {
        value[record].as_object_mut().unwrap().remove(member);
    };
    assert_eq!(forged(0, &|value| drop(value, "certificateRecord", "superseded")), 1);
    assert_eq!(forged(4, &|value| drop(value, "certificateRecord", "supersedes")), 1);
    assert_eq!(
        forged(1, &|value| {
            value["lotRecord"]["events"][0].as_object_mut().unwrap().remove("voided");
        }),
        1
    );
    assert_eq!(forged(1, &|value| value["lotRecord"]["names"] = json!({"fr": "Huile"})), 1);
    assert_eq!(forged(0, &|value| value["version"] = json!(1)), 1);
}

/// The newest forms, kept beside the older ones; `TASDIQ_BLESS=1` writes them anew.
#[test]
fn one_of_each_newest_form_is_kept() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    let (world, story) = (full(), told());
    for (name, bytes) in [
        ("trust-3.json", world.trust_file()),
        ("pack-3.pack", world.pack_file()),
        ("dossier-2.tasdiq", story.dossier(0)),
    ] {
        let path = folder.join(name);
        if std::env::var_os("TASDIQ_BLESS").is_some() {
            std::fs::write(&path, &bytes).unwrap();
        }
        let kept = std::fs::read(&path).unwrap_or_default();
        assert!(kept == bytes, "{name} differs; TASDIQ_BLESS=1 writes it anew");
    }
}

/// Each was made by the release before the later forms.
#[test]
fn older_forms_are_read_for_ever() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    for name in ["trust-1.json", "trust-2.json"] {
        let trust = Trust::open(&read(name), None).unwrap();
        assert!(trust.sequence > 0, "{name}");
    }
    let bytes = read("pack-2.pack");
    let file = PackFile::read(&bytes[..]).unwrap();
    let trust = Trust::open(file.trust_bytes(), None).unwrap();
    let pack = file.open(&trust).unwrap();
    pack.check().unwrap();
    assert!(pack.lots() > 0);
    let trust = Trust::open(&read("trust-1.json"), None).unwrap();
    let dossier = read("dossier-1.tasdiq");
    let report = verify(Evidence::Dossier(&dossier), &trust, None, trust.issued_at, Policy::Shop);
    assert_eq!(report.exit_code, 0, "{:?}", report.checks);
}
