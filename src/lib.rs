//! Tasdiq (تصديق, attestation): a certification and traceability ledger.
//!
//! A certifier signs a certificate for a cooperative's lot; Tasdiq checks it, appends it to a
//! hash-chained Merkle log and prints one QR code that anybody can verify, online and offline.
//! The modules stand in the order a certificate travels; this list is the map.
//!
//! Pure core (bytes and values in, values out; no clock, no I/O, no async): [`statement`],
//! [`seal`], [`log`], [`trace`], [`register`], [`label`], [`verify`], [`reader`]. Shell (feature
//! `server`): `store`, `ledger`, `web`, `cli`.

// Worlds of the integration tests call the library by its name, here too.
#[cfg(test)]
extern crate self as tasdiq;

#[cfg(feature = "server")]
#[macro_use]
pub mod os;

pub mod browser;
pub mod catalog;
pub mod consignment;
pub mod dossier;
pub mod label;
pub mod limits;
pub mod log;
pub mod names;
pub mod pack;
pub mod reader;
pub mod register;
pub mod seal;
pub mod statement;
pub mod trace;
pub mod trust;
pub mod verify;

#[cfg(test)]
#[path = "../tests/vectors/kept.rs"]
mod kept;

#[cfg(feature = "server")]
pub mod audit;
#[cfg(feature = "server")]
pub mod bench;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod client;
#[cfg(feature = "server")]
pub mod cosign;
#[cfg(feature = "server")]
pub mod demo;
#[cfg(feature = "server")]
pub mod door;
#[cfg(feature = "server")]
pub mod hooks;
#[cfg(feature = "server")]
pub mod ledger;
#[cfg(feature = "server")]
pub mod monitor;
#[cfg(feature = "server")]
pub mod papers;
#[cfg(feature = "server")]
pub mod photo;
#[cfg(feature = "server")]
pub mod pkcs11;
#[cfg(feature = "server")]
pub mod scans;
#[cfg(feature = "server")]
pub mod sheet;
#[cfg(feature = "server")]
pub mod source;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod transfer;
#[cfg(feature = "server")]
pub mod web;
#[cfg(feature = "server")]
pub mod witness;
