//! Lots that come from very many others: each origin is looked at, and where they are more than are
//! looked at the certificate is refused in words.

use super::goods::{Goods, key};
use super::world::slug;
use crate::names::LotNumber;
use crate::register::lots::LotChanges;
use crate::statement::Timestamp;
use crate::trace::{
    Act, Declaration, Draw, Event, LotHandle, Opening, Part, Quantity, SchemeId, Way,
};

const SCHEME: &str = "sdoq-ig";
/// Lots that go into one transformation.
const FAN_IN: usize = 400;
const KERNELS: u64 = 10;

/// Kernels W of `coop` that were put together from so many lots; the last of them is of another
/// region, if one is named.
fn from_many(lots: usize, region: Option<&str>) -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1);
    let mut many = Many::of(&mut goods);
    let mut level: Vec<Part> =
        (0..lots).map(|_| many.declared("N", KERNELS, Opening::Primary)).collect();
    if let Some(region) = region {
        many.moved(region);
    }
    while level.len() > 1 {
        level = level.chunks(FAN_IN).map(|inputs| many.grouped(inputs)).collect();
    }
    many.goods.world.now = many.goods.world.now.plus_seconds(1);
    goods
}

/// Lots and transformations laid straight into a register: signing each would take minutes.
struct Many<'a> {
    goods: &'a mut Goods,
    count: usize,
}

impl<'a> Many<'a> {
    fn of(goods: &'a mut Goods) -> Self {
        Self { goods, count: 0 }
    }

    fn apply(&mut self, act: Act) {
        let register = &mut self.goods.world.register;
        let issuer = register.holder(&slug("coop")).unwrap();
        let at: Timestamp = self.goods.world.now;
        let (at, logged_at) = (at.seconds(), at.seconds());
        let done = register.goods.trace.apply(&Event { at, logged_at, issuer, act }).unwrap();
        if done.event.is_some() {
            register.goods.events.push_back(register.facts.size - 1);
        }
    }

    fn declared(&mut self, name: &str, quantity: u64, opening: Opening) -> Part {
        self.count += 1;
        let number = format!("{name}{}", self.count);
        let register = &mut self.goods.world.register;
        let place = register.lots.place(&key("coop/K")).unwrap();
        let mut row = *register.lots.row(place).unwrap();
        row.number = LotNumber::parse(&number).unwrap();
        row.quantity = quantity;
        let lot = LotHandle(u32::try_from(register.lots.len()).unwrap());
        register.lots.push(row, &key(&format!("coop/{number}")), LotChanges::default());
        let (material, producer) =
            (crate::trace::Material(row.product.0), register.holder(&slug("coop")));
        let quantity = Quantity::new(quantity).unwrap();
        let (producer, harvested) = (producer.unwrap(), None);
        self.apply(Act::Declare(Declaration { material, producer, quantity, opening, harvested }));
        Part { lot, quantity }
    }

    /// The lot that was declared last is of another region.
    fn moved(&mut self, region: &str) {
        let register = &mut self.goods.world.register;
        let region = register.names.of(region);
        let mut rows: Vec<_> = register.lots.rows().copied().collect();
        rows.last_mut().unwrap().region = region;
        register.lots = crate::register::lots::Lots::of(rows, &register.names).unwrap();
    }

    fn grouped(&mut self, inputs: &[Part]) -> Part {
        let sum = inputs.iter().map(|part| part.quantity.get()).sum();
        let fill = self.declared("G", sum, Opening::Derived);
        let scheme = SchemeId(self.goods.world.register.names.of(SCHEME).0);
        let draws = inputs.iter().map(|part| Draw {
            lot: part.lot,
            quantity: part.quantity,
            covers: vec![(scheme, part.quantity.get())],
            certified: None,
        });
        let draws = draws.collect();
        self.apply(Act::Transform { way: Way::Group, draws, fills: vec![fill] });
        fill
    }
}

/// Some of what was put together last is pressed to oil H.
fn pressed(mut goods: Goods) -> Goods {
    let newest = goods.world.register.lots.rows().last().copied().unwrap();
    let newest = goods.world.register.key_of_lot(&newest).to_string();
    goods.declared(&[("H", "argane", 300)]);
    goods.make("argan-press", &[(&newest, 600)], &[("coop/H", 300)]).unwrap();
    goods
}

fn certified(goods: Goods) -> Result<u64, String> {
    let done = pressed(goods).certify(0, "coop/H", 100, SCHEME);
    done.map_err(|it| format!("{}: {it}", it.code()))
}

#[test]
fn an_origin_beyond_ten_thousand_others_is_looked_at() {
    assert!(certified(from_many(10_400, None)).is_ok());
    let refused = certified(from_many(10_400, Some("MA-02"))).unwrap_err();
    assert!(refused.starts_with("origin_region") && refused.contains("coop/N10400"), "{refused}");
}

#[test]
fn more_origins_than_are_looked_at_are_refused_in_words() {
    let refused = certified(from_many(100_000, None)).unwrap_err();
    assert!(refused.starts_with("origins_too_many"), "{refused}");
    assert!(refused.contains("100000") && refused.contains("certify the lots"), "{refused}");
}

/// Of a way back that is looked at in part alone it is told that there is more.
#[test]
fn what_was_not_looked_at_on_a_long_way_is_told() {
    use tasdiq::trust::{LiveStatus, Standing, Trust};
    use tasdiq::verify::{CheckName, Evidence, Policy, verify};
    let told = |lots: usize| {
        let mut goods = pressed(from_many(lots, None));
        goods.certify(0, "coop/H", 100, SCHEME).unwrap();
        let world = &goods.world;
        let index = world.register.certificate(0).unwrap().record.mark.index;
        let (label, checkpoint) = (world.label("H", index, 4), world.checkpoint());
        let trust = Trust::open(&world.trust_file(), None).unwrap();
        let live = LiveStatus {
            register: &world.register,
            checkpoint: &checkpoint,
            now: world.now,
            standing: Standing::Following,
            serials: None,
            counted: None,
        };
        let report = verify(Evidence::Code(&label), &trust, Some(&live), world.now, Policy::Shop);
        let origin = report.checks.iter().find(|laid| laid.check == CheckName::Origin);
        origin.unwrap().evidence.contains("not looked at")
    };
    assert!(told(1_200) && !told(100));
}
