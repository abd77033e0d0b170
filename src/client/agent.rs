//! Every HTTP agent of this program, built in one place: how it calls itself and how long it waits.
//! No agent follows a redirect, or takes a status for a failure, and all believe certificates under
//! the same roots. Not here: which roots (`roots`), how much of an answer is taken (its reader).

use std::time::Duration;

use ureq::tls::TlsConfig;

use super::roots::believed;

/// Who asks, and how long it waits.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// What it calls itself.
    name: &'static str,
    /// Longest wait for a connection, in seconds.
    connect: Option<u64>,
    /// Longest wait for a whole answer, in seconds; None: every request says its own.
    answer: Option<u64>,
    /// Whether this machine is asked for answers that are not packed.
    unpacked: bool,
}

impl Caller {
    /// Asks services; each request has the time of what it asks for. No line to save on within one
    /// machine: packing and unpacking took an eighth of an audit.
    pub const READER: Self =
        Self { name: "tasdiq", connect: Some(5), answer: None, unpacked: true };

    /// Asks witnesses.
    pub const LEDGER: Self =
        Self { name: "tasdiq", connect: None, answer: Some(5), unpacked: false };

    /// Tells receivers of webhooks.
    pub const MONITOR: Self =
        Self { name: "tasdiq-monitor", connect: None, answer: Some(15), unpacked: false };

    /// Tells shops what became of the goods that they hold.
    pub const SHOPS: Self =
        Self { name: "tasdiq", connect: Some(5), answer: Some(10), unpacked: false };

    /// An agent of this caller; `own` if it asks nobody but this machine.
    #[must_use]
    pub fn agent(self, own: bool) -> ureq::Agent {
        self.config(own).into()
    }

    /// The settings of such an agent; `own` if no proxy of the environment is to be used.
    #[must_use]
    pub fn config(self, own: bool) -> ureq::config::Config {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(self.connect.map(Duration::from_secs))
            .timeout_global(self.answer.map(Duration::from_secs))
            .tls_config(TlsConfig::builder().root_certs(believed()).build())
            .user_agent(format!("{}/{}", self.name, env!("CARGO_PKG_VERSION")));
        let config = if own { config.proxy(None) } else { config };
        let config = if own && self.unpacked { config.accept_encoding("identity") } else { config };
        config.build()
    }
}

/// Whether an address is of this machine, which a proxy of the environment cannot reach.
#[must_use]
pub fn is_own(url: &str) -> bool {
    let own = |host: &str| ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own));
    url.split_once("://").is_some_and(|(_, host)| own(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_this_machine() {
        for own in ["http://127.0.0.1:1/x", "https://localhost", "http://[::1]:8080/hook"] {
            assert!(is_own(own), "{own}");
        }
        for other in ["http://a.example/?//127.0.0.1", "http://128.0.0.1", "https://[::2]/"] {
            assert!(!is_own(other), "{other}");
        }
    }

    #[test]
    fn no_agent_is_sent_on_and_each_has_an_end() {
        for caller in [Caller::READER, Caller::LEDGER, Caller::MONITOR, Caller::SHOPS] {
            let agent = caller.agent(true);
            let config = agent.config();
            assert_eq!((config.max_redirects(), config.http_status_as_error()), (0, false));
            assert!(config.proxy().is_none());
            let waits = config.timeouts();
            assert!(waits.global.or(waits.connect).is_some(), "{caller:?}");
        }
    }
}
