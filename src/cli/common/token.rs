//! Keys on PKCS#11 tokens at the command line: a URI where a key file is expected, the module it
//! needs, and where the PIN comes from. PINs are asked for without echo and never printed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use zeroize::Zeroizing;

use super::secret::ask_or;
use crate::limits::PIN_FILE_BYTES_MAX;
use crate::os::random;
use crate::pkcs11::{LoggedIn, PinSource, Token, TokenError, TokenKey, TokenUri};
use crate::seal::Signer;

/// Environment variable that holds a token's PIN.
pub const PIN_VARIABLE: &str = "TASDIQ_PIN";

/// Environment variable that holds the module's path, where the URI has none.
pub const MODULE_VARIABLE: &str = "TASDIQ_PKCS11_MODULE";

/// Signed once when a key is made; no statement has these bytes (they are not a hash of 64 bytes).
const TRIAL: &[u8] = b"tasdiq: trial signature of a new key";

/// The text, if what was given for a key file is meant as a PKCS#11 URI.
#[must_use]
pub fn uri_of(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| TokenUri::looks_like(text))
}

/// A key file's path or a URI, fit to be shown: without a PIN.
#[must_use]
pub fn shown(path: &Path) -> String {
    match uri_of(path).map(TokenUri::parse) {
        Some(Ok(uri)) => uri.to_string(),
        Some(Err(_)) => "the PKCS#11 URI".to_owned(),
        None => path.display().to_string(),
    }
}

/// The key a URI names, its user logged in.
///
/// # Errors
/// A malformed URI; no such module, token or key, or several; a wrong PIN.
pub fn open(uri: &str) -> anyhow::Result<TokenKey> {
    let uri = TokenUri::parse(uri)?;
    Ok(login(&uri, false)?.key(&uri)?)
}

/// Makes an Ed25519 pair on the token, tries it, and says by which URI it is found again.
///
/// # Errors
/// As [`open`]; a URI without a name for the key, or a name that is taken; a faulty token.
pub fn make(uri: &str) -> anyhow::Result<(TokenKey, TokenUri)> {
    let uri = TokenUri::parse(uri)?;
    if uri.attribute("object").is_none_or(str::is_empty) {
        bail!("the URI has no object=NAME: the new key needs a name");
    }
    let id = match uri.id() {
        Some([]) => bail!("the URI's id= is empty; leave it out to have one drawn"),
        Some(id) => id.to_vec(),
        None => random::<16>()?.to_vec(),
    };
    let key = login(&uri, true)?.generate(&uri, &id)?;
    key.sign(TRIAL).context("the new key is on the token, but must not be used")?;
    Ok((key, uri.with_id(&id)))
}

fn login(uri: &TokenUri, write: bool) -> anyhow::Result<LoggedIn> {
    let default = || std::env::var_os(MODULE_VARIABLE).map(PathBuf::from);
    let module = uri.module().cloned().or_else(default).ok_or(TokenError::NoModule)?;
    let token = Token::find(uri, &module)?;
    let pin = pin(uri, &token)?;
    Ok(token.login(pin.as_ref().map(|pin| pin.as_str()), write)?)
}

/// The PIN: of the URI, else the environment's, else asked for, here or by the device itself.
fn pin(uri: &TokenUri, token: &Token) -> anyhow::Result<Option<Zeroizing<String>>> {
    match uri.pin() {
        Some(PinSource::Value(pin)) => return Ok(Some(pin.clone())),
        Some(PinSource::File(path)) => return pin_in(path).map(Some),
        None => {}
    }
    if let Ok(pin) = std::env::var(PIN_VARIABLE) {
        return Ok(Some(Zeroizing::new(pin)));
    }
    if token.has_keypad() {
        eprintln!("Enter the PIN of {} on the device.", token.label());
        return Ok(None);
    }
    let nobody = format!("no PIN: set {PIN_VARIABLE}, or add pin-source=file:PATH to the URI");
    ask_or(&format!("PIN of {}: ", token.label()), &nobody).map(Some)
}

fn pin_in(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let unreadable = || format!("the PIN file {} cannot be read", path.display());
    let mut text = Zeroizing::new(String::new());
    let file = File::open(path).with_context(unreadable)?;
    file.take(PIN_FILE_BYTES_MAX + 1).read_to_string(&mut text).with_context(unreadable)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > PIN_FILE_BYTES_MAX) {
        bail!("the PIN file {} is longer than {PIN_FILE_BYTES_MAX} bytes", path.display());
    }
    Ok(Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
}
