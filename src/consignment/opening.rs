//! Openings that whoever hands a consignment on adds to it: the buyer, the document behind the
//! shipment, bulletins of its lots. Each is compared with the commitments that signed entries name.
//! Not here: adding them to a file (`add`), what papers take of them (`papers`).

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::limits::OPENED_BYTES_MAX;
use crate::statement::{Claim, Commitment, Event, EventKind, Receiver, canonical_bytes};

/// An opening as it is sent and as it stands in a consignment: what is opened is a JSON object,
/// over whose canonical bytes the commitment is, or the bytes of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SentOpening {
    /// The commitment that is meant; a consignment always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Commitment>,
    /// 16 bytes in base64url without padding.
    pub salt: String,
    /// The object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Map<String, Value>>,
    /// The document's bytes in base64 with padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// What a commitment of a consignment is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Committed {
    /// Who gets the goods.
    Receiver,
    /// The document behind the shipment.
    Document,
    /// A laboratory's bulletin that a certificate names, by its serial.
    Bulletin(u64),
}

/// A commitment of a consignment with what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What it is to.
    pub of: Committed,
    /// The commitment.
    pub commitment: Commitment,
    /// The object; None: it is the bytes of a document.
    pub object: Option<Map<String, Value>>,
}

impl SentOpening {
    /// What it opens, by its salt and content.
    fn opens(&self) -> Result<Commitment, String> {
        let salt = BASE64_URL_SAFE_NO_PAD.decode(&self.salt).ok();
        let salt: Option<[u8; 16]> = salt.and_then(|bytes| bytes.try_into().ok());
        let salt = salt.ok_or("its salt must be 16 bytes in base64url without padding")?;
        let bytes = match (&self.opening, &self.document) {
            (Some(object), None) => canonical_bytes(&Value::Object(object.clone())),
            (None, Some(text)) => {
                let bytes = BASE64_STANDARD.decode(text).ok();
                bytes.ok_or("its document must be base64 with padding")?
            }
            _ => return Err("it must hold either \"opening\" or \"document\"".to_owned()),
        };
        if bytes.len() > OPENED_BYTES_MAX {
            return Err(format!(
                "it has {} bytes, at most {OPENED_BYTES_MAX} are taken",
                bytes.len()
            ));
        }
        Ok(Commitment::of(&salt, &bytes))
    }

    /// Compares it with the commitments there are.
    ///
    /// # Errors
    /// It opens none of them, or another than it says.
    pub fn matched(&self, named: &[(Committed, Commitment)]) -> Result<Opened, String> {
        let found = self.opens()?;
        if let Some(meant) = self.commitment.filter(|meant| *meant != found) {
            return Err(format!("salt and content give {found}, not {meant} as it says"));
        }
        let of = named.iter().find(|(_, commitment)| *commitment == found).map(|(of, _)| *of);
        let of = of.ok_or_else(|| {
            let all: Vec<_> = named.iter().map(|(_, commitment)| commitment.to_string()).collect();
            let all = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
            format!("salt and content give {found}; the commitments of this consignment are: {all}")
        })?;
        Ok(Opened { of, commitment: found, object: self.opening.clone() })
    }
}

/// The commitments that a statement of a consignment names, with what they are to.
pub(crate) fn commitments(claim: &Claim) -> Vec<(Committed, Commitment)> {
    match claim {
        Claim::Event(Event { document, kind: EventKind::Ship(shipment), .. }) => {
            let receiver = match &shipment.to {
                Receiver::Elsewhere { commitment, .. } => Some((Committed::Receiver, *commitment)),
                Receiver::Party(_) => None,
            };
            let document = document.map(|document| (Committed::Document, document));
            receiver.into_iter().chain(document).collect()
        }
        Claim::Certificate(certificate) => {
            let named = claim.commitments().into_iter();
            named.map(|one| (Committed::Bulletin(certificate.serial), one)).collect()
        }
        _ => Vec::new(),
    }
}
