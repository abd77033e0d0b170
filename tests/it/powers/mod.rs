//! The table of powers against a file written by hand: every actor, suspended too, tries every act
//! on every kind of target, and each row of the table changed in turn is noticed.

mod acts;
mod goods;
mod stage;

use std::collections::BTreeMap;
use std::path::Path;

use tasdiq::register::{ACTORS, Actor, POWERS, Power};

use stage::{ROLES, Stage};

/// Outcomes expected, by act and target, then by actor.
type Expected = BTreeMap<(String, String), BTreeMap<String, String>>;

fn expected() -> Expected {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/powers.csv");
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path).unwrap();
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut all = Expected::new();
    for row in reader.records() {
        let row = row.unwrap();
        let cells = heads.iter().zip(row.iter()).skip(2);
        let cells = cells.map(|(head, cell)| (head.clone(), cell.to_owned())).collect();
        let twice = all.insert((row[0].to_owned(), row[1].to_owned()), cells);
        assert!(twice.is_none(), "{} {} stands twice", &row[0], &row[1]);
    }
    all
}

/// What comes of each actor's try, for one act and target.
fn outcomes(stage: &Stage, act: &str, target: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for barred in [false, true] {
        for actor in ACTORS {
            let role = ROLES.iter().any(|(known, ..)| *known == actor);
            if barred && !role {
                continue;
            }
            let name = format!("{actor:?}").to_lowercase() + if barred { "-barred" } else { "" };
            let outcome = acts::tried(stage, actor, barred, act, target);
            found.insert(name, outcome.unwrap_or_else(|| "-".to_owned()));
        }
    }
    found
}

#[test]
fn every_pair_is_as_written_by_hand() {
    let (stage, expected) = (Stage::new(POWERS), expected());
    let mut faults = Vec::new();
    let mut tried = 0;
    for ((act, target), cells) in &expected {
        let found = outcomes(&stage, act, target);
        for (actor, cell) in cells {
            tried += usize::from(cell != "-");
            let outcome = &found[actor];
            if outcome != cell {
                faults.push(format!("{act} {target}, {actor}: {outcome}, by hand {cell}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {tried}\n{}", faults.len(), faults.join("\n"));
    assert!(tried > 950, "{tried}");
}

/// The words of the file for a row of the table. Some acts of the file share one.
fn words_of(row: &Power) -> Vec<(String, String)> {
    let kebab = |name: String| {
        let parts = name
            .chars()
            .flat_map(|c| c.is_uppercase().then_some('-').into_iter().chain(c.to_lowercase()));
        parts.collect::<String>().trim_start_matches('-').to_owned()
    };
    let target = kebab(format!("{:?}", row.target));
    let act = kebab(format!("{:?}", row.act));
    let acts = match act.as_str() {
        "change-party" => vec!["suspend-party", "reinstate-party", "withdraw-party"],
        other => vec![other],
    };
    acts.into_iter().map(|act| (act.to_owned(), target.clone())).collect()
}

#[test]
fn every_row_has_its_line() {
    let expected = expected();
    for row in POWERS {
        let known = words_of(row).into_iter().any(|words| expected.contains_key(&words));
        assert!(known, "{row:?} has no line in powers.csv");
    }
}

/// A third of the rows, drawn by the seed; all of them with `TASDIQ_LONG`.
#[test]
fn each_row_changed_in_turn_is_noticed() {
    let (expected, unchanged) = (expected(), Stage::new(POWERS));
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(0, |seed| seed.parse::<usize>().unwrap());
    let every = if std::env::var_os("TASDIQ_LONG").is_some() { 1 } else { 3 };
    println!("TASDIQ_TEST_SEED={seed}, one row of {every}");
    for place in (seed % every..POWERS.len()).step_by(every) {
        for (changed, what) in changes(&POWERS[place]) {
            let mut table = POWERS.to_vec();
            table[place] = changed;
            let stage = unchanged.judged_by(Box::leak(table.into_boxed_slice()));
            let noticed = words_of(&POWERS[place]).iter().any(|words| {
                let Some(cells) = expected.get(words) else { return false };
                let found = outcomes(&stage, &words.0, &words.1);
                cells.iter().any(|(actor, cell)| found[actor] != *cell)
            });
            assert!(noticed, "{what}: {:?}", POWERS[place]);
        }
    }
}

/// A row with one actor less, with one more, and with the other word on barred parties.
fn changes(row: &Power) -> Vec<(Power, String)> {
    let mut changed = Vec::new();
    for actor in ACTORS {
        let has = row.actors.contains(&actor);
        let mut actors: Vec<Actor> = row.actors.to_vec();
        if has {
            actors.retain(|known| *known != actor);
        } else if stage::can_stand_so(actor, row) {
            actors.push(actor);
        } else {
            continue;
        }
        let actors = Box::leak(actors.into_boxed_slice());
        let word = if has { "without" } else { "with" };
        changed.push((Power { actors, ..*row }, format!("{word} {actor:?}")));
    }
    let parties = row.actors.iter().any(|actor| !actor.is_authority());
    if parties {
        let other = Power { barred_too: !row.barred_too, ..*row };
        changed.push((other, "barred the other way".to_owned()));
    }
    changed
}

/// The page people read is made from the table.
#[test]
fn the_page_of_powers_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/POWERS.md");
    let mut page = String::from(PREFACE);
    for row in POWERS {
        let [(act, target), ..] = &words_of(row)[..] else { panic!() };
        let act = if act == "suspend-party" { "change-party" } else { act };
        let names: Vec<String> =
            row.actors.iter().map(|actor| format!("{actor:?}").to_lowercase()).collect();
        let barred = if row.barred_too { "yes" } else { "no" };
        let condition = row.condition;
        page += &format!(
            "| {act} | {target} | {} | {barred} | {condition} | {} |\n",
            names.join(", "),
            row.undone_by
        );
    }
    if std::env::var_os("TASDIQ_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert!(found == page, "docs/POWERS.md is not the table; run this test with TASDIQ_BLESS=1");
}

const PREFACE: &str = "\
# Powers

Who may do what, from edition 1 of the rules on; acts of goods, processors, exporters, agreements
of others than cooperatives and holds of inspectors from edition 2 on. This page is made from the
table in `src/register/powers.rs`; what is not in it is refused with `not_authorised`, and a party
that is suspended or withdrawn is refused with `party_barred` unless its column says yes.
`tests/vectors/powers.csv` holds the outcome of every pair, written by hand. The authority acts with
its root key (root), an assertion key (registrar) or a key of its service (service).

Laws behind it: what the authority laid, only the authority lifts; what is loosened counts from its
log time, what is tightened may count from earlier; a barred party only tightens; a certifier acts
on certificates it issued, and holds but never recalls a lot it certified; what a stolen key signed
in its window tightens until it is confirmed or voided.

| act | target | who | barred too | condition | undone by |
|---|---|---|---|---|---|
";
