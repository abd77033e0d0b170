//! What the exporter paid for the first jars: for one size both say the same, for another only who
//! sold says so, and for the third nobody says anything.

use super::tale::{Tale, after, must};
use crate::demo::cast::{EXPORTER, PRESSER, jars};
use crate::ledger::LedgerError;
use crate::names::PartySlug;
use crate::statement::{Commitment, PriceBasis, PricePaid, PriceTerms, Receiver};

/// By size of the jars: millilitres, amount and premium in centimes, whether the buyer confirms.
const PAID: [(usize, u64, u64, u64, bool); 2] =
    [(0, 50_000, 1_900_000, 95_000, true), (1, 50_000, 1_750_000, 87_500, false)];

pub fn tell(tale: &mut Tale<'_>) -> Result<(), LedgerError> {
    let ship = must(tale.first_sale.clone())?;
    let party = |slug: &str| must(PartySlug::parse(slug).ok());
    // Seven days ago: after the last of the shipments, whatever day it is.
    let paid_on = after(tale.today, -7);
    for (size, quantity, amount, premium, confirmed) in PAID {
        let stated = PricePaid {
            lot: must(jars(size))?,
            ship: ship.clone(),
            seller: party(PRESSER)?,
            buyer: Receiver::Party(party(EXPORTER)?),
            scheme: "fairtrade".to_owned(),
            quantity,
            terms: PriceTerms::Open { currency: "MAD".to_owned(), amount, premium },
            basis: PriceBasis::ExWorks,
            paid_on,
            // The invoice rests with its two sides.
            invoice: Commitment::of(&[0x5b; 16], b"{\"facture\":\"fictive\"}"),
            confirms: None,
        };
        let at = paid_on.start();
        let signed = tale.stage.signed(PRESSER, at, |draft| stated.draft(draft))?;
        let confirms = Some(tale.say(signed)?).filter(|_| confirmed);
        if confirms.is_some() {
            let same = PricePaid { confirms, ..stated };
            let signed = tale.stage.signed(EXPORTER, at, |draft| same.draft(draft))?;
            tale.say(signed)?;
        }
    }
    tale.send()
}
