//! A small log for consignments, always the same: fruit in a carton on a pallet, some of it loose,
//! oil beside it, sent to a buyer abroad; and a second shipment to a shop here. Not a test.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tasdiq::consignment::{ConsignmentError, seal_consignment};
use tasdiq::dossier::DossierSource;
use tasdiq::log::Hash;
use tasdiq::names::UnitKey;
use tasdiq::seal::seal;
use tasdiq::statement::*;

use crate::dossier::story::keep_lists;
use crate::edition2::{Goods, lines};
use crate::world::key;

/// Salts of the two commitments.
pub const SALT: [u8; 16] = [7; 16];
pub const NOTE_SALT: [u8; 16] = [9; 16];

/// A log with two shipments.
pub struct Stage {
    pub goods: Goods,
    /// To a buyer abroad.
    pub ship: EventId,
    /// To the shop `souk`.
    pub inland: EventId,
    /// What packed the pallet.
    pub packing: EventId,
}

/// Who buys abroad.
pub fn buyer() -> Value {
    json!({
        "address": "1 rue Inventée, 00000 Nulle-Part (fictif)",
        "name": "Acheteur fictif SARL",
        "owner": { "address": "2 rue Inventée (fictif)", "name": "Propriétaire fictif" },
    })
}

/// The delivery note.
pub fn note() -> Value {
    json!({
        "consignor": { "address": "4 chemin Inventé (fictif)", "name": "Donneur d'ordre fictif" },
        "from": { "address": "3 chemin Inventé, Taroudant (fictif)" },
        "kind": "delivery note",
        "number": "BL-2026-0042",
    })
}

pub fn canonical(value: &Value) -> Vec<u8> {
    canonical_bytes(value)
}

/// An opening as it is handed in.
pub fn opening(salt: [u8; 16], object: &Value) -> Vec<u8> {
    let salt = BASE64_URL_SAFE_NO_PAD.encode(salt);
    serde_json::to_vec(&json!({ "salt": salt, "opening": object })).unwrap()
}

pub fn unit(name: &str) -> UnitKey {
    UnitKey::parse_path(&format!("unit/coop/{name}")).unwrap()
}

fn pack(goods: &mut Goods, name: &str, lots: &[(&str, u64)], units: Vec<UnitKey>) {
    let what = Packing { unit: unit(name), lots: lines(lots), units };
    goods.event_as("coop", EventKind::Pack(what)).unwrap();
}

/// To somebody outside, whom the commitment stands for.
pub fn abroad(object: &Value) -> Receiver {
    let commitment = Commitment::of(&SALT, &canonical_bytes(object));
    Receiver::Elsewhere { commitment, country: "FR".to_owned() }
}

impl Stage {
    /// Ten tonnes of fruit may be declared; one of two is pressed in part, both are certified.
    pub fn exported() -> Self {
        let mut goods = Goods::new();
        for lot in ["coop/F1", "coop/F2"] {
            goods.declare(lot, "argan-fruit", 2_000_000).unwrap();
        }
        for (lot, material, quantity) in [
            ("coop/D", "argan-fruit-dry", 570_000),
            ("coop/N", "argan-nuts", 268_000),
            ("coop/K", "argan-kernels", 44_000),
            ("coop/H", "argane", 21_500),
        ] {
            goods.declare(lot, material, quantity).unwrap();
        }
        goods.certify(0, "coop/F1", 900_000, "fairtrade").unwrap();
        goods.certify(1, "coop/F2", 900_000, "nm-mark").unwrap();
        for (recipe, from, drawn, to, filled) in [
            ("argan-fruit-dry", "coop/F1", 1_000_000, "coop/D", 570_000),
            ("argan-nut", "coop/D", 570_000, "coop/N", 268_000),
            ("argan-kernel", "coop/N", 268_000, "coop/K", 44_000),
            ("argan-press", "coop/K", 44_000, "coop/H", 21_500),
        ] {
            goods.make(recipe, &[(from, drawn)], &[(to, filled)]).unwrap();
        }
        Self::shipped(goods)
    }

    fn shipped(mut goods: Goods) -> Self {
        pack(&mut goods, "CARTON", &[("coop/F1", 120_000)], vec![]);
        let what =
            Packing { unit: unit("CARTON"), lots: lines(&[("coop/F1", 20_000)]), units: vec![] };
        goods.event_as("coop", EventKind::Unpack(what)).unwrap();
        pack(&mut goods, "PALLET", &[("coop/F2", 50_000)], vec![unit("CARTON")]);
        let packing = goods.last("coop");
        let lots = lines(&[("coop/F1", 30_000), ("coop/H", 10_000)]);
        let kind = EventKind::Ship(Shipment {
            to: abroad(&buyer()),
            purpose: ShipPurpose::Sale,
            lots,
            units: vec![unit("PALLET")],
            carrier: None,
            returns: None,
        });
        let name = goods.next_name();
        let document = Some(Commitment::of(&NOTE_SALT, &canonical_bytes(&note())));
        let event = Event { document, ..goods.event(name, kind) };
        goods.say("coop", |draft| event.draft(draft)).unwrap();
        let ship = goods.last("coop");
        goods.ship("coop", "souk", &[("coop/F2", 10_000)]).unwrap();
        let inland = goods.last("coop");
        keep_lists(&mut goods.world);
        Self { goods, ship, inland, packing }
    }

    /// A certificate is withdrawn, and the lists say so.
    pub fn withdraw(&mut self, serial: u64) {
        let target = StatusTarget::Certificate(serial);
        self.goods.world.status(target, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
        keep_lists(&mut self.goods.world);
    }

    /// The signed consignment of a shipment.
    pub fn try_consignment(&self, id: &EventId) -> Result<Vec<u8>, ConsignmentError> {
        let world = &self.goods.world;
        let (leaves, tree, trust) = (world.log_leaves(), world.tree(), world.trust_file());
        let note = world.checkpoint();
        let place = |index: u64| usize::try_from(index).unwrap();
        let source = DossierSource {
            register: &world.register,
            checkpoint: &note,
            trust: &trust,
            leaf: &|index| Ok(leaves[place(index)].clone()),
            proof: &|index| tree.inclusion(index, tree.size()).map_err(|e| e.to_string()),
            now: world.now,
            method: &world.method("authority#service-1"),
            signer: &key(3),
        };
        seal_consignment(id, &source)
    }

    pub fn consignment(&self, id: &EventId) -> Vec<u8> {
        self.try_consignment(id).unwrap()
    }

    /// An entry of the log with its proof, as a consignment holds it.
    pub fn entry(&self, index: u64) -> Value {
        let world = &self.goods.world;
        let leaf = &world.log_leaves()[usize::try_from(index).unwrap()];
        let tree = world.tree();
        json!({
            "leaf": serde_json::from_slice::<Value>(leaf).unwrap(),
            "proof": tree.inclusion(index, tree.size()).unwrap(),
        })
    }

    /// Signs the manifest anew over what the file holds now: what a dishonest service can do.
    pub fn signed_again(&self, mut file: Value) -> Vec<u8> {
        let world = &self.goods.world;
        let hash = |bytes: &[u8]| json!(Hash::sha256(bytes));
        let mut members = json!({
            "checkpoint": hash(file["checkpoint"].as_str().unwrap().as_bytes()),
        });
        for name in ["certificateRecords", "lots", "shipment", "trust"] {
            members[name] = hash(&canonical_bytes(&file[name]));
        }
        for entry in file["entries"].as_array().unwrap() {
            let name = format!("entries/{}", entry["leaf"]["index"]);
            members[name] = hash(&canonical_bytes(entry));
        }
        let mut manifest = file["manifest"].clone();
        manifest.as_object_mut().unwrap().remove("proof");
        manifest["members"] = members;
        let method = world.method("authority#service-1");
        let sealed = seal(&manifest, &method, world.now, &key(3)).unwrap();
        file["manifest"] = serde_json::from_slice(&sealed).unwrap();
        canonical_bytes(&file)
    }
}
