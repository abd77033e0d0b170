//! What a scan page tells of a lot's goods: its way, the lots it began as, where all of it is, what
//! was paid, and through which input it is recalled. Nothing of it is greener than the band.

use super::account;
use super::goods::{Goods, Linked};
use super::journey::Journey;
use super::map;
use super::words::Name;
use crate::limits::TRACE_LOTS_MAX;
use crate::register::Lot;
use crate::statement::Timestamp;
use crate::trace::{LotHandle, Origin, Path, SHARE_WHOLE};
use crate::verify::Claims;

/// Origins that are named.
const ORIGINS_MAX: usize = 5;

/// The goods of a lot.
pub(super) struct ScanGoods {
    pub journey: Option<Journey>,
    /// Who harvested, where, which share.
    pub origins: Vec<(Linked, Name, String)>,
    pub origins_more: String,
    /// The map with all their regions.
    pub map: Option<String>,
    pub balance: Option<String>,
}

impl ScanGoods {
    /// None where the register keeps no figures of the lot.
    pub fn of(goods: &Goods<'_>, lot: &Lot, claims: &Claims, now: Timestamp) -> Option<Self> {
        let key = &lot.record.lot;
        let handle = goods.register.lot_handle(key)?;
        let trace = goods.register.trace();
        let path = trace.path(handle, TRACE_LOTS_MAX);
        // Of goods that nothing followed nothing is told beside their declaration.
        let followed = !path.events.is_empty() || trace.origin(handle) != Origin::Declared;
        let origins = if path.lots.len() > 1 { origins(goods, &path, handle) } else { Vec::new() };
        let listed: Vec<_> = origins.iter().take(ORIGINS_MAX).collect();
        let regions: Vec<&str> = listed.iter().map(|(lot, _)| &*lot.record.region).collect();
        let named = |(lot, share): &&(Lot, u64)| {
            let percent = goods.w.number(share.saturating_mul(100) / SHARE_WHOLE);
            let share = goods.w.with("percent", "percent", &percent);
            let region = goods.w.region(&lot.record.region);
            (goods.linked(&lot.record.producer), region, share)
        };
        let sentence = || account::sentence(goods, lot, &claims.certificate.scheme, now);
        Some(Self {
            journey: followed.then(|| Journey::of(goods, key, &path, now)).flatten(),
            origins: listed.iter().map(named).collect(),
            origins_more: goods.more(origins.len().saturating_sub(ORIGINS_MAX)),
            map: (!regions.is_empty()).then(|| map::marked(&regions)),
            balance: followed.then(sentence).flatten(),
        })
    }
}

/// The lots it began as, the largest share first.
fn origins(goods: &Goods<'_>, path: &Path, own: LotHandle) -> Vec<(Lot, u64)> {
    let all = goods.register.trace().origins_of(path).into_iter().filter(|(lot, _)| *lot != own);
    all.filter_map(|(lot, share)| Some((goods.lot(lot)?, share))).collect()
}

/// The input through which a lot is held or recalled, by name and number, and where more is told
/// of it.
pub(super) fn input(
    goods: &Goods<'_>,
    claims: &Claims,
    now: Timestamp,
) -> Option<(Linked, String)> {
    let inherited = goods.register.inherited(&claims.lot, now)?;
    let source = goods.register.lot(&inherited.via).filter(|_| inherited.via != claims.lot)?;
    let link = Linked { name: goods.product(&source), href: goods.lot_link(&inherited.via) };
    Some((link, inherited.via.to_string()))
}
