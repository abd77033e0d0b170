//! What a change of status is about, as people name it: certificates by serial, lots, parties; on
//! the command line or in the rows of a table. Not here: what becomes of them (`act`).

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Error, bail};

use super::super::common::cells::{CellFault, Cells, Columns, told};
use super::super::common::documents::read_bytes;
use super::super::common::selection::NoSerial;
use super::super::common::words::tr;
use crate::names::{LotKey, PartySlug};
use crate::reader::read_headed;

/// What is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// Serials of certificates.
    pub serials: BTreeSet<u64>,
    /// Lots.
    pub lots: BTreeSet<LotKey>,
    /// Parties.
    pub parties: BTreeSet<PartySlug>,
}

/// The table of `--list`: a certificate or a lot a row.
const COLUMNS: Columns = Columns {
    must: &[],
    may: &["serial", "lot"],
    heads: &[
        ("serial", &["certificate", "certificat", "n° de certificat", "numéro", "الشهادة"]),
        ("lot", &["n° de lot", "numéro de lot", "batch", "lot number", "الدفعة", "رقم الدفعة"]),
    ],
    amounts: &[],
};

impl Targets {
    /// Those named on the command line: `17`, `GTIN/LOT`, `party/LOT`, `party:SLUG`; two words
    /// `party SLUG` are one.
    ///
    /// # Errors
    /// A word that names nothing of these.
    pub fn of(words: &[String]) -> anyhow::Result<Self> {
        let mut named = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let slug = match word.strip_prefix("party:").or_else(|| word.strip_prefix("party ")) {
                Some(slug) => Some(slug),
                None if word == "party" => words.next().map(String::as_str),
                None => None,
            };
            match (slug, word.parse::<u64>(), word.parse::<LotKey>()) {
                (Some(slug), ..) => drop(named.parties.insert(PartySlug::parse(slug.trim())?)),
                (None, Ok(serial), _) => drop(named.serials.insert(serial)),
                (None, Err(_), Ok(lot)) => drop(named.lots.insert(lot)),
                (None, Err(_), Err(error)) => bail!(
                    "{word:?}: a certificate's serial, GTIN/LOT, party/LOT or `party:SLUG` is \
                     expected ({error})"
                ),
            }
        }
        Ok(named)
    }

    /// Those of a table's rows too, each with a `serial` or a `lot`; all are good or none is taken.
    ///
    /// # Errors
    /// No such table, or all faults of its rows with their lines.
    pub fn and_of(mut self, file: &Path) -> anyhow::Result<Self> {
        self.take_rows(&read_bytes(file)?).with_context(|| file.display().to_string())?;
        Ok(self)
    }

    fn take_rows(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let table = read_headed(bytes, &|cell| COLUMNS.named(cell).is_some());
        let table = table.map_err(Error::msg)?;
        let (columns, _) = COLUMNS.of(&table.head)?;
        if columns.is_empty() {
            bail!("columns are missing: serial or lot");
        }
        let mut faults = Vec::new();
        for row in &table.rows {
            let cells = Cells::of(&columns, row, table.head.cells.len());
            let serial = cells.optional("serial");
            let lot = cells.identifier("lot");
            if let Some(text) = &serial {
                let number = text.parse::<u64>().map_err(|_| NoSerial(text.clone()));
                self.serials.extend(cells.good("serial", number));
            } else if let Some(text) = &lot {
                self.lots.extend(cells.good("lot", text.parse::<LotKey>()));
            }
            let mut wrong = cells.into_faults();
            if serial.is_none() && lot.is_none() && wrong.is_empty() {
                wrong.push(CellFault::of_row(&tr("fault-no-target", &[])));
            }
            if !wrong.is_empty() {
                let line = tr("fault-line", &[("line", &row.line.to_string())]);
                faults.push(format!("{line} {}", told(&wrong)));
            }
        }
        if !faults.is_empty() {
            bail!("{}", faults.join("\n"));
        }
        Ok(())
    }

    /// Whether nothing is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.serials.is_empty() && self.lots.is_empty() && self.parties.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> anyhow::Result<Targets> {
        Targets::of(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn targets_are_named_on_the_command_line() {
        let named = of(&["17", "coop/A1", "3", "party", "coop", "party:cert"]).unwrap();
        assert_eq!(named.serials, BTreeSet::from([3, 17]));
        assert_eq!(named.lots.len(), 1);
        assert_eq!(named.parties.len(), 2);
        assert!(of(&["party coop"]).unwrap().parties.len() == 1);
        assert!(of(&[]).unwrap().is_empty());
        for odd in ["what", "-1", "party", "coop/", "12.5"] {
            assert!(of(&[odd]).is_err(), "{odd}");
        }
    }

    #[test]
    fn rows_are_all_good_or_none_is_taken_and_all_faults_are_told() {
        let rows = |text: &str| {
            let mut named = Targets::default();
            named.take_rows(text.as_bytes()).map(|()| named)
        };
        let named = rows("n;N° de certificat;Lot\n1;17;\n2;;coop/A1\n").unwrap();
        assert_eq!((named.serials.len(), named.lots.len()), (1, 1));
        let fault = rows("serial;lot\nmany;\n;\n;A1\n4;\n").unwrap_err().to_string();
        for word in ["line 2: column A (serial)", "line 4: column B (lot)"] {
            assert!(fault.contains(word), "{fault}");
        }
        assert!(rows("number\n17\n").is_err());
    }
}
