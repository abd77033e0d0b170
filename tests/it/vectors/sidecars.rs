//! Submissions with their vc+jwt, good and spoilt: what stands beside an entry, for this code and
//! any other reader. Compared with `tests/vectors/statement/sidecar` (docs/FORMAT.md 1.4).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use serde_json::Value;
use tasdiq::seal::{Signer as _, parted, public_key, sign_jwt, verify_proof, verify_sidecar, wrap};
use tasdiq::statement::{Domain, Statement, canonical_bytes, parse_multikey};

use super::{By, Case, Unsigned, bytes_of, compared, good};

fn jwt(of: &Unsigned) -> String {
    sign_jwt(&of.value, &of.by.method(), &of.by.key()).unwrap()
}

/// A vc+jwt with this header, well signed.
fn with_header(of: &Unsigned, header: &str) -> String {
    let header = BASE64URL.encode(header);
    let input = format!("{header}.{}", BASE64URL.encode(canonical_bytes(&of.value)));
    let signature = of.by.key().sign(input.as_bytes()).unwrap();
    format!("{header}..{}", BASE64URL.encode(signature))
}

fn cases() -> Vec<Case> {
    let certificate = good::certificate();
    let sealed = certificate.sealed();
    let whole = jwt(&certificate);
    let case = |name, expect, bytes: Vec<u8>| certificate.bytes(name, expect, bytes);
    let beside = |name, jwt: &str| case(name, "sidecar_invalid", wrap(&sealed, jwt));
    let header = format!(
        r#"{{"alg":"EdDSA","cty":"vc","kid":"{}-jwk","typ":"vc+jwt"}}"#,
        certificate.by.method()
    );
    let (protected, signature) = whole.split_once("..").unwrap();
    let mut renamed = certificate.clone();
    renamed.value["name"] = "Another name".into();
    let foreign = sign_jwt(&certificate.value, &certificate.by.method(), &By::Cooperative.key());
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let wrapped = text(&wrap(&sealed, &whole));
    let spaced = text(&sealed).replacen(',', ", ", 1);
    let lot = good::lot();
    let headed = |name, header: String| beside(name, &with_header(&certificate, &header));
    vec![
        case("good_certificate_alone", "ok", sealed.clone()),
        case("good_with_vc_jwt", "ok", wrapped.clone().into_bytes()),
        case("good_members_the_other_way", "ok", {
            let (statement, jwt) =
                wrapped.trim_matches(['{', '}']).rsplit_once(r#","jwt":"#).unwrap();
            format!(r#"{{"jwt":{jwt},{statement}}}"#).into_bytes()
        }),
        case(
            "good_with_no_vc_jwt",
            "ok",
            format!(r#"{{"statement":{}}}"#, text(&sealed)).into_bytes(),
        ),
        beside("of_another_document", &jwt(&renamed)),
        beside("of_another_key", &foreign.unwrap()),
        beside("empty", ""),
        beside("whole_not_detached", &whole.replace("..", ".e30.")),
        beside("signature_padded", &format!("{whole}==")),
        beside("signature_short", &whole[..whole.len() - 2]),
        beside("signature_of_another_header", &format!("{}..{signature}", BASE64URL.encode("{}"))),
        beside("signature_missing", &format!("{protected}..")),
        headed("algorithm_none", header.replace("EdDSA", "none")),
        headed("kid_without_suffix", header.replace("-jwk", "")),
        headed("kid_of_another_key", header.replace("#key-1", "#key-2")),
        headed("type_of_another", header.replace("vc+jwt", "JWT")),
        headed("header_with_more", header.replace('}', r#","crit":[]}"#)),
        headed("header_with_spaces", header.replace(',', ", ")),
        lot.bytes("beside_a_lot", "sidecar_invalid", wrap(&lot.sealed(), &jwt(&lot))),
        case(
            "unknown_member",
            "submission_form",
            wrapped.replace(r#","jwt""#, r#","more":1,"jwt""#).into_bytes(),
        ),
        case(
            "statement_twice",
            "submission_form",
            wrapped.replacen('{', r#"{"statement":{},"#, 1).into_bytes(),
        ),
        case("jwt_alone", "submission_form", format!(r#"{{"jwt":"{whole}"}}"#).into_bytes()),
        case("statement_not_canonical", "not_canonical", wrap(spaced.as_bytes(), &whole)),
    ]
}

fn outcome(case: &Value) -> &'static str {
    let bytes = bytes_of(case);
    let read = || -> Result<(), &'static str> {
        let domain = Domain::parse(case["host"].as_str().unwrap()).unwrap();
        let (bytes, sidecar) = parted(&bytes).map_err(|error| error.code())?;
        let statement = Statement::parse(bytes, &domain).map_err(|error| error.code())?;
        let key = parse_multikey(case["publicKey"].as_str().unwrap()).unwrap();
        let key = public_key(&key).unwrap();
        verify_proof(&statement, &key).map_err(|error| error.code())?;
        let sidecar = sidecar.map(|jwt| verify_sidecar(&statement, &jwt, &key));
        sidecar.unwrap_or(Ok(())).map_err(|error| error.code())
    };
    read().map_or_else(|code| code, |()| "ok")
}

#[test]
fn sidecar_vectors_hold() {
    compared("statement/sidecar", &cases(), outcome);
}
