//! WHAT IS TRUE: the state folded from the log, one entry at a time, and the rules a statement must
//! keep to enter it. Pure: the same log gives the same register.
//! Not here: signatures (`seal`), order and proofs (`log`), verdicts (`verify`).

mod certificates;
mod consigned;
mod digests;
mod fold;
mod fold_goods;
mod fold_money;
mod fold_operators;
mod fold_renewal;
mod fold_rights;
mod goods;
mod goods_acts;
mod goods_book;
mod goods_facts;
mod goods_held;
mod goods_of_all;
mod goods_record;
mod goods_refusal;
mod goods_state;
mod goods_views;
mod goods_words;
mod input_certificates;
mod lots;
mod mandates;
mod money;
mod names;
mod operators;
mod pairs;
mod path_entries;
mod path_fold;
mod powers;
mod price_sums;
mod prices;
mod records;
mod refusal;
mod replay;
mod rights;
mod rows;
mod rules;
mod rules_born;
mod rules_changes;
mod rules_event;
mod rules_forms;
mod rules_keys;
mod rules_lots;
mod rules_mandate;
mod rules_money;
mod rules_operators;
mod rules_papers;
mod rules_powers;
mod rules_renewal;
mod rules_rights;
mod rules_status;
mod search;
mod snapshot;
mod snapshot_read;
mod state;
mod status;
mod switch;
#[cfg(test)]
mod tests;
mod uses;
mod volumes;

pub use goods_book::loosens;
pub use goods_held::{HeldLot, HeldPage, LotSight, StatusesAt};
pub use goods_of_all::GoodsRecords;
pub use goods_record::{
    CoverTold, CustodyTold, GoodsRecord, Grade, HolderTold, InputCertificate, LotTrace,
    MaterialTotal, ModelTold, OriginTold, OriginWord, PriceWord, StepTold,
};
pub use goods_refusal::GoodsRefusal;
pub use goods_views::{GoodsBalance, GoodsShare, Origins, SchemeCover, model_word, origin_word};
pub use mandates::MandateRecord;
pub use money::{ExtractRecord, Price, PriceConfirmed, PriceRecord};
pub use operators::OperatorRecord;
pub use path_fold::PathFold;
pub use powers::{ACTORS, Act, Actor, Denied, POWERS, Power, Target, allowed};
pub use price_sums::{PriceGroup, PriceStanding, PriceSum, PriceSums, PriceTotal, PricesOf};
pub use records::{
    Certificate, CertificateRecord, Lot, LotRecord, OutsideScope, Party, PartyRecord, Superseded,
};
pub use refusal::{NEWER_EDITION, Refusal};
pub use replay::{AuditFault, PreparedEntry, Preparer, Replayer, Signatures, prepare};
pub use rights::{AgreementRecord, CapacityRecord, PrefixRecord};
pub use rules::{judge, known_region, known_terms, signing_key};
pub use search::{LotCount, LotQuery, STATUS_WORDS};
pub use snapshot::{Snapshot, SnapshotError};
pub use snapshot_read::{SnapshotGoods, SnapshotParts};
pub use state::{ListState, Register};
pub use status::{
    CertificateStatus, Inherited, LotStatus, StatusEvent, certificate_status, in_effect, lot_status,
};
pub use volumes::VolumeUse;
