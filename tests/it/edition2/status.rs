//! A hold or a recall reaches all that descends from its lot, and is lifted by a signed release
//! that names it.

use super::*;
use tasdiq::pack::Pack;
use tasdiq::register::LotStatus;
use tasdiq::trust::{LiveStatus, Standing, StatusData, Trust};
use tasdiq::verify::{Evidence, Policy, verify};

fn inherited(goods: &Goods, lot: &str) -> LotStatus {
    goods.world.register.inherited_status(&key(lot))
}

/// The id of an entry.
fn id_of(goods: &Goods, index: u64) -> String {
    let bytes = &goods.world.leaves[usize::try_from(index).unwrap()];
    Statement::parse(bytes, &goods.world.domain).unwrap().id.clone()
}

/// The exit codes of a label of a lot with its certificate 0: by the live register, and by a pack
/// alone.
fn codes_of_label(goods: &Goods, lot: &str) -> [u8; 2] {
    let world = &goods.world;
    let index = world.register.certificate(0).unwrap().record.mark.index;
    let label = world.label(lot, index, 4);
    let (trust, file) = (Trust::open(&world.trust_file(), None).unwrap(), world.pack_file());
    let pack = Pack::open(&file[..], &trust).unwrap();
    let checkpoint = world.checkpoint();
    let live = LiveStatus {
        register: &world.register,
        checkpoint: &checkpoint,
        now: world.now,
        standing: Standing::Following,
        serials: None,
        counted: None,
    };
    let books: [&dyn StatusData; 2] = [&live, &pack];
    books.map(|book| {
        let code = Evidence::Code(&label);
        let report = verify(code, &trust, Some(book), world.now, Policy::Shop);
        let lot_now = report.fitness.as_ref().map(|fitness| fitness.now.lot);
        assert_eq!(lot_now == Some(LotStatus::Released), report.exit_code == 0, "{report:?}");
        report.exit_code
    })
}

#[test]
fn a_jar_of_a_recalled_input_is_green_nowhere() {
    let mut goods = super::story::pressed();
    goods.certify(0, "coop/H", 1, "nm-mark").unwrap();
    assert_eq!(codes_of_label(&goods, "H"), [0, 0]);
    let hold = goods.change("coop", "coop/K", StatusAction::Hold).unwrap();
    assert_eq!(codes_of_label(&goods, "H"), [4, 4]);
    let lifts = vec![id_of(&goods, hold)];
    goods.change_lifting("coop", "coop/H", StatusAction::Release, lifts).unwrap();
    assert_eq!(codes_of_label(&goods, "H"), [0, 0]);
    let recall = goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    assert_eq!(codes_of_label(&goods, "H"), [4, 4]);
    let found = goods.world.register.inherited(&key("coop/H"), goods.world.now).unwrap();
    assert_eq!((found.status(), found.index), (LotStatus::Recalled, recall));
    assert_eq!((found.via, found.by), (key("coop/F3"), slug("coop")));
    let lifts = vec![id_of(&goods, recall)];
    goods.change_lifting("registrar", "coop/H", StatusAction::Release, lifts).unwrap();
    assert_eq!(codes_of_label(&goods, "H"), [0, 0]);
}

#[test]
fn a_recall_of_fruit_reaches_the_jars_and_the_authority_alone_lifts_it() {
    let mut goods = super::story::pressed();
    let recall = goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Recalled);
    let refused = goods.out("coop", &[("coop/H", 1)]).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("lot_recalled", true));
    assert!(refused.to_string().contains("through lot coop/F3"), "{refused}");
    assert_eq!(code(goods.lose("coop", &[("coop/H", 1)])), "ok");
    assert_eq!(code(goods.certify(0, "coop/H", 1, "nm-mark")), "lot_recalled");
    let lifts = || vec![id_of(&goods, recall)];
    let lifts = lifts();
    let release = StatusAction::Release;
    for who in ["coop", "atlas"] {
        let by = goods.change_lifting(who, "coop/H", release, lifts.clone());
        assert_eq!(code(by), "not_authorised", "{who}");
    }
    let nothing = goods.change_lifting("registrar", "coop/F1", release, lifts.clone());
    assert_eq!(code(nothing), "lifts_nothing");
    goods.change_lifting("registrar", "coop/H", release, lifts).unwrap();
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Released);
    assert_eq!(inherited(&goods, "coop/K"), LotStatus::Recalled);
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "ok");
}

#[test]
fn a_hold_drawn_from_before_holds_what_was_made_and_is_released_with_its_lot() {
    let mut goods = super::story::pressed();
    goods.change("coop", "coop/K", StatusAction::Hold).unwrap();
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Held);
    assert_eq!(inherited(&goods, "coop/N"), LotStatus::Released);
    assert_eq!(goods.world.register.inherited_from(&key("coop/H")), [key("coop/K")]);
    assert_eq!(code(goods.ship("coop", "souk", &[("coop/H", 1)])), "lot_held");
    goods.change("coop", "coop/K", StatusAction::Release).unwrap();
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Released);
    assert_eq!(code(goods.ship("coop", "souk", &[("coop/H", 1)])), "ok");
}

#[test]
fn what_was_lifted_of_a_hold_is_not_lifted_of_the_next() {
    let mut goods = super::story::pressed();
    let hold = goods.change("coop", "coop/K", StatusAction::Hold).unwrap();
    let lifts = vec![id_of(&goods, hold)];
    let release = StatusAction::Release;
    goods.change_lifting("coop", "coop/H", release, lifts.clone()).unwrap();
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Released);
    goods.change("coop", "coop/K", release).unwrap();
    // What holds no more can be lifted of nothing.
    let again = goods.change_lifting("coop", "coop/H", release, lifts);
    assert_eq!(code(again), "lifts_nothing");
    goods.change("registrar", "coop/K", StatusAction::Recall).unwrap();
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Recalled);
}

#[test]
fn who_laid_the_hold_of_an_input_lifts_what_a_lot_inherits_of_it() {
    let mut goods = super::story::pressed();
    let hold = goods.change("registrar", "coop/K", StatusAction::Hold).unwrap();
    let lifts = vec![id_of(&goods, hold)];
    let release = StatusAction::Release;
    let by_holder = goods.change_lifting("coop", "coop/H", release, lifts.clone());
    assert_eq!(code(by_holder), "not_authorised");
    goods.change_lifting("registrar", "coop/H", release, lifts).unwrap();
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Released);
    assert_eq!(goods.status("coop/K"), "held");
}

#[test]
fn an_inspectors_hold_ends_by_itself() {
    let mut goods = super::story::pressed();
    goods.change("inspection", "coop/K", StatusAction::Hold).unwrap();
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "lot_held");
    assert_eq!(code(goods.change("inspection", "coop/H", StatusAction::Recall)), "not_authorised");
    // Before the next entry too, whenever and however often it is asked; a copy goes its own way.
    let (register, now) = (goods.world.register.clone(), goods.world.now);
    let jar = register.lot(&"coop/H".parse().unwrap()).unwrap();
    let end = now.plus_seconds(14 * DAY);
    for (at, status) in [(now, "held"), (end, "released"), (now, "held"), (end, "released")] {
        assert_eq!(register.status_of_lot(&jar, at).word(), status, "{at}");
        assert_eq!(register.clone().lot_word(&jar, at), status, "{at}");
    }
    goods.change("inspection", "coop/K", StatusAction::Release).unwrap();
    goods.change("inspection", "coop/K", StatusAction::Hold).unwrap();
    assert_eq!(register.status_of_lot(&jar, end).word(), "released");
    let (register, later) = (&goods.world.register, end.plus_seconds(DAY));
    assert_eq!(register.status_of_lot(&jar, goods.world.now).word(), "held");
    assert_eq!(register.status_of_lot(&jar, later).word(), "released");
    goods.later(14 * DAY);
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "ok");
    assert_eq!(goods.status("coop/K"), "released");
}

#[test]
fn a_certifiers_hold_ends_after_thirty_days_for_what_descends_too() {
    let mut goods = super::story::pressed();
    goods.certify(0, "coop/F1", 1, "nm-mark").unwrap();
    goods.change("atlas", "coop/F1", StatusAction::Hold).unwrap();
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "lot_held");
    goods.later(30 * DAY);
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "ok");
    assert_eq!(inherited(&goods, "coop/H"), LotStatus::Released);
}
