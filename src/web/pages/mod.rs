//! Pages for people: server-rendered, complete without scripts, one request each, in the reader's
//! language. They show what `verify` and the register say.

mod account;
mod audit;
mod band;
mod certificate;
mod certificate_rows;
mod check;
mod drawing;
mod error;
mod event;
mod font;
mod foreign;
mod frame;
mod genealogy;
mod goods;
mod gzip;
mod home;
mod inspect;
mod inspect_input;
mod inspect_view;
mod journey;
mod lot;
mod lot_events;
mod map;
mod names;
mod operator;
mod party;
mod party_goods;
mod price;
mod price_totals;
mod register;
mod routes;
mod scan;
mod scan_facts;
mod scan_goods;
mod scan_view;
mod share;
mod story;
mod story_trade;
mod told;
mod verdict;
mod words;

pub use routes::routes;
