//! A zip archive of a few members, deflated (PKWARE APPNOTE 6.3.3), dated 1980-01-01 so that the
//! same members give the same bytes. Not here: reading archives, encryption, sizes beyond 4 GB.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::PaperError;

/// Version 2.0, names in UTF-8, deflated, 00:00:00 on 1980-01-01.
const FIXED: [u16; 5] = [20, 1 << 11, 8, 0, 0x21];

/// An archive of these members, by name.
///
/// # Errors
/// More than 4 GB, or a name of more than 65,535 bytes.
pub fn archive(members: &[(&str, &[u8])]) -> Result<Vec<u8>, PaperError> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let at = figure(bytes.len())?;
        let mut crc = Crc::new();
        crc.update(content);
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
        let fault = |error: std::io::Error| PaperError { reason: error.to_string() };
        deflated.write_all(content).map_err(fault)?;
        let deflated = deflated.finish().map_err(fault)?;
        let mut common: Vec<u8> = FIXED.iter().flat_map(|word| word.to_le_bytes()).collect();
        for figure in [crc.sum(), figure(deflated.len())?, figure(content.len())?] {
            common.extend(figure.to_le_bytes());
        }
        common.extend(word(name.len())?.to_le_bytes());
        common.extend([0; 2]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(deflated);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        // No remark, disk 0, no attributes.
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, count) = (figure(bytes.len())?, word(members.len())?.to_le_bytes());
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(figure(directory.len())?.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0; 2]);
    Ok(bytes)
}

fn figure(many: usize) -> Result<u32, PaperError> {
    u32::try_from(many).map_err(|_| PaperError { reason: "it is larger than 4 GB".to_owned() })
}

fn word(many: usize) -> Result<u16, PaperError> {
    u16::try_from(many).map_err(|_| PaperError { reason: "a name is too long".to_owned() })
}
