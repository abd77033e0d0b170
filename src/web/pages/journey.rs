//! A lot's way in a few steps for a shopper, newest first: what is alike is told once. Each says
//! whose word it is. Not here: the steps themselves (`trace`), all of them (the lot's own page).

use super::goods::Goods;
use super::words::Name;
use crate::names::{LotKey, PartySlug, Word};
use crate::register::CertificateStatus;
use crate::statement::{Role, Timestamp};
use crate::trace::{EventHandle, LotHandle, Opening, Path};

/// Steps that are shown.
const STEPS_MAX: usize = 8;

/// Parties, schemes or regions that a step names.
const NAMES_MAX: usize = 3;

/// The way of a lot.
pub(super) struct Journey {
    pub steps: Vec<Step>,
    /// How many steps are left out, in words; empty for none.
    pub more: String,
    pub href: String,
}

/// One step.
pub(super) struct Step {
    pub what: String,
    pub day: String,
    /// How much of what, under which scheme.
    pub detail: Vec<Name>,
    pub names: Vec<Name>,
    /// Of names that are left out.
    pub more: String,
    /// `signed` or `stated`.
    pub grade: &'static str,
    pub grade_word: String,
    at: i64,
    index: u64,
    /// Left out first.
    minor: bool,
}

/// What is alike, gathered.
#[derive(Default)]
struct Gathered {
    at: i64,
    index: u64,
    parties: Vec<PartySlug>,
    lots: Vec<LotHandle>,
    quantity: u64,
    abroad: bool,
}

impl Gathered {
    fn add(&mut self, at: i64, index: u64, party: Option<PartySlug>) {
        (self.at, self.index) = (self.at.max(at), self.index.max(index));
        match party {
            Some(party) if !self.parties.contains(&party) => self.parties.push(party),
            Some(_) => {}
            None => self.abroad = true,
        }
    }
}

impl Journey {
    /// The way of a lot; `path` is its own.
    pub fn of(goods: &Goods<'_>, key: &LotKey, path: &Path, now: Timestamp) -> Option<Self> {
        let lot = *path.lots.first()?;
        let mut steps = made(goods, path);
        steps.extend(handed_on(goods, path, lot));
        steps.extend(certified(goods, key, now));
        steps.extend(looked_at(goods, lot));
        steps.extend(picked(goods, path));
        // By day; what was said of one day in the order of the log.
        steps.sort_by_key(|step| std::cmp::Reverse((step.at.div_euclid(86_400), step.index)));
        let all = steps.len();
        while steps.len() > STEPS_MAX {
            // Carrying between, then what lies before the harvest.
            let minor = steps.iter().rposition(|step| step.minor);
            steps.remove(minor.unwrap_or(STEPS_MAX - 1));
        }
        let more = match all.saturating_sub(steps.len()) {
            0 => String::new(),
            left => goods.w.with("journey-more", "count", left),
        };
        Some(Self { steps, more, href: goods.lot_link(key) })
    }
}

fn step(goods: &Goods<'_>, what: String, from: &Gathered, detail: Vec<Name>) -> Step {
    let names = from.parties.iter().take(NAMES_MAX).map(|party| goods.party(party));
    let abroad = from.abroad.then(|| own(goods.w.t("journey-abroad").into_owned()));
    Step {
        what,
        day: goods.w.day(Timestamp::from_seconds(from.at).day()),
        detail,
        names: abroad.into_iter().chain(names).collect(),
        more: goods.more(from.parties.len().saturating_sub(NAMES_MAX)),
        grade: "stated",
        grade_word: goods.w.t("grade-stated").into_owned(),
        at: from.at,
        index: from.index,
        minor: false,
    }
}

fn own(text: String) -> Name {
    Name { text, lang: "" }
}

/// Transformations, one step a recipe.
fn made(goods: &Goods<'_>, path: &Path) -> Vec<Step> {
    let trace = goods.register.trace();
    let mut all: Vec<(Word, Gathered)> = Vec::new();
    for event in &path.events {
        let (Some(way), Some(view)) = (trace.way_of(*event), trace.event_view(*event)) else {
            continue;
        };
        let way = goods.register.recipe_named(way);
        let place = all.iter().position(|(known, _)| *known == way).unwrap_or_else(|| {
            all.push((way, Gathered::default()));
            all.len() - 1
        });
        let Some((_, one)) = all.get_mut(place) else { continue };
        let by = goods.register.holder_named(view.issuer);
        one.add(view.at, index(goods, *event), Some(by));
        for (lot, quantity) in trace.made(*event).fills {
            if path.lots.contains(&lot) {
                one.lots.push(lot);
                one.quantity = one.quantity.saturating_add(quantity);
            }
        }
    }
    let told = |(way, one): (Word, Gathered)| {
        let detail = of_what(goods, &one);
        step(goods, goods.w.recipe(&way), &one, detail)
    };
    all.into_iter().map(told).collect()
}

/// How much of what was gathered, if it is of one kind.
fn of_what(goods: &Goods<'_>, one: &Gathered) -> Vec<Name> {
    let mut lots = one.lots.iter().filter_map(|lot| goods.lot(*lot));
    let Some(first) = lots.next() else { return Vec::new() };
    if lots.any(|lot| lot.record.product != first.record.product) {
        return Vec::new();
    }
    vec![own(goods.of(&first, one.quantity)), goods.product(&first)]
}

fn index(goods: &Goods<'_>, event: EventHandle) -> u64 {
    goods.register.index_of_event(event).unwrap_or_default()
}

fn signed(goods: &Goods<'_>, step: Step) -> Step {
    Step { grade: "signed", grade_word: goods.w.t("grade-signed").into_owned(), ..step }
}

/// To whom the lot went, and from whom came what it was made of.
fn handed_on(goods: &Goods<'_>, path: &Path, lot: LotHandle) -> Vec<Step> {
    let trace = goods.register.trace();
    let (mut gone, mut came) = (Gathered::default(), Gathered::default());
    for event in &path.events {
        let Some(sent) = trace.shipment_at(*event) else { continue };
        let Some(view) = trace.event_view(*event).filter(|view| !view.undone) else { continue };
        let (at, index) = (view.at, index(goods, *event));
        if trace.lots_of(*event).contains(&lot) {
            gone.add(at, index, sent.to.map(|to| goods.register.holder_named(to)));
        } else {
            came.add(at, index, Some(goods.register.holder_named(sent.from)));
        }
    }
    let told = |one: &Gathered, id: &str| {
        let any = one.abroad || !one.parties.is_empty();
        any.then(|| step(goods, goods.w.t(id).into_owned(), one, Vec::new()))
    };
    let came = told(&came, "journey-brought").map(|step| Step { minor: true, ..step });
    told(&gone, "journey-handed-on").into_iter().chain(came).collect()
}

/// The certificates in force.
fn certified(goods: &Goods<'_>, key: &LotKey, now: Timestamp) -> Option<Step> {
    let mut one = Gathered::default();
    let mut schemes: Vec<Name> = Vec::new();
    for found in goods.register.certificates_of(key) {
        let record = &found.record;
        if goods.register.status_of(record, now) != CertificateStatus::Valid {
            continue;
        }
        one.add(record.valid_from.seconds(), record.mark.index, Some(record.issuer.clone()));
        let scheme = goods.w.scheme(&record.scheme);
        if !schemes.contains(&scheme) {
            schemes.push(scheme);
        }
    }
    if one.parties.is_empty() {
        return None;
    }
    let left = schemes.len().saturating_sub(NAMES_MAX);
    schemes.truncate(NAMES_MAX);
    if left > 0 {
        schemes.push(own(goods.more(left)));
    }
    let told = step(goods, goods.w.t("journey-certified").into_owned(), &one, schemes);
    Some(signed(goods, told))
}

/// Who looked at the lot, of those who certify, analyse and inspect.
fn looked_at(goods: &Goods<'_>, lot: LotHandle) -> Option<Step> {
    let trace = goods.register.trace();
    let mut one = Gathered::default();
    for event in trace.events_of(lot).filter(|event| trace.kind_word(*event) == Some("observe")) {
        let Some(view) = trace.event_view(event) else { continue };
        let by = goods.register.holder_named(view.issuer);
        let role = goods.register.party(&by).map(|party| party.registration.role);
        if matches!(role, Some(Role::Certifier | Role::Laboratory | Role::Inspector)) {
            one.add(view.at, index(goods, event), Some(by));
        }
    }
    let any = !one.parties.is_empty();
    let told = any.then(|| step(goods, goods.w.t("journey-seen").into_owned(), &one, Vec::new()));
    told.map(|step| signed(goods, step))
}

/// The lots it began as.
fn picked(goods: &Goods<'_>, path: &Path) -> Option<Step> {
    let trace = goods.register.trace();
    let (mut one, mut harvest) = (Gathered::default(), true);
    for (lot, _) in trace.origins_of(path) {
        let (Some(view), Some(known)) = (trace.lot_view(lot), goods.lot(lot)) else { continue };
        harvest &= view.opening == Opening::Primary;
        let day = known.record.packed_on.start().seconds();
        one.add(day, 0, Some(known.record.producer.clone()));
        one.lots.push(lot);
        one.quantity = one.quantity.saturating_add(known.record.quantity);
    }
    if one.lots.is_empty() {
        return None;
    }
    let id = if harvest { "journey-harvested" } else { "journey-declared" };
    let detail = of_what(goods, &one);
    Some(step(goods, goods.w.t(id).into_owned(), &one, detail))
}
