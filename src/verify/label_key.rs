//! Whether the key that signed a label may speak for the certificate it names: its owner, schemes,
//! dates, and thefts. A verdict and not a rule of the log: it holds for every entry, however old.
//! Not here: the label's signature (`code`).

use super::checks::Checks;
use super::report::{CheckName, SubIndication};
use crate::catalog::Catalog;
use crate::label::{Label, SchemeBits};
use crate::names::AUTHORITY;
use crate::register::{CertificateRecord, LotRecord, PartyRecord};
use crate::seal::KeyRecord;
use crate::statement::Scope;
use crate::trust::Issue;

/// Who signed a label.
#[derive(Clone, Copy)]
pub(super) struct LabelSigner<'a> {
    pub owner: &'a PartyRecord,
    pub key: &'a KeyRecord,
}

/// Whether the key was in foreign hands: a label bears no log time of its own, so all labels of a
/// stolen key fail, but for those whose serial is known to have been issued before. Whether to go
/// on.
pub(super) fn not_stolen(
    checks: &mut Checks<'_>,
    signer: LabelSigner<'_>,
    issue: Option<Issue>,
    serialised: bool,
) -> bool {
    let Some(window) = signer.key.compromised else { return true };
    match issue {
        Some(Issue::Logged(mark) | Issue::Void(mark)) if mark.logged_at < window.since => true,
        // Without a list of what was issued nothing can be said of a serial that may be older.
        None if serialised => {
            let text = format!(
                "{} is compromised; whether this serial was issued before is not known here",
                signer.key.verification_method
            );
            checks.absent(CheckName::LabelKey, SubIndication::TryLater, text);
            false
        }
        _ => {
            let text = format!("{} is compromised", signer.key.verification_method);
            checks.fail(CheckName::LabelKey, SubIndication::Revoked, text);
            false
        }
    }
}

/// Lays the check of the key over the certificate that the label names.
pub(super) fn judge(
    checks: &mut Checks<'_>,
    signer: LabelSigner<'_>,
    label: &Label,
    record: &CertificateRecord,
    lot: &LotRecord,
) {
    let name = &signer.key.verification_method;
    match fault(signer, label, record, lot) {
        None => checks.pass(CheckName::LabelKey, name.clone()),
        Some(fault) => {
            let text = format!("{name} {fault}");
            checks.fail(CheckName::LabelKey, SubIndication::AuthorityFailure, text);
        }
    }
}

/// Why the key does not speak for the certificate, if so. It may be newer than the certificate: a
/// new key labels older ones. What became of its owner since ends nothing that is printed.
fn fault(
    signer: LabelSigner<'_>,
    label: &Label,
    record: &CertificateRecord,
    lot: &LotRecord,
) -> Option<String> {
    let LabelSigner { owner, key } = signer;
    if owner.party.as_str() != AUTHORITY && owner.party != record.issuer {
        let issuer = &record.issuer;
        return Some(format!("is a key of {}, and the certificate is of {issuer}", owner.party));
    }
    if !key.parties.is_empty() && !key.parties.contains(&lot.producer) {
        return Some(format!("labels no lots of {}", lot.producer));
    }
    let at = record.mark.logged_at;
    if let Some(retired) = key.retired.filter(|retired| record.mark.index >= retired.index) {
        return Some(format!("was retired at {}, the certificate is of {at}", retired.logged_at));
    }
    if let Some(end) = key.not_after.filter(|end| at > *end) {
        return Some(format!("ended at {end}, the certificate is of {at}"));
    }
    let schemes = schemes(signer)?;
    if !schemes.contains(&&*record.scheme) {
        return Some(format!("may not label {}", record.scheme));
    }
    let catalog = Catalog::builtin().ok();
    let known = schemes.iter().filter_map(|scheme| catalog?.scheme(scheme));
    let kinds: Vec<_> = known.flat_map(|scheme| scheme.kinds.iter().copied()).collect();
    let within = SchemeBits::of(&kinds).contains(label.header.schemes.known());
    (!within).then(|| "may not label all that the label stands for".to_owned())
}

/// The schemes a key may put on a label; None: all. A certifier's that names none: all of those it
/// was ever accredited for.
fn schemes(signer: LabelSigner<'_>) -> Option<Vec<&str>> {
    let LabelSigner { owner, key } = signer;
    if !key.schemes.is_empty() {
        return Some(key.schemes.iter().map(String::as_str).collect());
    }
    if owner.party.as_str() == AUTHORITY {
        return None;
    }
    let given = owner.accreditations.iter().flat_map(|given| &given.scope.schemes);
    let given: Vec<&str> = given.map(String::as_str).collect();
    (!given.contains(&Scope::ALL)).then_some(given)
}
