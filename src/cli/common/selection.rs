//! Which certificates an act is about: by serial, by the key they were signed with, by log time;
//! looked up in the service or the data folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

use super::super::Consent;
use super::cells::{Cells, Columns, told};
use super::documents::read_bytes;
use super::output::{say, say_json};
use super::service::Source;
use super::words::{Worded, tr};
use crate::names::PartySlug;
use crate::os::percent;
use crate::reader::read_headed;
use crate::register::CertificateStatus;
use crate::statement::{Domain, SerialRanges, Timestamp};
use crate::trust::Trust;

/// Options that choose certificates; all that is given must match.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Chosen {
    /// Serials, e.g. 7,10-25.
    #[arg(long, value_name = "RANGES")]
    serials: Option<String>,
    /// A table (CSV or XLSX) with a column `serial` (or, of `status`, `lot`): these too.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Signed with this key, e.g. my-certifier#key-1.
    #[arg(long, value_name = "PARTY#KEY")]
    signed_by: Option<String>,
    /// Logged at this instant or later.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    logged_from: Option<String>,
    /// Logged at this instant or earlier.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    logged_to: Option<String>,
    /// Only show which; sign nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub consent: Consent,
    /// Serials that were named otherwise.
    #[arg(skip)]
    further: BTreeSet<u64>,
}

/// A certificate as a choice sees it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedCertificate {
    /// Serial.
    pub serial: u64,
    /// The certifier.
    pub certifier: PartySlug,
    /// The key it was signed with.
    pub verification_method: String,
    /// Log time.
    pub logged_at: Timestamp,
    /// The accreditation it was issued under.
    pub accreditation: String,
    /// Status now.
    pub status: CertificateStatus,
    /// Where it was confirmed again, if it was.
    #[serde(default)]
    pub confirmed: Option<serde_json::Value>,
}

/// The table of [`Chosen::list`].
const SERIALS: Columns = Columns {
    must: &["serial"],
    may: &[],
    heads: &[("serial", &["certificate", "certificat", "n° de certificat", "numéro", "الشهادة"])],
    amounts: &[],
};

/// A text that is no serial of a certificate.
pub struct NoSerial(pub String);

impl Worded for NoSerial {
    fn worded(&self) -> (&'static str, String) {
        ("fault-serial", tr("fault-serial", &[("value", &self.0)]))
    }
}

/// The serials of a table; a row that holds none is a fault, whatever the others hold.
fn serials_in(bytes: &[u8]) -> anyhow::Result<Vec<u64>> {
    let table = read_headed(bytes, &|cell| SERIALS.named(cell).is_some());
    let table = table.map_err(anyhow::Error::msg)?;
    let (columns, _) = SERIALS.of(&table.head)?;
    let mut serials = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let cells = Cells::of(&columns, row, table.head.cells.len());
        let serial = cells.needed("serial");
        if let Some(text) = serial {
            let number = text.parse::<u64>();
            serials.extend(cells.good("serial", number.map_err(|_| NoSerial(text))));
        }
        let faults = cells.into_faults();
        if !faults.is_empty() {
            bail!("line {}: {}", row.line, told(&faults));
        }
    }
    Ok(serials)
}

impl Chosen {
    /// The certificates that match, by serial.
    ///
    /// # Errors
    /// A choice of everything, an option that cannot be read, a serial or key that is not on
    /// record, a ledger that cannot be asked.
    pub fn list(&self, source: &Source, trust: &Trust) -> anyhow::Result<Vec<ListedCertificate>> {
        let domain = &trust.domain()?;
        let serials = self.serials.as_deref().map(SerialRanges::parse_list).transpose();
        let serials = serials.map_err(anyhow::Error::msg).context("--serials")?;
        let mut serials: Option<BTreeSet<u64>> = serials.map(|list| list.into_iter().collect());
        if !self.further.is_empty() {
            serials.get_or_insert_default().extend(&self.further);
        }
        if let Some(file) = &self.list {
            let listed = serials_in(&read_bytes(file)?);
            let listed = listed.with_context(|| file.display().to_string())?;
            serials.get_or_insert_default().extend(listed);
        }
        if serials.is_none() && self.signed_by.is_none() {
            bail!("say which certificates: --signed-by PARTY#KEY, --serials 7,10-25, --list FILE");
        }
        let signed_by =
            self.signed_by.as_deref().map(|text| method_of(text, domain)).transpose()?;
        let instant = |text: &Option<String>| text.as_deref().map(Timestamp::parse).transpose();
        if let Some((party, method)) = &signed_by {
            on_record(trust, party, method)?;
        }
        let (from, to) = (instant(&self.logged_from)?, instant(&self.logged_to)?);
        let certifier = signed_by.as_ref().map(|(party, _)| party);
        let mut found = certificates(source, certifier)?;
        if let Some(serials) = &serials {
            found.retain(|one| serials.contains(&one.serial));
            let known: BTreeSet<u64> = found.iter().map(|one| one.serial).collect();
            let missing = SerialRanges::of(serials.difference(&known).copied());
            let missing: Vec<String> = missing.iter().flat_map(SerialRanges::texts).collect();
            if !missing.is_empty() {
                let of = certifier.map(|party| format!(" of {party}")).unwrap_or_default();
                bail!("--serials: no certificate{of} has serial {}", shortened(&missing).trim());
            }
        }
        let asked = found.len();
        found.retain(|one| {
            signed_by.as_ref().is_none_or(|(_, key)| *key == one.verification_method)
                && from.is_none_or(|from| from <= one.logged_at)
                && to.is_none_or(|to| one.logged_at <= to)
        });
        found.sort_by_key(|one| one.serial);
        if serials.is_some() && asked > found.len() {
            eprintln!(
                "{} of the {asked} serials are left out: another key signed them, or they were \
                 logged at another time",
                asked - found.len()
            );
        }
        Ok(found)
    }

    /// No choice but whether to ask.
    #[must_use]
    pub fn consenting(consent: Consent) -> Self {
        Self { consent, ..Self::default() }
    }

    /// The table of rows, if one was given.
    #[must_use]
    pub fn table(&self) -> Option<&Path> {
        self.list.as_deref()
    }

    /// Whether it chooses by serials or key, beside the rows of a table.
    #[must_use]
    pub fn chooses(&self) -> bool {
        self.serials.is_some() || self.signed_by.is_some()
    }

    /// The same choice with these serials in place of those of the table.
    #[must_use]
    pub fn adding(&self, further: BTreeSet<u64>) -> Self {
        Self { further, list: None, ..self.clone() }
    }

    /// The same choice, of one key's certificates.
    #[must_use]
    pub fn signed_with(&self, method: &str) -> Self {
        Self { signed_by: Some(method.to_owned()), ..self.clone() }
    }

    /// Shows what is about to be signed. Whether there is something to go on with; asking is the
    /// caller's.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn shown(&self, act: &str, sets: &[SerialRanges], json: bool) -> anyhow::Result<bool> {
        let count = sets.iter().fold(0, |sum: u64, set| sum.saturating_add(set.count()));
        let ranges: Vec<String> = sets.iter().flat_map(SerialRanges::texts).collect();
        let statements = sets.len();
        if self.dry_run {
            if json {
                say_json(&serde_json::json!({
                    "act": act, "certificates": count, "serials": ranges,
                    "statements": statements,
                }))?;
            } else {
                say(format!("Would {act} {count} certificates, in {statements} statements"))?;
                say(shortened(&ranges))?;
            }
            return Ok(false);
        }
        if count == 0 {
            eprintln!("Nothing to {act}");
            return Ok(false);
        }
        eprintln!(
            "To {act}: {count} certificates, in {statements} statements\n{}",
            shortened(&ranges)
        );
        Ok(true)
    }
}

/// The first ranges, and how many more.
#[must_use]
pub fn shortened(ranges: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown = ranges.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match ranges.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("  {shown} and {more} more ranges"),
        _ => format!("  {shown}"),
    }
}

/// Whether a party has, or had, such a key.
///
/// # Errors
/// It has not; the message names those it has.
fn on_record(trust: &Trust, party: &PartySlug, method: &str) -> anyhow::Result<()> {
    let keys = trust.party(party).with_context(|| format!("{party} is not registered"))?;
    if keys.keys.iter().any(|key| key.verification_method == method) {
        return Ok(());
    }
    let names = keys.keys.iter().filter_map(|key| key.verification_method.split('#').nth(1));
    let names: Vec<&str> = names.collect();
    bail!("{method} is not on record; keys of {party}: {}", names.join(", "))
}

/// A key's party and full name, from `party#key` or the full name.
///
/// # Errors
/// No such form.
pub fn method_of(text: &str, domain: &Domain) -> anyhow::Result<(PartySlug, String)> {
    let (who, fragment) = text
        .split_once('#')
        .filter(|(_, fragment)| !fragment.is_empty())
        .with_context(|| format!("{text:?}: write PARTY#KEY, e.g. my-certifier#key-1"))?;
    let party = match domain.party_of(who) {
        Some(party) => party,
        None => PartySlug::parse(who)?,
    };
    let method = format!("{}#{fragment}", domain.did(&party));
    Ok((party, method))
}

/// All certificates, of one certifier if it is given.
///
/// # Errors
/// A ledger that cannot be asked.
pub fn certificates(
    source: &Source,
    of: Option<&PartySlug>,
) -> anyhow::Result<Vec<ListedCertificate>> {
    #[derive(Deserialize)]
    struct Page {
        lots: Vec<LotRow>,
        next: Option<String>,
    }
    #[derive(Deserialize)]
    struct LotRow {
        certificates: Vec<ListedCertificate>,
    }
    let wanted = |one: &ListedCertificate| of.is_none_or(|party| one.certifier == *party);
    let mut all = Vec::new();
    let filter = of.map(|party| format!("&certifier={party}")).unwrap_or_default();
    let mut after = String::new();
    loop {
        let path = format!("/api/v1/lots?limit=500{filter}{after}");
        let page: Page = source.service()?.get_json(&path)?;
        let listed = page.lots.into_iter().flat_map(|lot| lot.certificates);
        all.extend(listed.filter(wanted));
        let Some(next) = page.next else { return Ok(all) };
        after = format!("&after={}", percent::value(&next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_of_a_table_are_all_good_or_none_is_taken() {
        assert_eq!(serials_in("n;N° de certificat\n1;17\n2;3\n".as_bytes()).unwrap(), [17, 3]);
        for (text, word) in [
            ("serial\n17\nmany\n", "line 3: column A (serial)"),
            ("n;serial\n1;17\n2;\n", "line 3: column B (serial): it is empty"),
            ("number\n17\n", "columns are missing: serial"),
        ] {
            let fault = serials_in(text.as_bytes()).unwrap_err().to_string();
            assert!(fault.contains(word), "{fault}");
        }
    }

    #[test]
    fn names_of_keys() {
        let domain = Domain::parse("ledger.example").unwrap();
        let full = "did:web:ledger.example:parties:me#key-1";
        assert_eq!(method_of("me#key-1", &domain).unwrap().1, full);
        assert_eq!(method_of(full, &domain).unwrap().1, full);
        let root = method_of("authority#root", &domain).unwrap();
        assert_eq!(root.1, "did:web:ledger.example#root");
        assert!(method_of("key-1", &domain).is_err());
        assert!(method_of("me#", &domain).is_err());
    }
}
