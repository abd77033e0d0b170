//! The token a URI names: its module loaded, its slot found, its user logged in, its keys found or
//! made. One login, one session for all that follows.

use std::path::Path;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;

use super::encoding::{CURVES, point};
use super::error::words;
use super::{TokenError, TokenKey, TokenUri};
use crate::seal::public_key;

/// A token that fits a URI; nobody is logged in yet.
pub struct Token {
    module: Pkcs11,
    slot: Slot,
    label: String,
    keypad: bool,
}

impl Token {
    /// Loads the module and finds the one token that fits. **The module runs as code of this
    /// process**: take its path from nobody you would not run a program of.
    ///
    /// # Errors
    /// No such module, no such token, or several.
    pub fn find(uri: &TokenUri, module: &Path) -> Result<Self, TokenError> {
        let broken = |error: Error| TokenError::Module {
            path: module.display().to_string(),
            reason: words(&error),
        };
        let library = Pkcs11::new(module).map_err(broken)?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(broken(error)),
        }
        let (mut fitting, mut present) = (Vec::new(), Vec::new());
        for slot in library.get_slots_with_initialized_token().map_err(broken)? {
            // A token pulled out meanwhile is as good as none.
            let (Ok(token), Ok(place)) =
                (library.get_token_info(slot), library.get_slot_info(slot))
            else {
                continue;
            };
            let fits = [
                ("token", token.label().to_owned()),
                ("manufacturer", token.manufacturer_id().to_owned()),
                ("serial", token.serial_number().to_owned()),
                ("model", token.model().to_owned()),
                ("slot-id", slot.id().to_string()),
                ("slot-manufacturer", place.manufacturer_id().to_owned()),
                ("slot-description", place.slot_description().to_owned()),
            ];
            let fits = fits.iter().all(|(name, is)| {
                uri.attribute(name).is_none_or(|asked| asked.trim_end() == is.trim_end())
            });
            present.push(token.label().to_owned());
            if fits {
                fitting.push((slot, token));
            }
        }
        match fitting.as_slice() {
            [(slot, token)] => Ok(Self {
                slot: *slot,
                label: token.label().to_owned(),
                keypad: token.protected_authentication_path(),
                module: library,
            }),
            [] if present.is_empty() => {
                Err(TokenError::UnknownToken { present: "none at all".to_owned() })
            }
            [] => Err(TokenError::UnknownToken { present: present.join(", ") }),
            several => Err(TokenError::SeveralTokens { count: several.len() }),
        }
    }

    /// The token's label.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Whether the PIN is typed on the device itself, so that none need be given.
    #[must_use]
    pub fn has_keypad(&self) -> bool {
        self.keypad
    }

    /// Opens a session (one that may write, to make keys) and logs the user in. Without a PIN the
    /// device asks for it.
    ///
    /// # Errors
    /// A wrong or locked PIN; what the token says.
    pub fn login(self, pin: Option<&str>, write: bool) -> Result<LoggedIn, TokenError> {
        let session = if write {
            self.module.open_rw_session(self.slot)?
        } else {
            self.module.open_ro_session(self.slot)?
        };
        let pin = pin.map(|text| AuthPin::new(text.into()));
        match session.login(UserType::User, pin.as_ref()) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
                _,
            )) => return Err(TokenError::Pin { token: self.label }),
            Err(Error::Pkcs11(RvError::PinLocked, _)) => {
                return Err(TokenError::PinLocked { token: self.label });
            }
            Err(error) => return Err(error.into()),
        }
        Ok(LoggedIn { session, label: self.label })
    }
}

/// A token whose user is logged in.
pub struct LoggedIn {
    session: Session,
    label: String,
}

impl LoggedIn {
    /// The one private key that fits the URI, with the public key that stands beside it.
    ///
    /// # Errors
    /// No such key, several, or one that is no Ed25519 key or cannot sign here.
    pub fn key(self, uri: &TokenUri) -> Result<TokenKey, TokenError> {
        let private = self.find(uri, ObjectClass::PRIVATE_KEY)?;
        let private = match private.as_slice() {
            [one] => *one,
            [] => return Err(TokenError::UnknownObject { token: self.label }),
            several => {
                let count = several.len();
                return Err(TokenError::SeveralObjects { token: self.label, count });
            }
        };
        let public = self.public_beside(private)?;
        Ok(TokenKey::new(self.session, private, public, self.label))
    }

    /// Makes an Ed25519 pair under the URI's `object=` and this identifier: the private key stays
    /// on the token (sensitive, not extractable).
    ///
    /// # Errors
    /// A URI without `object=`, a key of that name or identifier, a token that knows no Ed25519.
    pub fn generate(self, uri: &TokenUri, id: &[u8]) -> Result<TokenKey, TokenError> {
        let reason = "object= is missing: the new key needs a name".to_owned();
        let label = uri.attribute("object").ok_or(TokenError::Uri { reason })?;
        for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
            for name in [Attribute::Label(label.into()), Attribute::Id(id.to_vec())] {
                if !self.session.find_objects(&[Attribute::Class(class), name])?.is_empty() {
                    return Err(TokenError::Exists { token: self.label });
                }
            }
        }
        let (_, private) = self.pair(label, id)?;
        let public = self.public_beside(private)?;
        Ok(TokenKey::new(self.session, private, public, self.label))
    }

    /// Makes the pair, in the first spelling of the curve that the token understands.
    fn pair(&self, label: &str, id: &[u8]) -> Result<(ObjectHandle, ObjectHandle), TokenError> {
        let named = [
            Attribute::Token(true),
            Attribute::KeyType(KeyType::EC_EDWARDS),
            Attribute::Label(label.into()),
            Attribute::Id(id.to_vec()),
        ];
        let secret = [
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ];
        let private: Vec<Attribute> = named.iter().chain(&secret).cloned().collect();
        let mut last = TokenError::Device { reason: "it knows no Ed25519".to_owned() };
        for curve in CURVES {
            let open = [
                Attribute::Private(false),
                Attribute::Verify(true),
                Attribute::EcParams(curve.to_vec()),
            ];
            let public: Vec<Attribute> = named.iter().chain(&open).cloned().collect();
            let mechanism = Mechanism::EccEdwardsKeyPairGen;
            match self.session.generate_key_pair(&mechanism, &public, &private) {
                Ok(pair) => return Ok(pair),
                Err(error) => last = error.into(),
            }
        }
        Err(last)
    }

    fn find(&self, uri: &TokenUri, class: ObjectClass) -> Result<Vec<ObjectHandle>, TokenError> {
        let mut template = vec![Attribute::Class(class)];
        template.extend(uri.attribute("object").map(|label| Attribute::Label(label.into())));
        template.extend(uri.id().map(|id| Attribute::Id(id.to_vec())));
        Ok(self.session.find_objects(&template)?)
    }

    /// The public key of a private one: its own point, else that of the public key with the same
    /// identifier (if it has none, the same label).
    fn public_beside(&self, private: ObjectHandle) -> Result<[u8; 32], TokenError> {
        use AttributeType as Kind;
        let facts = self.attributes(private, &[Kind::KeyType, Kind::AlwaysAuthenticate])?;
        if !facts.contains(&Attribute::KeyType(KeyType::EC_EDWARDS)) {
            return Err(self.useless("it is not an Ed25519 key"));
        }
        if facts.contains(&Attribute::AlwaysAuthenticate(true)) {
            return Err(self.useless(
                "it asks for the PIN at each signature (CKA_ALWAYS_AUTHENTICATE), which is not \
                 supported",
            ));
        }
        let curve = self.attributes(private, &[Kind::EcParams, Kind::EcPoint])?;
        if let Some(found) = self.point_of(&curve)? {
            return Ok(found);
        }
        let names = self.attributes(private, &[Kind::Id, Kind::Label])?;
        let filled = |attribute: &&Attribute| match attribute {
            Attribute::Id(bytes) | Attribute::Label(bytes) => !bytes.is_empty(),
            _ => false,
        };
        let Some(name) = names.iter().find(filled) else {
            return Err(self.useless("it has neither identifier nor label"));
        };
        let template = [Attribute::Class(ObjectClass::PUBLIC_KEY), name.clone()];
        let mut found = Vec::new();
        for public in self.session.find_objects(&template)? {
            let curve = self.attributes(public, &[Kind::EcParams, Kind::EcPoint])?;
            found.extend(self.point_of(&curve)?);
        }
        found.dedup();
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(self.useless("the token holds no public key beside it")),
            _ => Err(self.useless("several public keys stand beside it")),
        }
    }

    /// The public key among an object's attributes; none if it has no point.
    fn point_of(&self, attributes: &[Attribute]) -> Result<Option<[u8; 32]>, TokenError> {
        let mut found = None;
        for attribute in attributes {
            match attribute {
                Attribute::EcParams(curve) if curve.is_empty() => {}
                Attribute::EcParams(curve) if !CURVES.contains(&curve.as_slice()) => {
                    return Err(self.useless("it is not an Ed25519 key"));
                }
                Attribute::EcPoint(bytes) if !bytes.is_empty() => {
                    let key = point(bytes).filter(|key| public_key(key).is_ok());
                    let weak = "its public key is no Ed25519 point";
                    found = Some(key.ok_or_else(|| self.useless(weak))?);
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Those attributes that the object has; a token may know none of a kind.
    fn attributes(
        &self,
        object: ObjectHandle,
        kinds: &[AttributeType],
    ) -> Result<Vec<Attribute>, TokenError> {
        Ok(self.session.get_attributes(object, kinds)?)
    }

    fn useless(&self, reason: &str) -> TokenError {
        TokenError::Key { token: self.label.clone(), reason: reason.to_owned() }
    }
}
