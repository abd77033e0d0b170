//! A lot whose declaration was undone: no page, list or form of it says that it may be sold.

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
