//! What can happen to goods, as figures: who, when, which lots, how much. Whoever asks has judged
//! who may do it and read the names; here it is only counted.

use super::book::Book;
use super::bytes::words;
use super::handles::{EventHandle, Holder, LotHandle, Material, SchemeId, Unit};
use super::quantity::{Model, Quantity};
use super::recipe::Way;

/// An act and its circumstances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened, as its issuer says: seconds since 1970-01-01.
    pub at: i64,
    /// When it was logged, in the same seconds: what cannot be chosen is judged by this.
    pub logged_at: i64,
    /// Who says so.
    pub issuer: Holder,
    /// What happened.
    pub act: Act,
}

/// So much of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The lot.
    pub lot: LotHandle,
    /// How much of it.
    pub quantity: Quantity,
}

/// So much of a lot goes into a transformation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The lot.
    pub lot: LotHandle,
    /// How much of it.
    pub quantity: Quantity,
    /// What is covered of a lot that opened full, now: by scheme the larger of what certificates in
    /// force certify and what an operator's certificate lets count. Nothing while what makes it is
    /// suspended or withdrawn. Of a lot that was filled here its own cover counts instead.
    pub covers: Vec<(SchemeId, u64)>,
    /// The least that is certified now under a scheme on the lot's labels; None: none of its labels
    /// names one.
    pub certified: Option<u64>,
}

/// Where goods go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To a holder, who will answer.
    Holder(Holder),
    /// To somebody who is named by a commitment: they leave the ledger.
    Commitment,
}

/// A receiver's answer for one lot of a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The lot.
    pub lot: LotHandle,
    /// Taken over.
    pub accepted: u64,
    /// Sent back.
    pub refused: u64,
    /// Not found.
    pub missing: u64,
}

/// How a quantity in dispute ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The lot.
    pub lot: LotHandle,
    /// How much of what is disputed.
    pub quantity: Quantity,
    /// How it ends.
    pub how: Settled,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A rule book comes into force.
    Book(Book),
    /// A lot is born; the outcome names its handle: the next number.
    Declare(Declaration),
    /// A declaration was wrong.
    Undeclare {
        /// Its lot.
        lot: LotHandle,
    },
    /// Goods become others, or are put together, divided or packed for sale.
    Transform {
        /// By which recipe.
        way: Way,
        /// What goes in: at least one.
        draws: Vec<Draw>,
        /// What comes out: at least one.
        fills: Vec<Part>,
    },
    /// Goods are handed to a carrier.
    Ship {
        /// To whom.
        to: Destination,
        /// Loose goods.
        parts: Vec<Part>,
        /// Whole units.
        units: Vec<Unit>,
        /// What for.
        purpose: Purpose,
    },
    /// A shipment is answered, or what a receipt refused.
    Receive {
        /// The shipment, or the receipt that refused.
        of: EventHandle,
        /// One for each lot of it.
        answers: Vec<Answer>,
    },
    /// What is in dispute is settled, or a shipment that nobody answered.
    Settle {
        /// The shipment or the receipt.
        of: EventHandle,
        /// How each quantity ends.
        lines: Vec<Settlement>,
        /// Said by a third party in scope, who may say all of it.
        third: bool,
    },
    /// Goods and units are put into a unit.
    Pack {
        /// Into which.
        unit: Unit,
        /// Goods.
        parts: Vec<Part>,
        /// Units.
        units: Vec<Unit>,
    },
    /// Goods and units are taken out of a unit; all of it where none are named.
    Unpack {
        /// Out of which.
        unit: Unit,
        /// Goods.
        parts: Vec<Part>,
        /// Units.
        units: Vec<Unit>,
    },
    /// Goods are sold or given away for use.
    Out {
        /// By which channel.
        channel: Channel,
        /// Which.
        parts: Vec<Part>,
    },
    /// Goods are lost.
    Loss {
        /// Why.
        cause: Cause,
        /// Which.
        parts: Vec<Part>,
    },
    /// A sample is taken, by the holder or by a third party in scope.
    Sample {
        /// From whom.
        holder: Holder,
        /// Of what.
        parts: Vec<Part>,
    },
    /// Goods are destroyed.
    Destroy {
        /// Why.
        cause: Cause,
        /// Which.
        parts: Vec<Part>,
        /// They had left the ledger and were brought back.
        from_out: bool,
    },
    /// Something was seen. It moves nothing.
    Observe {
        /// The lots.
        lots: Vec<LotHandle>,
        /// The destruction that was seen by a third party in scope.
        seen: Option<EventHandle>,
    },
    /// An event did not happen so.
    Void {
        /// Which.
        of: EventHandle,
    },
    /// A shipment did not happen as its issuer says, though it was answered: what its receiver has
    /// left of it comes back, what is drawn from the rest is held.
    Reclaim {
        /// Which.
        of: EventHandle,
    },
    /// A certificate is issued.
    Certify {
        /// The lot.
        lot: LotHandle,
        /// The scheme.
        scheme: SchemeId,
        /// What is certified.
        quantity: Quantity,
        /// The custody model it claims; None: the derived one.
        model: Option<Model>,
    },
    /// Labels are issued.
    Label {
        /// The lot.
        lot: LotHandle,
        /// How many.
        count: u64,
        /// What one sales unit holds, in the lot's smallest unit.
        pack_size: u64,
        /// The least that is certified now under a scheme on the lot's labels, these among them.
        certified: u64,
    },
    /// Labels were spoilt: their count comes back.
    Unlabel {
        /// The lot.
        lot: LotHandle,
        /// How many.
        count: u64,
        /// What one sales unit holds.
        pack_size: u64,
    },
    /// A price or an extract rests on a shipment from now on.
    Pin {
        /// The shipment.
        of: EventHandle,
    },
    /// What is said of a lot itself, in place of what was said before.
    Status {
        /// The lot.
        lot: LotHandle,
        /// What holds now.
        status: Status,
    },
    /// What a lot inherits of another is lifted, or no longer.
    Lift {
        /// The lot that is held or recalled.
        source: LotHandle,
        /// The lot that inherits nothing of it any more, nor hands it on.
        lot: LotHandle,
        /// Whether it is lifted now.
        lifted: bool,
    },
}

/// A declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// What it is made of.
    pub material: Material,
    /// Who declares it.
    pub producer: Holder,
    /// How much there is or will be.
    pub quantity: Quantity,
    /// What it opens with.
    pub opening: Opening,
    /// Day of the harvest, since 1970-01-01; None: not known.
    pub harvested: Option<i32>,
}

words! {
    /// What a lot opens with.
    pub Opening {
        /// With what was harvested: full, and traced.
        Primary,
        /// With old stock, or under no tracing: full, its origin on its producer's word.
        Declared,
        /// With nothing: transformations fill it.
        Derived,
    }
}

words! {
    /// What a shipment is for.
    pub Purpose {
        /// A sale.
        Sale,
        /// A move.
        Transfer,
        /// Pressing, drying or packing for the shipper, who stays the producer.
        Processing,
        /// Goods going back.
        Return,
        /// Goods going back because of a recall.
        RecallReturn,
    }
}

words! {
    /// How a dispute ends.
    pub Settled {
        /// The goods are gone.
        Lost,
        /// The shipper has them.
        Returned,
        /// The receiver has them.
        Accepted,
    }
}

words! {
    /// How goods leave.
    pub Channel {
        /// To consumers in a shop.
        Retail,
        /// To traders.
        Wholesale,
        /// To traders in small lots.
        SemiWholesale,
        /// By post.
        Online,
        /// To a community kitchen, a school.
        Community,
        /// To industry.
        Industry,
        /// Abroad.
        Export,
    }
}

words! {
    /// Why goods are no more.
    pub Cause {
        /// Spoilt.
        Spoilage,
        /// Broken or spilt.
        Damage,
        /// Stolen.
        Theft,
        /// Settled at the bottom.
        Sediment,
        /// Dried.
        Moisture,
        /// Scales differ.
        Weighing,
        /// Filtered, cleaned.
        Process,
        /// More was entered than there was.
        EntryError,
        /// Past its day.
        Expired,
        /// Recalled.
        Recall,
        /// Anything else.
        Other,
    }
}

words! {
    /// What is said of a lot; the later word is the stronger.
    pub Status {
        /// Nothing.
        Released,
        /// Held.
        Held,
        /// Recalled: final.
        Recalled,
    }
}

/// What an act did beside moving figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The event's handle, if the act is one.
    pub event: Option<EventHandle>,
    /// The lot's handle, of a declaration.
    pub lot: Option<LotHandle>,
    /// Lots that a rule holds by it. Whoever asked lays the hold ([`Act::Status`]).
    pub held: Vec<(LotHandle, HeldFor)>,
}

/// For what a rule holds a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldFor {
    /// More came out than usual.
    Yield,
    /// It was declared too long after its harvest.
    Late,
    /// Something went in that was older than its material keeps.
    Age,
    /// It was made of goods that were reclaimed.
    Reclaimed,
}
