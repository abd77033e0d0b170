//! Receipts for supply-chain tools: an inclusion proof as COSE (RFC 9942, verifiable data structure
//! 1 = RFC9162_SHA256), signed by a key that signs nothing else. Our leaf's bytes are the entry.
//! Not here: keys and addresses. CBOR as RFC 8949 section 4.2 (deterministic), written only.

use sha2::{Digest, Sha256};

use super::hash::Hash;

/// COSE algorithm EdDSA (RFC 9053): what today's verifiers know.
const EDDSA: i64 = -8;

/// An inclusion proof to be told in a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion<'a> {
    /// Entries in the tree.
    pub size: u64,
    /// Place of the entry.
    pub index: u64,
    /// Sibling hashes, leaf side first.
    pub path: &'a [Hash],
    /// Root of the tree: what is signed, and not in the receipt.
    pub root: Hash,
}

/// The receipt: a tagged COSE_Sign1 with detached payload. `sign` is pure Ed25519.
#[must_use]
pub fn receipt(
    inclusion: &Inclusion<'_>,
    public: &[u8; 32],
    sign: &dyn Fn(&[u8]) -> [u8; 64],
) -> Vec<u8> {
    // {1: alg, 4: kid, 395: vds}
    let mut protected = head(5, 3);
    protected.extend([head(0, 1), int(EDDSA)].concat());
    protected.extend([head(0, 4), bytes(&thumbprint(public))].concat());
    protected.extend([head(0, 395), head(0, 1)].concat());
    let mut proof = [head(4, 3), head(0, inclusion.size), head(0, inclusion.index)].concat();
    proof.extend(head(4, inclusion.path.len() as u64));
    inclusion.path.iter().for_each(|hash| proof.extend(bytes(hash.as_bytes())));
    // {396: {-1: [bstr .cbor proof]}}
    let unprotected =
        [head(5, 1), head(0, 396), head(5, 1), int(-1), head(4, 1), bytes(&proof)].concat();
    let signature = sign(&to_be_signed(&protected, &inclusion.root));
    [head(6, 18), head(4, 4), bytes(&protected), unprotected, vec![0xf6], bytes(&signature)]
        .concat()
}

/// Sig_structure of COSE_Sign1 (RFC 9052 section 4.4) over a Merkle root.
fn to_be_signed(protected: &[u8], root: &Hash) -> Vec<u8> {
    let context = b"Signature1";
    let named = [head(3, context.len() as u64), context.to_vec()].concat();
    [head(4, 4), named, bytes(protected), bytes(&[]), bytes(root.as_bytes())].concat()
}

/// The name of a key: its COSE Key Thumbprint with SHA-256 (RFC 9679).
#[must_use]
pub fn thumbprint(public: &[u8; 32]) -> [u8; 32] {
    // {1: 1 (OKP), -1: 6 (Ed25519), -2: x}
    let members = [head(0, 1), head(0, 1), int(-1), head(0, 6), int(-2), bytes(public)].concat();
    Sha256::digest([head(5, 3), members].concat()).into()
}

/// A public key as COSE_Key (RFC 9052 section 7, RFC 9053 section 7.2).
#[must_use]
pub fn cose_key(public: &[u8; 32]) -> Vec<u8> {
    // {1: 1 (OKP), 2: kid, 3: alg, -1: 6 (Ed25519), -2: x}
    let id = [head(0, 1), head(0, 1), head(0, 2), bytes(&thumbprint(public))].concat();
    let rest = [head(0, 3), int(EDDSA), int(-1), head(0, 6), int(-2), bytes(public)].concat();
    [head(5, 5), id, rest].concat()
}

/// Keys as a COSE_KeySet.
#[must_use]
pub fn cose_key_set(keys: &[[u8; 32]]) -> Vec<u8> {
    let keys_of: Vec<u8> = keys.iter().flat_map(cose_key).collect();
    [head(4, keys.len() as u64), keys_of].concat()
}

/// The head of an item: major type and argument in the fewest bytes.
fn head(major: u8, argument: u64) -> Vec<u8> {
    let major = major << 5;
    let wide = argument.to_be_bytes();
    let (info, width) = match argument {
        0..=23 => return vec![major | u8::try_from(argument).unwrap_or_default()],
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    [&[major | info], wide.get(8 - width..).unwrap_or_default()].concat()
}

fn int(value: i64) -> Vec<u8> {
    match u64::try_from(value) {
        Ok(positive) => head(0, positive),
        Err(_) => head(1, value.unsigned_abs().saturating_sub(1)),
    }
}

fn bytes(content: &[u8]) -> Vec<u8> {
    [head(2, content.len() as u64), content.to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey, Verifier as _};

    use super::*;
    use crate::log::{Tree, leaf_hash};

    #[test]
    fn heads_are_the_shortest() {
        for (major, argument, hex) in [
            (0, 0, "00"),
            (0, 23, "17"),
            (0, 24, "1818"),
            (0, 395, "19018b"),
            (0, 1_000_000, "1a000f4240"),
            (0, 1_000_000_000_000, "1b000000e8d4a51000"),
            (2, 32, "5820"),
            (6, 18, "d2"),
        ] {
            let found: String = head(major, argument).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(found, hex);
        }
        assert_eq!((int(-8), int(-1), int(-2)), (vec![0x27], vec![0x20], vec![0x21]));
    }

    #[test]
    fn what_is_signed_is_the_root() {
        let secret = SigningKey::from_bytes(&[7; 32]);
        let public = secret.verifying_key().to_bytes();
        let mut tree = Tree::new();
        (0..5_u8).for_each(|i| tree.append(leaf_hash(&[i])));
        let path = tree.inclusion(3, 5).unwrap();
        let inclusion = Inclusion { size: 5, index: 3, path: &path, root: tree.root() };
        let signed = std::cell::RefCell::new(Vec::new());
        let made = receipt(&inclusion, &public, &|message| {
            *signed.borrow_mut() = message.to_vec();
            secret.sign(message).to_bytes()
        });
        assert_eq!(made[..3], [0xd2, 0x84, 0x58], "a tagged array of four, its header a string");
        let message = signed.into_inner();
        assert!(message.ends_with(tree.root().as_bytes()));
        let signature = ed25519_dalek::Signature::from_slice(&made[made.len() - 64..]).unwrap();
        assert!(secret.verifying_key().verify(&message, &signature).is_ok());
        assert!(!made.windows(32).any(|part| part == tree.root().as_bytes()), "detached");
        let other = Inclusion { index: 2, ..inclusion };
        assert_ne!(receipt(&other, &public, &|_| [0; 64]), made);
        assert_eq!(cose_key_set(&[public])[1..], cose_key(&public));
    }
}
