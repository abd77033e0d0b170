//! What is looked for in the register, as its addresses say it. Not here: the search
//! (`register::search`) and the form.

use super::frame::Ask;
use crate::os::percent;
use crate::register::LotQuery;

/// What is looked for.
pub(super) struct Filter(pub LotQuery);

impl Filter {
    pub fn of(ask: &Ask) -> Self {
        Self(LotQuery {
            product: ask.value("product"),
            cooperative: ask.value("cooperative"),
            certifier: ask.value("certifier"),
            region: ask.value("region"),
            status: ask.value("status"),
            // Addresses of before say `lot`.
            text: ask.value("text").or_else(|| ask.value("lot")),
        })
    }

    /// The query that repeats this filter, ending in `&` unless empty.
    pub fn query(&self) -> String {
        self.pairs().into_iter().fold(String::new(), |query, (name, value)| match value {
            Some(value) => format!("{query}{name}={}&", percent::value(value)),
            None => query,
        })
    }

    fn pairs(&self) -> [(&'static str, Option<&String>); 6] {
        let query = &self.0;
        [
            ("product", query.product.as_ref()),
            ("cooperative", query.cooperative.as_ref()),
            ("certifier", query.certifier.as_ref()),
            ("region", query.region.as_ref()),
            ("status", query.status.as_ref()),
            ("text", query.text.as_ref()),
        ]
    }
}
