//! Many ask for the last kilogram at once: one gets it, and all others are told that there is none.

use std::sync::Barrier;

use tasdiq::ledger::Home;
use tasdiq::names::{LotKey, PartySlug};
use tasdiq::seal::{Signer, SoftKey, seal};
use tasdiq::statement::{
    Channel, Domain, Draft, Event, EventKind, EventName, LotLine, Offset, Outgoing, Timestamp,
};

use super::*;

const CLIENTS: u32 = 50;

pub struct Client {
    pub domain: Domain,
    pub issuer: PartySlug,
    pub name: String,
    pub key: SoftKey,
    pub at: Timestamp,
}

impl Client {
    pub fn of(goods: &Goods) -> Self {
        let key = Home::read_key(&goods.bench.path("coop.pem"), "correct horse").unwrap();
        Self {
            domain: Domain::parse("127.0.0.1:8080").unwrap(),
            issuer: PartySlug::parse("coop").unwrap(),
            name: "Cooperative-fictive-coop".to_owned(),
            at: Timestamp::parse(&goods.at).unwrap(),
            key,
        }
    }

    pub fn draft(&self) -> Draft<'_> {
        Draft {
            domain: &self.domain,
            id: String::new(),
            issuer: &self.issuer,
            issuer_name: &self.name,
            valid_from: self.at,
            valid_until: None,
        }
    }

    pub fn sealed(&self, unsigned: &Value) -> Vec<u8> {
        let method = format!("{}#key-1", self.domain.did(&self.issuer));
        seal(unsigned, &method, self.at, &self.key as &dyn Signer).unwrap()
    }

    pub fn event(&self, number: u64, kind: EventKind) -> Vec<u8> {
        let name = EventName::parse(&format!("{number:026}")).unwrap();
        let (region, document, mandate) = (None, None, None);
        let offset = Offset::of_minutes(0).unwrap();
        let event = Event { name, at: self.at, offset, region, document, mandate, kind };
        self.sealed(&event.draft(&self.draft()))
    }
}

#[test]
fn of_fifty_who_want_the_last_kilogram_one_gets_it() {
    let rounds = if std::env::var_os("TASDIQ_LONG").is_some() { 200 } else { 5 };
    let goods = Goods::new();
    let names: Vec<String> = (0..rounds).map(|round| format!("R{round}")).collect();
    let lots: Vec<_> =
        names.iter().map(|name| (name.as_str(), "argan-kernels", "1 kg", "primary")).collect();
    goods.declare("coop", &lots);
    let client = Client::of(&goods);
    for (round, name) in (0_u64..).zip(&names) {
        let lot: LotKey = format!("coop/{name}").parse().unwrap();
        let take = |number: u32| {
            let lots = vec![LotLine { lot: lot.clone(), quantity: 1_000 }];
            let kind = EventKind::Out(Outgoing { channel: Channel::Retail, lots });
            client.event(round * 1_000 + u64::from(number), kind)
        };
        let asked: Vec<Vec<u8>> = (0..CLIENTS).map(take).collect();
        let barrier = Barrier::new(asked.len());
        let url = format!("{}/api/v1/statements", goods.service.url);
        let answers: Vec<(u16, String)> = std::thread::scope(|scope| {
            let one = |body: &Vec<u8>| {
                let (barrier, url, body) = (&barrier, &url, body.clone());
                scope.spawn(move || {
                    let config = ureq::Agent::config_builder().http_status_as_error(false);
                    let agent = config.build().new_agent();
                    barrier.wait();
                    let request = agent.post(url).header("content-type", "application/json");
                    let mut answer = request.send(&body).unwrap();
                    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
                })
            };
            let threads: Vec<_> = asked.iter().map(one).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let taken = answers.iter().filter(|(status, _)| *status == 201).count();
        let refused = |(status, body): &&(u16, String)| {
            *status == 409
                && body.contains("\"insufficient\"")
                && body.contains("available 0 g, asked 1,000 g")
        };
        let refused = answers.iter().filter(refused).count();
        assert_eq!((taken, refused), (1, 49), "round {round}: {answers:?}");
        let balance = goods.balance(&format!("coop/{name}"));
        assert_eq!(balance["balance"]["out"], 1_000);
        assert!(adds_up(&balance));
    }
}
