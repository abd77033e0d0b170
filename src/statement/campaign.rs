//! Campaigns: the season a lot is of, as `2026`, or `2026/27` where the season runs over New Year.
//! Not here: what a party may declare in one (`register`).

use super::Day;

/// A campaign by the year it begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Campaign {
    first_year: i32,
    over_new_year: bool,
}

impl Campaign {
    /// Reads `YYYY` or `YYYY/YY` with the next year's last two digits; None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_at_checked(4)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let first_year: i32 = digits(year).then(|| year.parse().ok()).flatten()?;
        let next = first_year.checked_add(1)?.rem_euclid(100);
        match rest {
            "" => Some(Self { first_year, over_new_year: false }),
            _ => {
                (rest == format!("/{next:02}")).then_some(Self { first_year, over_new_year: true })
            }
        }
    }

    /// Whether goods packed on a day can be of it: from the first day of its (first) year to the
    /// end of the year after its last.
    #[must_use]
    pub fn fits(self, packed_on: Day) -> bool {
        let last_year = self.first_year.saturating_add(i32::from(self.over_new_year));
        let (year, _, _) = packed_on.ymd();
        (self.first_year..=last_year.saturating_add(1)).contains(&year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_of_a_campaign() {
        for good in ["2026", "2026/27", "2099/00", "0000"] {
            assert!(Campaign::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "26",
            "2026 ",
            " 2026",
            "2026-2027",
            "2026/2027",
            "2026/28",
            "2026/26",
            "2026,0",
            "2026.0",
            "campagne 2026",
            "٢٠٢٦",
            "2026/",
            "20260",
            "2026/7",
            "２０２６",
        ] {
            assert_eq!(Campaign::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn goods_are_packed_later_than_picked() {
        let fits =
            |campaign, day| Campaign::parse(campaign).unwrap().fits(Day::parse(day).unwrap());
        assert!(fits("2026", "2026-01-01") && fits("2026", "2027-12-31"));
        assert!(!fits("2026", "2025-12-31") && !fits("2026", "2028-01-01"));
        assert!(fits("2026/27", "2028-12-31") && !fits("2026/27", "2029-01-01"));
    }
}
