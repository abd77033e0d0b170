//! A small log for dossiers, always the same: four lots, one certificate each, and what befell
//! them; status lists, a witness that cosigns, the signed files. Not a test.

use std::ops::{Deref, DerefMut};

use tasdiq::dossier::{DossierSource, seal_dossier, seal_trace};
use tasdiq::statement::*;

use crate::world::{World, key, slug};

/// A world that keeps status lists.
pub struct Story(World);

impl Deref for Story {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl DerefMut for Story {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.0
    }
}

/// Serials of the four certificates.
pub const VALID: u64 = 0;
pub const WITHDRAWN: u64 = 1;
pub const REINSTATED: u64 = 2;
pub const ROTATED: u64 = 3;

impl Story {
    /// Four certified lots, nothing has happened yet.
    pub fn begun() -> Self {
        Self::begun_in(World::peopled())
    }

    /// The same in a world of one's choice.
    pub fn begun_in(world: World) -> Self {
        let mut story = Self(world);
        for serial in [VALID, WITHDRAWN, REINSTATED, ROTATED] {
            let lot = format!("L{serial}");
            story.declare(&lot, 100).unwrap();
            story.certify(serial, &lot, 100, "fairtrade").unwrap();
        }
        story.keep_lists();
        story
    }

    /// What there is in a world of one's choice, and no more.
    pub fn over(world: World) -> Self {
        Self(world)
    }

    /// Back to the plain world.
    pub fn into_world(self) -> World {
        self.0
    }

    /// One certificate is suspended.
    pub fn suspend(&mut self) {
        let target = StatusTarget::Certificate(REINSTATED);
        self.status(target, StatusAction::Suspend, "atlas#key-1", 10).unwrap();
        self.keep_lists();
    }

    /// Another is withdrawn, the suspended one reinstated, and the certifier changes its key.
    pub fn go_on(&mut self) {
        let target = StatusTarget::Certificate(WITHDRAWN);
        self.status(target, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
        let target = StatusTarget::Certificate(REINSTATED);
        self.status(target, StatusAction::Reinstate, "atlas#key-1", 10).unwrap();
        self.keep_lists();
        let added = self.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
        let unsigned = added.draft(&self.draft("authority"));
        self.by_registrar(unsigned).unwrap();
        let retired = KeyChange {
            party: slug("atlas"),
            verification_method: self.method("atlas#key-1"),
            event: KeyEvent::Retired,
        };
        let unsigned = retired.draft(&self.draft("authority"));
        self.by_registrar(unsigned).unwrap();
    }

    /// What the keeper of status lists appends.
    pub fn keep_lists(&mut self) {
        keep_lists(&mut self.0);
    }

    /// Hands what dossiers are made from, under a checkpoint of one's choice, to `make`.
    fn sealed<T>(&self, note: &str, make: impl FnOnce(&DossierSource<'_>) -> T) -> T {
        let (leaves, tree, trust) = (self.log_leaves(), self.tree(), self.trust_file());
        let place = |index: u64| usize::try_from(index).unwrap();
        make(&DossierSource {
            register: &self.register,
            checkpoint: note,
            trust: &trust,
            leaf: &|index| Ok(leaves[place(index)].clone()),
            proof: &|index| tree.inclusion(index, tree.size()).map_err(|e| e.to_string()),
            now: self.now,
            method: &self.method("authority#service-1"),
            signer: &key(3),
        })
    }

    /// The signed dossier of a certificate under a checkpoint of one's choice.
    pub fn dossier_under(&self, serial: u64, note: &str) -> Vec<u8> {
        self.sealed(note, |source| seal_dossier(serial, source)).unwrap()
    }

    /// The signed dossier of a certificate.
    pub fn dossier(&self, serial: u64) -> Vec<u8> {
        self.dossier_under(serial, &self.checkpoint())
    }

    /// The signed trace dossier of a lot.
    pub fn way_back(&self, lot: &str) -> Vec<u8> {
        self.sealed(&self.checkpoint(), |source| seal_trace(&lot.parse().unwrap(), source)).unwrap()
    }
}

/// What the keeper of status lists appends to a world's log.
pub fn keep_lists(world: &mut World) {
    let stale: Vec<_> = world
        .register
        .lists()
        .filter(|(_, state)| !state.is_current())
        .map(|(name, _)| name)
        .collect();
    for (purpose, list) in stale {
        let flagged: Vec<u64> = world.register.flagged(purpose).iter().copied().collect();
        let list = StatusList::of(purpose, list, flagged.into_iter());
        world.now = world.now.plus_seconds(1);
        let unsigned = list.draft(&world.draft("authority"));
        world.log(unsigned, "authority#service-1", 3).unwrap();
    }
    let lists = world.register.lists().map(|((purpose, list), state)| CurrentList {
        list: format!("{}-{list}", purpose.word()),
        entry: state.versions.last().unwrap().index,
    });
    let index = StatusIndex {
        id: world.domain.url("status"),
        covers: world.register.size(),
        lists: lists.collect(),
    };
    let unsigned = index.draft(&world.draft("authority"));
    world.log(unsigned, "authority#service-1", 3).unwrap();
}
