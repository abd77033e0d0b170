//! The JSON Schemas of this release as they stand in the repository. Not here: how they are served
//! (`schema_files`), and which of them the description of the API takes up (`file_shapes`).

macro_rules! schema_files {
    ($($name:literal)*) => {
        /// Name and text of each.
        pub const SCHEMAS: &[(&str, &str)] = &[$((
            $name,
            include_str!(concat!("../../../schemas/", $name, ".schema.json")),
        )),*];
    };
}

schema_files! {
    "accreditation" "agreement" "capacity" "certificate" "certificate-extract" "consignment"
    "dossier" "key-change" "label-issue" "label-void" "lot" "mandate" "operator-certificate" "pack"
    "prefix-grant" "price-paid" "reconfirmation" "registration" "root-succession" "rulebook"
    "scope-change" "status-change" "status-index" "status-list" "trace-dossier"
    "traceability-event" "trust" "verification-report"
}

/// The text of a schema.
#[must_use]
pub fn schema_text(name: &str) -> Option<&'static str> {
    SCHEMAS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The address of a schema, as it stands in the description.
#[must_use]
pub fn schema_address(name: &str) -> String {
    format!("/schemas/{name}.schema.json")
}
