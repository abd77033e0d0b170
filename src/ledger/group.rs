//! Groups: statements that are logged together or not at all. What a group costs, told before any
//! signature of it is looked at, and its way from bytes to the writer: each line is read as if it
//! came alone after those before it. Not here: judging it for good (`batch`).

use super::intake::rows_taken;
use super::{Submission, SubmitError, intake};
use crate::limits::{GROUP_LINES_MAX, GROUP_ROWS_MAX};
use crate::register::Register;
use crate::seal::{LogPosition, parted};
use crate::statement::{Statement, Timestamp};

/// Whether a group of `count` lines, of which these are the first, has room in one batch. Each line
/// that is not at hand takes a row at the least.
///
/// # Errors
/// `group_too_large`, with both figures.
pub fn fits_group(count: usize, first: &[&[u8]]) -> Result<(), SubmitError> {
    let rows_of_line = |line: &&[u8]| match parted(line) {
        Ok((statement, jwt)) => rows_taken(statement.len(), jwt.as_ref().map(String::len)),
        Err(_) => 1,
    };
    let others = count.saturating_sub(first.len());
    let rows = first.iter().map(rows_of_line).fold(others, usize::saturating_add);
    if count > GROUP_LINES_MAX || rows > GROUP_ROWS_MAX {
        return Err(SubmitError::GroupTooLarge { lines: count, rows });
    }
    Ok(())
}

/// What is to be submitted of a group of which each line was taken in against `register`. A line
/// that was refused there may rest on what those before it say, a key for one, so all are judged
/// here already, in their order, on a register that nobody else sees: what would be refused costs
/// the writer nothing. `admits` is the door ([`crate::ledger::Ledger::admits`]).
///
/// # Errors
/// One for each line: why the first of them is refused, and that the others are undone.
pub fn intake_group<R>(
    lines: &[&[u8]],
    taken: Vec<Result<Submission, SubmitError>>,
    register: &Register,
    now: Timestamp,
    admits: &dyn Fn(&Register, &Statement) -> Result<(), SubmitError>,
) -> Result<Vec<Submission>, Vec<Result<R, SubmitError>>> {
    let mut told = register.clone();
    let mut good = Vec::with_capacity(lines.len());
    for (place, (line, taken)) in lines.iter().zip(taken).enumerate() {
        let taken = taken.or_else(|_| intake(line, &told, now));
        let taken = taken.and_then(|it| {
            let known = told.index_of_digest(&it.statement.digest).is_some();
            if !known {
                admits(&told, &it.statement)?;
                foretold(&mut told, &it.statement, now)?;
            }
            Ok(it)
        });
        match taken {
            Ok(submission) => good.push(submission),
            Err(fault) => return Err(undone(lines.len(), place.saturating_add(1), fault)),
        }
    }
    Ok(good)
}

/// What became of keeping the documents of a group, in its order: all are kept, or nothing is
/// submitted.
///
/// # Errors
/// One for each line, as [`intake_group`].
pub fn kept_group<R>(
    group: Vec<Submission>,
    keep: impl Fn(Submission) -> Result<Submission, SubmitError>,
) -> Result<Vec<Submission>, Vec<Result<R, SubmitError>>> {
    let lines = group.len();
    let mut kept = Vec::with_capacity(lines);
    for (place, submission) in group.into_iter().enumerate() {
        match keep(submission) {
            Ok(submission) => kept.push(submission),
            Err(fault) => return Err(undone(lines, place.saturating_add(1), fault)),
        }
    }
    Ok(kept)
}

/// Folds a statement into a register that nobody else sees.
fn foretold(
    register: &mut Register,
    statement: &Statement,
    now: Timestamp,
) -> Result<(), SubmitError> {
    let logged_at = register.last_at().map_or(now, |last| last.max(now));
    let mark = LogPosition { index: register.size(), logged_at };
    Ok(register.fold(statement, mark)?)
}

/// The answers of a group of which line `line` (counted from 1) is refused.
pub(super) fn undone<R>(
    lines: usize,
    line: usize,
    fault: SubmitError,
) -> Vec<Result<R, SubmitError>> {
    let others = (1..=lines).filter(|other| *other != line);
    let mut answers: Vec<_> = others.map(|_| Err(SubmitError::Undone { line })).collect();
    answers.insert(line.saturating_sub(1).min(answers.len()), Err(fault));
    answers
}

/// What became of a group: nothing if all of it is in the log, else why not, and the line (counted
/// from 1) that is to blame, if one is.
#[must_use]
pub fn group_fault<R>(answers: &[Result<R, SubmitError>]) -> Option<(Option<usize>, &SubmitError)> {
    let fault = |(place, answer): (usize, &'_ Result<R, SubmitError>)| match answer {
        Ok(_) | Err(SubmitError::Undone { .. }) => None,
        Err(_) => Some(place),
    };
    let place = answers.iter().enumerate().find_map(fault)?;
    let fault = answers.get(place)?.as_ref().err()?;
    let of_all = matches!(
        fault,
        SubmitError::Stopped { .. }
            | SubmitError::Unsure { .. }
            | SubmitError::GroupTooLarge { .. }
            | SubmitError::DocumentNotKept
    );
    Some(((!of_all).then_some(place.saturating_add(1)), fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_told_before_anything_is_read() {
        let figures = |lines: &[&[u8]]| match fits_group(lines.len(), lines) {
            Err(SubmitError::GroupTooLarge { lines, rows }) => Some((lines, rows)),
            _ => None,
        };
        let small = b"{\"@context\":[]}".as_slice();
        assert_eq!(figures(&vec![small; 400]), None);
        assert_eq!(figures(&vec![small; 401]), Some((401, 401)));
        let paired = br#"{"statement":{},"jwt":"a..b"}"#.as_slice();
        assert_eq!(figures(&vec![paired; 240]), None);
        assert_eq!(figures(&vec![paired; 241]), Some((241, 482)));
        let large = vec![b' '; 60_000];
        assert_eq!(figures(&vec![large.as_slice(); 60]), None);
        assert_eq!(figures(&vec![large.as_slice(); 61]), Some((61, 488)));
        let many = fits_group(1_000_000, &[large.as_slice()]).unwrap_err();
        assert!(many.to_string().contains("1000000 lines that take 1000007 rows"), "{many}");
    }

    #[test]
    fn the_line_to_blame() {
        let refused = || SubmitError::Quota { party: String::new(), quota: 1, seconds: 1 };
        let answers: Vec<Result<(), _>> = undone(3, 2, refused());
        assert_eq!(answers.len(), 3);
        assert_eq!(group_fault(&answers).map(|(line, fault)| (line, fault.code())), {
            Some((Some(2), "quota"))
        });
        let stopped = SubmitError::Stopped { reason: String::new() };
        let answers = vec![Ok(()), Err(stopped)];
        assert_eq!(group_fault(&answers).map(|(line, _)| line), Some(None));
        assert!(group_fault(&[Ok::<(), _>(()), Ok(())]).is_none());
    }
}
