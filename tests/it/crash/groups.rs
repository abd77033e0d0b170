//! Groups of statements while the service dies: killed, and without power. Of each group all is in
//! the log, or nothing.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tasdiq::ledger::{Home, Ledger, OpenOptions};

use super::{Client, Service, check, founded, holds, is_long, points, record, serve};
use crate::powerloss::{Model, Random, images};
use crate::support::restart;

/// Most lots in a group that is logged whole or not at all.
pub const GROUP: u64 = 60;

/// Rounds of kills while groups are under way: in a gate's time, and in all.
const GROUP_ROUNDS: (usize, usize) = (4, 50);

impl Client {
    /// Of each group that was sent, all lots are in the log, one behind the other, or none is.
    /// Gives how many groups are.
    fn whole_groups(&self, ledger: &Ledger) -> Result<usize, String> {
        let register = &ledger.view().register;
        let mut whole = 0;
        for (first, last) in &self.groups {
            let place = |number: u64| {
                let lot = register.lot(&format!("coop/{}{number}", self.name).parse().unwrap())?;
                Some(lot.mark.index)
            };
            let places: Vec<u64> = (*first..=*last).filter_map(place).collect();
            let follow = places.windows(2).all(|two| two[0] + 1 == two[1]);
            if !(places.is_empty() || places.len() as u64 == last - first + 1 && follow) {
                return Err(format!("split: {}{first} to {last} at {places:?}", self.name));
            }
            whole += usize::from(!places.is_empty());
        }
        Ok(whole)
    }
}

#[test]
fn killed_again_and_again_a_group_is_whole_or_not_there() {
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(11, |s| s.parse().unwrap());
    println!("TASDIQ_TEST_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    founded(&home);
    let mut random = Random(seed);
    // Beside the groups come lots one by one, into the same batches.
    let of_groups = [Client::of_groups("G", seed + 1), Client::of_groups("H", seed + 2)];
    let others = [Client::new("A", seed + 3), Client::new("B", seed + 4)];
    let mut clients: Vec<Client> = of_groups.into_iter().chain(others).collect();
    let (acked, over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let rounds = if is_long() { GROUP_ROUNDS.1 } else { GROUP_ROUNDS.0 };
    let mut whole = 0;
    for _ in 0..rounds {
        let mut service = Service::start(serve(folder.path()), &home);
        let url = service.url.clone();
        std::thread::scope(|scope| {
            for client in &mut clients {
                let keep = |acks| acked.lock().unwrap().extend(acks);
                let (url, over) = (&url, &over);
                scope.spawn(move || client.run(url, over, &keep));
            }
            std::thread::sleep(Duration::from_millis(100 + random.below(500)));
            service.kill();
        });
        let ledger = restart(&home, &OpenOptions::default());
        let found = clients.iter().map(|client| client.whole_groups(&ledger).unwrap());
        whole = found.sum();
    }
    let acked = acked.into_inner().unwrap();
    let sent: usize = clients.iter().map(|client| client.groups.len()).sum();
    println!(
        "{rounds} kills, {sent} groups sent, {whole} in the log, {} acknowledged",
        acked.len()
    );
    let ledger = restart(&home, &OpenOptions::default());
    assert_eq!(holds(&ledger, &acked), Ok(()));
    assert!(whole > 3, "too slow a machine to learn anything on");
}

#[test]
fn without_power_a_group_is_whole_or_not_there() {
    let mut clients = [Client::of_groups("G", 1), Client::of_groups("H", 2)];
    let (trace, acked) = record(&[], &mut clients);
    let points = points();
    for (model, seed) in [(Model::Strict, 3), (Model::Torn, 4)] {
        let mut whole = 0;
        let failures = images(&trace, points, model, seed, &mut |image, last_acked| {
            check(image, &acked, last_acked)?;
            if !Home::at(image).has_ledger() {
                return Ok(());
            }
            let ledger = restart(&Home::at(image), &OpenOptions::default());
            for client in &clients {
                whole += client.whole_groups(&ledger)?;
            }
            Ok(())
        });
        println!("{model:?}: {points} images, {whole} groups in them, {} failures", failures.len());
        assert_eq!(failures, Vec::<String>::new());
        assert!(whole > points, "{whole} groups in {points} images");
    }
}
