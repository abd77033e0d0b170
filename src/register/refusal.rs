//! Why a well-formed, well-signed statement is refused: the rules of the ledger, each with a stable
//! code and the figures. Not here: malformed bytes ([`crate::statement::StatementError`]).

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use super::goods_refusal::GoodsRefusal;
use crate::limits::{NAME_CHARS_MAX, RECALL_NOTICE_CHARS_MAX as NOTICE_CHARS_MAX};
use crate::statement::{Day, TextFault, Timestamp};

/// The code of [`Refusal::NewerEdition`]: what follows cannot be judged here.
pub const NEWER_EDITION: &str = "newer_edition";

/// A rule that a statement breaks.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// The issuer is not registered.
    #[error("{party} is not registered; the authority must register it first")]
    UnknownParty {
        /// The party.
        party: String,
    },
    /// The key is not one of the issuer's.
    #[error("{key} is not a key of the issuer; the authority must add it first")]
    UnknownKey {
        /// The key's name.
        key: String,
    },
    /// The key is for something else.
    #[error("{key} is a {purpose} key and may not sign this")]
    KeyPurpose {
        /// The key's name.
        key: String,
        /// What it is for.
        purpose: &'static str,
    },
    /// The key was retired.
    #[error("{key} was retired; sign with the party's current key")]
    KeyRetired {
        /// The key's name.
        key: String,
    },
    /// The key's time is over.
    #[error("{key} was valid until {until}; sign with the party's current key")]
    KeyExpired {
        /// The key's name.
        key: String,
        /// Its last instant.
        until: Timestamp,
    },
    /// The key is known to be in foreign hands.
    #[error("{key} is recorded as compromised; nothing signed with it is accepted any more")]
    KeyCompromised {
        /// The key's name.
        key: String,
    },
    /// The key's public half is in use under another name or for another purpose.
    #[error("this public key is on record already; one key serves one party and one purpose")]
    KeyReused,
    /// The key's name is taken.
    #[error("{key} names a key already; choose another fragment")]
    KeyExists {
        /// The key's name.
        key: String,
    },
    /// The public key is malformed or weak.
    #[error("the public key is not a usable Ed25519 key")]
    KeyUnusable,
    /// The key is retired or compromised already.
    #[error("{key} is {state} already")]
    KeyState {
        /// The key's name.
        key: String,
        /// Its state.
        state: &'static str,
    },
    /// The issuer's role does not allow this statement.
    #[error("{party} may not {act}")]
    NotAuthorised {
        /// The issuer.
        party: String,
        /// What it tried.
        act: &'static str,
    },
    /// The issuer is suspended or withdrawn.
    #[error("{party} is {state} since {since}, by {by}: {reason}")]
    PartyBarred {
        /// The party.
        party: String,
        /// `suspended` or `withdrawn`.
        state: &'static str,
        /// Since when.
        since: Timestamp,
        /// By whom.
        by: String,
        /// Why.
        reason: String,
    },
    /// No accreditation in force covers it.
    #[error(
        "no accreditation of {party} in force covers scheme {scheme}, product {product}, region \
        {region}: {held}"
    )]
    OutOfScope {
        /// The certifier.
        party: String,
        /// Scheme id.
        scheme: String,
        /// Product id.
        product: String,
        /// Region.
        region: String,
        /// What the accreditation named is worth.
        held: String,
    },
    /// No such accreditation.
    #[error("{party} has no accreditation {id}; `tasdiq trust` lists them")]
    AccreditationUnknown {
        /// The certifier.
        party: String,
        /// The id.
        id: String,
    },
    /// A narrowed scope with something new in it.
    #[error(
        "{list} {term} is not in the accreditation's scope; a scope can be narrowed, never \
        widened: accredit anew"
    )]
    ScopeWider {
        /// `scheme`, `product` or `region`.
        list: &'static str,
        /// The term.
        term: String,
    },
    /// A certificate that needs no confirmation, or can have none.
    #[error("certificate {serial} cannot be confirmed again: {reason}")]
    NotSuspect {
        /// The serial.
        serial: u64,
        /// Why not.
        reason: String,
    },
    /// An entry that is not what the statement says.
    #[error("entry {index} is no certificate with the digest given")]
    EntryMismatch {
        /// Log index.
        index: u64,
    },
    /// A root that nobody committed to.
    #[error("the root before this one committed to the hash {expected}, and this key has {found}")]
    SuccessorMismatch {
        /// The commitment on record; `none` if there is none.
        expected: String,
        /// SHA-256 of the public key offered.
        found: String,
    },
    /// The certificate would outlive its accreditation.
    #[error(
        "the certificate ends {certificate}, after the accreditation it is issued under ({scope})"
    )]
    OutlivesScope {
        /// The certificate's last instant.
        certificate: Timestamp,
        /// The accreditation's last instant.
        scope: Timestamp,
    },
    /// Not in the catalogue of products, schemes and regions.
    #[error("{list} {term:?} is not in the catalogue")]
    UnknownTerm {
        /// `product`, `scheme` or `region`.
        list: &'static str,
        /// The term.
        term: String,
    },
    /// A member contradicts the catalogue or the lot.
    #[error("{member} is {found}, but must be {expected}")]
    Mismatch {
        /// The member.
        member: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// The id was used before.
    #[error("the id {id} is taken by entry {index}; the same id never means two statements")]
    IdTaken {
        /// The id.
        id: String,
        /// Who has it.
        index: u64,
    },
    /// The lot is declared already.
    #[error("lot {lot} is declared already, by entry {index}")]
    LotExists {
        /// The lot.
        lot: String,
        /// Where.
        index: u64,
    },
    /// No such lot.
    #[error("lot {lot} is not declared; the cooperative must declare it first")]
    LotUnknown {
        /// The lot.
        lot: String,
    },
    /// No such certificate.
    #[error("there is no certificate with serial {serial}")]
    CertificateUnknown {
        /// The serial.
        serial: u64,
    },
    /// Certified quantity above the declared one (rule 4).
    #[error(
        "lot {lot} declares {declared} {unit}, {certified} of it are certified under this \
        scheme, {asked} more are asked for"
    )]
    QuantityExceeded {
        /// The lot.
        lot: String,
        /// Declared quantity.
        declared: u64,
        /// Certified so far.
        certified: u64,
        /// Asked for.
        asked: u64,
        /// Unit code.
        unit: String,
    },
    /// More labels than sales units (rule 6).
    #[error(
        "lot {lot} fills {units} sales units, {issued} serials are issued, {asked} more are \
        asked for"
    )]
    LabelsExceeded {
        /// The lot.
        lot: String,
        /// Units it can fill.
        units: u64,
        /// Serials issued so far.
        issued: u64,
        /// Asked for.
        asked: u64,
    },
    /// Withdrawn and recalled are final (rule 10).
    #[error("{target} is {state}; that is final")]
    Final {
        /// What was to change.
        target: String,
        /// Its state.
        state: &'static str,
    },
    /// The change does not fit the present status.
    #[error("{target} cannot be changed so: it is {state}")]
    StatusOrder {
        /// What was to change.
        target: String,
        /// Its state.
        state: &'static str,
    },
    /// A date that cannot be.
    #[error("{member} {at} is in the future; the ledger's clock reads {now}")]
    Future {
        /// The member.
        member: &'static str,
        /// Its value.
        at: Timestamp,
        /// The ledger's time.
        now: Timestamp,
    },
    /// A status list that does not say what the register says.
    #[error("the status list differs from the register")]
    StatusListWrong,
    /// The id is not the one its content makes.
    #[error("the id must be {expected}, made from the statement's content; sign it under that id")]
    IdForm {
        /// The id it must have.
        expected: String,
    },
    /// A text that hides something or has white space at its edges.
    #[error("{fault}; write it without")]
    TextForm {
        /// What is off.
        fault: TextFault,
    },
    /// A name too long, or none.
    #[error("{member} must have 1 to {NAME_CHARS_MAX} characters")]
    NameForm {
        /// The member.
        member: &'static str,
    },
    /// A statement that later rules brought.
    #[error(
        "this needs edition {needs} of the rules, and edition {holds} holds here; the authority \
        raises it with `tasdiq rulebook raise`"
    )]
    Edition {
        /// The edition it came with.
        needs: u32,
        /// The edition in force.
        holds: u32,
    },
    /// Rules that this release does not know.
    #[error(
        "edition {edition} of the rules is needed, this release knows editions up to \
        {newest}: a newer release is needed"
    )]
    NewerEdition {
        /// The edition.
        edition: u32,
        /// The newest that is known.
        newest: u32,
    },
    /// A rulebook that does not follow the one in force.
    #[error(
        "version {version}, edition {edition} does not follow: the next version is {next}, the \
        edition at least {least}"
    )]
    RulebookOrder {
        /// Its version.
        version: u64,
        /// Its edition.
        edition: u32,
        /// The version that comes next.
        next: u64,
        /// The edition in force.
        least: u32,
    },
    /// A serial out of reach.
    #[error("serial {serial} is too far ahead: {next} to {last} can be used; prepare it again")]
    SerialWindow {
        /// The serial.
        serial: u64,
        /// The lowest above all in use.
        next: u64,
        /// The last that can be used.
        last: u64,
    },
    /// A campaign in another form.
    #[error("campaign {campaign:?} must be written 2026, or 2026/27 where it runs over New Year")]
    CampaignForm {
        /// The campaign.
        campaign: String,
    },
    /// A packing day outside the campaign.
    #[error(
        "goods packed on {packed_on} cannot be of campaign {campaign}: it takes packing days from \
        the first day of its first year to the end of the year after its last"
    )]
    CampaignDay {
        /// The campaign.
        campaign: String,
        /// The day.
        packed_on: Day,
    },
    /// A fact that the ledger knows otherwise.
    #[error("{member} is {found:?}, but {source_of} says {expected:?}")]
    FactDiffers {
        /// The member.
        member: &'static str,
        /// What the statement says.
        found: String,
        /// Where the other value stands.
        source_of: &'static str,
        /// What stands there.
        expected: String,
    },
    /// A sales unit that the product is not sold in.
    #[error(
        "a sales unit of {found} {unit} is outside what {product} is sold in: {least} to {most} {unit}"
    )]
    PackSize {
        /// Product id.
        product: String,
        /// Quantity in one sales unit.
        found: u64,
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
        /// Unit code.
        unit: &'static str,
    },
    /// A GTIN used for something else.
    #[error(
        "GTIN {gtin} stands for {known}, set by its first certified lot, and not for {found}; \
        use another GTIN"
    )]
    GtinMismatch {
        /// The GTIN.
        gtin: String,
        /// What it stands for.
        known: String,
        /// What the lot says.
        found: String,
    },
    /// Numbers of another party.
    #[error("{numbers} belongs to {owner}; it can lend them with a PrefixGrant")]
    GtinOwner {
        /// The GTIN or prefix.
        numbers: String,
        /// Whose.
        owner: String,
    },
    /// A prefix inside or around another party's.
    #[error("prefix {prefix} overlaps {known} of {owner}")]
    PrefixTaken {
        /// The prefix.
        prefix: String,
        /// The one registered.
        known: String,
        /// Whose.
        owner: String,
    },
    /// A name that looks like another party's.
    #[error(
        "the name {name:?} looks like that of {party}; if both are meant, register it with \
        sameName (`--same-name`)"
    )]
    NameTaken {
        /// The name.
        name: String,
        /// Whose name looks the same.
        party: String,
    },
    /// An act for a client that did not ask for it.
    #[error(
        "{client} has no agreement in force with {certifier}{under}; the client signs one, or the \
        registrar from its paper: `tasdiq register agreement`"
    )]
    NotAsked {
        /// The client.
        client: String,
        /// The certifier.
        certifier: String,
        /// ` under scheme ...`, or nothing.
        under: String,
    },
    /// A label key beyond what its owner may give it.
    #[error("the label key: {reason}")]
    KeyScope {
        /// What is off.
        reason: String,
    },
    /// A key that does not count yet.
    #[error("{key} counts from {until} on; sign then, or with the party's other key")]
    KeyWaits {
        /// The key's name.
        key: String,
        /// From when on.
        until: Timestamp,
    },
    /// A co-signature that does not hold.
    #[error("the co-signature by {key} does not count: {reason}")]
    Cosigner {
        /// The key.
        key: String,
        /// Why not.
        reason: &'static str,
    },
    /// A report that reaches back too far.
    #[error(
        "a party's own report reaches back to {earliest} at most; the authority can report {since}"
    )]
    SinceTooEarly {
        /// Since when the key was in foreign hands.
        since: Timestamp,
        /// The earliest that the party itself can say.
        earliest: Timestamp,
    },
    /// A certificate of the same lot and scheme stands suspended.
    #[error(
        "certificate {serial} of this lot and scheme is suspended by {by}; none is taken beside \
        it until that is lifted or it is withdrawn"
    )]
    CertificateSuspended {
        /// Its serial.
        serial: u64,
        /// Who suspended it.
        by: String,
    },
    /// A certificate that no other can take the place of.
    #[error("certificate {serial} cannot be renewed or corrected by this one: {reason}")]
    NotRenewable {
        /// Its serial.
        serial: u64,
        /// Why not.
        reason: String,
    },
    /// A recall that does not say what to do.
    #[error(
        "a recall says in French (fr) and Arabic (ar) what people are to do, in at most \
        {NOTICE_CHARS_MAX} characters each: {reason}"
    )]
    NoticeMissing {
        /// What is off.
        reason: String,
    },
    /// Labels for what may not be sold.
    #[error("no labels for lot {lot}: {reason}")]
    LabelRefused {
        /// The lot.
        lot: String,
        /// Why.
        reason: String,
    },
    /// A rule on goods.
    #[error(transparent)]
    Goods(Box<GoodsRefusal>),
}

impl From<GoodsRefusal> for Refusal {
    fn from(refusal: GoodsRefusal) -> Self {
        Self::Goods(Box::new(refusal))
    }
}

impl Refusal {
    /// Whether it is about the key that signed, not about what it signed.
    #[must_use]
    pub fn is_of_key(&self) -> bool {
        self.code().starts_with("key_") || self.code() == "unknown_key"
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Goods(of_goods) => of_goods.code(),
            other => other.into(),
        }
    }

    /// Whether it conflicts with what the ledger holds (HTTP 409) rather than with a rule on the
    /// statement itself (HTTP 422).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        if let Self::Goods(of_goods) = self {
            return of_goods.is_conflict();
        }
        matches!(
            self,
            Self::IdTaken { .. }
                | Self::LotExists { .. }
                | Self::QuantityExceeded { .. }
                | Self::LabelsExceeded { .. }
                | Self::Final { .. }
                | Self::StatusOrder { .. }
                | Self::KeyExists { .. }
                | Self::KeyReused
                | Self::KeyState { .. }
                | Self::NotSuspect { .. }
                | Self::Edition { .. }
                | Self::NewerEdition { .. }
                | Self::RulebookOrder { .. }
                | Self::GtinOwner { .. }
                | Self::PrefixTaken { .. }
                | Self::NameTaken { .. }
                | Self::KeyWaits { .. }
                | Self::CertificateSuspended { .. }
                | Self::NotRenewable { .. }
                | Self::LabelRefused { .. }
        )
    }
}
