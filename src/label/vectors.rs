//! Golden vectors of labels, for other implementations: `tests/vectors/label`.
//! Made here from a fixed key and compared with the file; `TASDIQ_BLESS=1` writes it. A reader
//! needs nothing else: each case has its text, its key and what must come out.

use std::convert::Infallible;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use super::{
    Header, Label, LabelError, Reading, ScanCode, SchemeBits, base41, key_hint, read_code,
};
use crate::kept::kept;
use crate::names::{LotKey, Serial};

/// Any fixed secret: these keys sign nothing else.
fn signing_key(secret: u8) -> SigningKey {
    SigningKey::from_bytes(&[secret; 32])
}

fn label(key: &str, serial: Option<&str>) -> Label {
    let signing_key = signing_key(41);
    let header = Header {
        key_hint: key_hint(signing_key.verifying_key().as_bytes()),
        index: 70_000,
        expiry_day: 2_737,
        schemes: SchemeBits(3),
    };
    let serial = serial.map(|serial| Serial::parse(serial).unwrap());
    let sign = |bytes: &[u8]| Ok::<_, Infallible>(signing_key.sign(bytes).to_bytes());
    Label::sign("id.tasdiq.ma", key.parse().unwrap(), serial, header, sign).unwrap()
}

/// The unit label that most cases change.
fn unit() -> Label {
    label("06111234567895/A24B017", Some("K7Q2M9XD"))
}

/// The unit label with its token's bytes changed.
fn with_token(change: fn(&mut [u8])) -> String {
    let label = unit();
    let mut pairs = base41::decode(&label.token()).unwrap();
    change(pairs.as_flattened_mut());
    label.url().replace(&label.token(), &base41::encode(&pairs))
}

/// The texts, named by their fault.
fn texts() -> Vec<(&'static str, String)> {
    let url = unit().url();
    let token = unit().token();
    let replaced = |from: &str, to: &str| {
        let text = url.replacen(from, to, 1);
        assert_ne!(text, url, "{from}");
        text
    };
    let port = Label { host: "127.0.0.1:8080".to_owned(), ..unit() };
    let port_signature = signing_key(41).sign(&port.signed_bytes()).to_bytes();
    let cut_token = &token[..token.len() - 3];
    let high_group = format!("{cut_token}...");
    vec![
        ("good_unit", url.clone()),
        ("good_lot_without_serial", label("06111234567895/A24B017", None).url()),
        ("good_lot_with_escapes", label("06111234567895/L%1(A)", None).url()),
        ("good_party_lot", label("coop-fictive-1/L1", None).url()),
        ("good_party_unit", label("coop-fictive-1/L1", Some("K7Q2M9XD")).url()),
        ("good_host_with_port", Label { signature: port_signature, ..port }.url()),
        ("good_lower_case", url.to_lowercase()),
        ("good_http_upper_case", replaced("https", "HTTP")),
        ("good_slash_query_and_fragment", format!("{url}/?utm=x#top")),
        ("host_swapped", replaced("ID.TASDIQ.MA", "ID.TASDIQ.EVIL")),
        ("gtin_swapped", replaced("06111234567895", "06111234567888")),
        ("lot_swapped", replaced("A24B017", "A24B018")),
        ("serial_swapped", replaced("K7Q2M9XD", "K7Q2M9XE")),
        ("serial_dropped", replaced("/21/K7Q2M9XD", "")),
        ("hint_changed", with_token(|bytes| bytes[1] ^= 1)),
        ("index_changed", with_token(|bytes| bytes[6] ^= 1)),
        ("expiry_extended", with_token(|bytes| bytes[7] ^= 0x40)),
        ("schemes_added", with_token(|bytes| bytes[9] |= 16)),
        ("signature_r_changed", with_token(|bytes| bytes[10] ^= 1)),
        ("signature_s_not_reduced", with_token(|bytes| bytes[73] |= 0xf0)),
        ("version_zero", with_token(|bytes| bytes[0] = 0)),
        ("version_two", with_token(|bytes| bytes[0] = 2)),
        ("version_two_of_another_length", replaced(&token, &"0CK".repeat(40))),
        ("token_short", replaced(&token, cut_token)),
        ("token_long", replaced(&token, &format!("{token}000"))),
        ("token_character_unknown", replaced(cut_token, &format!("{}_", &token[..107]))),
        ("token_group_too_high", replaced(&token, &high_group)),
        ("token_without_lot", replaced("/01/06111234567895/10/A24B017/21/K7Q2M9XD", "")),
        ("qualifiers_out_of_order", replaced("/10/A24B017/21/K7Q2M9XD", "/21/K7Q2M9XD/10/A24B017")),
        ("gtin_check_digit_wrong", replaced("06111234567895", "06111234567896")),
        ("gtin_of_13_digits", replaced("06111234567895", "6111234567895")),
        ("lot_of_21_characters", replaced("A24B017", "A2345678901234567890B")),
        ("lot_with_an_escaped_slash", replaced("A24B017", "A24%2F17")),
        ("serial_with_a_hyphen", replaced("K7Q2M9XD", "K7Q2-M9XD")),
        ("serial_too_short", replaced("K7Q2M9XD", "K7Q2")),
        ("escape_broken", replaced("A24B017", "A24%G0")),
        ("token_cut_after_60_characters", url.chars().take(60).collect()),
        (
            "token_without_one_character",
            replaced(&token, &format!("{}{}", &token[..50], &token[51..])),
        ),
        ("lot_cut_off", replaced("/10/A24B017/21/K7Q2M9XD", "")),
        ("lot_named_without_a_slash", replaced("/10/", "10/")),
        ("lot_of_another_kind", replaced("/10/", "/11/")),
        ("two_codes_in_one_field", format!("{url}\n{url}")),
        ("two_codes_run_together", format!("{url}{url}")),
        ("something_before_the_token", replaced("/0", "/X/0")),
        ("host_with_a_user", replaced("ID.TASDIQ.MA", "ID.TASDIQ.MA@ID.EVIL")),
        ("host_in_a_query", replaced("ID.TASDIQ.MA", "ID.EVIL?https://ID.TASDIQ.MA")),
        ("host_with_another_port", replaced("ID.TASDIQ.MA", "ID.TASDIQ.MA:8443")),
        ("host_of_wide_letters", replaced("TASDIQ", "\u{ff34}ASDIQ")),
        ("token_missing", replaced(&format!("/{token}"), "")),
        ("another_scheme", replaced("https", "ftp")),
        ("not_an_address", "hello".to_owned()),
    ]
}

/// The unit label, and some with odd lots, as scanners and people dress them.
fn dressed() -> Vec<(&'static str, String)> {
    let url = unit().url();
    let token = unit().token();
    let replaced = |from: &str, to: &str| url.replacen(from, to, 1);
    let escaped = token.replace('*', "%2A").replace('+', "%2b").replace('$', "%24");
    let invisible = format!("{}\u{200b}{}\u{ad}\u{202c}", &url[..80], &url[80..]);
    let bracketed = label("06111234567895/L%1(A)", None).url();
    let bracketed = bracketed.replace("%28", "(").replace("%29", ")");
    vec![
        ("good_token_escaped", url.replace(&token, &escaped)),
        ("good_token_escaped_twice", url.replace(&token, &escaped.replace('%', "%25"))),
        ("good_token_with_spaces", url.replace('+', " ")),
        ("good_escaped_as_a_whole", url.replace(':', "%3A").replace('/', "%2F")),
        ("good_lot_not_escaped", bracketed.replace("%25", "%")),
        ("good_lot_that_looks_escaped", label("06111234567895/L%2B", None).url()),
        ("good_byte_order_mark", format!("\u{feff}{url}")),
        ("good_invisible_characters", invisible),
        ("good_line_broken", format!("{}\r\n{}", &url[..60], &url[60..])),
        ("good_group_separator_behind", format!("{url}\u{1d}")),
        ("good_quoted", format!("\"{url}\"")),
        ("good_in_angle_brackets", format!("<URL:{url}>")),
        ("good_in_guillemets", format!("\u{ab}\u{a0}{url}\u{a0}\u{bb}")),
        ("good_symbology_identifier", format!("]Q1{url}")),
        ("good_symbology_identifier_of_gs1", format!("]Q3{url}")),
        ("good_end_of_a_sentence", format!("({url}).")),
        ("good_punctuation_without_end", format!("{url}!!!!!!")),
        ("good_slashes", format!("{url}///")),
        ("good_lot_that_ends_in_punctuation", label("06111234567895/A24.)", None).url()),
        (
            "good_lot_in_punctuation_and_a_stop",
            format!(
                "{}.",
                label("06111234567895/A(1)", None).url().replace("%28", "(").replace("%29", ")")
            ),
        ),
        ("good_port_of_the_scheme", replaced("ID.TASDIQ.MA", "ID.TASDIQ.MA:443")),
        ("good_port_of_http", replaced("https://ID.TASDIQ.MA", "http://ID.TASDIQ.MA:80")),
        ("good_dot_behind_the_host", replaced("ID.TASDIQ.MA", "ID.TASDIQ.MA.")),
    ]
}

/// The first reading whose signature is good, else what is wrong with the first.
fn outcome(text: &str, key: &VerifyingKey) -> Result<Reading, LabelError> {
    let ways = read_code(text)?;
    let good = |way: &&Reading| way.code.label().is_some_and(|label| label.verify(key).is_ok());
    match ways.iter().find(good) {
        Some(way) => Ok(way.clone()),
        None if ways.iter().any(|way| way.code.label().is_some()) => Err(LabelError::Signature),
        None => Err(LabelError::foreign(text)),
    }
}

fn case(name: &str, text: &str, key: &VerifyingKey) -> Value {
    let public: String = key.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut case = json!({ "name": name, "text": text, "publicKey": public });
    match outcome(text, key) {
        Err(error) => {
            case["expect"] = json!(error.code());
            case["unreadable"] = json!(error.is_unreadable());
        }
        Ok(reading) => {
            let label = reading.code.label().unwrap();
            case["expect"] = json!("ok");
            case["host"] = json!(label.host);
            match &label.key {
                LotKey::Gtin(gtin, _) => case["gtin"] = json!(gtin),
                LotKey::Party(party, _) => case["party"] = json!(party),
            }
            case["lot"] = json!(label.key.number());
            case["serial"] = json!(label.serial);
            case["index"] = json!(label.header.index);
            case["expiryDay"] = json!(label.header.expiry_day);
            case["schemes"] = json!(label.header.schemes.0);
            case["leftOut"] = json!(reading.left_out);
            case["plainHttp"] = json!(reading.plain_http);
        }
    }
    case
}

/// Addresses without a token, named by what they have.
const UNSIGNED: [(&str, &str); 14] = [
    ("own_lot", "https://id.tasdiq.ma/01/06111234567895/10/A24B017"),
    ("own_lot_upper_case", "HTTPS://ID.TASDIQ.MA/01/06111234567895/10/A24B017/21/K7Q2M9XD"),
    ("party_lot", "https://id.tasdiq.ma/LOT/COOP-1/L1"),
    ("product_alone", "https://id.tasdiq.ma/01/06111234567895"),
    ("foreign_with_stem", "https://brand.example/p/01/06111234567895/10/a24b017?17=271231"),
    ("foreign_qualifiers", "https://brand.example/01/06111234567895/22/2A/10/A24B017/21/77"),
    ("punctuation_behind", "https://id.tasdiq.ma/01/06111234567895/10/A24B017."),
    ("http_and_slash", "http://id.tasdiq.ma:80/01/06111234567895/10/A24B017/"),
    ("quoted", "\u{201c}https://id.tasdiq.ma./01/06111234567895/10/A24B017\u{201d}"),
    (
        "token_like_stem",
        "https://id.tasdiq.ma/0123456789012345678901234567890123/01/06111234567895",
    ),
    ("check_digit_wrong", "https://id.tasdiq.ma/01/06111234567896/10/A24B017"),
    ("lot_character", "https://id.tasdiq.ma/01/06111234567895/10/A_\u{e9}"),
    ("no_lot_named", "https://id.tasdiq.ma/menu"),
    ("host_form", "https://id_tasdiq/01/06111234567895/10/A24B017"),
];

fn unsigned(name: &str, text: &str) -> Value {
    let mut case = json!({ "name": name, "text": text });
    match read_code(text) {
        Err(error) => {
            case["expect"] = json!(error.code());
            case["unreadable"] = json!(error.is_unreadable());
        }
        Ok(ways) => {
            let lot = |way: &Reading| match (&way.code, way.code.lot_key()) {
                (_, Some(key)) => key.to_string(),
                (ScanCode::Plain { gtin, .. }, None) => gtin.to_string(),
                _ => String::new(),
            };
            let mut lots: Vec<String> = ways.iter().map(lot).collect();
            lots.dedup();
            case["expect"] = json!("ok");
            case["lots"] = json!(lots);
            case["host"] = json!(ways[0].host);
            case["leftOut"] = json!(ways[0].left_out);
            case["plainHttp"] = json!(ways[0].plain_http);
        }
    }
    case
}

#[test]
fn codes_without_a_token_are_read() {
    let cases: Vec<Value> = UNSIGNED.iter().map(|(name, text)| unsigned(name, text)).collect();
    assert_eq!(cases.iter().filter(|case| case["expect"] == "ok").count(), 9);
    kept("label/unsigned", &cases);
}

#[test]
fn golden_vectors_hold() {
    let key = signing_key(41).verifying_key();
    let all = texts().into_iter().chain(dressed()).collect::<Vec<_>>();
    let mut cases: Vec<Value> = all.iter().map(|(name, text)| case(name, text, &key)).collect();
    let stranger = signing_key(42).verifying_key();
    cases.push(case("signed_by_another_key", &unit().url(), &stranger));
    // The identity point as a key: a lax verifier takes R = identity, S = 0 for any message.
    let weak = VerifyingKey::from_bytes(&std::array::from_fn(|at| u8::from(at == 0))).unwrap();
    let forged = Label { signature: std::array::from_fn(|at| u8::from(at == 0)), ..unit() };
    cases.push(case("weak_key_and_forged_signature", &forged.url(), &weak));
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        assert_eq!(case["expect"] == "ok", name.starts_with("good_"), "{case}");
    }
    kept("label/signed", &cases);
}
