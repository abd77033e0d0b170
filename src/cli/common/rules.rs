//! The lists of a rulebook in words: what they hold, and what a proposal changes of them, row by
//! row. Not here: what they mean (`register`).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::statement::GoodsRules;

/// Rows of a list by their keys, as JSON.
type Rows = BTreeMap<String, String>;

/// How many rows each list has, lists without any left out.
#[must_use]
pub fn counts(rules: &GoodsRules) -> Vec<(String, usize)> {
    let lists = lists_of(rules);
    lists.into_iter().map(|(name, rows)| (name, rows.len())).collect()
}

/// What changes from one to the other, a line for each row.
#[must_use]
pub fn changes(old: &GoodsRules, new: &GoodsRules) -> Vec<String> {
    let (old, new) = (lists_of(old), lists_of(new));
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let none = Rows::new();
    let mut lines = Vec::new();
    for name in names {
        let (old, new) = (old.get(name).unwrap_or(&none), new.get(name).unwrap_or(&none));
        let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        lines.extend(keys.into_iter().filter_map(|key| match (old.get(key), new.get(key)) {
            (None, Some(now)) => Some(format!("+ {name} {key}: {now}")),
            (Some(before), None) => Some(format!("- {name} {key}: {before}")),
            (Some(before), Some(now)) if before != now => {
                Some(format!("~ {name} {key}: {before} -> {now}"))
            }
            _ => None,
        }));
    }
    lines
}

fn lists_of(rules: &GoodsRules) -> BTreeMap<String, Rows> {
    // Lists of texts and whole numbers have no way to fail.
    let value = serde_json::to_value(rules).unwrap_or_default();
    let members = value.as_object().cloned().unwrap_or_default();
    let rows = |list: &Value| {
        let rows = list.as_array().into_iter().flatten();
        rows.map(|row| (key_of(row), row.to_string())).collect()
    };
    members.iter().map(|(name, list)| (name.clone(), rows(list))).collect()
}

/// What tells a row from others of its list.
fn key_of(row: &Value) -> String {
    let named = |member: &str| row[member].as_str().map(str::to_owned);
    let way = || Some(format!("{}-{}", named("from")?, named("to")?));
    let season = || Some(format!("{} {}", named("material")?, named("from")?));
    let key = named("id").or_else(|| named("scheme"));
    key.or_else(season).or_else(|| named("material")).or_else(way).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::first_goods_rules;

    #[test]
    fn rows_that_come_go_and_change() {
        let old = first_goods_rules().unwrap();
        assert_eq!(changes(&old, &old), Vec::<String>::new());
        let mut new = old.clone();
        let gone = new.recipes.remove(0).id;
        new.tolerances.clear();
        let told = changes(&old, &new);
        assert!(
            told.iter().any(|line| line.starts_with(&format!("- recipes {gone}:"))),
            "{told:?}"
        );
        assert_eq!(told.len(), 1 + old.tolerances.len());
        let back = changes(&new, &old);
        assert!(back.iter().all(|line| line.starts_with("+ ")));
    }
}
