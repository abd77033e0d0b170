//! `tasdiq catalogue`: what may stand in rows and options: codes of products, materials, schemes,
//! regions and units, with their names. No ledger is asked. Not here: what a ledger's rulebook adds
//! (`rulebook show`), how a word is found (`reader`).

use clap::ValueEnum;
use serde::Serialize;

use super::common::output::{raw, say, say_json, table};
use super::common::words::Worded;
use super::{Global, Outcome};
use crate::papers::csv_of;
use crate::reader::{Noun, Term, code_of, terms};

/// What to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum List {
    /// Origin products.
    #[value(alias = "produits")]
    Products,
    /// What lots may be made of: products, and what they are made from.
    #[value(alias = "matieres")]
    Materials,
    /// Schemes that certify.
    #[value(alias = "referentiels")]
    Schemes,
    /// The twelve regions.
    Regions,
    /// Units of quantities.
    #[value(alias = "unites")]
    Units,
}

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq catalogue\n  \
    tasdiq catalogue schemes regions --csv > terms.csv\n  \
    tasdiq catalogue products --find \"huile d'argane\"\n\n\
    Rows of `issue` and `events` and options of `register` take a code or any of these names,\n\
    whatever its case, accents and forms of Arabic letters.")]
pub struct Args {
    /// What to list; all if left out.
    #[arg(value_enum, value_name = "LIST")]
    lists: Vec<List>,
    /// Only what this word names; exit code 1 if it names none, or several.
    #[arg(long, value_name = "WORD")]
    find: Option<String>,
    /// As CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// One code, as printed.
#[derive(Serialize)]
struct Listed {
    kind: &'static str,
    code: &'static str,
    fr: &'static str,
    ar: &'static str,
    en: &'static str,
}

/// Runs the verb.
///
/// # Errors
/// Stdout cannot be written.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let lists = if args.lists.is_empty() { List::value_variants() } else { &args.lists };
    let mut listed = Vec::new();
    let mut faults = Vec::new();
    for list in lists {
        let noun = list.noun();
        let all = terms(noun)?.into_iter();
        match &args.find {
            None => listed.extend(all.map(|term| Listed::of(noun, term))),
            Some(word) => match code_of(noun, word) {
                Ok(code) => {
                    let found = all.filter(|term| term.code == code);
                    listed.extend(found.map(|term| Listed::of(noun, term)));
                }
                Err(fault) => faults.push(fault.worded().1),
            },
        }
    }
    let none = listed.is_empty() && args.find.is_some();
    if none {
        faults.iter().for_each(|fault| eprintln!("{fault}"));
    }
    if global.json {
        say_json(&listed)?;
    } else if args.csv {
        let rows: Vec<Vec<String>> = listed.iter().map(Listed::cells).collect();
        raw(&csv_of(&["kind", "code", "fr", "ar", "en"], &rows)?)?;
    } else if !listed.is_empty() {
        let rows: Vec<Vec<String>> = listed.iter().map(Listed::cells).collect();
        say(table(&rows))?;
    }
    Ok(if none { Outcome::Failed } else { Outcome::Passed })
}

impl List {
    fn noun(self) -> Noun {
        match self {
            Self::Products => Noun::Product,
            Self::Materials => Noun::Material,
            Self::Schemes => Noun::Scheme,
            Self::Regions => Noun::Region,
            Self::Units => Noun::Unit,
        }
    }
}

impl Listed {
    fn of(noun: Noun, Term { code, fr, ar, en, .. }: Term) -> Self {
        Self { kind: noun.into(), code, fr, ar, en }
    }

    fn cells(&self) -> Vec<String> {
        [self.kind, self.code, self.fr, self.ar, self.en].map(str::to_owned).into()
    }
}
