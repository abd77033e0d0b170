//! Why no code was read from a photo, each with its stable code.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::limits::{PHOTO_BYTES_MAX, PHOTO_PIXELS_MAX, PHOTO_SECONDS_MAX};

/// A photo no code was read from.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case", prefix = "photo_")]
#[non_exhaustive]
pub enum PhotoError {
    /// Too many bytes or pixels.
    #[error(
        "the photo is too large: at most {PHOTO_BYTES_MAX} bytes and {PHOTO_PIXELS_MAX} pixels"
    )]
    TooLarge,
    /// No PNG or JPEG, or a damaged one.
    #[error("the photo cannot be read: a PNG or JPEG is expected ({reason})")]
    Unreadable {
        /// What the decoder said.
        reason: String,
    },
    /// A picture in which no QR code was found.
    #[error("no QR code was found: take the photo closer, straight on and without glare")]
    WithoutQr,
    /// A picture with the corner patterns of more codes than are looked at.
    #[error("too many QR codes, or what looks like them: take a photo of fewer at once")]
    TooManyCodes,
    /// The time was over before the picture was read.
    #[error(
        "reading the photo took longer than {PHOTO_SECONDS_MAX} s: take one of the code alone, or \
         type the code"
    )]
    TooSlow,
    /// Nobody could read it now.
    #[error("no photo can be read now ({reason}): try again in a moment, or type the code")]
    Busy {
        /// Why.
        reason: String,
    },
}

impl PhotoError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// No picture.
    pub(super) fn unreadable(reason: impl ToString) -> Self {
        Self::Unreadable { reason: reason.to_string() }
    }

    /// No process, no pipe.
    pub(super) fn busy(reason: impl ToString) -> Self {
        Self::Busy { reason: reason.to_string() }
    }

    /// The error with this code, as a child said it.
    pub(super) fn named(code: &str, reason: &str) -> Self {
        let plain = [Self::TooLarge, Self::WithoutQr, Self::TooManyCodes];
        let found = plain.into_iter().find(|known| known.code() == code);
        found.unwrap_or_else(|| Self::unreadable(reason))
    }
}
