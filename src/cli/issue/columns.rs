//! The columns of a table that `tasdiq issue` reads: which must be there, and by what heads people
//! call them. Not here: what stands in the cells (`rows`).

use clap::ValueEnum;

use super::super::common::cells::Columns;

/// What the rows ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Certificates for declared lots.
    Certificates,
    /// Declarations of lots.
    Lots,
    /// Both: each row declares a lot and certifies it.
    #[value(name = "lots-and-certificates", alias = "both")]
    Both,
    /// Certificates of operators.
    Operators,
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
            Self::Both => {
                "lot,gtin,producer,product,quantity,pack_size,region,campaign,packed_on,\
                 expires_on,scheme,edition,decision_date,valid_until\n\
                 A24B017,06111234567895,my-coop,argane,800 L,250 mL,Souss-Massa,2026,30/10/2026,\
                 29/10/2028,bio-maroc,2018,02/11/2026,01/11/2027\n\
                 L7,,my-coop,argane,120 L,500 mL,Souss-Massa,2026,30/10/2026,,\
                 bio-maroc,2018,02/11/2026,01/11/2027\n"
            }
            Self::Operators => {
                "operator,scheme,edition,materials,regions,volumes,decision_date,valid_until\n\
                 my-coop,bio-maroc,2018,argan-fruit|argan-kernels|argane,MA-09,\
                 argan-fruit:2026:12000 kg,2026-06-02,2027-06-01\n\
                 my-press,bio-maroc,2018,argane,MA-09,,2026-06-02,2027-06-01\n"
            }
        }
    }

    /// The column that names what a row is about.
    #[must_use]
    pub fn subject(self) -> &'static str {
        match self {
            Self::Certificates | Self::Lots | Self::Both => "lot",
            Self::Operators => "operator",
        }
    }

    /// Whether each takes a serial, which another may be faster to take.
    #[must_use]
    pub fn is_numbered(self) -> bool {
        self != Self::Lots
    }

    /// The message of two rows that ask for the same.
    #[must_use]
    pub fn twice(self) -> &'static str {
        match self {
            Self::Certificates | Self::Lots | Self::Both => "fault-row-twice",
            Self::Operators => "fault-row-twice-operator",
        }
    }

    /// Its columns, as in the example.
    #[must_use]
    pub fn columns(self) -> Columns {
        let (must, may) = match self {
            Self::Certificates => CERTIFICATES,
            Self::Lots => LOTS,
            Self::Both => BOTH,
            Self::Operators => OPERATORS,
        };
        Columns {
            must,
            may,
            heads: &HEADS,
            amounts: &["quantity", "pack_size", "certified_quantity"],
        }
    }
}

/// Columns that must be there, and those that may.
type MustAndMay = (&'static [&'static str], &'static [&'static str]);

const CERTIFICATES: MustAndMay = (
    &["lot", "scheme", "edition", "quantity", "decision_date", "valid_until"],
    &["valid_from", "custody_model", "not_covered", "replaces", "gtin", "producer", "measure"],
);

#[rustfmt::skip]
const LOTS: MustAndMay = (
    &["lot", "product", "quantity", "pack_size", "region", "campaign", "packed_on"],
    &[
        "gtin", "name", "name_fr", "name_ar", "name_en", "name_es", "name_zgh", "expires_on",
        "producer", "origin", "measure",
    ],
);

#[rustfmt::skip]
const BOTH: MustAndMay = (
    &[
        "lot", "product", "quantity", "pack_size", "region", "campaign", "packed_on", "scheme",
        "edition", "decision_date", "valid_until",
    ],
    &[
        "gtin", "name", "name_fr", "name_ar", "name_en", "name_es", "name_zgh", "expires_on",
        "producer", "origin", "measure", "certified_quantity", "valid_from", "custody_model",
        "not_covered",
    ],
);

const OPERATORS: MustAndMay = (
    &["operator", "scheme", "edition", "materials", "regions", "decision_date", "valid_until"],
    &["volumes", "valid_from", "assessed_on", "not_covered"],
);

/// Columns of the name in other languages.
pub const NAME_COLUMNS: [(&str, &str); 5] = [
    ("name_fr", "fr"),
    ("name_ar", "ar"),
    ("name_en", "en"),
    ("name_es", "es"),
    ("name_zgh", "zgh"),
];

/// Other heads of a column: French, Arabic, and what people write.
const HEADS: [(&str, &[&str]); 32] = [
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
    ("edition", &["édition", "version", "édition du référentiel", "الطبعة"]),
    ("quantity", &["quantité", "الكمية"]),
    ("decision_date", &["date de décision", "décision", "تاريخ القرار"]),
    ("valid_from", &["valable du", "début de validité", "valide du", "du", "صالح من"]),
    ("valid_until", &["valable jusqu'au", "fin de validité", "valide jusqu'au", "au", "صالح إلى"]),
    ("custody_model", &["modèle de traçabilité"]),
    ("not_covered", &["non couvert", "غير مشمول"]),
    (
        "replaces",
        &["remplace", "supersedes", "remplace le certificat", "n° remplacé", "تحل محل", "يحل محل"],
    ),
    ("gtin", &["code article", "code-barres", "code barre", "gencod", "ean", "ean13", "ean 13"]),
    ("measure", &["unit", "unité", "unité de mesure", "u.m.", "الوحدة"]),
    ("certified_quantity", &["quantité certifiée", "الكمية المشهود بها"]),
    ("product", &["produit", "matière", "material", "المنتج"]),
    ("pack_size", &["contenance", "conditionnement", "سعة العبوة"]),
    ("region", &["région", "الجهة"]),
    ("campaign", &["campagne", "الموسم"]),
    ("packed_on", &["conditionné le", "date de conditionnement", "تاريخ التعبئة"]),
    ("expires_on", &["périme le", "date de péremption", "ddm", "تاريخ انتهاء الصلاحية"]),
    ("name", &["nom", "désignation", "الاسم"]),
    ("name_fr", &["nom français", "nom en français", "الاسم بالفرنسية"]),
    ("name_ar", &["nom arabe", "nom en arabe", "الاسم بالعربية"]),
    ("name_en", &["nom anglais", "nom en anglais", "الاسم بالإنجليزية"]),
    ("name_es", &["nom espagnol", "nom en espagnol", "الاسم بالإسبانية"]),
    ("name_zgh", &["nom amazighe", "nom en amazighe", "الاسم بالأمازيغية"]),
    ("origin", &["origine", "المصدر"]),
    ("producer", &["producteur", "coopérative", "المنتج المسؤول"]),
    ("operator", &["opérateur", "partie", "client", "المتعامل"]),
    ("materials", &["matières", "produits", "products", "المواد", "المنتجات"]),
    ("regions", &["régions", "région", "الجهات", "الجهة"]),
    ("volumes", &["volumes certifiés", "certified volumes", "الكميات", "الكميات المشهود لها"]),
    ("assessed_on", &["évalué le", "date d'évaluation", "تاريخ التقييم"]),
];
