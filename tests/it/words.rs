//! Words and codes that programs read: each follows from the name of its variant, so that a variant
//! that is named anew would change it. What stands here was promised.

use serde::de::DeserializeOwned;
use serde_json::json;
use strum::VariantNames;
use tasdiq::catalog::BaseUnit;
use tasdiq::label::LeftOut;
use tasdiq::ledger::KeyName;
use tasdiq::names::IdError;
use tasdiq::photo::PhotoError;
use tasdiq::pkcs11::TokenError;
use tasdiq::register::{CertificateStatus, GoodsRefusal, LotStatus, Refusal};
use tasdiq::seal::{KeyStanding, SealError};
use tasdiq::statement::{
    Claim, Custody, CustodyModel, KeyPurpose, Reason, Role, Sampler, StatementError, StatusAction,
    StatusPurpose,
};
use tasdiq::store::StoreError;
use tasdiq::transfer::export::ExportError;
use tasdiq::verify::{CheckName, CheckResult, Indication, Policy, Signal, SubIndication};

/// Of a fault that wraps another (`identifier`) the other's code is told.
const PROMISED: [(&[&str], &str); 30] = [
    (
        Refusal::VARIANTS,
        "unknown_party unknown_key key_purpose key_retired key_expired key_compromised \
             key_reused key_exists key_unusable key_state not_authorised party_barred \
             out_of_scope accreditation_unknown scope_wider not_suspect entry_mismatch \
             successor_mismatch outlives_scope unknown_term mismatch id_taken lot_exists \
             lot_unknown certificate_unknown quantity_exceeded labels_exceeded final status_order \
             future status_list_wrong id_form text_form name_form edition newer_edition \
             rulebook_order serial_window campaign_form campaign_day fact_differs pack_size \
             gtin_mismatch gtin_owner prefix_taken name_taken not_asked key_scope key_waits \
             cosigner since_too_early certificate_suspended not_renewable notice_missing \
             label_refused goods",
    ),
    (
        GoodsRefusal::VARIANTS,
        "yield_exceeded recipe_unknown recipe_mismatch unit_mismatch recipe_unbounded \
             recipe_cycle recipe_renames rulebook_form rulebook_order insufficient not_holder \
             not_producer lot_overfilled lot_closed lot_twice lot_unknown lot_held lot_recalled \
             quantity_exceeded cover_exceeded blend_not_allowed custody_upgraded \
             labels_exceeded labelled not_labelled to_self not_receiver shipment_state \
             receipt_sum event_time sample_exceeded sscc_owner sscc_in_use unit_state \
             unit_contents event_empty cannot_void void_late event_exists out_of_season \
             campaign_day lifts_nothing origin_region origins_too_many operator_not_certified volume_exceeded \
             scope_overlap decision_old cover_withdrawn price_unbound price_exceeded terms_differ \
             extract_refused extract_exceeded not_mandated",
    ),
    (
        StatementError::VARIANTS,
        "too_large not_utf8 not_json too_deep duplicate_key key_not_ascii number_not_integer \
             number_range not_nfc not_canonical context_mismatch unknown_type proof_shape \
             proof_context proof_value verification_method shape inconsistent identifier \
             quantity time_form",
    ),
    (
        IdError::VARIANTS,
        "gtin_form gtin_check_digit gtin_restricted lot_length lot_character lot_dots \
             serial_form party_form lot_path sscc_form sscc_check_digit unit_path host_form",
    ),
    (
        SealError::VARIANTS,
        "signature_invalid public_key key_file passphrase unsignable sidecar_invalid \
             jwt_damaged submission_form device",
    ),
    (
        TokenError::VARIANTS,
        "token_uri token_no_module token_module token_unknown token_several token_pin \
             token_pin_locked token_object_unknown token_object_several token_key \
             token_object_exists token_device",
    ),
    (
        PhotoError::VARIANTS,
        "photo_too_large photo_unreadable photo_without_qr photo_too_many_codes \
             photo_too_slow photo_busy",
    ),
    (
        StoreError::VARIANTS,
        "store_conflict store_refused store_locked store_unusable store_corrupt store_fatal \
             store_unknown",
    ),
    (
        ExportError::VARIANTS,
        "source checkpoint_invalid missing source_damaged document folder root name \
             folder_ahead fork file",
    ),
    (
        CertificateStatus::VARIANTS,
        "valid not-yet-valid expired suspended withdrawn scope-reduced superseded",
    ),
    (LotStatus::VARIANTS, "released held recalled exhausted"),
    (
        Signal::VARIANTS,
        "no-label-signature foreign-host plain-http lot-missing lot-unknown two-lots copyable \
             not-serialised serial-not-issued label-void unusual-scans lot-ended expired-label \
             claim-not-in-force held-for-capacity superseded input-certificate-suspended \
             input-certificate-withdrawn recall-voided suspect-key certifier-suspended \
             certifier-withdrawn uncertified-lot-released uncertified-lot-held uncertified-lot-recalled \
             uncertified-lot-exhausted",
    ),
    (
        LeftOut::VARIANTS,
        "invisible-characters quotes words symbology-identifier escapes spaces port host-dot \
             query fragment slashes punctuation other-elements foreign-serial json-form",
    ),
    (Policy::VARIANTS, "shop customs audit"),
    (StatusPurpose::VARIANTS, "revocation suspension"),
    (
        Claim::VARIANTS,
        "registration accreditation lot certificate key-change status-change status-list \
             status-index label-issue reconfirmation scope-change root-succession rulebook \
             agreement prefix-grant capacity label-void traceability-event operator-certificate \
             price-paid certificate-extract mandate",
    ),
    (BaseUnit::VARIANTS, "GRM MLT H87"),
    (KeyName::VARIANTS, "root registrar-1 service-1 log-1 label-1 scitt-1"),
    (Indication::VARIANTS, "TOTAL_PASSED INDETERMINATE TOTAL_FAILED"),
    (
        SubIndication::VARIANTS,
        "FORMAT_FAILURE SIG_CRYPTO_FAILURE HASH_FAILURE REVOKED NO_SIGNING_CERTIFICATE_FOUND \
             NO_POE TRY_LATER LOG_PROOF_FAILURE AUTHORITY_FAILURE KEY_SUSPECT \
             WITNESS_QUORUM_MISSING STATUS_STALE TRUST_FAILURE ROOT_NOT_PINNED LABEL_UNSIGNED \
             SERIAL_NOT_ISSUED",
    ),
    (
        CheckName::VARIANTS,
        "format trust-snapshot pack host label-key label-signature serial-issued label-expiry \
             binding statement-profile statement-signature issuer-key accreditation inclusion \
             checkpoint witness-quorum status-freshness manifest records non-withdrawal \
             certificate-status lot-status inherited-status origin custody mass-balance",
    ),
    (CheckResult::VARIANTS, "pass fail absent stale not-run"),
    (
        Reason::VARIANTS,
        "nonconformity lab-result complaint fraud-suspected paperwork request-of-holder \
             safety key-compromise capacity yield late age ceased error other",
    ),
    (StatusAction::VARIANTS, "suspend reinstate withdraw hold release recall"),
    (
        Role::VARIANTS,
        "authority certifier cooperative shop carrier laboratory inspector processor exporter",
    ),
    (KeyPurpose::VARIANTS, "root assertion service label log receipt"),
    (Custody::VARIANTS, "self operator"),
    (CustodyModel::VARIANTS, "identity-preserved segregated controlled-blending mass-balance"),
    (Sampler::VARIANTS, "certifier inspector laboratory cooperative"),
    (KeyStanding::VARIANTS, "in-force not-yet expired retired suspect compromised"),
];

#[test]
fn words_and_codes_are_those_that_were_promised() {
    for (words, promised) in PROMISED {
        assert_eq!(words.join(" "), promised, "{words:?}");
    }
}

/// A document reads and writes the same words.
fn read_alike<T: DeserializeOwned + Into<&'static str>>(words: &[&str]) {
    for word in words {
        let read: T = serde_json::from_value(json!(word)).unwrap();
        assert_eq!(read.into(), *word);
    }
}

#[test]
fn documents_have_the_same_words() {
    read_alike::<CertificateStatus>(CertificateStatus::VARIANTS);
    read_alike::<LotStatus>(LotStatus::VARIANTS);
    read_alike::<Signal>(Signal::VARIANTS);
    read_alike::<LeftOut>(LeftOut::VARIANTS);
    read_alike::<Policy>(Policy::VARIANTS);
    read_alike::<StatusPurpose>(StatusPurpose::VARIANTS);
    read_alike::<Indication>(Indication::VARIANTS);
    read_alike::<SubIndication>(SubIndication::VARIANTS);
    read_alike::<CheckName>(CheckName::VARIANTS);
    read_alike::<CheckResult>(CheckResult::VARIANTS);
    read_alike::<Reason>(Reason::VARIANTS);
    read_alike::<StatusAction>(StatusAction::VARIANTS);
    read_alike::<Role>(Role::VARIANTS);
    read_alike::<KeyPurpose>(KeyPurpose::VARIANTS);
    read_alike::<Custody>(Custody::VARIANTS);
    read_alike::<CustodyModel>(CustodyModel::VARIANTS);
    read_alike::<Sampler>(Sampler::VARIANTS);
}
