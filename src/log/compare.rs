//! How a state of a log that somebody shows stands to the tree that is held: the one question
//! behind forks, rollbacks and old copies. Not here: who holds no tree is shown a proof
//! ([`super::verify_consistency`]); what follows from the answer.

use super::hash::Hash;

/// How a state of a log, its size and root, stands to a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// It is the tree.
    Same,
    /// It is the beginning of the tree.
    Behind,
    /// It is larger: whether it continues the tree is still to be shown.
    Ahead,
    /// It is of another log, and no larger: both cannot be true.
    Forked,
}

impl Compared {
    /// Whether the tree holds all of it.
    #[must_use]
    pub fn is_held(self) -> bool {
        matches!(self, Self::Same | Self::Behind)
    }
}

/// Compares a state of a log with a tree of `held` leaves. `root_at` is asked once at most, for the
/// root of the tree at a size that it has; None is no root of anything.
///
/// # Errors
/// Those of `root_at`.
pub fn compare<E>(
    size: u64,
    root: &Hash,
    held: u64,
    root_at: impl FnOnce(u64) -> Result<Option<Hash>, E>,
) -> Result<Compared, E> {
    Ok(match size {
        size if size > held => Compared::Ahead,
        size if root_at(size)? != Some(*root) => Compared::Forked,
        size if size == held => Compared::Same,
        _ => Compared::Behind,
    })
}

#[cfg(test)]
mod tests {
    use super::super::hash::{empty_root, leaf_hash};
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn each_answer() {
        let mut tree = Tree::new();
        (0..5_u8).for_each(|leaf| tree.append(leaf_hash(&[leaf])));
        let at = |size| tree.root_at(size).unwrap();
        for (size, root, expected) in [
            (5, at(5), Compared::Same),
            (4, at(4), Compared::Behind),
            (0, empty_root(), Compared::Behind),
            (5, at(4), Compared::Forked),
            (3, at(5), Compared::Forked),
            (0, at(1), Compared::Forked),
            (6, at(5), Compared::Ahead),
            (u64::MAX, empty_root(), Compared::Ahead),
        ] {
            assert_eq!(tree.compare(size, &root), expected, "{size}");
            assert_eq!(expected.is_held(), tree.root_at(size) == Some(root), "{size}");
        }
        assert_eq!(Tree::new().compare(0, &empty_root()), Compared::Same);
    }

    #[test]
    fn what_cannot_be_told_is_an_error_and_what_is_larger_is_not_asked_for() {
        let lost = |_| Err("lost");
        assert_eq!(compare(5, &empty_root(), 5, lost), Err("lost"));
        assert_eq!(compare(6, &empty_root(), 5, lost), Ok(Compared::Ahead));
        assert_eq!(compare(5, &empty_root(), 5, |_| Ok::<_, ()>(None)), Ok(Compared::Forked));
    }
}
