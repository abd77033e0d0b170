//! What pages of goods share: how lots, parties, quantities and acts are named and where they lead.
//! Not here: the figures (`register`), texts (`assets/locales`).

use super::frame::Frame;
use super::told::local;
use super::words::{Name, Words};
use crate::names::{LotKey, PartySlug};
use crate::os::percent;
use crate::register::{Lot, Register};
use crate::trace::LotHandle;

/// A register in the words of a page.
#[derive(Clone, Copy)]
pub(super) struct Goods<'a> {
    pub w: Words,
    pub f: &'a Frame,
    pub register: &'a Register,
}

/// A name that leads somewhere.
#[derive(Clone)]
pub(super) struct Linked {
    pub name: Name,
    pub href: String,
}

/// The address of the page about a lot's goods.
pub(super) fn lot_path(key: &LotKey) -> String {
    let owner = match key {
        LotKey::Gtin(gtin, _) => gtin.to_string(),
        LotKey::Party(party, _) => party.to_string(),
    };
    format!("/lots/{owner}/{}", percent::value(key.number().as_str()))
}

impl Goods<'_> {
    /// A party's name in the reader's language, else its first.
    pub fn party(&self, slug: &PartySlug) -> Name {
        match self.register.party(slug) {
            Some(party) => local(self.w, &party.name, &party.names),
            None => Name { text: slug.to_string(), lang: "" },
        }
    }

    pub fn linked(&self, slug: &PartySlug) -> Linked {
        let href = self.f.link(&format!("/parties/{slug}"));
        Linked { name: self.party(slug), href }
    }

    /// A party's role and region, as far as they are known.
    pub fn role_and_region(&self, slug: &PartySlug) -> (String, Option<Name>) {
        let Some(party) = self.register.party(slug) else { return (String::new(), None) };
        let role = self.w.spelled("role", party.registration.role).into_owned();
        (role, party.registration.region.as_deref().map(|iso| self.w.region(iso)))
    }

    pub fn product(&self, lot: &Lot) -> Name {
        self.w.product(&lot.record.product, &lot.record.name)
    }

    /// So much of a lot, with its unit.
    pub fn of(&self, lot: &Lot, quantity: u64) -> String {
        self.w.quantity(quantity, &lot.record.unit)
    }

    pub fn lot(&self, handle: LotHandle) -> Option<Lot> {
        self.register.lot_by_handle(handle)
    }

    pub fn lot_link(&self, key: &LotKey) -> String {
        self.f.link(&lot_path(key))
    }

    /// "and n more", or nothing.
    pub fn more(&self, count: usize) -> String {
        match count {
            0 => String::new(),
            count => self.w.with("and-more", "count", count),
        }
    }
}
