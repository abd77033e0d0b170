//! A lot as pages of shops take it, at `/lots/{owner}/{lot}` with a suffix: `.jsonld` for search
//! engines (schema.org), `.svg` a badge without script. Neither proves anything: both lead to the
//! address where it can be checked. Not here: the page for people, which registers the address.

use std::fmt::Write;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::Response;
use serde_json::{Value, json};

use super::feed::told;
use super::file_shapes::LinkedProduct;
use super::lots::unknown_lot;
use crate::catalog::BaseUnit;
use crate::label::escape_markup;
use crate::names::LotKey;
use crate::register::{CertificateRecord, CertificateStatus, Lot, Register};
use crate::statement::Timestamp;
use crate::web::body::Path;
use crate::web::language::{Language, word};
use crate::web::{App, Problem, parallel};

/// Who may show the badge on a page: everybody (Fetch, Cross-Origin-Resource-Policy).
const EMBEDDABLE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Lets the address `/lots/{owner}/{lot}` have suffixes: what is asked, and of which lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LotForm {
    /// schema.org `Product`.
    JsonLd,
    /// The badge.
    Badge,
}

impl LotForm {
    /// The form that a file name's ending asks for, and the lot number before it.
    #[must_use]
    pub fn asked(file: &str) -> Option<(Self, &str)> {
        let json = file.strip_suffix(".jsonld").map(|stem| (Self::JsonLd, stem));
        json.or_else(|| Some((Self::Badge, file.strip_suffix(".svg")?)))
    }

    /// The lot in this form.
    ///
    /// # Errors
    /// No such lot, no lot's name.
    pub async fn of(
        self,
        app: &App,
        (owner, number): (&str, &str),
        language: Language,
        headers: &HeaderMap,
    ) -> Result<Response, Problem> {
        let key: LotKey = format!("{owner}/{number}").parse()?;
        let ledger = app.ledger.clone();
        let made = move || -> Result<Vec<u8>, Problem> {
            let (view, now) = (ledger.view(), ledger.now());
            let register = &view.register;
            let lot = register.lot(&key).ok_or_else(|| unknown_lot(&key))?;
            Ok(match self {
                Self::JsonLd => script_safe(&product(register, &lot, now)),
                Self::Badge => badge(register, &lot, language, now).into_bytes(),
            })
        };
        let bytes = parallel::blocking(made).await??;
        let kind = match self {
            Self::JsonLd => "application/ld+json",
            Self::Badge => "image/svg+xml",
        };
        let mut response = told(headers, kind, bytes);
        response.headers_mut().insert(EMBEDDABLE, HeaderValue::from_static("cross-origin"));
        Ok(response)
    }
}

/// A lot for programs of shops.
///
/// With `.jsonld` behind the lot number a schema.org `Product` with `hasCertification`; with `.svg`
/// a badge of at most 2 kB, without script, in the language that `?lang=` names. A certificate is
/// active in it only while the lot may be sold. Ask again within half a minute.
#[utoipa::path(get, path = "/lots/{owner}/{file}", tag = "goods",
    params(
        ("owner" = String, Path, description = "GTIN, or the party that named the lot"),
        ("file" = String, Path, description = "Lot number with `.jsonld` or `.svg`"),
    ),
    responses(
        (status = 200, description = "The lot",
            content((LinkedProduct = "application/ld+json"), (String = "image/svg+xml"))),
        (status = 304, description = "As `If-None-Match` has it"),
        (status = 400, description = "Not a GTIN or lot number", body = Problem),
        (status = 404, description = "Not declared, or no such form", body = Problem),
    ))]
pub async fn lot(
    State(app): State<App>,
    Path((owner, file)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some((form, number)) = LotForm::asked(&file) else {
        let detail = format!("{file:?}: write .jsonld or .svg behind the lot number");
        return Err(Problem::new(404, "unknown_path", detail));
    };
    let query = uri.query().unwrap_or_default();
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
    let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok());
    let language = Language::choose(asked, accepted);
    form.of(&app, (&owner, number), language, &headers).await
}

fn certificates(register: &Register, lot: &Lot) -> Vec<CertificateRecord> {
    let serials = lot.certificates.iter();
    serials.filter_map(|serial| Some(register.certificate(*serial)?.record)).collect()
}

fn names(declared: &str, others: &crate::statement::LocalNames) -> Value {
    if others.is_empty() {
        return json!(declared);
    }
    let others = others.iter().map(|(lang, text)| json!({"@language": lang, "@value": text}));
    Value::Array(std::iter::once(json!(declared)).chain(others).collect())
}

/// [schema.org Product](https://schema.org/Product) with
/// [hasCertification](https://schema.org/hasCertification).
fn product(register: &Register, lot: &Lot, now: Timestamp) -> Value {
    let record = &lot.record;
    let sold = register.is_lot_good(lot, now);
    let party = |slug: &crate::names::PartySlug| {
        let name = register.party(slug).map(|it| it.registration.name.clone());
        let id = register.domain().url(&format!("parties/{slug}"));
        json!({"@type": "Organization", "@id": id, "name": name.unwrap_or_default()})
    };
    let catalog = register.catalog();
    let one = |certificate: &CertificateRecord| {
        let valid = register.status_of(certificate, now) == CertificateStatus::Valid
            && !register.is_certificate_suspect(certificate);
        let active = if valid && sold { "Active" } else { "Inactive" };
        let scheme = catalog.scheme(&certificate.scheme);
        json!({
            "@type": "Certification",
            "@id": register.domain().certificate_id(certificate.serial),
            "name": scheme.map_or(&*certificate.scheme, |known| known.name_en.as_str()),
            "certificationIdentification": certificate.serial.to_string(),
            "certificationStatus": format!("https://schema.org/Certification{active}"),
            "issuedBy": party(&certificate.issuer),
            "validFrom": certificate.valid_from.to_string(),
            "expires": certificate.valid_until.to_string(),
        })
    };
    let iri = register.domain().lot_iri(&record.lot);
    let mut product = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": iri,
        "url": iri,
        "name": names(&record.name, &record.names),
        "manufacturer": party(&record.producer),
        "countryOfOrigin": {"@type": "Country", "name": "MA"},
        "productionDate": record.packed_on.to_string(),
        "size": {"@type": "QuantitativeValue", "value": lot.pack_size, "unitCode": &*record.unit},
        "hasCertification": certificates(register, lot).iter().map(one).collect::<Vec<_>>(),
        "additionalProperty": [
            {"@type": "PropertyValue", "propertyID": "lot", "value": record.lot.to_string()},
            {"@type": "PropertyValue", "propertyID": "lotStatus",
                "value": register.lot_word(lot, now)},
            {"@type": "PropertyValue", "propertyID": "region", "value": &*record.region},
        ],
    });
    if let LotKey::Gtin(gtin, _) = &record.lot {
        product["gtin"] = json!(gtin.to_string());
    }
    product
}

/// JSON that can stand in a page's `script` element: no `<` opens or closes one in it.
fn script_safe(value: &Value) -> Vec<u8> {
    value.to_string().replace('<', "\\u003c").into_bytes()
}

/// What the badge says, and its colours: of the word, and behind it.
fn badge_words(
    register: &Register,
    lot: &Lot,
    language: Language,
    now: Timestamp,
) -> (String, &'static str) {
    match register.lot_word(lot, now) {
        bad @ "recalled" => return (word(language, "lot-status", bad).into_owned(), "#a3132b"),
        bad @ ("held" | "undeclared") => {
            return (word(language, "lot-status", bad).into_owned(), "#8a5a00");
        }
        _ => {}
    }
    let (suspect, all): (Vec<_>, Vec<_>) = certificates(register, lot)
        .into_iter()
        .partition(|certificate| register.is_certificate_suspect(certificate));
    if all.is_empty() && !suspect.is_empty() {
        return (word(language, "verdict", "key-suspect").into_owned(), "#555");
    }
    let statuses: Vec<_> = all.iter().map(|one| register.status_of(one, now)).collect();
    let valid = statuses.iter().find(|one| **one == CertificateStatus::Valid);
    match valid.or_else(|| statuses.last()) {
        Some(CertificateStatus::Valid) => {
            let schemes = all.iter().zip(&statuses);
            let valid = schemes.filter(|(_, status)| **status == CertificateStatus::Valid);
            let mut named: Vec<&str> = valid.map(|(one, _)| &*one.scheme).collect();
            named.dedup();
            named.truncate(BADGE_SCHEMES_MAX);
            let said = word(language, "certificate-status", "valid");
            (format!("{} · {said}", named.join(", ")), "#0b6b3a")
        }
        Some(status) => {
            (word(language, "certificate-status", status.word()).into_owned(), "#8a5a00")
        }
        None => (word(language, "lot-status", "uncertified").into_owned(), "#555"),
    }
}

/// Schemes named on a badge.
const BADGE_SCHEMES_MAX: usize = 2;

/// Width of a letter of the badge at its size, in pixels: DejaVu Sans, which is a wide one.
const LETTER: usize = 7;

/// A picture of at most 2 kB. It names the lot and the day in its title, so that a copy of it can
/// be told from the one that this service gives now.
fn badge(register: &Register, lot: &Lot, language: Language, now: Timestamp) -> String {
    let (said, colour) = badge_words(register, lot, language, now);
    let amount = match BaseUnit::of_code(&lot.record.unit) {
        Some(BaseUnit::Gram) => format!("{} g", lot.pack_size),
        Some(BaseUnit::Millilitre) => format!("{} mL", lot.pack_size),
        _ => lot.pack_size.to_string(),
    };
    let key = &lot.record.lot;
    let title = format!("{} {amount}, {key}: {said} ({})", lot.record.name, now.day());
    let left = 58;
    let right = said.chars().count().saturating_mul(LETTER).saturating_add(16);
    let width = left + right;
    let (title, said) = (escape_markup(&title), escape_markup(&said));
    let (dir, tag) = (language.dir(), language.tag());
    let mut svg = String::new();
    // Writing to a String has no way to fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"24\" \
         viewBox=\"0 0 {width} 24\" role=\"img\" lang=\"{tag}\">\
         <title>{title}</title><rect width=\"{width}\" height=\"24\" rx=\"4\" fill=\"{colour}\"/>\
         <path d=\"M4 0h{left}v24H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z\" fill=\"#222\"/>\
         <g fill=\"#fff\" font-family=\"DejaVu Sans,Verdana,Noto Sans,sans-serif\" font-size=\"11\" \
         text-anchor=\"middle\"><text x=\"{mid}\" y=\"16\">Tasdiq</text>\
         <text x=\"{at}\" y=\"16\" direction=\"{dir}\">{said}</text></g></svg>",
        mid = left / 2 + 2,
        at = left + right / 2 + 2,
    );
    svg
}
