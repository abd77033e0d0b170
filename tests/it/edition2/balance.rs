//! Every figure of goods is recomputed by a program that shares no code with this one, from the
//! tiles alone: after each test of edition 2, and after histories drawn at random.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tasdiq::log::{bundle_of, push_entry};
use tasdiq::register::{Lot, LotStatus, PricesOf};
use tasdiq::trace::{Holder, LotHandle, Model, Origin, SchemeId, Status};

use super::player::*;
use super::*;

/// Each history of these tests is compared as it stands when its test ends.
impl Drop for Goods {
    fn drop(&mut self) {
        if self.is_compared && !std::thread::panicking() {
            compare(&self.world);
        }
    }
}

/// Writes the tiles of a world, runs the program over them and compares every lot.
fn compare(world: &World) {
    let folder = tempfile::tempdir().unwrap();
    export(world, folder.path());
    let told = told(folder.path());
    assert!(told["lots"].is_array(), "no list of lots: {told}");
    let lots = told["lots"].as_array().unwrap();
    let mut found: BTreeMap<&str, &Value> = BTreeMap::new();
    for lot in lots {
        found.insert(lot["lot"].as_str().unwrap(), lot);
    }
    assert_eq!(found.len(), world.register.lot_count());
    assert_eq!(world.register.trace().conserved(), None);
    let prices = world.register.price_totals(&PricesOf::All, None);
    let prices: Vec<Value> = prices.map(|one| serde_json::to_value(one).unwrap()).collect();
    assert_eq!(told["prices"], Value::Array(prices));
    for lot in world.register.lots() {
        let key = lot.record.lot.to_string();
        let (here, there) = (figures(world, &lot), found[key.as_str()]);
        for (name, figure) in here.as_object().unwrap() {
            assert_eq!(figure, &there[name], "{name} of lot {key}");
        }
    }
}

fn export(world: &World, folder: &Path) {
    let leaves = world.log_leaves();
    let size = leaves.len() as u64;
    for first in (0..size).step_by(256) {
        let place = bundle_of(first, size).unwrap();
        let mut bundle = Vec::new();
        for leaf in leaves.iter().skip(first.try_into().unwrap()).take(place.width.into()) {
            push_entry(&mut bundle, leaf).unwrap();
        }
        let path = folder.join("log").join(place.to_string());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bundle).unwrap();
    }
    std::fs::write(folder.join("log/checkpoint"), world.unwitnessed()).unwrap();
}

fn told(folder: &Path) -> Value {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/balance.py");
    let mut command = Command::new("python3");
    let run = command.arg("-B").arg(program).arg(folder).arg("--json").output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.stdout.starts_with(b"{"), "{said}");
    serde_json::from_slice(&run.stdout).unwrap()
}

/// A lot's figures in this program, in the words of the other.
pub(super) fn figures(world: &World, lot: &Lot) -> Value {
    let (register, trace) = (&world.register, world.register.trace());
    let key = &lot.record.lot;
    let Some(handle) = register.lot_handle(key) else {
        return json!({"declared": lot.record.quantity, "origin": "declared"});
    };
    let balance = trace.balance(handle).unwrap();
    let (model, _) = trace.custody(handle, None);
    // The figures know no status of a lot whose declaration was undone; the register does.
    let own = match trace.is_undeclared(handle) {
        true => lot.status(register.last_at().unwrap()).word(),
        false => status(trace.own_status(handle)),
    };
    json!({
        "declared": balance.declared,
        "filled": balance.filled,
        "free": balance.free,
        "packed": balance.packed,
        "inTransit": balance.in_transit,
        "disputed": balance.disputed,
        "consumed": balance.consumed,
        "out": balance.out(),
        "gone": balance.gone,
        "lost": balance.lost,
        "sampled": balance.sampled,
        "destroyed": balance.destroyed,
        "recovered": balance.recovered,
        "labelled": balance.labelled,
        "labelsLeft": balance.outstanding,
        "closed": balance.closed,
        "undeclared": trace.is_undeclared(handle),
        "holders": holders(world, handle),
        "origin": origin(trace.origin(handle)),
        "custody": custody(model),
        "cover": cover(world, handle),
        "status": own,
        "inherited": match register.inherited_status(key) {
            LotStatus::Recalled => "recalled",
            LotStatus::Held => "held",
            _ => "released",
        },
    })
}

fn holders(world: &World, lot: LotHandle) -> Value {
    let mut all = serde_json::Map::new();
    for party in world.register.parties() {
        let slug = &party.record.party;
        let Some(holder) = world.register.holder(slug) else { continue };
        let had = world.register.trace().holding(lot, holder);
        let left = [had.free, had.packed, had.in_transit, had.disputed, had.out];
        if left != [0; 5] {
            let told = json!({
                "free": had.free, "packed": had.packed, "inTransit": had.in_transit,
                "disputed": had.disputed, "out": had.out,
            });
            all.insert(slug.to_string(), told);
        }
    }
    Value::Object(all)
}

/// By scheme, where there is any. Names of schemes and parties are numbered together.
fn cover(world: &World, lot: LotHandle) -> Value {
    let mut all = serde_json::Map::new();
    for scheme in world.register.catalog().schemes() {
        let Some(Holder(number)) = world.register.holder(&slug(&scheme.id)) else { continue };
        let covered = world.register.trace().cover(lot, SchemeId(number)).unwrap_or_default();
        if covered > 0 {
            all.insert(scheme.id.clone(), covered.into());
        }
    }
    Value::Object(all)
}

fn origin(word: Origin) -> &'static str {
    match word {
        Origin::Traced => "traced",
        Origin::Partly => "partly",
        Origin::Declared => "declared",
    }
}

fn custody(model: Model) -> &'static str {
    match model {
        Model::IdentityPreserved => "identity-preserved",
        Model::Segregated => "segregated",
        Model::ControlledBlending => "controlled-blending",
        Model::MassBalance => "mass-balance",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Released => "released",
        Status::Held => "held",
        Status::Recalled => "recalled",
    }
}

#[test]
fn histories_drawn_at_random_have_the_same_figures_in_both_programs() {
    let given = std::env::var("TASDIQ_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = given.unwrap_or(2_026);
    println!("TASDIQ_TEST_SEED={seed}");
    let histories = if std::env::var_os("TASDIQ_LONG").is_some() { 300 } else { 12 };
    let mut taken = 0;
    for number in 0..histories {
        let mut player = Player::new(seed.wrapping_mul(1_000).wrapping_add(number));
        for _ in 0..120 {
            let _tried = player.step();
        }
        taken += player.taken;
    }
    assert!(taken > 15 * u32::try_from(histories).unwrap(), "{taken}");
}

#[test]
fn one_quantity_that_is_changed_in_one_leaf_is_seen() {
    let goods = super::story::pressed();
    let mut changed = goods.world.log_leaves();
    let place = changed
        .iter()
        .position(|leaf| String::from_utf8_lossy(leaf).contains(r#""recipe":"argan-press""#));
    let leaf = &mut changed[place.unwrap()];
    let text = String::from_utf8(leaf.clone()).unwrap();
    *leaf = text.replace(r#""quantity":440000"#, r#""quantity":440001"#).into_bytes();
    let folder = tempfile::tempdir().unwrap();
    export(&goods.world, folder.path());
    let bundle = bundle_of(0, changed.len() as u64).unwrap();
    let mut bytes = Vec::new();
    changed.iter().for_each(|leaf| push_entry(&mut bytes, leaf).unwrap());
    std::fs::write(folder.path().join("log").join(bundle.to_string()), bytes).unwrap();
    let told = told(folder.path());
    assert_eq!(told["code"], "balance_broken", "{told}");
    assert_eq!((&told["index"], &told["lot"]), (&json!(place.unwrap()), &json!("coop/K")));
}
