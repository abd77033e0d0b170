//! The columns of a table that `tasdiq issue` reads: which must be there, and by what heads people
//! call them. Not here: what stands in the cells (`rows`).

use std::collections::HashMap;

use anyhow::bail;
use clap::ValueEnum;

use crate::reader::{self as table, folded, parse_quantity};

/// What the rows ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Certificates for declared lots.
    Certificates,
    /// Declarations of lots.
    Lots,
}

impl What {
    /// A file to start from.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Certificates => {
                "lot,scheme,edition,quantity,decision_date,valid_from,valid_until,not_covered\n\
                 06111234567895/A24B017,bio-maroc,2018,800 L,2026-11-02,2026-11-02,2027-11-01,\n\
                 my-coop/L7,bio-maroc,2018,12.5 kg,2026-11-02,,2027-11-01,organoleptic quality\n"
            }
            Self::Lots => {
                "lot,gtin,product,quantity,pack_size,region,campaign,packed_on,expires_on,name\n\
                 A24B017,06111234567895,argane,800 L,250 mL,MA-09,2026,2026-10-30,2028-10-29,\n\
                 L7,,argane,120 L,500 mL,MA-09,2026,2026-10-30,,Huile d'argane\n"
            }
        }
    }

    /// Columns that must be there, then those that may be; as in the example.
    fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Certificates => (
                &["lot", "scheme", "edition", "quantity", "decision_date", "valid_until"],
                &["valid_from", "custody_model", "not_covered"],
            ),
            Self::Lots => (
                &["lot", "product", "quantity", "pack_size", "region", "campaign", "packed_on"],
                &["gtin", "name", "expires_on", "producer"],
            ),
        }
    }
}

/// Other heads of a column: French, Arabic, and what people write.
const HEADS: [(&str, &[&str]); 18] = [
    (
        "lot",
        &[
            "n° de lot",
            "numéro de lot",
            "lot number",
            "batch",
            "batch number",
            "الدفعة",
            "رقم الدفعة",
        ],
    ),
    ("scheme", &["schéma", "référentiel", "label", "المخطط"]),
    ("edition", &["édition", "الطبعة"]),
    ("quantity", &["quantité", "الكمية"]),
    ("decision_date", &["date de décision", "décision", "تاريخ القرار"]),
    ("valid_from", &["valable du", "début de validité", "valide du", "du", "صالح من"]),
    ("valid_until", &["valable jusqu'au", "fin de validité", "valide jusqu'au", "au", "صالح إلى"]),
    ("custody_model", &["modèle de traçabilité"]),
    ("not_covered", &["non couvert", "غير مشمول"]),
    ("gtin", &["code article", "ean", "ean13"]),
    ("product", &["produit", "المنتج"]),
    ("pack_size", &["contenance", "conditionnement", "سعة العبوة"]),
    ("region", &["région", "الجهة"]),
    ("campaign", &["campagne", "الموسم"]),
    ("packed_on", &["conditionné le", "date de conditionnement", "تاريخ التعبئة"]),
    ("expires_on", &["périme le", "date de péremption", "ddm", "تاريخ انتهاء الصلاحية"]),
    ("name", &["nom", "désignation", "الاسم"]),
    ("producer", &["producteur", "coopérative", "المنتج المسؤول"]),
];

/// A column of a table.
pub struct Column {
    /// Where it stands, from 0.
    pub place: usize,
    /// The unit that its head names, as in `quantity (L)`.
    pub unit: Option<String>,
}

/// Whether what stands in the brackets of a head is a unit and nothing more.
fn is_unit(text: &str) -> bool {
    let letters = !text.is_empty() && text.chars().all(char::is_alphabetic);
    letters && parse_quantity(&format!("1 {text}")).is_ok_and(|quantity| quantity.unit.is_some())
}

/// A head without what stands in brackets behind it, and that.
fn parted(head: &str) -> (&str, Option<&str>) {
    let inner = head.trim().strip_suffix(')').and_then(|text| text.rsplit_once('('));
    inner.map_or((head, None), |(name, within)| (name, Some(within.trim())))
}

impl What {
    /// The column that a head names.
    pub fn column(self, head: &str) -> Option<&'static str> {
        let head = folded(parted(head).0);
        let (must, may) = self.columns();
        let mut all = must.iter().chain(may);
        let also = |column: &str| {
            let mut known = HEADS.iter().filter(|(name, _)| *name == column);
            known.any(|(_, also)| also.iter().any(|also| folded(also) == head))
        };
        all.find(|column| folded(column) == head || also(column)).copied()
    }
}

/// Where each known column stands, and the heads that mean nothing here.
pub fn columns_of(
    head: &table::Row<'_>,
    what: What,
) -> anyhow::Result<(HashMap<&'static str, Column>, Vec<String>)> {
    let (must, may) = what.columns();
    let (mut columns, mut others) = (HashMap::new(), Vec::new());
    for (place, name) in head.cells.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let within = parted(name).1;
        let amount = matches!(what.column(name), Some("quantity" | "pack_size"));
        if let Some(within) = within.filter(|within| amount && !is_unit(within)) {
            bail!("the head {name:?}: {within:?} is no unit (g, kg, mL, L)");
        }
        let unit = within.map(str::to_owned);
        match what.column(name) {
            Some(column) if columns.insert(column, Column { place, unit }).is_some() => {
                bail!("the column {column} stands twice");
            }
            Some(_) => {}
            None => others.push(name.to_string()),
        }
    }
    let missing: Vec<_> =
        must.iter().filter(|column| !columns.contains_key(**column)).copied().collect();
    if !missing.is_empty() {
        bail!(
            "columns are missing: {}; columns are {}, and may be {}; --example prints a file to \
             start from{}",
            missing.join(", "),
            must.join(", "),
            may.join(", "),
            match others.as_slice() {
                [] => String::new(),
                others => format!(". Not known: {}", others.join(", ")),
            }
        );
    }
    Ok((columns, others))
}
