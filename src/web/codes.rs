//! Every code that a problem of this service may bear: the names of the enums that say what is
//! wrong, and the codes that are written where they arise. The one list: the description of the
//! API, its page and the labels of figures are made of it. Not here: words and statuses.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use strum::VariantNames;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::names::IdError;
use crate::photo::PhotoError;
use crate::register::{GoodsRefusal, Refusal};
use crate::seal::SealError;
use crate::sheet::SheetError;
use crate::statement::StatementError;

/// Variants that tell the code of the fault within.
const WRAPPERS: [&str; 3] = ["goods", "identifier", "quantity"];

/// Codes that are written where they arise, in the order of letters. `tests/it/description.rs`
/// looks for each of them in the sources, and in this list for each that stands there.
const WRITTEN: &str = "\
    address_too_long already_certified body_incomplete body_too_slow certificate_unknown clock \
    commitment_form consignment_too_large cosigned_page_unknown cursor_form document_erased \
    document_form document_mismatch document_not_kept document_quota document_too_large \
    document_unknown dossier_too_large entry_unknown entry_unreadable event_unknown file_unknown \
    file_unreadable form_unknown group_refused group_too_large host inconsistent index_form \
    internal json_form label_cut label_index label_malformed label_order label_signature \
    label_version_unknown leaf_too_large list_unknown lot_exists lot_unknown malformed_tile_path \
    may_be_logged method_not_allowed no_certificate no_documents no_free_serial no_goods \
    no_key_in_force no_keys no_receipt_key no_sidecar no_version_then not_a_label not_authorised \
    not_found nothing_to_check out_of_scope pack_since party_unknown path_form quantity_form \
    quantity_not_whole quantity_range query_form quota receipt_key_unknown request_rate \
    request_signature schema_unknown serial_form serial_not_issued serial_reserved serials_lost \
    shape shipment_unknown side_unknown sidecars_beyond_log statement_too_large \
    status_index_unknown status_list_unknown status_pending symbol tile_beyond_tree time_form \
    time_future token_character token_length too_busy too_large too_many_codes too_many_files \
    too_many_items too_many_lines took_too_long trace_too_large two_addresses unknown_filter \
    unknown_party unknown_path unknown_term unknown_type unsupported_media_type upload_broken \
    upload_too_large webhook_address webhook_limit webhook_unknown webhooks_off wrapped_link \
    writes_stopped";

static ALL: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let named = [
        Refusal::VARIANTS,
        GoodsRefusal::VARIANTS,
        StatementError::VARIANTS,
        IdError::VARIANTS,
        SealError::VARIANTS,
        PhotoError::VARIANTS,
        SheetError::VARIANTS,
    ];
    let named = named.into_iter().flatten().copied().filter(|code| !WRAPPERS.contains(code));
    named.chain(WRITTEN.split_whitespace()).collect()
});

/// All of them, in the order of letters.
pub fn all() -> impl Iterator<Item = &'static str> {
    ALL.iter().copied()
}

/// The code of the list; None for one that is not in it.
#[must_use]
pub fn known(code: &str) -> Option<&'static str> {
    ALL.get(code).copied()
}

/// A code, as the description of the API has it: one of all.
pub struct ProblemCode;

impl PartialSchema for ProblemCode {
    fn schema() -> RefOr<Schema> {
        let codes = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What was wrong. Codes are stable; a later release may add some."))
            .enum_values(Some(all()));
        codes.into()
    }
}

impl ToSchema for ProblemCode {
    fn name() -> Cow<'static, str> {
        "ProblemCode".into()
    }
}
