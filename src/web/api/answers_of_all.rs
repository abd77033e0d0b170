//! What the description of the API says of every operation alike: faults are problem documents in
//! their own media type, and those that any request may meet. Each handler names its own beside it.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Where the schema of a problem stands.
const PROBLEM: &str = "#/components/schemas/Problem";

/// The media type of a problem (RFC 9457).
const PROBLEM_TYPE: &str = "application/problem+json";

/// Adds to each operation what all of them share.
pub struct AnswersOfAll;

impl utoipa::Modify for AnswersOfAll {
    fn modify(&self, api: &mut OpenApi) {
        for item in api.paths.paths.values_mut() {
            operations(item).for_each(complete);
        }
    }
}

/// The operations of a path.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.delete].into_iter().filter_map(Option::as_mut)
}

fn complete(operation: &mut Operation) {
    let mut shared = vec![
        ("408", "Not answered within the service's time; try again"),
        ("500", "A fault of the service's own"),
    ];
    let asks = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    let takes = operation.request_body.is_some();
    if asks || takes {
        shared.push(("400", "A member or body that cannot be read"));
    }
    if takes {
        shared.push(("413", "The body is too large"));
    }
    let answers = &mut operation.responses.responses;
    for (status, words) in shared {
        answers.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(words)));
    }
    for answer in answers.values_mut() {
        if let RefOr::T(answer) = answer {
            told_as_problem(answer);
        }
    }
}

fn problem(words: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::new(PROBLEM))).build();
    ResponseBuilder::new().description(words).content(PROBLEM_TYPE, content).build()
}

/// A body that is a problem has the media type of one.
fn told_as_problem(answer: &mut Response) {
    for (kind, content) in std::mem::take(&mut answer.content) {
        let kind = if is_problem(&content) { PROBLEM_TYPE.to_owned() } else { kind };
        answer.content.insert(kind, content);
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(content) = content else { return false };
    let Some(RefOr::Ref(schema)) = &content.schema else { return false };
    schema.ref_location == PROBLEM
}
