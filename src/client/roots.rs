//! Under which roots TLS certificates are believed: those of a file that was named, those that
//! `SSL_CERT_FILE` and `SSL_CERT_DIR` name, those of the system, and those built in where a system
//! has none. Not here: the agents that ask (`agent`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ureq::tls::{PemItem, RootCerts, parse_pem};

use super::error::ClientError;

/// Where systems keep their roots: Debian and Arch, Fedora, openSUSE, Alpine, BSD and macOS.
const SYSTEM: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Largest file of roots that is read; the largest of systems has a quarter of a megabyte.
const BYTES_MAX: u64 = 8 << 20;

/// Files of a folder that are looked at.
const FILES_MAX: usize = 2_000;

/// The file that was named on the command line.
static NAMED: OnceLock<PathBuf> = OnceLock::new();

/// What is believed, or the file or folder that cannot be used and why.
static BELIEVED: OnceLock<Result<RootCerts, (String, String)>> = OnceLock::new();

/// Has all agents of this process believe the certificates of a file and no others. Nothing is read
/// yet: who asks nobody needs none.
pub fn believe(file: &Path) {
    NAMED.get_or_init(|| file.to_owned());
}

/// Looks whether the roots that were named can be used, before somebody is asked under them.
///
/// # Errors
/// [`ClientError::Roots`]: a file that cannot be read or holds no certificate.
pub(super) fn usable() -> Result<(), ClientError> {
    match decided() {
        Ok(_) => Ok(()),
        Err((path, reason)) => {
            Err(ClientError::Roots { path: path.clone(), reason: reason.clone() })
        }
    }
}

/// The roots that agents believe; none where those that were named cannot be used.
pub(super) fn believed() -> RootCerts {
    decided().clone().unwrap_or_else(|_| std::iter::empty::<Certificate>().into())
}

fn decided() -> &'static Result<RootCerts, (String, String)> {
    BELIEVED.get_or_init(|| {
        let system = || SYSTEM.iter().find_map(|file| certificates_in(Path::new(file)).ok());
        match named() {
            Ok(Some(roots)) => Ok(roots.into_iter().into()),
            Ok(None) => Ok(system().map_or(RootCerts::WebPki, |roots| roots.into_iter().into())),
            Err(ClientError::Roots { path, reason }) => Err((path, reason)),
            Err(other) => Err((String::new(), other.to_string())),
        }
    })
}

/// The roots that the command line or the environment names; None if neither does.
fn named() -> Result<Option<Vec<Certificate>>, ClientError> {
    if let Some(file) = NAMED.get() {
        return certificates_in(file).map(Some);
    }
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let mut roots = variable("SSL_CERT_FILE").map(|it| certificates_in(&it)).transpose()?;
    if let Some(folder) = variable("SSL_CERT_DIR") {
        roots.get_or_insert_default().extend(certificates_below(&folder)?);
    }
    Ok(roots)
}

type Certificate = ureq::tls::Certificate<'static>;

/// The certificates of a file in PEM; at least one.
fn certificates_in(file: &Path) -> Result<Vec<Certificate>, ClientError> {
    let fault = |reason: String| ClientError::Roots { path: file.display().to_string(), reason };
    let size = fs::metadata(file).map_err(|error| fault(error.to_string()))?.len();
    if size > BYTES_MAX {
        return Err(fault(format!("it has {size} bytes; at most {BYTES_MAX} are read")));
    }
    let pem = fs::read(file).map_err(|error| fault(error.to_string()))?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(fault(error.to_string())),
        }
    }
    if found.is_empty() {
        return Err(fault("it holds no certificate (-----BEGIN CERTIFICATE-----)".to_owned()));
    }
    Ok(found)
}

/// The certificates of all files of a folder; those that hold none are left out.
fn certificates_below(folder: &Path) -> Result<Vec<Certificate>, ClientError> {
    let fault = |reason: String| ClientError::Roots { path: folder.display().to_string(), reason };
    let files = fs::read_dir(folder).map_err(|error| fault(error.to_string()))?;
    let files = files.flatten().take(FILES_MAX).map(|entry| entry.path());
    let found: Vec<Certificate> =
        files.filter_map(|file| certificates_in(&file).ok()).flatten().collect();
    if found.is_empty() {
        return Err(fault("none of its files holds a certificate".to_owned()));
    }
    Ok(found)
}

/// Why a request came to nothing, for who reads what a service writes about it.
#[must_use]
pub fn why(error: &ureq::Error) -> String {
    let text = error.to_string();
    match distrust(&text) {
        Some(reason) => format!("its TLS certificate is not trusted: {reason}"),
        None => text,
    }
}

/// Why TLS believes no certificate, in plain words; None if something else went wrong.
pub(super) fn distrust(error: &str) -> Option<String> {
    let reason = error.split_once("invalid peer certificate: ")?.1.trim();
    Some(match reason {
        "UnknownIssuer" => {
            "none of the authorities that this machine trusts issued it; if it comes from your \
             own, give its certificate: --cacert FILE, or SSL_CERT_FILE"
                .to_owned()
        }
        reason if reason.starts_with("Expired") || reason.contains("expired") => {
            format!("it has expired, or this machine's clock is wrong ({reason})")
        }
        reason if reason.contains("not valid yet") || reason.starts_with("NotValidYet") => {
            format!("it is not valid yet, or this machine's clock is wrong ({reason})")
        }
        reason if reason.contains("NotValidForName") || reason.contains("not valid for name") => {
            format!("it is of another host ({reason})")
        }
        reason => reason.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_no_root_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        assert_eq!(certificates_in(&file).unwrap_err().code(), "roots");
        for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\n%%%\n"] {
            fs::write(&file, text).unwrap();
            let fault = certificates_in(&file).unwrap_err().to_string();
            assert!(fault.contains("ca.pem"), "{fault}");
        }
        assert!(certificates_below(folder.path()).is_err());
        let pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        fs::write(&file, format!("# ours\n{pem}{pem}")).unwrap();
        assert_eq!(certificates_in(&file).unwrap().len(), 2);
        assert_eq!(certificates_below(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn what_tls_refuses_is_told_apart_from_silence() {
        let told = distrust("io: invalid peer certificate: UnknownIssuer").unwrap();
        assert!(told.contains("--cacert"), "{told}");
        assert!(distrust("invalid peer certificate: Expired").unwrap().contains("clock"));
        assert_eq!(distrust("Connection refused (os error 111)"), None);
    }
}
