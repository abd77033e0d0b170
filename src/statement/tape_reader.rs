//! Types read from a [`Tape`](super::tape::Tape): serde's side of it, with the rules of
//! `serde_json::Value`. Not here: the bytes.

use std::borrow::Cow;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::tape::{Node, Scalar};

type Fault = serde_json::Error;

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.cell.value {
            Scalar::Null => visitor.visit_unit(),
            Scalar::Bool(value) => visitor.visit_bool(*value),
            Scalar::Integer(value) => match u64::try_from(*value) {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => visitor.visit_i64(*value),
            },
            Scalar::Text(text) => visitor.visit_borrowed_str(text),
            Scalar::List => {
                let mut items = Items::of(self, &[]);
                let value = visitor.visit_seq(&mut items)?;
                items.done(value, "fewer elements in array")
            }
            Scalar::Object => {
                let mut items = Items::of(self, &[]);
                let value = visitor.visit_map(&mut items)?;
                items.done(value, "fewer elements in map")
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.cell.value {
            Scalar::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// Words only: no type of a statement is an enum that holds something.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Scalar::Text(text) = &self.cell.value else {
            return Err(Fault::custom("invalid type: a word was expected"));
        };
        let word: StrDeserializer<'_, Fault> = text.as_ref().into_deserializer();
        visitor.visit_enum(word)
    }

    /// What nobody reads is not walked through.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}

/// An object without some of its members, so that a type can read the rest of them and refuse what
/// it does not know.
pub(super) struct Beside<'de> {
    pub node: Node<'de>,
    /// The members left out, by name.
    pub names: &'static [&'static str],
}

impl<'de> Deserializer<'de> for Beside<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if !self.node.is_object() {
            return self.node.deserialize_any(visitor);
        }
        let mut items = Items::of(self.node, self.names);
        let value = visitor.visit_map(&mut items)?;
        items.done(value, "fewer elements in map")
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier option newtype_struct enum
        ignored_any
    }
}

/// The values of a list or an object, one after the other.
struct Items<'de> {
    node: Node<'de>,
    at: usize,
    /// Members that are stepped over.
    without: &'static [&'static str],
}

impl<'de> Items<'de> {
    fn of(node: Node<'de>, without: &'static [&'static str]) -> Self {
        let mut items = Self { node, at: node.below, without };
        items.step_over();
        items
    }

    fn here(&self) -> Option<Node<'de>> {
        self.node.tape.node(self.at).filter(|_| self.at < self.node.cell.next)
    }

    /// Goes on to the next value that is wanted.
    fn step_over(&mut self) {
        while let Some(node) = self.here()
            && self.without.contains(&node.cell.key.as_ref())
        {
            self.at = node.cell.next;
        }
    }

    /// A visitor that took fewer than there are got something else than it thinks.
    fn done<T>(&self, value: T, expected: &'static str) -> Result<T, Fault> {
        if self.at >= self.node.cell.next {
            return Ok(value);
        }
        Err(Fault::invalid_length(self.node.items().count(), &expected))
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some(node) = self.here() else { return Ok(None) };
        self.at = node.cell.next;
        seed.deserialize(node).map(Some)
    }
}

impl<'de> MapAccess<'de> for &mut Items<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some(node) = self.here() else { return Ok(None) };
        let key: &'de Cow<'de, str> = &node.cell.key;
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let node = self.here().ok_or_else(|| Fault::custom("value is missing"))?;
        self.at = node.cell.next;
        self.step_over();
        seed.deserialize(node)
    }
}
