//! An open ledger as a source of a log and its documents: what its service would serve, without
//! one. Not here: what is done with it.

use crate::audit::{COSIGNED, LogSource, PACK, PackData, SourceError};
use crate::ledger::{Ledger, LedgerError, now, pack_file, trust_file};
use crate::log::{Leaf, TilePath};
use crate::seal::did_document;
use crate::statement::{ListName, PartySlug, canonical_bytes};
use crate::web::context_document;

/// A ledger as a source.
pub struct LedgerSource(pub Ledger);

impl LogSource for LedgerSource {
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let fault = |error: &dyn std::fmt::Display| SourceError::unreadable(path, error);
        Ok(match path {
            "checkpoint" => Some(self.0.view().checkpoint.as_bytes().to_vec()),
            "vkey" => Some(format!("{}\n", self.0.log_key()).into_bytes()),
            "trust" => return self.document(path),
            "pack" => return self.document(PACK),
            path if path.starts_with(COSIGNED) => {
                let page = path.strip_prefix(COSIGNED).and_then(|page| page.parse().ok());
                page.and_then(|page| self.0.cosigned_page(page))
            }
            path => {
                let path = TilePath::parse(path).map_err(|error| fault(&error))?;
                self.0.tile(&path).map_err(|error| fault(&error))?
            }
        })
    }

    fn document(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let fault = |error: LedgerError| SourceError::unreadable(path, error);
        let view = self.0.view();
        let register = &view.register;
        let index = match path {
            "trust" => return trust_file(&self.0, now()).map(|b| Some(b.to_vec())).map_err(fault),
            PACK => {
                return pack_file(&self.0, now()).map(|b| Some(b.bytes.to_vec())).map_err(fault);
            }
            "ns/tasdiq/v1" => return Ok(Some(context_document(register.domain()))),
            ".well-known/did.json" => return Ok(self.did(&PartySlug::authority())),
            "status" => register.status_index().map(|mark| mark.index),
            path => {
                let slug = path.strip_prefix("parties/").and_then(|p| p.strip_suffix("/did.json"));
                if let Some(slug) = slug.and_then(|slug| PartySlug::parse(slug).ok()) {
                    return Ok(self.did(&slug));
                }
                self.list(path.strip_prefix("status/").unwrap_or_default())
            }
        };
        index.map(|index| self.statement(index)).transpose().map_err(fault)
    }

    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        let pack = pack_file(&self.0, now());
        let pack = pack.map_err(|error| SourceError::unreadable(PACK, error))?;
        Ok(Some(pack.bytes.into()))
    }

    fn sidecars(&self, page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let fault = |error| SourceError::unreadable(format!("sidecars/{page}"), error);
        self.0.sidecars(page).map_err(fault)
    }
}

impl LedgerSource {
    fn did(&self, slug: &PartySlug) -> Option<Vec<u8>> {
        let view = self.0.view();
        let party = view.register.party(slug)?;
        Some(canonical_bytes(&did_document(&view.register.domain().did(slug), &party.keys)))
    }

    /// The entry of the newest version of a status list.
    fn list(&self, name: &str) -> Option<u64> {
        let view = self.0.view();
        let mut lists = view.register.lists();
        let name = ListName::parse(name)?;
        let (_, state) = lists.find(|(list, _)| *list == (name.purpose, name.list))?;
        state.versions.last().map(|mark| mark.index)
    }

    fn statement(&self, index: u64) -> Result<Vec<u8>, LedgerError> {
        let leaf = self.0.entry(index)?;
        let broken =
            |error: crate::log::LogError| LedgerError::Broken { index, reason: error.to_string() };
        Leaf::parse(&leaf).map(|leaf| leaf.statement.to_vec()).map_err(broken)
    }
}
