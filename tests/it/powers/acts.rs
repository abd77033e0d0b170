//! How each act of the file is tried: what must stand before, and the statement itself.

use serde_json::Value;
use tasdiq::names::{LotKey, Serial};
use tasdiq::register::Actor;
use tasdiq::statement::{
    Capacity, CapacityStatement, GrantedNumbers, KeyEvent, KeyPurpose, LabelVoid, PrefixGrant,
    Reconfirmation, Role, Rulebook, Scope, ScopeChange, ScopeEventKind, StatusAction, StatusList,
    StatusPurpose, StatusTarget,
};

use super::goods;
use super::stage::{ROLES, Stage, name, slug};

/// Who tries, as the statements name it.
pub(super) struct Who {
    pub actor: Actor,
    pub slug: &'static str,
    pub role: Role,
    /// The key it signs with.
    by: String,
}

impl Who {
    fn of(actor: Actor) -> Self {
        let party = ROLES.iter().find(|(known, ..)| *known == actor);
        let key = match actor {
            Actor::Root => "authority#root".to_owned(),
            Actor::Registrar => "authority#registrar-2".to_owned(),
            Actor::Service => "authority#service-1".to_owned(),
            _ => format!("{}#key-2", party.unwrap().2),
        };
        let (role, slug) =
            party.map_or((Role::Authority, "authority"), |(_, role, slug)| (*role, *slug));
        Self { actor, slug, role, by: key }
    }

    pub fn is_party(&self) -> bool {
        self.role != Role::Authority
    }

    /// The key that signs what comes before the try.
    pub fn before(&self) -> String {
        if self.is_party() {
            format!("{}#key-1", self.slug)
        } else {
            "authority#registrar-1".into()
        }
    }
}

/// What came of it: `yes`, a code, or None where the actor cannot stand so to the target.
pub fn tried(stage: &Stage, actor: Actor, barred: bool, act: &str, target: &str) -> Option<String> {
    let who = Who::of(actor);
    let mut stage = stage.clone();
    let made = before(&mut stage, &who, act, target)?;
    if barred {
        stage.bar(who.slug);
    }
    let unsigned = statement(&stage, &who, act, target, made);
    stage.register = stage.register.with_powers(stage.table);
    Some(match stage.try_log(&unsigned, &who.by) {
        Ok(_) => "yes".to_owned(),
        Err(refusal) => refusal.code().to_owned(),
    })
}

/// What the try is about, made beforehand.
#[derive(Default)]
pub(super) struct Made {
    pub event: Option<tasdiq::statement::EventId>,
    pub other: Option<LotKey>,
    pub lot: Option<LotKey>,
    pub serial: u64,
    pub entry: (u64, [u8; 32]),
    pub party: &'static str,
    /// Who got the goods; None: somebody abroad.
    pub to: Option<&'static str>,
    /// The id of a statement made beforehand.
    pub id: Option<String>,
}

impl Made {
    /// Its event alone.
    pub fn with_event(&self) -> Self {
        Self { event: self.event.clone(), ..Self::default() }
    }
}

fn before(stage: &mut Stage, who: &Who, act: &str, target: &str) -> Option<Made> {
    let certifier = who.actor == Actor::Certifier;
    let cooperative = who.actor == Actor::Cooperative;
    let own = target == "own";
    match act {
        "change-scope" if own => certifier.then(Made::default),
        "state-capacity" if own => cooperative.then(Made::default),
        "agree" | "grant-numbers" if own => who.is_party().then(Made::default),
        "suspend-certificate" | "withdraw-certificate" => {
            let by = if own { who.slug } else { "atlas" };
            (certifier || !own).then(|| certified(stage, "coop", by))
        }
        "reinstate-certificate" => reinstated(stage, who, target),
        "hold-lot" if who.actor == Actor::Inspector && target == "other" => None,
        "inspect-lot" => {
            let inspector = who.actor == Actor::Inspector;
            inspector.then(|| certified(stage, "coop", "atlas"))
        }
        _ if goods::ACTS.contains(&act) => goods::before(stage, who, act, own),
        "hold-lot" | "recall-lot" => match target {
            "own" => cooperative.then(|| certified(stage, who.slug, "atlas")),
            "certified" => certifier.then(|| certified(stage, "coop", who.slug)),
            _ => Some(certified(stage, "coop", "atlas")),
        },
        "release-lot" => released(stage, who, target),
        "certify" => {
            let lot = stage.declare("coop", "L1", 10);
            Some(Made { lot: Some(lot), ..Made::default() })
        }
        "issue-labels" if target == "certified" => {
            certifier.then(|| certified(stage, "coop", who.slug))
        }
        "issue-labels" => Some(certified(stage, "coop", "atlas")),
        "void-labels" => {
            let own = target == "laid-by-self";
            if own && who.is_party() && !certifier {
                return None;
            }
            let certifier_of = if own && certifier { who.slug } else { "atlas" };
            let made = certified(stage, "coop", certifier_of);
            let issuer = if own { who.slug } else { "atlas" };
            let key = if own { who.before() } else { "atlas#key-1".to_owned() };
            let issue = stage.label_issue(issuer, made.lot.as_ref()?);
            stage.log(issue, &key);
            Some(made)
        }
        "confirm" | "void" => suspect(stage, who, act, own),
        "reinstate-party" => {
            stage.bar("coop");
            Some(Made::default())
        }
        _ => Some(Made::default()),
    }
}

fn certified(stage: &mut Stage, producer: &str, certifier: &str) -> Made {
    let (lot, serial) = stage.certified(producer, certifier);
    Made { lot: Some(lot), serial, ..Made::default() }
}

fn reinstated(stage: &mut Stage, who: &Who, target: &str) -> Option<Made> {
    let own = target == "laid-by-self";
    if own && who.is_party() && who.actor != Actor::Certifier {
        return None;
    }
    // A certifier's own certificate, whoever suspended it: the harder case.
    let certifier = if who.actor == Actor::Certifier { who.slug } else { "atlas" };
    let made = certified(stage, "coop", certifier);
    let (by, key) = match (own, who.is_party()) {
        (true, _) => (who.slug, who.before()),
        (false, true) => ("authority", "authority#registrar-1".to_owned()),
        (false, false) => ("atlas", "atlas#key-1".to_owned()),
    };
    let change = stage.change(by, StatusTarget::Certificate(made.serial), StatusAction::Suspend);
    stage.log(change, &key);
    Some(made)
}

fn released(stage: &mut Stage, who: &Who, target: &str) -> Option<Made> {
    let producer = if who.actor == Actor::Cooperative { who.slug } else { "coop" };
    let certifier = if who.actor == Actor::Certifier { who.slug } else { "atlas" };
    if target == "laid-by-rule" {
        let lot = stage.declare(producer, "EXCESS", 2_000);
        return Some(Made { lot: Some(lot), ..Made::default() });
    }
    let made = certified(stage, producer, certifier);
    let own = target == "laid-by-self";
    let laying = [Actor::Cooperative, Actor::Certifier, Actor::Inspector];
    let holds = laying.contains(&who.actor) || !who.is_party();
    if own && !holds {
        return None;
    }
    let (by, key) = match (own, who.is_party()) {
        (true, _) => (who.slug, who.before()),
        (false, true) => ("authority", "authority#registrar-1".to_owned()),
        (false, false) => ("coop", "coop#key-1".to_owned()),
    };
    let lot = StatusTarget::Lot(made.lot.clone()?);
    let change = stage.change(by, lot, StatusAction::Hold);
    stage.log(change, &key);
    Some(made)
}

/// An entry signed with a key that is then reported stolen by the authority's root.
fn suspect(stage: &mut Stage, who: &Who, act: &str, own: bool) -> Option<Made> {
    let party: &'static str = match (own, who.actor) {
        (true, _) => who.slug,
        (false, Actor::Certifier) => "atlas",
        (false, _) => "certifier",
    };
    let role = if own { who.role } else { Role::Certifier };
    let since = stage.now;
    let first = if party == "authority" { "registrar-1" } else { "key-1" };
    let key = format!("{party}#{first}");
    let entry = match role {
        Role::Certifier | Role::Cooperative | Role::Authority => {
            let producer = if role == Role::Cooperative { party } else { "coop" };
            let certifier = if role == Role::Certifier { party } else { "atlas" };
            let (lot, _) = stage.certified(producer, certifier);
            let change = stage.change(party, StatusTarget::Lot(lot), StatusAction::Hold);
            stage.log(change, &key)
        }
        _ if act == "void" => return None,
        _ => {
            let grant = numbers(stage, party, party);
            stage.log(grant, &key)
        }
    };
    let digest = digest_of(stage, entry);
    let event = KeyEvent::Compromised { since, known_at: stage.now };
    let report = stage.key_event("authority", party, first, event);
    stage.root(report);
    Some(Made { entry: (entry, digest), party, ..Made::default() })
}

fn digest_of(stage: &Stage, index: u64) -> [u8; 32] {
    stage.register.digest_at(index).unwrap()
}

fn numbers(stage: &Stage, by: &str, of: &str) -> Value {
    let place = of.bytes().map(u32::from).sum::<u32>() % 1_000;
    let claim = PrefixGrant {
        from: slug(of),
        numbers: GrantedNumbers::Prefix(format!("95210{place:04}")),
        to: slug(if of == "shop" { "carrier" } else { "shop" }),
    };
    claim.draft(&stage.draft(by))
}

fn statement(stage: &Stage, who: &Who, act: &str, target: &str, made: Made) -> Value {
    let own = target == "own";
    let other = if own { who.slug } else { "atlas" };
    let lot = || StatusTarget::Lot(made.lot.clone().unwrap());
    let certificate = StatusTarget::Certificate(made.serial);
    let change = |target, action| stage.change(who.slug, target, action);
    match act {
        "register" if own => reissued(stage.registration(who.slug, who.role), stage, who),
        "register" => reissued(stage.registration("newcomer", Role::Shop), stage, who),
        "accredit" => {
            let mut unsigned = stage.accreditation(other);
            unsigned["credentialSubject"]["registeredId"] = "FICTIF-ACC-2".into();
            reissued(unsigned, stage, who)
        }
        "change-scope" => scope_change(stage, who, other),
        "set-rulebook" => Rulebook::plain(2, 2).draft(&stage.draft(who.slug)),
        "add-key" => stage.key_draft(who.slug, other, "key-9", 90, KeyPurpose::Assertion),
        "add-label-key" => stage.key_draft(who.slug, other, "label-9", 91, KeyPurpose::Label),
        "retire-key" | "report-key" => {
            let name = if other == "authority" { "registrar-1" } else { "key-1" };
            let now = stage.now;
            let event = match act {
                "retire-key" => KeyEvent::Retired,
                _ => KeyEvent::Compromised { since: now.plus_seconds(-5), known_at: now },
            };
            stage.key_event(who.slug, other, name, event)
        }
        "suspend-party" | "reinstate-party" | "withdraw-party" => {
            let party = StatusTarget::Party(slug(if own { who.slug } else { "coop" }));
            let action = match act {
                "suspend-party" => StatusAction::Suspend,
                "reinstate-party" => StatusAction::Reinstate,
                _ => StatusAction::Withdraw,
            };
            change(party, action)
        }
        "agree" => {
            let client = if own { who.slug } else { "coop" };
            reissued(stage.agreement(client, "atlas", !own), stage, who)
        }
        "grant-numbers" => numbers(stage, who.slug, if own { who.slug } else { "coop" }),
        "state-capacity" => {
            let party = slug(if own { who.slug } else { "coop" });
            let (product, campaign) = ("argane".to_owned(), "2026".to_owned());
            let capacity = Capacity { product, campaign, quantity: 900_000 };
            CapacityStatement { party, capacity }.draft(&stage.draft(who.slug))
        }
        "declare-lot" => declaration(stage, who),
        "certify-operator" => stage.operator(who.slug),
        "certify" => stage.certificate(who.slug, made.lot.as_ref().unwrap()),
        "suspend-certificate" => change(certificate, StatusAction::Suspend),
        "reinstate-certificate" => change(certificate, StatusAction::Reinstate),
        "withdraw-certificate" => change(certificate, StatusAction::Withdraw),
        _ if goods::ACTS.contains(&act) => goods::statement(stage, who, act, own, &made),
        "hold-lot" | "inspect-lot" => change(lot(), StatusAction::Hold),
        "release-lot" => change(lot(), StatusAction::Release),
        "recall-lot" => change(lot(), StatusAction::Recall),
        "issue-labels" => stage.label_issue(who.slug, made.lot.as_ref().unwrap()),
        "void-labels" => {
            let serials = vec![Serial::parse("0123456789").unwrap()];
            LabelVoid { lot: made.lot.clone().unwrap(), serials }.draft(&stage.draft(who.slug))
        }
        "confirm" | "void" => settled(stage, who, act, &made),
        "publish-status" => {
            let list = StatusList::of(StatusPurpose::Revocation, 0, std::iter::empty());
            list.draft(&stage.draft(who.slug))
        }
        other => unreachable!("no such act: {other}"),
    }
}

/// Processors and exporters declare what they fill.
fn declaration(stage: &Stage, who: &Who) -> Value {
    let fills = matches!(who.role, Role::Processor | Role::Exporter);
    let claim = match fills {
        true => stage.kernels(who.slug, "NEW", false),
        false => stage.lot(who.slug, "NEW", 10),
    };
    claim.draft(&stage.draft(who.slug))
}

/// The same statement as `who` would sign it.
fn reissued(mut unsigned: Value, stage: &Stage, who: &Who) -> Value {
    let draft = stage.draft(who.slug);
    let (kind, name) = (unsigned["type"][0].clone(), unsigned["name"].clone());
    let (kind, name) = (kind.as_str().unwrap(), name.as_str().unwrap());
    let draft = tasdiq::statement::Draft {
        valid_until: unsigned["validUntil"]
            .as_str()
            .map(|text| tasdiq::statement::Timestamp::parse(text).unwrap()),
        valid_from: tasdiq::statement::Timestamp::parse(unsigned["validFrom"].as_str().unwrap())
            .unwrap(),
        ..draft
    };
    let subject = unsigned["credentialSubject"].take();
    draft.credential(kind, unsigned["@context"].take(), name, subject)
}

fn scope_change(stage: &Stage, who: &Who, of: &str) -> Value {
    let party = slug(of);
    let known = stage.register.party(&party).unwrap();
    let id = known.accreditations.first().map(|given| given.id.clone()).unwrap_or_default();
    let set = |term: &str| std::iter::once(term.to_owned()).collect();
    let scope = Scope { schemes: set("bio-maroc"), products: set("argane"), regions: set("MA-09") };
    let claim = ScopeChange {
        party,
        accreditation: id,
        event: ScopeEventKind::Narrow(scope),
        reason: tasdiq::statement::Reason::Nonconformity,
        effective_from: stage.now,
        notice: Default::default(),
        successor: None,
    };
    assert_eq!(name(of), known.registration.name);
    claim.draft(&stage.draft(who.slug))
}

fn settled(stage: &Stage, who: &Who, act: &str, made: &Made) -> Value {
    let first = if made.party == "authority" { "registrar-1" } else { "key-1" };
    let party = slug(made.party);
    let entry = vec![made.entry];
    let (entries, voids) = if act == "confirm" { (entry, vec![]) } else { (vec![], entry) };
    let claim = Reconfirmation {
        verification_method: format!("{}#{first}", stage.domain.did(&party)),
        party,
        serials: None,
        entries,
        voids,
    };
    claim.draft(&stage.draft(who.slug))
}
