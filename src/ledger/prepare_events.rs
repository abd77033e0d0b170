//! Unsigned events for signers: what they say in short names is written out, what has no id gets
//! one from its content, and what is in the log already with the same content is found. Not here:
//! certificates and lots (`prepare`), what would follow (`foresee`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Ledger, LedgerError, Prepared, SubmitError, Unmet};
use crate::log::Leaf;
use crate::names::{LotKey, PartySlug, UnitKey};
use crate::register::Register;
use crate::statement::{
    Claim, Credential, Domain, Draft, Event, EventId, EventName, Statement, Timestamp,
    canonical_bytes, own_context,
};

/// What a party wants to say of goods.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventRequest {
    /// Who signs.
    pub issuer: String,
    /// The members of the statement's `credentialSubject` (docs/FORMAT.md 1.8). Lots, parties,
    /// units and events may stand as addresses or in short: `my-coop/L7`, `my-coop`, 18 digits or
    /// `my-coop/CARTON-1`, `my-coop/NAME`. Lines may stand in any order. Without an `id` one is
    /// made from the content: the same event twice is then one.
    #[schema(value_type = Object)]
    pub event: Map<String, Value>,
}

/// The unsigned event for a request.
///
/// # Errors
/// `unknown_party`, faults of the members by their codes, `event_exists` with other content.
pub fn prepare_event(ledger: &Ledger, request: &EventRequest) -> Result<Prepared, LedgerError> {
    let view = ledger.view();
    let register = &view.register;
    let domain = register.domain();
    let issuer = PartySlug::parse(&request.issuer).map_err(|fault| {
        LedgerError::unmet(Unmet::Invalid, fault.code(), format!("issuer: {fault}"))
    })?;
    let party = register.party(&issuer).ok_or_else(|| {
        let reason = format!("{issuer} is not registered");
        LedgerError::unmet(Unmet::NotFound, "unknown_party", reason)
    })?;
    let name = &party.registration.name;
    let event = read_event(&request.event, &issuer, name, domain)?;
    if let Some(existing) = existing(ledger, register, &event, &issuer)? {
        return Ok(existing);
    }
    Ok(Prepared::Unsigned(event.draft(&envelope(domain, &issuer, name, event.at))))
}

/// The envelope of an event: valid from when it happened, so that a retry is the same statement.
fn envelope<'a>(
    domain: &'a Domain,
    issuer: &'a PartySlug,
    issuer_name: &'a str,
    valid_from: Timestamp,
) -> Draft<'a> {
    Draft { domain, id: String::new(), issuer, issuer_name, valid_from, valid_until: None }
}

/// An event of the members that a request states.
fn read_event(
    members: &Map<String, Value>,
    issuer: &PartySlug,
    issuer_name: &str,
    domain: &Domain,
) -> Result<Event, LedgerError> {
    let mut subject = members.clone();
    written_out(&mut subject, domain);
    let named = match subject.get("id").and_then(Value::as_str) {
        Some(id) if id.contains("://") => None,
        Some(name) => {
            let name = EventName::parse(name).ok_or_else(|| {
                let reason = "id: 26 characters of Crockford's base 32, or the whole address";
                LedgerError::unmet(Unmet::Invalid, "inconsistent", reason)
            })?;
            Some(name)
        }
        // Any name will do until the content is known.
        None => Some(EventName::of_hash(&[0; 32])),
    };
    let from_content = !subject.contains_key("id");
    if let Some(name) = named {
        let id = EventId { issuer: issuer.clone(), name };
        subject.insert("id".to_owned(), json!(domain.event_iri(&id)));
    }
    let at = subject.get("at").and_then(Value::as_str).and_then(|at| Timestamp::parse(at).ok());
    let at = at.unwrap_or_else(|| Timestamp::from_seconds(0));
    let id = subject.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let draft = Draft { id, ..envelope(domain, issuer, issuer_name, at) };
    let context = own_context(domain);
    let credential = draft.credential("TraceabilityEvent", context, "Event", subject.into());
    let method = format!("{}#key-1", domain.did(issuer));
    let read = Credential::parse(&canonical_bytes(&credential), Some(&method), domain);
    let Claim::Event(event) = read.map_err(SubmitError::from)?.claim else {
        return Err(LedgerError::unmet(Unmet::Invalid, "shape", "it is no event"));
    };
    Ok(match from_content {
        true => Event { name: event.content_name(issuer, domain), ..event },
        false => event,
    })
}

/// The event in the log with this name and the same content, if there is one.
fn existing(
    ledger: &Ledger,
    register: &Register,
    event: &Event,
    issuer: &PartySlug,
) -> Result<Option<Prepared>, LedgerError> {
    let id = register.domain().event_iri(&event.id(issuer));
    let Some(index) = register.index_of_id(&id) else { return Ok(None) };
    let leaf = ledger.entry(index)?;
    let broken = |reason: String| LedgerError::Broken { index, reason };
    let leaf = Leaf::parse(&leaf).map_err(|fault| broken(fault.to_string()))?;
    let known = Statement::parse(leaf.statement, register.domain());
    let known = known.map_err(|fault| broken(fault.to_string()))?;
    // With other content the register refuses it, and says so.
    let same = matches!(&known.claim, Claim::Event(known) if known == event);
    Ok(same.then_some(Prepared::Existing { id, index }))
}

/// Short names written out as addresses, and lists put in their order.
fn written_out(subject: &mut Map<String, Value>, domain: &Domain) {
    for (member, value) in subject.iter_mut() {
        match (member.as_str(), value) {
            ("to" | "holder" | "carrier", Value::String(text)) => party(text, domain),
            ("of" | "returns" | "replacedBy", Value::String(text)) => event(text, domain),
            ("unit", Value::String(text)) => unit(text, domain),
            ("units", Value::Array(units)) => {
                units.iter_mut().for_each(|one| in_text(one, |text| unit(text, domain)));
                sort_by_text(units, |one| one.as_str());
            }
            ("inputs" | "outputs" | "lots", Value::Array(lines)) => {
                for line in lines.iter_mut() {
                    match line {
                        Value::Object(line) => {
                            if let Some(one) = line.get_mut("lot") {
                                in_text(one, |text| lot(text, domain));
                            }
                        }
                        one => in_text(one, |text| lot(text, domain)),
                    }
                }
                sort_by_text(lines, |line| line.get("lot").unwrap_or(line).as_str());
            }
            _ => {}
        }
    }
}

fn in_text(value: &mut Value, change: impl FnOnce(&mut String)) {
    if let Value::String(text) = value {
        change(text);
    }
}

fn sort_by_text(values: &mut [Value], text: impl Fn(&Value) -> Option<&str>) {
    values.sort_by(|one, other| text(one).cmp(&text(other)));
}

/// What is no short name stays as it is, to be refused where it is read.
fn lot(text: &mut String, domain: &Domain) {
    if let Ok(key) = text.parse::<LotKey>()
        && !text.contains("://")
    {
        *text = domain.lot_iri(&key);
    }
}

fn party(text: &mut String, domain: &Domain) {
    if let Ok(slug) = PartySlug::parse(text) {
        *text = domain.did(&slug);
    }
}

fn unit(text: &mut String, domain: &Domain) {
    if text.contains("://") {
        return;
    }
    let own = || UnitKey::parse_path(&format!("unit/{text}")).ok();
    let sscc = UnitKey::parse_path(&format!("00/{text}")).ok();
    if let Some(unit) = sscc.or_else(own) {
        *text = domain.unit_iri(&unit);
    }
}

fn event(text: &mut String, domain: &Domain) {
    if let Some(id) = EventId::parse_path(&format!("events/{text}")) {
        *text = domain.event_iri(&id);
    }
}
