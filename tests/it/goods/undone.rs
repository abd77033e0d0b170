//! Lots of which there is nothing: whose declaration was undone, which are used up. No page, list
//! or form of them says that they may be sold.

use super::*;

#[test]
fn a_lot_whose_declaration_was_undone_is_told_as_none() {
    let goods = Goods::new();
    goods.declare("coop", &[("K", "argan-kernels", "100 kg", "primary")]);
    let text = |path: &str| goods.page(path);
    let (page, list) = ("/lots/coop/K?lang=en", "/register?lang=en&cooperative=coop");
    assert!(text(page).contains("may be sold") && text(list).contains("may be sold"));
    let at = &goods.at;
    goods.said(
        "coop",
        &format!("name,kind,at,of,reason\nundo,void,{at},declaration coop/K,did-not-occur\n"),
    );
    let entry = goods.size() - 1;
    for told in [text(page), text(list)] {
        assert!(
            told.contains("declaration undone") && !told.contains("class=\"ok-word\""),
            "{told}"
        );
    }
    for path in ["/api/v1/lots/coop/K", "/api/v1/lots/coop/K/balance"] {
        assert_eq!(goods.get(path)["undeclaredAt"], entry, "{path}");
    }
    assert!(text("/register?format=csv").contains(",undeclared"));
    let count = |status: &str| {
        let found = goods.get(&format!("/api/v1/lots?cooperative=coop&status={status}"));
        found["lots"].as_array().unwrap().len()
    };
    assert_eq!((count("released"), count("undeclared")), (0, 1));
    let form = goods.get("/lots/coop/K.jsonld").to_string();
    assert!(form.contains(r#""value":"undeclared""#), "{form}");
}

#[test]
fn a_lot_that_went_whole_into_another_is_told_as_used_up() {
    let goods = Goods::new();
    goods.declare("coop", &[("K", "argan-kernels", "100 kg", "primary")]);
    goods.declare("coop", &[("A", "argan-kernels", "100 kg", "derived")]);
    let count = |status: &str| {
        let found = goods.get(&format!("/api/v1/lots?cooperative=coop&status={status}"));
        let lots = found["lots"].as_array().unwrap();
        lots.iter().map(|lot| lot["lot"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // One that nothing filled yet is not used up.
    assert!(count("exhausted").is_empty());
    let whole = [("coop/K", "100 kg")];
    goods.said("coop", &goods.making("moved", "split", &whole, &[("coop/A", "100 kg")]));
    assert_eq!(
        (count("exhausted"), count("released")),
        (vec!["coop/K".to_owned()], vec!["coop/A".to_owned()])
    );
    for path in ["/api/v1/lots/coop/K", "/api/v1/lots/coop/K/balance"] {
        assert_eq!(goods.get(path)["status"], "exhausted", "{path}");
    }
    let page = goods.page("/lots/coop/K?lang=en");
    assert!(page.contains("<span class=\"muted\">used up</span>"), "{page}");
    let list = goods.page("/register?lang=en&cooperative=coop");
    assert!(list.contains("used up") && !list.contains("<span class=\"bad-word\">used up"));
    assert!(goods.page("/register?format=csv").contains(",exhausted"));
    // What is held is told before what is left.
    goods.bench.good(
        "status --target coop/K --action hold --reason safety --key coop.pem --issuer coop --yes",
    );
    assert_eq!(goods.get("/api/v1/lots/coop/K")["status"], "held");
}
