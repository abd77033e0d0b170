//! The profile of signed requests, tried by every other spelling, and by the example of RFC 9421.

use super::super::SoftKey;
use super::*;

const TARGET: RequestTarget<'_> =
    RequestTarget { method: "POST", path: "/api/v1/labels", query: None };

fn key() -> SoftKey {
    SoftKey::from_secret(&[7; 32])
}

fn terms() -> RequestTerms {
    RequestTerms {
        keyid: "did:web:ledger.example:parties:certif#key-1".to_owned(),
        created: Timestamp::from_seconds(1_000),
        expires: Timestamp::from_seconds(1_300),
        nonce: "0123456789abcdef".to_owned(),
    }
}

fn received(headers: &RequestHeaders) -> ReceivedHeaders {
    ReceivedHeaders {
        content_digest: vec![headers.content_digest.clone()],
        signature_input: vec![headers.signature_input.clone()],
        signature: vec![headers.signature.clone()],
    }
}

fn judged(
    target: &RequestTarget<'_>,
    body: &[u8],
    headers: &ReceivedHeaders,
    now: i64,
) -> Result<RequestTerms, RequestError> {
    let read = SignedRequest::read(target, body, headers, Timestamp::from_seconds(now))?;
    read.verify(&super::super::public_key(&key().public()).unwrap())?;
    Ok(read.terms)
}

/// RFC 9421 B.2.6, whose components are not this profile's: base and signature, byte by byte.
#[test]
fn the_example_of_the_rfc() {
    let decode = |text| base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let secret = decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU").try_into().unwrap();
    let key = SoftKey::from_secret(&secret);
    assert_eq!(&key.public()[..], decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"));
    let covered = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ];
    let parameters = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \
         \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
    let base = signature_base(&covered, parameters);
    assert!(base.starts_with("\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n"));
    assert!(base.ends_with(&format!("\n\"@signature-params\": {parameters}")));
    let signature = BASE64_STANDARD.encode(key.sign_bytes(base.as_bytes()));
    let printed = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lI\
         p5WPpBKRCw==";
    assert_eq!(signature, printed);
    // RFC 9530 appendix B: the digest of its example.
    let digest = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
    assert_eq!(digest_of(b"{\"hello\": \"world\"}"), digest);
}

#[test]
fn a_good_request() {
    let headers = received(&sign_request(&TARGET, b"{}", &terms(), &key()).unwrap());
    for now in [700, 1_000, 1_300, 1_600] {
        assert_eq!(judged(&TARGET, b"{}", &headers, now).unwrap(), terms(), "{now}");
    }
    assert!(matches!(judged(&TARGET, b"{}", &headers, 699), Err(RequestError::Future { .. })));
    assert!(matches!(judged(&TARGET, b"{}", &headers, 1_601), Err(RequestError::Expired { .. })));
    assert_eq!(terms().remembered_until(), Timestamp::from_seconds(1_600));
}

/// The parameters in another order and another label are what other libraries write.
#[test]
fn the_order_of_parameters_is_the_signers() {
    let parameters = format!(
        "{COVERED};tag=\"tasdiq\";nonce=\"0123456789abcdef\";alg=\"ed25519\";\
         keyid=\"{}\";expires=1300;created=1000",
        terms().keyid
    );
    let base = base_of(&TARGET, &digest_of(b""), &parameters);
    let signature = BASE64_STANDARD.encode(key().sign_bytes(base.as_bytes()));
    let headers = ReceivedHeaders {
        content_digest: vec![digest_of(b"")],
        signature_input: vec![format!("pyhms-1={parameters}")],
        signature: vec![format!("pyhms-1=:{signature}:")],
    };
    assert_eq!(judged(&TARGET, b"", &headers, 1_000).unwrap(), terms());
}

#[test]
fn what_is_signed_is_what_counts() {
    let headers = received(&sign_request(&TARGET, b"{}", &terms(), &key()).unwrap());
    let others = [
        RequestTarget { method: "PUT", ..TARGET },
        RequestTarget { path: "/api/v1/prepare", ..TARGET },
        RequestTarget { path: "/api/v1/labels/", ..TARGET },
        RequestTarget { query: Some("lot=x"), ..TARGET },
    ];
    for target in others {
        let refused = judged(&target, b"{}", &headers, 1_000);
        assert!(matches!(refused, Err(RequestError::Signature { .. })), "{target:?}");
    }
    assert_eq!(judged(&TARGET, b"{ }", &headers, 1_000), Err(RequestError::Digest));
    // A bare `?` is no query: RFC 9421 section 2.2.7 writes both alike.
    let bare = RequestTarget { query: Some(""), ..TARGET };
    assert!(judged(&bare, b"{}", &headers, 1_000).is_ok());
    let other = public_of(8);
    let read = SignedRequest::read(&TARGET, b"{}", &headers, terms().created).unwrap();
    assert!(read.verify(&other).is_err());
}

fn public_of(secret: u8) -> VerifyingKey {
    super::super::public_key(&SoftKey::from_secret(&[secret; 32]).public()).unwrap()
}

#[test]
fn every_other_spelling_is_refused() {
    let good = sign_request(&TARGET, b"{}", &terms(), &key()).unwrap();
    let input = &good.signature_input;
    let changes: [(&str, &str); 22] = [
        ("sig=", "Sig="),
        ("sig=", "="),
        ("sig=", "sig= "),
        ("sig=(", "sig=( "),
        ("\"@method\" \"@path\"", "\"@path\" \"@method\""),
        ("\"@query\" ", ""),
        ("\"content-digest\")", "\"content-digest\" \"date\")"),
        (";created=1000", ""),
        (";created=1000", ";created=01000"),
        (";created=1000", ";created=+1000"),
        (";created=1000", ";created=1000.0"),
        (";created=1000", ";created=\"1000\""),
        (";created=1000", "; created=1000"),
        (";created=1000", ";created=1000;created=1000"),
        (";expires=1300", ";expires=1301"),
        (";expires=1300", ";expires=1000"),
        (";alg=\"ed25519\"", ";alg=\"hmac-sha256\""),
        (";alg=\"ed25519\"", ";alg=ed25519"),
        (";nonce=\"0123456789abcdef\"", ";nonce=\"0123456789abcde\""),
        (";nonce=\"0123", ";nonce=\"\\\"123"),
        (";tag=\"tasdiq\"", ";tag=\"other\""),
        (";tag=\"tasdiq\"", ";tag=\"tasdiq\";extra"),
    ];
    for (old, new) in changes {
        assert!(input.contains(old), "{old}");
        let headers = ReceivedHeaders {
            signature_input: vec![input.replacen(old, new, 1)],
            ..received(&good)
        };
        let refused = judged(&TARGET, b"{}", &headers, 1_000).unwrap_err();
        assert!(!matches!(refused, RequestError::Signature { .. }), "{new}: {refused}");
        assert_eq!(refused.code(), "request_signature");
    }
}

#[test]
fn one_signature_in_one_spelling() {
    let good = sign_request(&TARGET, b"{}", &terms(), &key()).unwrap();
    let (input, signature) = (good.signature_input.clone(), good.signature.clone());
    let with = |input: &[String], signature: &[String]| ReceivedHeaders {
        signature_input: input.to_vec(),
        signature: signature.to_vec(),
        content_digest: vec![good.content_digest.clone()],
    };
    let twice = [input.clone(), input.clone()];
    let both = [format!("{input}, sig2={}", &input[4..])];
    let cases = [
        with(&twice, std::slice::from_ref(&signature)),
        with(&both, &[format!("{signature}, sig2={}", &signature[4..])]),
        with(std::slice::from_ref(&input), &[signature.clone(), signature.clone()]),
        with(std::slice::from_ref(&input), &[signature.replacen("sig", "sig2", 1)]),
        with(std::slice::from_ref(&input), &[signature.replace("==:", ":")]),
        with(std::slice::from_ref(&input), &[format!("{signature}\r\nX: y")]),
        with(std::slice::from_ref(&input), &[]),
        with(&[], std::slice::from_ref(&signature)),
        ReceivedHeaders { content_digest: vec![], ..received(&good) },
        ReceivedHeaders {
            content_digest: vec![format!("{0}, {0}", good.content_digest)],
            ..received(&good)
        },
        ReceivedHeaders {
            content_digest: vec![good.content_digest.replace("sha-256", "sha-512")],
            ..received(&good)
        },
        ReceivedHeaders {
            signature_input: vec![format!("{input}{}", "x".repeat(REQUEST_HEADER_BYTES_MAX))],
            ..received(&good)
        },
    ];
    for (place, headers) in cases.iter().enumerate() {
        assert!(judged(&TARGET, b"{}", headers, 1_000).is_err(), "case {place}");
    }
    for place in 0..signature.len() {
        let mut bytes = signature.clone().into_bytes();
        bytes[place] ^= 1;
        let changed = String::from_utf8(bytes).unwrap();
        assert!(
            judged(&TARGET, b"{}", &with(std::slice::from_ref(&input), &[changed]), 1_000).is_err()
        );
    }
}

/// The shortest base there can be is longer than what a statement's proof signs.
#[test]
fn a_request_is_no_statement() {
    let shortest = RequestTarget { method: "G", path: "/", query: None };
    assert!(base_of(&shortest, "", COVERED).len() > 64);
    let unsignable = RequestTerms { nonce: "short".to_owned(), ..terms() };
    assert_eq!(sign_request(&TARGET, b"", &unsignable, &key()).unwrap_err().code(), "unsignable");
}
