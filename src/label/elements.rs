//! GS1 element strings, raw and with brackets: `(01)...(10)...` cut by the table of application
//! identifiers. A lot number may hold what looks like the next element, so a text may be cut in
//! more than one way. Not here: which of them is meant. Source: GS1 Syntax Dictionary (July 2026).

use super::dress::GROUP_SEPARATOR;

/// One application identifier, or all that begin with it: length of the identifier, of its value
/// at least and at most.
type Row = (&'static str, usize, usize, usize);

/// The table. Where a value is of digits alone the maximum is what it adds to [`DIGITS`].
#[rustfmt::skip]
const TABLE: [Row; 75] = [
    ("00", 2, 18, DIGITS + 18), ("01", 2, 14, DIGITS + 14), ("02", 2, 14, DIGITS + 14),
    ("03", 2, 14, DIGITS + 14), ("10", 2, 1, 20), ("11", 2, 6, DATE), ("12", 2, 6, DATE),
    ("13", 2, 6, DATE), ("15", 2, 6, DATE), ("16", 2, 6, DATE), ("17", 2, 6, DATE),
    ("20", 2, 2, DIGITS + 2), ("21", 2, 1, 20), ("22", 2, 1, 20), ("235", 3, 1, 28),
    ("240", 3, 1, 30), ("241", 3, 1, 30), ("242", 3, 1, DIGITS + 6), ("243", 3, 1, 20),
    ("250", 3, 1, 30), ("251", 3, 1, 30), ("253", 3, 13, 30), ("254", 3, 1, 20),
    ("255", 3, 13, DIGITS + 25), ("30", 2, 1, DIGITS + 8), ("31", 4, 6, DIGITS + 6),
    ("32", 4, 6, DIGITS + 6), ("33", 4, 6, DIGITS + 6), ("34", 4, 6, DIGITS + 6),
    ("35", 4, 6, DIGITS + 6), ("36", 4, 6, DIGITS + 6), ("37", 2, 1, DIGITS + 8),
    ("390", 4, 1, DIGITS + 15), ("391", 4, 4, DIGITS + 18), ("392", 4, 1, DIGITS + 15),
    ("393", 4, 4, DIGITS + 18), ("394", 4, 4, DIGITS + 4), ("395", 4, 6, DIGITS + 6),
    ("400", 3, 1, 30), ("401", 3, 1, 30), ("402", 3, 17, DIGITS + 17), ("403", 3, 1, 30),
    ("41", 3, 13, DIGITS + 13), ("420", 3, 1, 20), ("421", 3, 4, 12), ("422", 3, 3, DIGITS + 3),
    ("423", 3, 3, DIGITS + 15), ("424", 3, 3, DIGITS + 3), ("425", 3, 3, DIGITS + 15),
    ("426", 3, 3, DIGITS + 3), ("427", 3, 1, 3), ("43", 4, 1, 70), ("700", 4, 1, 30),
    ("701", 4, 1, 20), ("702", 4, 1, 30), ("703", 4, 4, 30), ("704", 4, 4, 4), ("71", 3, 1, 20),
    ("723", 4, 3, 30), ("724", 4, 1, 20), ("725", 4, 1, 90), ("800", 4, 1, 70),
    ("801", 4, 1, 30), ("802", 4, 1, 25), ("803", 4, 1, 90), ("804", 4, 1, 20),
    ("811", 4, 1, 70), ("820", 4, 1, 70), ("90", 2, 1, 30), ("91", 2, 1, 90), ("92", 2, 1, 90),
    ("93", 2, 1, 90), ("94", 2, 1, 90), ("95", 2, 1, 90), ("9", 2, 1, 90),
];

/// Added to the longest value of what has digits alone.
const DIGITS: usize = 1_000;

/// Marks six digits that are a date, YYMMDD; the day may be 00.
const DATE: usize = 2 * DIGITS + 6;

/// Ways of cutting that are followed at most: a lot of 20 characters has fewer.
const WAYS_MAX: usize = 4;

/// Steps taken at most on the way: each is a look at some characters.
const STEPS_MAX: usize = 4_000;

/// The elements that name a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Elements {
    pub gtin: String,
    pub lot: Option<String>,
    pub serial: Option<String>,
    /// Whether there were others.
    pub others: bool,
}

/// Whether a text can be nothing but an element string: bracketed, or raw with a GTIN in front.
pub(super) fn is_element_string(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let raw = |gtin: &str| digits(gtin) && text.len() > 16 && !text.contains('/');
    text.starts_with('(') || text.starts_with("01") && text.get(2..16).is_some_and(raw)
}

/// The ways to cut a text into elements, the likeliest first: a value with brackets ends where the
/// next known element begins, one without at its separator. Empty: it is no element string.
pub(super) fn cut(text: &str) -> Vec<Elements> {
    let mut cutter =
        Cutter { bracketed: text.starts_with('('), ways: Vec::new(), steps: STEPS_MAX };
    cutter.follow(text, &mut Vec::new());
    cutter.ways
}

struct Cutter {
    bracketed: bool,
    ways: Vec<Elements>,
    steps: usize,
}

impl Cutter {
    /// Cuts off one element in each way it can end, then the rest.
    fn follow<'a>(&mut self, rest: &'a str, taken: &mut Vec<(&'a str, &'a str)>) {
        if rest.is_empty() {
            return self.keep(taken);
        }
        let Some((identifier, row, value)) = self.identifier(rest) else { return };
        if taken.iter().any(|(known, _)| *known == identifier) {
            return;
        }
        for end in self.ends(value) {
            if self.ways.len() >= WAYS_MAX || self.steps == 0 {
                return;
            }
            self.steps -= 1;
            let (own, next) = value.split_at(end);
            let own = if self.bracketed { own.trim() } else { own };
            if fits(own, row) {
                taken.push((identifier, own));
                self.follow(next.trim_start_matches(GROUP_SEPARATOR), taken);
                taken.pop();
            }
        }
    }

    /// The identifier that a text begins with, its row, and what follows.
    fn identifier<'a>(&self, rest: &'a str) -> Option<(&'a str, Row, &'a str)> {
        let rest = if self.bracketed { rest.trim_start().strip_prefix('(')? } else { rest };
        let (prefix, length, low, high) = *TABLE.iter().find(|row| rest.starts_with(row.0))?;
        let (identifier, value) = rest.split_at_checked(length)?;
        let known = identifier.bytes().all(|b| b.is_ascii_digit());
        let value = if self.bracketed { value.strip_prefix(')')? } else { value };
        known.then_some((identifier, (prefix, length, low, high), value))
    }

    /// Where a value may end, the likeliest first.
    fn ends(&self, value: &str) -> Vec<usize> {
        let stop = value.find(GROUP_SEPARATOR).unwrap_or(value.len());
        let within = value.get(..stop).unwrap_or_default();
        let places = within.char_indices().map(|(at, _)| at);
        if self.bracketed {
            let opens =
                places.filter(|at| value.get(*at..).is_some_and(|rest| rest.starts_with('(')));
            return opens.chain([stop]).collect();
        }
        // Without a separator a scanner may have dropped it: shorter values are tried too.
        [stop].into_iter().chain(places.skip(1)).collect()
    }

    fn keep(&mut self, taken: &[(&str, &str)]) {
        let value =
            |asked| taken.iter().find(|(known, _)| *known == asked).map(|(_, value)| *value);
        let Some(gtin) = value("01") else { return };
        let way = Elements {
            gtin: gtin.to_owned(),
            lot: value("10").map(str::to_owned),
            serial: value("21").map(str::to_owned),
            others: taken.iter().any(|(known, _)| !["01", "10", "21"].contains(known)),
        };
        if !self.ways.contains(&way) {
            self.ways.push(way);
        }
    }
}

/// Whether a value is one of its row: length, digits, date.
fn fits(value: &str, (_, _, low, high): Row) -> bool {
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    let length = value.chars().count();
    let two = |at: usize| value.get(at..at + 2).and_then(|text| text.parse::<u8>().ok());
    match high / DIGITS {
        0 => (low..=high).contains(&length),
        1 => digits && (low..=high - DIGITS).contains(&length),
        _ => {
            let day = two(4).is_some_and(|day| day <= 31);
            digits && length == low && two(2).is_some_and(|month| (1..=12).contains(&month)) && day
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lots(text: &str) -> Vec<String> {
        cut(text).into_iter().map(|way| way.lot.unwrap_or_default()).collect()
    }

    #[test]
    fn values_end_where_a_known_element_begins() {
        assert_eq!(
            lots("(01)06111234567895(10)A24B017(17)261231"),
            ["A24B017", "A24B017(17)261231"]
        );
        assert_eq!(lots("(17)261231(01)06111234567895(10)A24B017"), ["A24B017"]);
        assert_eq!(lots("(01) 06111234567895 (10) A(1)7"), ["A(1)7"]);
        // (17) with a thirteenth month is no date, so it belongs to the lot.
        assert_eq!(lots("(01)06111234567895(10)A(17)261331"), ["A(17)261331"]);
        assert_eq!(lots("(01)06111234567895(99)A(10)B"), ["B", ""]);
        assert!(cut("(10)A24B017").is_empty() && cut("(01)0611").is_empty());
        assert!(cut("(01)06111234567895(10)").is_empty());
    }

    #[test]
    fn raw_values_end_at_their_separator_or_where_it_was_dropped() {
        let with = "0106111234567895\u{1d}10A24B017\u{1d}17261231";
        assert_eq!(lots(with).first().map(String::as_str), Some("A24B017"));
        let without = lots("010611123456789510A24B01717261231");
        assert_eq!(without.first().map(String::as_str), Some("A24B01717261231"));
        assert!(without.contains(&"A24B017".to_owned()), "{without:?}");
        assert_eq!(lots("01061112345678951726123110A24B017").first().unwrap(), "A24B017");
    }

    #[test]
    fn no_text_takes_long() {
        for part in ["(10)", "10", "(99)(10)", "(17)261231"] {
            let _ = cut(&format!("(01)06111234567895{}", part.repeat(400)));
            let _ = cut(&format!("0106111234567895{}", part.repeat(400)));
        }
    }
}
