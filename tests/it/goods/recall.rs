//! How far a recall has come, as a running service tells it by page and by API: what holders state
//! and what a third party saw are two figures, and each goes from nothing to all.

use super::*;

/// The page of a lot's goods in English.
fn page(goods: &Goods, lot: &str) -> String {
    let url = format!("{}/lots/{lot}?lang=en", goods.service.url);
    let request = ureq::get(url).header("accept", "text/html");
    request.call().unwrap().body_mut().read_to_string().unwrap()
}

/// What page and API say: stated and seen, in per cent.
fn progress(goods: &Goods) -> (u64, u64) {
    let told = &goods.get("/api/v1/lots/coop/K/reach")["progress"];
    let figure = |name: &str| told[name].as_u64().unwrap();
    let whole = figure("filled") - figure("consumed");
    let percent = |name: &str| figure(name) * 100 / whole;
    let page = page(goods, "coop/K");
    let rows = [("as holders say", percent("stated")), ("before a third party", percent("seen"))];
    for (label, expected) in rows {
        let after = page.split(label).nth(1).unwrap_or_else(|| unreachable!("{label}: {page}"));
        // The number stands within marks that keep its direction.
        let shown = after.split('%').next().unwrap();
        let shown = shown.trim_end_matches(|c: char| !c.is_ascii_digit());
        let shown = shown.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap();
        assert_eq!(shown, expected.to_string(), "{label}");
    }
    (percent("stated"), percent("seen"))
}

#[test]
fn a_recall_goes_from_nothing_to_all_in_both_figures() {
    let goods = Goods::new();
    let public = goods.keygen("inspection");
    goods.bench.good(
        "register party --id inspection --name Inspection-fictive --role inspector --region MA-09",
    );
    goods.bench.good(&format!("register key add --id inspection --public {public} --yes"));
    goods.declare("coop", &[("K", "argan-kernels", "100 kg", "primary")]);
    goods.declare(
        "coop",
        &[("A", "argan-kernels", "61 kg", "derived"), ("B", "argan-kernels", "39 kg", "derived")],
    );
    let outputs = [("coop/A", "61 kg"), ("coop/B", "39 kg")];
    goods.said("coop", &goods.making("apart", "split", &[("coop/K", "100 kg")], &outputs));
    goods.bench.good(
        "status --target coop/K --action recall --reason safety --notice-fr Rapportez-le \
         --notice-ar أعيدوه --key coop.pem --issuer coop --yes",
    );
    assert_eq!(progress(&goods), (0, 0));
    let at = goods.at.clone();
    let event = |name: &str| {
        let lot = if name == "first" { "A" } else { "B" };
        let all = goods.get(&format!("/api/v1/lots/coop/{lot}/events"));
        let all = all["events"].as_array().unwrap().clone();
        let found = all.iter().find(|it| it["kind"] == "destroy").unwrap();
        let id = found["event"]["id"].as_str().unwrap();
        id.split_once("/events/").unwrap().1.to_owned()
    };
    let destroy = |name: &str, lot: &str, quantity: &str| {
        format!(
            "name,kind,at,cause,from,lot,quantity\n\
             {name},destroy,{at},recall,,coop/{lot},{quantity}\n"
        )
    };
    let look = |name: &str, lot: &str, of: &str, result: &str| {
        format!(
            "name,kind,at,step,lot,result,of\n\
             {name},observe,{at},destroying,coop/{lot},{result},{of}\n"
        )
    };
    goods.said("coop", &destroy("first", "A", "61 kg"));
    assert_eq!(progress(&goods), (61, 0));
    // Its holder's own look at it is nobody else's.
    let first = event("first");
    goods.say("coop", &look("own", "A", &first, ""));
    goods.say("rival", &look("friend", "A", &first, "conformant"));
    assert_eq!(progress(&goods), (61, 0));
    goods.said("inspection", &look("seen-1", "A", &first, "conformant"));
    assert_eq!(progress(&goods), (61, 61));
    // Twice seen is seen once; the rest is destroyed, and seen at last.
    goods.said("inspection", &look("seen-again", "A", &first, "conformant"));
    goods.said("coop", &destroy("second", "B", "39 kg"));
    assert_eq!(progress(&goods), (100, 61));
    goods.said("inspection", &look("seen-2", "B", &event("second"), "conformant"));
    assert_eq!(progress(&goods), (100, 100));
    // What is taken back is neither stated nor seen any more.
    let undo = format!(
        "name,kind,at,of,reason,replaced_by\nback,void,{at},{},did-not-occur,\n",
        event("second")
    );
    goods.say("coop", &undo);
    assert_eq!(progress(&goods), (61, 61));
}
