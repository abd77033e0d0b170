//! Maps in a snapshot: a list of pairs in the order of their keys, since most keys are no texts.

use std::collections::BTreeMap;

use imbl::OrdMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) fn serialize<K, V, S>(map: &OrdMap<K, V>, serializer: S) -> Result<S::Ok, S::Error>
where
    K: Ord + Clone + Serialize,
    V: Clone + Serialize,
    S: Serializer,
{
    serializer.collect_seq(map.iter())
}

pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<OrdMap<K, V>, D::Error>
where
    K: Ord + Clone + Deserialize<'de>,
    V: Clone + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Vec::<(K, V)>::deserialize(deserializer).map(OrdMap::from)
}

/// The same of a plain tree.
pub(super) mod of_tree {
    use super::*;

    pub(in super::super) fn serialize<K, V, S>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error>
    where
        K: Ord + Serialize,
        V: Serialize,
        S: Serializer,
    {
        serializer.collect_seq(map)
    }

    pub(in super::super) fn deserialize<'de, K, V, D>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Ord + Deserialize<'de>,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// A set: a list in order.
pub(super) mod of_set {
    use imbl::OrdSet;

    use super::*;

    pub(in super::super) fn serialize<K, S>(
        set: &OrdSet<K>,
        serializer: S,
    ) -> Result<S::Ok, S::Error>
    where
        K: Ord + Clone + Serialize,
        S: Serializer,
    {
        serializer.collect_seq(set.iter())
    }

    pub(in super::super) fn deserialize<'de, K, D>(deserializer: D) -> Result<OrdSet<K>, D::Error>
    where
        K: Ord + Clone + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Vec::<K>::deserialize(deserializer).map(OrdSet::from)
    }
}
