//! Keys on a PKCS#11 token: the URI that names one (RFC 7512), the token behind its module, and the
//! [`Signer`](crate::seal::Signer) over it. Not here: where a PIN comes from (`cli`).

mod device;
mod encoding;
mod error;
mod key;
mod uri;

pub use device::{LoggedIn, Token};
pub use error::TokenError;
pub use key::TokenKey;
pub use uri::{PinSource, TokenUri};
