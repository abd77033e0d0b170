//! What was paid for shipped goods, as the seller says and the buyer confirms. Own type
//! `PricePaid`. Not here: whether both sides say the same, and what was received (`register`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, given, inconsistent, own_context, read_party};
use super::event::{EventId, read_event};
use super::lot::read_lot;
use super::receiver::ReceiverMembers;
use super::{Commitment, Day, Receiver, StatementError, is_term_id, whole_quantity};
use crate::names::{LotKey, PartySlug};

/// What was paid for a quantity of a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricePaid {
    /// The lot.
    pub lot: LotKey,
    /// The shipment it is paid for.
    pub ship: EventId,
    /// Who sold: the shipper.
    pub seller: PartySlug,
    /// Who paid: the receiver of the shipment, named as there.
    pub buyer: Receiver,
    /// The fair-trade scheme it was sold under.
    pub scheme: String,
    /// How much of the lot, in its smallest unit.
    pub quantity: u64,
    /// What was paid.
    pub terms: PriceTerms,
    /// What the amount covers.
    pub basis: PriceBasis,
    /// Day of payment.
    pub paid_on: Day,
    /// The invoice, which rests off the log.
    pub invoice: Commitment,
    /// The `id` of the other side's statement, which this one confirms.
    pub confirms: Option<String>,
}

/// What was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PriceTerms {
    /// Told to all.
    Open {
        /// ISO 4217.
        currency: String,
        /// Price of the quantity without premium, in the currency's minor unit.
        amount: u64,
        /// Premium beside it, in the same unit; 0 for none.
        premium: u64,
    },
    /// A commitment to the same members.
    Committed(Commitment),
}

/// What an amount covers: up to where the seller bears the costs (Incoterms 2020).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PriceBasis {
    /// Up to the seller's door (EXW).
    ExWorks,
    /// Up to the ship (FOB).
    FreeOnBoard,
    /// Up to the buyer's door (DAP).
    Delivered,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    ship: String,
    seller: String,
    buyer: ReceiverMembers,
    scheme: String,
    quantity: i64,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    premium: Option<i64>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    terms: Option<Commitment>,
    basis: PriceBasis,
    paid_on: Day,
    invoice: Commitment,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    confirms: Option<String>,
}

impl PricePaid {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let terms = members.terms()?;
        let seller = read_party(envelope, "seller", &members.seller)?;
        let buyer = Receiver::read(envelope, "buyer", members.buyer)?;
        if buyer == Receiver::Party(seller.clone()) {
            return Err(inconsistent("buyer", "must be another than the seller"));
        }
        if !is_term_id(&members.scheme) {
            return Err(inconsistent("scheme", "must be the id of a scheme"));
        }
        let another = |id: &String| id != envelope.id && envelope.domain.is_statement_id(id);
        if !members.confirms.iter().all(another) {
            return Err(inconsistent("confirms", "must be the id of the other side's PricePaid"));
        }
        Ok(Self {
            lot: read_lot(envelope, &members.id)?,
            ship: read_event(envelope, "ship", &members.ship)?,
            seller,
            buyer,
            scheme: members.scheme,
            quantity: whole("quantity", members.quantity)?,
            terms,
            basis: members.basis,
            paid_on: members.paid_on,
            invoice: members.invoice,
            confirms: members.confirms,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let domain = draft.domain;
        let number = |quantity: u64| i64::try_from(quantity).unwrap_or(i64::MAX);
        let (currency, amount, premium, terms) = match &self.terms {
            PriceTerms::Open { currency, amount, premium } => {
                (Some(currency.clone()), Some(number(*amount)), Some(number(*premium)), None)
            }
            PriceTerms::Committed(terms) => (None, None, None, Some(*terms)),
        };
        let members = Members {
            id: domain.lot_iri(&self.lot),
            ship: domain.event_iri(&self.ship),
            seller: domain.did(&self.seller),
            buyer: self.buyer.members(domain),
            scheme: self.scheme.clone(),
            quantity: number(self.quantity),
            currency,
            amount,
            premium,
            terms,
            basis: self.basis,
            paid_on: self.paid_on,
            invoice: self.invoice,
            confirms: self.confirms.clone(),
        };
        let name = format!("Price paid for lot {}", self.lot);
        draft.credential("PricePaid", own_context(domain), &name, json!(members))
    }
}

impl Members {
    fn terms(&self) -> Result<PriceTerms, StatementError> {
        match (&self.currency, self.amount, self.premium, self.terms) {
            (None, None, None, Some(terms)) => Ok(PriceTerms::Committed(terms)),
            (Some(currency), Some(amount), Some(premium), None) => {
                let letters = currency.bytes().all(|byte| byte.is_ascii_uppercase());
                if currency.len() != 3 || !letters {
                    return Err(inconsistent("currency", "must be a code of ISO 4217"));
                }
                let amount = whole("amount", amount)?;
                let premium = if premium == 0 { 0 } else { whole("premium", premium)? };
                Ok(PriceTerms::Open { currency: currency.clone(), amount, premium })
            }
            _ => {
                let reason = "either currency, amount and premium, or terms must stand there";
                Err(inconsistent("terms", reason))
            }
        }
    }
}

fn whole(at: &'static str, number: i64) -> Result<u64, StatementError> {
    whole_quantity(number).map_err(|fault| StatementError::Quantity { at, fault })
}
