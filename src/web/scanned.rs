//! Which requests count as a look at a code, and from where: a person's browser that asked for the
//! page, no preview, no prefetch, no program. Not here: how they are counted (`scans`).

use std::net::IpAddr;

use axum::http::{Extensions, HeaderMap, HeaderName, Method, header};

use crate::door::Caller;
use crate::limits::SCAN_PREVIEWERS;
use crate::scans::{Country, Visit};

/// Headers that the proxy in front of the service sets, and takes away from callers who send them.
#[derive(Clone, Debug, Default)]
pub struct ScanHeaders {
    /// The reader's country, two letters.
    pub country: Option<HeaderName>,
    /// The reader's address; of a list the last.
    pub address: Option<HeaderName>,
}

/// The visit that a request for the page of a code is; None: it is none that counts. Of what is
/// not sure it is none.
pub(super) fn visit<'a>(
    from: &ScanHeaders,
    method: &Method,
    headers: &'a HeaderMap,
    extensions: &Extensions,
) -> Option<Visit<'a>> {
    let told = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let early = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    let early = early.iter().filter_map(|name| headers.get(*name)).any(|value| {
        value.to_str().is_ok_and(|text| text.contains("prefetch") || text.contains("preview"))
    });
    let agent = told(&header::USER_AGENT).filter(|agent| !agent.trim().is_empty())?;
    let small = agent.to_ascii_lowercase();
    if *method != Method::GET || early || SCAN_PREVIEWERS.iter().any(|name| small.contains(name)) {
        return None;
    }
    let address: IpAddr = match &from.address {
        Some(name) => told(name)?.rsplit(',').next()?.trim().parse().ok()?,
        None => extensions.get::<Caller>()?.0,
    };
    let country = from.country.as_ref().and_then(told);
    let country = country.map_or(Country::UNKNOWN, Country::of);
    Some(Visit { address, agent, country })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(method: Method, sent: &[(&'static str, &'static str)]) -> Option<(IpAddr, Country)> {
        let from =
            ScanHeaders { country: Some(HeaderName::from_static("x-country")), address: None };
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let mut extensions = Extensions::new();
        extensions.insert(Caller(IpAddr::from([192, 0, 2, 1])));
        visit(&from, &method, &headers, &extensions).map(|visit| (visit.address, visit.country))
    }

    #[test]
    fn a_person_who_asked_counts_and_nobody_else() {
        const BROWSER: (&str, &str) = ("user-agent", "Mozilla/5.0 (Linux; Android 14; fictive)");
        let here = IpAddr::from([192, 0, 2, 1]);
        assert_eq!(asked(Method::GET, &[BROWSER]), Some((here, Country::UNKNOWN)));
        let told = asked(Method::GET, &[BROWSER, ("x-country", "ma")]);
        assert_eq!(told, Some((here, Country::of("MA"))));
        // A country that nobody said to believe is not believed.
        let other = asked(Method::GET, &[BROWSER, ("cf-ipcountry", "FR")]);
        assert_eq!(other, Some((here, Country::UNKNOWN)));
        for (method, sent) in [
            (Method::HEAD, vec![BROWSER]),
            (Method::GET, vec![]),
            (Method::GET, vec![("user-agent", " ")]),
            (Method::GET, vec![BROWSER, ("sec-purpose", "prefetch;prerender")]),
            (Method::GET, vec![BROWSER, ("purpose", "prefetch")]),
            (Method::GET, vec![("user-agent", "WhatsApp/2.23.20 A")]),
            (Method::GET, vec![("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)")]),
            (Method::GET, vec![("user-agent", "facebookexternalhit/1.1")]),
            (Method::GET, vec![("user-agent", "curl/8.5.0")]),
        ] {
            assert_eq!(asked(method.clone(), &sent), None, "{method} {sent:?}");
        }
    }

    #[test]
    fn behind_a_proxy_the_address_that_it_adds_counts() {
        let name = HeaderName::from_static("x-forwarded-for");
        let from = ScanHeaders { country: None, address: Some(name.clone()) };
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static("Mozilla/5.0"));
            headers.insert(name.clone(), HeaderValue::from_static(value));
            visit(&from, &Method::GET, &headers, &Extensions::new()).map(|visit| visit.address)
        };
        assert_eq!(of("203.0.113.9, 192.0.2.1"), Some(IpAddr::from([192, 0, 2, 1])));
        assert_eq!(of("unknown"), None);
    }
}
