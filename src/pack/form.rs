//! The forms of a pack: which bytes a file begins with, what the hash over its blocks begins with,
//! and which version its manifest has. The third came with optional columns (`optional`); the
//! second is read for ever, and written under the editions that need no more.

use crate::limits::LATER_FORMS_EDITION;
use crate::register::Register;

/// What kind of file it is, by its first eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// A whole pack.
    Whole,
    /// What changed since a log size.
    Delta,
}

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PackForm {
    /// `tasdiqP2`, `tasdiqD2`.
    Second,
    /// `tasdiqP3`, `tasdiqD3`.
    Third,
}

/// Every form and kind with the bytes that a file of it begins with.
const MAGICS: [(&[u8; 8], PackForm, BlockKind); 4] = [
    (b"tasdiqP2", PackForm::Second, BlockKind::Whole),
    (b"tasdiqD2", PackForm::Second, BlockKind::Delta),
    (b"tasdiqP3", PackForm::Third, BlockKind::Whole),
    (b"tasdiqD3", PackForm::Third, BlockKind::Delta),
];

impl PackForm {
    /// The form under the edition that a register has in force.
    pub fn of(register: &Register) -> Self {
        if register.edition() < LATER_FORMS_EDITION { Self::Second } else { Self::Third }
    }

    /// What a file begins with.
    pub fn magic(self, kind: BlockKind) -> &'static [u8; 8] {
        let of = MAGICS.iter().find(|(_, form, of)| (*form, *of) == (self, kind));
        of.map_or(b"tasdiqP2", |(magic, ..)| magic)
    }

    /// Form and kind of a file that begins so.
    pub fn of_magic(magic: &[u8; 8]) -> Option<(Self, BlockKind)> {
        let of = MAGICS.iter().find(|(known, ..)| *known == magic);
        of.map(|(_, form, kind)| (*form, *kind))
    }

    /// What the hash over a pack's blocks begins with.
    pub fn root_prefix(self) -> &'static [u8] {
        match self {
            Self::Second => b"tasdiq-pack-v2\0",
            Self::Third => b"tasdiq-pack-v3\0",
        }
    }

    /// The version in its manifest.
    pub fn version(self) -> u32 {
        match self {
            Self::Second => 2,
            Self::Third => 3,
        }
    }
}
