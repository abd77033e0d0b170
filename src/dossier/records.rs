//! From the entries of a dossier to what they say: every leaf read, proven, its signature checked;
//! the records derived from them and compared with those the service states.
//! Not here: the certificate's own checks, which every verdict shares (`statement`).

use std::collections::BTreeSet;

use super::form::{Dossier, DossierEntry, mark_of};
use crate::limits::{CERTIFIER_ACT_SECONDS, INSPECTOR_HOLD_DAYS};
use crate::log::{Checkpoint, Leaf, LogError, leaf_hash, verify_inclusion};
use crate::names::{LotKey, PartySlug};
use crate::register::{CertificateRecord, Inherited, LotRecord, StatusEvent, Superseded};
use crate::seal::{KeyStanding, LogPosition, verify_proof};
use crate::statement::{
    CertificateClaim, Claim, Domain, Event, EventKind, KeyEvent, KeyPurpose, Reason, Role,
    SerialRanges, Statement, StatusAction, StatusTarget, Timestamp, canonical_bytes,
};
use crate::trust::Trust;

/// A proven entry.
pub(crate) struct Read {
    pub mark: LogPosition,
    pub statement: Statement,
}

/// All entries, in the order of the log.
pub(crate) struct Entries(Vec<Read>);

/// The bytes of every leaf of a list with its index, proven under a checkpoint.
///
/// # Errors
/// The first entry that is malformed, out of order or not in the tree.
pub(crate) fn proven(listed: &[DossierEntry], tree: &Checkpoint) -> Result<Vec<Vec<u8>>, String> {
    let mut leaves = Vec::with_capacity(listed.len());
    let mut last = None;
    for entry in listed {
        let bytes = canonical_bytes(&entry.leaf);
        let index = Leaf::parse(&bytes).map_err(|error| error.to_string())?.index;
        if last.is_some_and(|last| last >= index) {
            return Err(format!("entry {index} is not in the order of the log"));
        }
        last = Some(index);
        verify_inclusion(&leaf_hash(&bytes), index, tree.size, &entry.proof, &tree.root)
            .map_err(|error: LogError| format!("entry {index}: {error}"))?;
        leaves.push(bytes);
    }
    Ok(leaves)
}

impl Entries {
    /// Reads the statements of proven leaves; each but the certificates that are judged, entries
    /// `own`, must be signed by a key that counted at its log time.
    ///
    /// # Errors
    /// The first one that is not.
    pub fn read(
        leaves: &[Vec<u8>],
        own: &[u64],
        domain: &Domain,
        trust: &Trust,
    ) -> Result<Self, String> {
        let mut entries = Vec::with_capacity(leaves.len());
        for bytes in leaves {
            let leaf = Leaf::parse(bytes).map_err(|error| error.to_string())?;
            let mark = mark_of(&leaf);
            let at = |reason: String| format!("entry {}: {reason}", mark.index);
            let statement = Statement::parse(leaf.statement, domain)
                .map_err(|error| at(format!("{}: {error}", error.code())))?;
            // A certificate's own signature and key are judged with its own checks.
            if !matches!(statement.claim, Claim::Certificate(_)) || !own.contains(&mark.index) {
                signed(&statement, mark, trust).map_err(at)?;
            }
            entries.push(Read { mark, statement });
        }
        Ok(Self(entries))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Read> {
        self.0.iter()
    }

    /// The entry at a log index.
    pub fn at(&self, index: u64) -> Result<&Read, String> {
        let found = self.0.iter().find(|entry| entry.mark.index == index);
        found.ok_or_else(|| format!("entry {index} is missing"))
    }

    /// Status changes of a target, in the order of the log.
    fn events(&self, is_meant: impl Fn(&StatusTarget) -> bool) -> Vec<StatusEvent> {
        let changes = self.0.iter().filter_map(|entry| match &entry.statement.claim {
            Claim::StatusChange(change) if is_meant(&change.target) => {
                let event = StatusEvent::of(change, &entry.statement.issuer, entry.mark);
                Some(StatusEvent { voided: self.voided(&entry.statement.id), ..event })
            }
            _ => None,
        });
        changes.collect()
    }
}

impl Entries {
    /// Where the authority took back a recall with this id, as one of a wrong lot.
    fn voided(&self, id: &str) -> Option<LogPosition> {
        let takes_back = |entry: &&Read| match &entry.statement.claim {
            Claim::Event(event) => {
                event.voids_recall() == Some(id) && entry.statement.issuer.is_authority()
            }
            _ => false,
        };
        self.0.iter().find(takes_back).map(|entry| entry.mark)
    }

    /// The certificate that takes the place of another of this lot and scheme.
    fn superseded(&self, old: &CertificateClaim) -> Option<Superseded> {
        self.0.iter().find_map(|entry| match &entry.statement.claim {
            Claim::Certificate(claim)
                if claim.supersedes() == Some(old.serial)
                    && claim.lot == old.lot
                    && claim.scheme == old.scheme =>
            {
                let from = claim.valid_from.max(entry.mark.logged_at);
                Some(Superseded { by: claim.serial, from })
            }
            _ => None,
        })
    }
}

/// Verifies a statement under the key that the trust snapshot knows by that name.
fn signed(statement: &Statement, mark: LogPosition, trust: &Trust) -> Result<(), String> {
    let method = &statement.proof.verification_method;
    let party = trust.party(&statement.issuer);
    let key = party
        .and_then(|party| party.keys.iter().find(|key| key.verification_method == *method))
        .ok_or_else(|| format!("{method} is not in the trust snapshot"))?;
    let own_list = matches!(
        statement.claim,
        Claim::StatusList(_) | Claim::StatusIndex(_) | Claim::LabelIssue(_)
    );
    let may = match key.purpose {
        KeyPurpose::Assertion | KeyPurpose::Root => true,
        KeyPurpose::Service => own_list,
        _ => false,
    };
    // What was logged while a thief may have had the key still happened; but it confirms nothing.
    let counted = match key.standing(mark.logged_at) {
        KeyStanding::InForce => true,
        KeyStanding::Suspect => !matches!(statement.claim, Claim::Reconfirmation(_)),
        _ => false,
    };
    if !may || !counted {
        return Err(format!("{method} did not count at {}", mark.logged_at));
    }
    let public = key.verifying_key().map_err(|error| error.to_string())?;
    verify_proof(statement, &public).map_err(|error| error.to_string())
}

/// Derives both records from the entries and compares them with those in the dossier.
///
/// # Errors
/// The first thing that does not follow.
pub(crate) fn compare(dossier: &Dossier, entries: &Entries, trust: &Trust) -> Result<(), String> {
    let (manifest, document) = (&dossier.manifest, &dossier.document);
    let mut record = derive(dossier, entries)?;
    if trust.edition.is_some() {
        later_rules(&mut record.events, &document.certificate_record.events, None);
    }
    if record != document.certificate_record {
        return Err("the certificate's record does not follow from its entries".to_owned());
    }
    compare_lot(&document.lot_record, manifest.places.lot, entries, trust)?;
    if (record.serial, &record.lot, record.digest)
        != (manifest.serial, &manifest.lot, manifest.digest)
        || document.lot_record.lot != manifest.lot
    {
        return Err("certificate, lot and manifest do not belong together".to_owned());
    }
    let inherited = document.goods.as_ref().and_then(|goods| goods.inherited.as_ref());
    compare_inherited(inherited, &document.lot_record.lot, entries)?;
    grounds(entries, &record, trust)
}

/// Derives a lot's record from the entries, of which one at `place` declares it, and compares it
/// with the one stated.
///
/// # Errors
/// It does not follow.
pub(crate) fn compare_lot(
    stated: &LotRecord,
    place: u64,
    entries: &Entries,
    trust: &Trust,
) -> Result<(), String> {
    let found = entries.at(place)?;
    let Claim::Lot(declaration) = &found.statement.claim else {
        return Err(format!("entry {place} declares no lot"));
    };
    let mut lot = LotRecord {
        events: entries.events(|target| *target == StatusTarget::Lot(declaration.lot.clone())),
        ..LotRecord::declared(declaration, &found.statement.issuer)
    };
    if trust.edition.is_some() {
        later_rules(&mut lot.events, &stated.events, Some((&lot.producer, trust)));
    }
    let by_rule = |event: &&StatusEvent| is_rule_hold(event, place, &lot.lot, entries);
    let holds: Vec<_> = stated.events.iter().filter(by_rule).collect();
    let once: BTreeSet<_> =
        holds.iter().map(|event| (event.mark.index, event.reason.word())).collect();
    let own = stated.events.iter().filter(|event| !by_rule(event));
    let followed = LotRecord { events: own.cloned().collect(), ..stated.clone() };
    if lot != followed || once.len() != holds.len() {
        return Err("the lot's record does not follow from its entries".to_owned());
    }
    Ok(())
}

/// What a lot inherits is what an entry says of the lot that it names; that a rule held that one
/// is the service's word, with an entry that it can have followed.
///
/// # Errors
/// The entry named says something else, or is missing.
pub(crate) fn compare_inherited(
    told: Option<&Inherited>,
    lot: &LotKey,
    entries: &Entries,
) -> Result<(), String> {
    // So far above that only the register knows from where, if it is told as the lot's own.
    let Some(told) = told.filter(|told| told.via != *lot) else { return Ok(()) };
    let entry = entries.at(told.index)?;
    let follows = match &entry.statement.claim {
        Claim::StatusChange(change) => {
            change.target == StatusTarget::Lot(told.via.clone())
                && (change.action, change.reason) == (told.action, told.reason)
                && change.effective_from == told.since
                && entry.statement.issuer == told.by
        }
        Claim::Event(_) | Claim::Lot(_) => told.action == StatusAction::Hold,
        _ => false,
    };
    if follows {
        return Ok(());
    }
    Err(format!("entry {} lays no {} on lot {}", told.index, told.action_word(), told.via))
}

/// What edition 1 makes of a change of status that was logged under it: what loosens counts from
/// its log time, and a certifier's or an inspector's hold of a lot ends by itself. Which entries
/// that is true of is the service's word, like the status itself; nothing else may differ from what
/// was logged.
fn later_rules(
    derived: &mut [StatusEvent],
    stated: &[StatusEvent],
    of_lot: Option<(&PartySlug, &Trust)>,
) {
    for event in derived {
        let Some(told) = stated.iter().find(|told| told.mark == event.mark) else { continue };
        let ends = told.ends.filter(|told| {
            of_lot.and_then(|(producer, trust)| hold_ends(event, producer, trust)) == Some(*told)
        });
        let changed = StatusEvent { ends, ..event.clone().loosening_from_log_time() };
        if changed == *told {
            *event = changed;
        }
    }
}

/// When a hold of a lot ends by itself; None: it is no certifier's and no inspector's.
fn hold_ends(event: &StatusEvent, producer: &PartySlug, trust: &Trust) -> Option<Timestamp> {
    let role = trust.party(&event.by).map(|party| party.role);
    let seconds = match role {
        Some(Role::Inspector) => INSPECTOR_HOLD_DAYS.saturating_mul(86_400),
        _ => CERTIFIER_ACT_SECONDS,
    };
    let third =
        event.action == StatusAction::Hold && *producer != event.by && !event.by.is_authority();
    third.then(|| event.mark.logged_at.plus_seconds(seconds))
}

/// What the entries say of the certificate.
fn derive(dossier: &Dossier, entries: &Entries) -> Result<CertificateRecord, String> {
    let places = dossier.manifest.places;
    let found = entries.at(places.certificate)?;
    let Claim::Certificate(claim) = &found.statement.claim else {
        return Err(format!("entry {} is not a certificate", places.certificate));
    };
    let documents = &dossier.document.documents;
    if *documents != claim.facts.laboratory_reports {
        return Err("the documents are not those the certificate commits to".to_owned());
    }
    let serial = claim.serial;
    Ok(CertificateRecord {
        confirmed: confirmed(dossier, entries, found, serial)?,
        events: entries.events(|target| match target {
            StatusTarget::Certificate(one) => *one == serial,
            StatusTarget::Certificates(many) => many.iter().any(|one| one == serial),
            _ => false,
        }),
        superseded: entries.superseded(claim),
        ..CertificateRecord::logged(claim, &found.statement, found.mark)
    })
}

/// The entry by which the certifier, or the authority, stood by the certificate again, if the
/// record names one.
fn confirmed(
    dossier: &Dossier,
    entries: &Entries,
    certificate: &Read,
    serial: u64,
) -> Result<Option<LogPosition>, String> {
    let Some(mark) = dossier.document.certificate_record.confirmed else { return Ok(None) };
    let entry = entries.at(mark.index)?;
    let own = (certificate.mark.index, certificate.statement.digest);
    let is = matches!(&entry.statement.claim, Claim::Reconfirmation(claim)
        if claim.entries.contains(&own)
            || claim.serials.iter().flat_map(SerialRanges::iter).any(|one| one == serial));
    let by = &entry.statement.issuer;
    if is && (*by == certificate.statement.issuer || by.is_authority()) {
        Ok(Some(entry.mark))
    } else {
        Err(format!("entry {} confirms nothing here", mark.index))
    }
}

/// A lot can be held by a rule and not by a statement: from its declaration on, or from the
/// transformation on that filled it.
fn is_rule_hold(event: &StatusEvent, declared: u64, lot: &LotKey, entries: &Entries) -> bool {
    let index = event.mark.index;
    let fills = || {
        entries.at(index).is_ok_and(|found| match &found.statement.claim {
            Claim::Event(Event { kind: EventKind::Transform(what), .. }) => {
                what.outputs.iter().any(|line| line.lot == *lot)
            }
            _ => false,
        })
    };
    event.action == StatusAction::Hold
        && match event.reason {
            Reason::Capacity => index == declared,
            Reason::Yield | Reason::Late | Reason::Age => index == declared || fills(),
            _ => false,
        }
}

/// The accreditation and the certifier's key must stand in the log where the trust snapshot says.
fn grounds(entries: &Entries, record: &CertificateRecord, trust: &Trust) -> Result<(), String> {
    let issuer = trust.party(&record.issuer);
    let given = issuer.and_then(|party| {
        party.accreditations.iter().find(|given| given.id == record.accreditation)
    });
    if let Some(given) = given {
        let entry = entries.at(given.mark.index)?;
        let is = matches!(&entry.statement.claim, Claim::Accreditation(claim)
            if claim.party == record.issuer && claim.scope == given.scope);
        if !is || entry.mark != given.mark || entry.statement.id != given.id {
            return Err(format!("entry {} is not {}", given.mark.index, given.id));
        }
    }
    let method = record.verification_method.to_string();
    let key =
        issuer.and_then(|party| party.keys.iter().find(|key| key.verification_method == method));
    if let Some(key) = key {
        let entry = entries.at(key.added.index)?;
        let is = matches!(&entry.statement.claim, Claim::KeyChange(change)
            if change.verification_method == method
                && matches!(&change.event, KeyEvent::Added(new) if new.public == key.public));
        if !is || entry.mark != key.added {
            return Err(format!("entry {} does not add {method}", key.added.index));
        }
    }
    Ok(())
}
