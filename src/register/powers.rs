//! Who may do what: one table of powers, act by act. The rules of editions from 1 on ask it, the
//! page docs/POWERS.md is made from it, and a test tries every pair against a file written by hand.
//! Not here: further conditions of an act (`rules_*`), and what edition 0 allowed (`rules`).

use crate::statement::{KeyPurpose, Role};

/// Who acts: the authority by the key it signs with, every other party by its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The authority with its root key.
    Root,
    /// The authority with an assertion key.
    Registrar,
    /// The authority with a key of its service.
    Service,
    /// A certifier.
    Certifier,
    /// A cooperative.
    Cooperative,
    /// A shop.
    Shop,
    /// A carrier.
    Carrier,
    /// A laboratory.
    Laboratory,
    /// An inspector.
    Inspector,
    /// A processor.
    Processor,
    /// An exporter.
    Exporter,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// A party is registered, or registered anew.
    Register,
    /// A certifier is accredited.
    Accredit,
    /// An accreditation is narrowed, suspended, reinstated or withdrawn.
    ChangeScope,
    /// The rules of an edition are put in force.
    SetRulebook,
    /// A key is added that signs no labels.
    AddKey,
    /// A label key is added.
    AddLabelKey,
    /// A key is retired.
    RetireKey,
    /// A key is reported as stolen.
    ReportKey,
    /// A party as a whole is suspended, reinstated or withdrawn.
    ChangeParty,
    /// An agreement of a client with a certifier is recorded.
    Agree,
    /// GTINs are lent.
    GrantNumbers,
    /// A capacity is stated.
    StateCapacity,
    /// A lot is declared.
    DeclareLot,
    /// A lot is certified.
    Certify,
    /// An operator is certified.
    CertifyOperator,
    /// A certificate is suspended.
    SuspendCertificate,
    /// A certificate is reinstated.
    ReinstateCertificate,
    /// A certificate is withdrawn.
    WithdrawCertificate,
    /// A lot is held.
    HoldLot,
    /// A lot's hold is lifted.
    ReleaseLot,
    /// A lot is recalled.
    RecallLot,
    /// Serials are put on labels.
    IssueLabels,
    /// Serials of spoilt labels are given back.
    VoidLabels,
    /// What is suspect, or not final yet, is confirmed.
    Confirm,
    /// What is suspect, or not final yet, is voided.
    Void,
    /// A status list or its index is published.
    PublishStatus,
    /// A lot is held by an inspector.
    InspectLot,
    /// Goods become others.
    Transform,
    /// Goods are sent to somebody.
    Ship,
    /// Recalled goods are sent back.
    ReturnRecalled,
    /// A shipment is answered.
    Receive,
    /// What is disputed, or was never answered, is settled.
    Settle,
    /// Goods are put into a logistic unit or taken out of one.
    Pack,
    /// Goods leave by a channel of sale.
    SendOut,
    /// Goods are stated as lost.
    Lose,
    /// A sample is taken.
    Sample,
    /// Goods are destroyed.
    Destroy,
    /// Goods are looked at.
    ObserveGoods,
    /// An event or a declaration is undone.
    Undo,
    /// What was paid for shipped goods is stated by their seller.
    StatePrice,
    /// The same is said by who paid, or by a certifier for a buyer who is no party.
    ConfirmPrice,
    /// A part of a certificate goes with a consignment.
    DrawExtract,
    /// Another party is let act in one's name.
    GiveMandate,
}

/// What it is done to, as the one who acts stands to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Its own: its key, its lot, the certificate it issued, its numbers, itself.
    Own,
    /// A lot of another that it has certified.
    Certified,
    /// Another's.
    Other,
    /// What stands was laid by the one who acts.
    LaidBySelf,
    /// What stands was laid by a rule of the ledger.
    LaidByRule,
    /// What stands was laid by somebody else.
    LaidByOther,
}

/// One row: an act on one kind of target, who may do it, and who may undo it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Power {
    /// What is done.
    pub act: Act,
    /// To what.
    pub target: Target,
    /// Who may; all others are refused.
    pub actors: &'static [Actor],
    /// Whether a party that is suspended or withdrawn still may.
    pub barred_too: bool,
    /// Further conditions, in words.
    pub condition: &'static str,
    /// Who may undo it, in words.
    pub undone_by: &'static str,
}

/// Why the table says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nobody of this kind may do it.
    NotAllowed,
    /// It may, but not while it is suspended or withdrawn.
    Barred,
}

use Act::{
    Accredit, AddKey, AddLabelKey, Agree, Certify, CertifyOperator, ChangeParty, ChangeScope,
    Confirm, ConfirmPrice, DeclareLot, Destroy, DrawExtract, GiveMandate, GrantNumbers, HoldLot,
    InspectLot, IssueLabels, Lose, ObserveGoods, Pack, PublishStatus, RecallLot, Receive, Register,
    ReinstateCertificate, ReleaseLot, ReportKey, RetireKey, ReturnRecalled, Sample, SendOut,
    SetRulebook, Settle, Ship, StateCapacity, StatePrice, SuspendCertificate, Transform, Undo,
    Void, VoidLabels, WithdrawCertificate,
};
use Actor::{
    Carrier, Certifier, Cooperative, Exporter, Inspector, Laboratory, Processor, Registrar, Root,
    Service, Shop,
};
use Target::{Certified, LaidByOther, LaidByRule, LaidBySelf, Other, Own};

const AUTHORITY: &[Actor] = &[Root, Registrar];
const ANY_AUTHORITY: &[Actor] = &[Root, Registrar, Service];
const PARTIES: &[Actor] =
    &[Certifier, Cooperative, Shop, Carrier, Laboratory, Inspector, Processor, Exporter];
const ALL: &[Actor] = &[
    Root,
    Registrar,
    Certifier,
    Cooperative,
    Shop,
    Carrier,
    Laboratory,
    Inspector,
    Processor,
    Exporter,
];
const ROOT_AND_PARTIES: &[Actor] =
    &[Root, Certifier, Cooperative, Shop, Carrier, Laboratory, Inspector, Processor, Exporter];
/// Who can have goods.
const HOLDERS: &[Actor] = &[Cooperative, Shop, Carrier, Processor, Exporter];
/// Who looks at goods of others.
const LOOKERS: &[Actor] = &[Certifier, Laboratory, Inspector];

/// A row for parties in good standing.
const fn row(
    act: Act,
    target: Target,
    actors: &'static [Actor],
    condition: &'static str,
    undone_by: &'static str,
) -> Power {
    Power { act, target, actors, barred_too: false, condition, undone_by }
}

/// A row that holds for suspended and withdrawn parties too: what it does only tightens.
const fn tightening(
    act: Act,
    target: Target,
    actors: &'static [Actor],
    condition: &'static str,
    undone_by: &'static str,
) -> Power {
    Power { barred_too: true, ..row(act, target, actors, condition, undone_by) }
}

/// The table. Acts and targets that no row names are refused to all.
pub const POWERS: &[Power] = &[
    row(Register, Own, AUTHORITY, "the first entry of the log by the root", "-"),
    row(
        Register,
        Other,
        AUTHORITY,
        "same role as before; raised capacities and new prefixes wait 72 hours unless the root \
         signs",
        "a newer registration",
    ),
    row(Accredit, Other, AUTHORITY, "the party is a certifier", "a change of its scope"),
    row(
        ChangeScope,
        Other,
        AUTHORITY,
        "narrower, never wider",
        "accredit anew; withdrawn is final",
    ),
    row(SetRulebook, Own, AUTHORITY, "next version, edition not lower", "nobody"),
    row(AddKey, Own, &[Root], "no root key", "retire or report it"),
    row(
        AddKey,
        Other,
        AUTHORITY,
        "counts at once if the root signs, a key of the party cosigns, or it has none; else after \
         72 hours",
        "retire or report it",
    ),
    row(
        AddLabelKey,
        Own,
        &[Root, Certifier],
        "a certifier's names schemes of its accreditation, 1 to 64 parties, an end within 13 months",
        "retire or report it",
    ),
    row(
        AddLabelKey,
        Other,
        AUTHORITY,
        "as a certifier's own; waits like other keys",
        "retire or report it",
    ),
    tightening(RetireKey, Own, ROOT_AND_PARTIES, "", "nobody"),
    row(RetireKey, Other, AUTHORITY, "", "nobody"),
    tightening(
        ReportKey,
        Own,
        ROOT_AND_PARTIES,
        "a party's own report reaches 90 days back",
        "nobody",
    ),
    row(ReportKey, Other, AUTHORITY, "", "nobody"),
    row(ChangeParty, Other, AUTHORITY, "withdrawn is final", "the authority"),
    row(Agree, Own, HOLDERS, "at most 37 months", "a newer agreement"),
    row(Agree, Other, AUTHORITY, "from paper", "a newer agreement"),
    row(GrantNumbers, Own, PARTIES, "the numbers are its own", "nobody"),
    row(
        StateCapacity,
        Other,
        &[Root, Registrar, Certifier],
        "a certifier under an agreement; raised it waits 72 hours unless the root signs",
        "a newer figure",
    ),
    row(
        DeclareLot,
        Own,
        &[Cooperative, Processor, Exporter],
        "facts agree with catalogue and register; processors and exporters only lots that others \
         fill",
        "who declared it, the authority, while nothing rests on it",
    ),
    row(
        Certify,
        Other,
        &[Certifier],
        "accredited, agreed, within the declared quantity",
        "suspend or withdraw it",
    ),
    row(
        CertifyOperator,
        Other,
        &[Certifier],
        "accredited for all it names, agreed, decided lately, and no other certifier's in force",
        "suspend or withdraw it",
    ),
    tightening(SuspendCertificate, Own, &[Certifier], "", "its issuer, the authority"),
    row(SuspendCertificate, Other, AUTHORITY, "", "the authority"),
    row(
        ReinstateCertificate,
        LaidBySelf,
        &[Root, Registrar, Certifier],
        "counts from its log time",
        "suspend it again",
    ),
    row(
        ReinstateCertificate,
        LaidByOther,
        AUTHORITY,
        "counts from its log time",
        "suspend it again",
    ),
    tightening(
        WithdrawCertificate,
        Own,
        &[Certifier],
        "final after 30 days, or once the authority confirms it",
        "the authority, within 30 days",
    ),
    row(WithdrawCertificate, Other, AUTHORITY, "final", "nobody"),
    tightening(HoldLot, Own, &[Cooperative], "", "the cooperative, the authority"),
    tightening(
        HoldLot,
        Certified,
        &[Certifier],
        "a certifier's ends after 30 days unless the authority confirms it",
        "who laid it, the authority",
    ),
    row(HoldLot, Other, AUTHORITY, "", "the authority"),
    row(
        ReleaseLot,
        LaidBySelf,
        &[Root, Registrar, Certifier, Cooperative, Inspector],
        "counts from its log time",
        "hold it again",
    ),
    row(
        ReleaseLot,
        LaidByRule,
        &[Root, Registrar, Certifier],
        "a certifier accredited for product and region",
        "hold it again",
    ),
    row(ReleaseLot, LaidByOther, AUTHORITY, "counts from its log time", "hold it again"),
    tightening(RecallLot, Own, &[Cooperative], "final", "nobody"),
    row(RecallLot, Other, AUTHORITY, "final", "nobody"),
    row(
        IssueLabels,
        Certified,
        &[Certifier],
        "within what is certified; nothing held, suspended or withdrawn",
        "a void of spoilt labels",
    ),
    row(
        IssueLabels,
        Other,
        ANY_AUTHORITY,
        "within what is certified; nothing held, suspended or withdrawn",
        "a void of spoilt labels",
    ),
    row(
        VoidLabels,
        LaidBySelf,
        &[Root, Registrar, Service, Certifier],
        "at most one in twenty of the lot",
        "nobody",
    ),
    row(VoidLabels, LaidByOther, ANY_AUTHORITY, "at most one in twenty of the lot", "nobody"),
    row(
        Confirm,
        Own,
        ALL,
        "signed with the stolen key in its window; not by the key that signed the report",
        "nobody",
    ),
    row(
        Confirm,
        Other,
        AUTHORITY,
        "suspect, or a certifier's withdrawal or hold that is not final",
        "nobody",
    ),
    row(Void, Own, AUTHORITY, "a suspect change of status", "nobody"),
    row(
        Void,
        Other,
        AUTHORITY,
        "a suspect change of status, or a certifier's withdrawal that is not final",
        "nobody",
    ),
    row(PublishStatus, Own, ANY_AUTHORITY, "what the register says", "a newer list"),
    row(InspectLot, Other, &[Inspector], "in scope; ends in 14 days", "who laid it, the authority"),
    row(
        Transform,
        Own,
        &[Cooperative, Processor, Exporter],
        "into own lots, or those of who sent the goods for processing",
        UNDO,
    ),
    row(Ship, Own, HOLDERS, "to a party that can have goods, or a commitment", UNDO_LEFT),
    tightening(ReturnRecalled, Own, HOLDERS, "recalled or held goods too", UNDO),
    tightening(
        Receive,
        Own,
        HOLDERS,
        "the named receiver, or the shipper of what was refused",
        UNDO,
    ),
    tightening(
        Settle,
        Own,
        HOLDERS,
        "the shipper as lost or returned, the receiver as accepted",
        UNDO,
    ),
    row(Settle, Other, &[Certifier, Inspector], "in scope", UNDO),
    row(Pack, Own, HOLDERS, "a unit whose number is its own, lent, or free again", UNDO),
    row(SendOut, Own, HOLDERS, "neither held nor recalled", UNDO_LEFT),
    tightening(Lose, Own, HOLDERS, "", UNDO),
    row(Sample, Own, HOLDERS, "", UNDO),
    row(Sample, Other, LOOKERS, "in scope; a hundredth, or a little", UNDO),
    tightening(Destroy, Own, HOLDERS, "", UNDO),
    row(ObserveGoods, Own, HOLDERS, "its holder or producer, without a finding", UNDO),
    row(ObserveGoods, Other, LOOKERS, "in scope", UNDO),
    row(
        Undo,
        Own,
        PARTIES,
        "nothing rests on it; within 45 days, 7 if goods left the ledger",
        "nobody",
    ),
    row(
        Undo,
        Other,
        AUTHORITY,
        "nothing rests on it; a shipment signed with a stolen key in its window though answered or \
         priced",
        "nobody",
    ),
    row(
        StatePrice,
        Own,
        HOLDERS,
        "of a sale it shipped, at most what was accepted and not returned",
        UNDO_PRICE,
    ),
    row(ConfirmPrice, Own, HOLDERS, "the receiver, in the seller's terms", UNDO),
    row(
        ConfirmPrice,
        Other,
        &[Certifier],
        "of what went to a commitment, accredited for scheme, product and region",
        UNDO,
    ),
    row(
        DrawExtract,
        Own,
        HOLDERS,
        "the shipper, within 30 days, within what is certified and shipped",
        "nobody",
    ),
    row(
        GiveMandate,
        Own,
        &[Cooperative],
        "to a party that can have goods, at most 13 months",
        "a newer mandate to the same party",
    ),
];

const UNDO: &str = "who stated it, within 45 days; the authority";
const UNDO_PRICE: &str = "who stated it, within 45 days, while nobody confirms it; the authority";
const UNDO_LEFT: &str = "who stated it, within 45 days, 7 if they left the ledger; the authority";

/// Every actor, in the order of the table's columns.
pub const ACTORS: [Actor; 11] = [
    Root,
    Registrar,
    Service,
    Certifier,
    Cooperative,
    Shop,
    Carrier,
    Laboratory,
    Inspector,
    Processor,
    Exporter,
];

impl Actor {
    /// Who acts with a key of `purpose` of a party with `role`.
    #[must_use]
    pub fn of(role: Role, purpose: KeyPurpose) -> Self {
        match (role, purpose) {
            (Role::Authority, KeyPurpose::Root) => Root,
            (Role::Authority, KeyPurpose::Service) => Service,
            (Role::Authority, _) => Registrar,
            (Role::Certifier, _) => Certifier,
            (Role::Cooperative, _) => Cooperative,
            (Role::Shop, _) => Shop,
            (Role::Carrier, _) => Carrier,
            (Role::Laboratory, _) => Laboratory,
            (Role::Inspector, _) => Inspector,
            (Role::Processor, _) => Processor,
            (Role::Exporter, _) => Exporter,
        }
    }

    /// Whether it is the authority.
    #[must_use]
    pub fn is_authority(self) -> bool {
        matches!(self, Root | Registrar | Service)
    }
}

/// Whether `actor`, suspended or withdrawn if `barred`, may do `act` to `target`.
///
/// # Errors
/// [`Denied`].
pub fn allowed(
    powers: &[Power],
    actor: Actor,
    barred: bool,
    act: Act,
    target: Target,
) -> Result<(), Denied> {
    let mut rows = powers.iter().filter(|row| row.act == act && row.target == target);
    let row = rows.find(|row| row.actors.contains(&actor)).ok_or(Denied::NotAllowed)?;
    if barred && !row.barred_too { Err(Denied::Barred) } else { Ok(()) }
}

impl Act {
    /// What it is, for a refusal: `PARTY may not ...`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Register => "register parties",
            Accredit => "accredit certifiers",
            ChangeScope => "change an accreditation",
            SetRulebook => "set the rulebook",
            AddKey => "add this key",
            AddLabelKey => "add a label key here",
            RetireKey => "retire this key",
            ReportKey => "report this key",
            ChangeParty => "suspend, reinstate or withdraw this party",
            Agree => "sign for this client",
            GrantNumbers => "lend these numbers",
            StateCapacity => "state capacities",
            DeclareLot => "declare lots",
            Certify => "certify lots",
            CertifyOperator => "certify operators",
            SuspendCertificate => "suspend this certificate",
            ReinstateCertificate => "reinstate this certificate",
            WithdrawCertificate => "withdraw this certificate",
            HoldLot => "hold this lot",
            ReleaseLot => "lift this hold",
            RecallLot => "recall this lot",
            IssueLabels => "put serials on labels of this lot",
            VoidLabels => "give back serials of this lot",
            Confirm => "confirm this",
            Void => "void this",
            PublishStatus => "publish status lists",
            InspectLot => "hold this lot for an inspection",
            Transform => "make goods of others",
            Ship => "send goods",
            ReturnRecalled => "send recalled goods back",
            Receive => "receive goods",
            Settle => "settle what is in dispute",
            Pack => "pack goods",
            SendOut => "sell goods out of the ledger",
            Lose => "state goods as lost",
            Sample => "take this sample",
            Destroy => "destroy goods",
            ObserveGoods => "say what it saw of these goods",
            Undo => "undo this",
            StatePrice => "state this price",
            ConfirmPrice => "confirm this price",
            DrawExtract => "draw an extract for this consignment",
            GiveMandate => "let others act in this name",
        }
    }
}
