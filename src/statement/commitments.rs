//! Which commitments a statement names: documents and facts that rest off the log, and that an
//! opening is compared with. One list for all types. Not here: openings and who is shown them.

use super::{Claim, Commitment, EventKind, PriceTerms, Receiver};

impl Claim {
    /// The commitments that it names, in the order in which it does.
    #[must_use]
    pub fn commitments(&self) -> Vec<Commitment> {
        match self {
            Self::Certificate(claim) => {
                let reports = claim.facts.laboratory_reports.iter();
                reports.filter_map(|report| Commitment::parse(&report.commitment)).collect()
            }
            Self::Event(event) => {
                let to = match &event.kind {
                    EventKind::Ship(shipment) => of_receiver(&shipment.to),
                    _ => None,
                };
                event.document.into_iter().chain(to).collect()
            }
            Self::PricePaid(price) => {
                let terms = match &price.terms {
                    PriceTerms::Committed(terms) => Some(*terms),
                    PriceTerms::Open { .. } => None,
                };
                [Some(price.invoice), of_receiver(&price.buyer), terms]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

fn of_receiver(receiver: &Receiver) -> Option<Commitment> {
    match receiver {
        Receiver::Elsewhere { commitment, .. } => Some(*commitment),
        Receiver::Party(_) => None,
    }
}
