//! Where messages to shops may go: to addresses of the public internet alone, looked at after the
//! name was resolved and just before the connection, so that no name can lead inside. Not here:
//! which addresses a shop may register (`book`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::client::Caller;

/// An agent for messages to shops; `private` lets it reach private addresses too. It uses no proxy:
/// a proxy would resolve names by itself.
#[must_use]
pub fn shop_agent(private: bool) -> ureq::Agent {
    let config = Caller::SHOPS.config(true);
    if private {
        return config.into();
    }
    let resolver = PublicOnly { inner: DefaultResolver::default() };
    ureq::Agent::with_parts(config, DefaultConnector::default(), resolver)
}

/// Leaves out what is no address of the public internet.
struct PublicOnly {
    inner: DefaultResolver,
}

impl std::fmt::Debug for PublicOnly {
    fn fmt(&self, into: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        into.write_str("PublicOnly")
    }
}

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut public = self.empty();
        let allowed = |address: &&SocketAddr| is_public(address.ip());
        found.iter().filter(allowed).for_each(|address| public.push(*address));
        if public.is_empty() {
            let reason = "it leads to a private address; the operator allows those with \
                          --webhook-private";
            return Err(ureq::Error::Other(reason.into()));
        }
        Ok(public)
    }
}

/// Whether an address is of the public internet
/// ([IANA special-purpose registries](https://www.iana.org/assignments/iana-ipv4-special-registry)).
/// Those that hold another in them are judged by it.
#[must_use]
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match inner(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation();
    // This network, shared (RFC 6598), protocol assignments, 6to4 relays, benchmarks, reserved.
    let reserved = a == 0
        || a == 100 && (64..128).contains(&b)
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || a == 198 && (b == 18 || b == 19)
        || a >= 240;
    !special && !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // 2000::/3 is what is given out; of it Teredo, ORCHID and documentation are not.
    let given_out = first & 0xe000 == 0x2000;
    let special = first == 0x2001 && (second < 0x200 || second == 0x0db8) || first == 0x3fff;
    given_out && !special
}

/// The IPv4 address in a mapped, translated (NAT64) or 6to4 one.
fn inner(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let pair = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => Some(pair(high, low)),
        [0x64, 0xff9b, .., high, low] => Some(pair(high, low)),
        [0x2002, high, low, ..] => Some(pair(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_reached() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "193.0.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn a_name_that_leads_inside_is_not_followed() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        for host in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"] {
            let url = format!("http://{host}:{port}/hook");
            let said = shop_agent(false).post(&url).send(&b"{}"[..]).unwrap_err().to_string();
            assert!(said.contains("private address"), "{host}: {said}");
        }
        assert!(listener.accept().is_err(), "nobody came");
    }
}
