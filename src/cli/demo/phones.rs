//! A demonstration that phones of this network open: which address it has there, and which ledgers
//! may be shown so. Not here: what pages draw then (`web::App::drawn`).

use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};

use anyhow::{Context, bail};

use crate::ledger::Config;

/// Where it listens, on the address of this machine in its network, unless told otherwise.
const PORT: u16 = 8080;

/// What every network leads to and nobody answers at (RFC 5737): nothing is sent there.
const ELSEWHERE: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(198, 51, 100, 1), 9);

/// The address that phones of this network reach: `listen`, or this machine's own. Names of ledgers
/// hold no IPv6 address.
///
/// # Errors
/// In words what is wrong with it, or that there is no network.
pub fn address(listen: Option<&str>) -> anyhow::Result<SocketAddrV4> {
    let address = match listen {
        Some(listen) => listen.parse().with_context(|| {
            format!("--listen {listen}: for phones it must be IP:PORT, e.g. 192.168.1.20:{PORT}")
        })?,
        None => SocketAddrV4::new(own_address()?, PORT),
    };
    let (ip, port) = (*address.ip(), address.port());
    if port == 0 || !is_of_local_network(ip) {
        bail!(
            "{address} is nothing that phones of a local network reach: give this machine's \
             address there and a port, --listen IP:PORT. A demonstration is for the phones around \
             it, not for everybody"
        );
    }
    Ok(address)
}

/// This machine's address on its way out.
fn own_address() -> anyhow::Result<Ipv4Addr> {
    let way = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.connect(ELSEWHERE)?;
        socket.local_addr()
    };
    match way().map(|address| address.ip()) {
        Ok(std::net::IpAddr::V4(ip)) if !ip.is_unspecified() && !ip.is_loopback() => Ok(ip),
        _ => bail!(
            "this machine is in no network, so no phone can reach it. Join the phone's Wi-Fi; in a \
             network that leads nowhere else, give this machine's address in it: --listen IP:PORT"
        ),
    }
}

/// Whether an address is one of a network at home or at work, and routed nowhere else (RFC 1918,
/// 3927, 5737, 6598).
fn is_of_local_network(ip: Ipv4Addr) -> bool {
    let carrier = matches!(ip.octets(), [100, 64..=127, ..]);
    ip.is_private() || ip.is_link_local() || ip.is_documentation() || carrier
}

/// Nothing but a demonstration that was made under this very address is shown to phones: its codes
/// are signed for its host.
///
/// # Errors
/// In words what to do instead.
pub fn fits(config: &Config, host: &str, data: &str) -> anyhow::Result<()> {
    if !config.demo {
        bail!(
            "{data} holds the ledger of {}, which is no demonstration: its codes lead to https \
             alone. Give the demonstration a folder of its own: --data ./tasdiq-phone",
            config.host
        );
    }
    if config.host != host {
        bail!(
            "the demonstration in {data} was made as {}, and its codes are signed for that; here \
             it would be {host}. Make one for this network: tasdiq demo --phone --data \
             ./tasdiq-{}",
            config.host,
            host.replace(':', "-")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_local_networks_and_whole_ones() {
        for good in ["192.168.1.20:8080", "10.0.0.7:80", "172.16.4.4:9000", "169.254.3.3:1"] {
            assert_eq!(address(Some(good)).unwrap().to_string(), good);
        }
        assert!(address(Some("100.64.0.9:8080")).is_ok() && address(Some("192.0.2.2:1")).is_ok());
        for bad in [
            "127.0.0.1:8080",
            "0.0.0.0:8080",
            "8.8.8.8:8080",
            "100.128.0.1:8080",
            "192.168.1.20:0",
            "192.168.1.20",
            "[fd00::2]:8080",
            "ledger.example:8080",
            "255.255.255.255:80",
            "",
        ] {
            let told = format!("{:#}", address(Some(bad)).unwrap_err());
            assert!(told.contains("IP:PORT"), "{bad}: {told}");
        }
    }
}
