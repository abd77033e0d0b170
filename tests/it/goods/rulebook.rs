//! `rulebook show` and `propose`: what changes is shown row by row, and what loosens needs the
//! root key.

use super::*;

#[test]
fn a_proposal_shows_what_it_changes_and_what_it_loosens() {
    let goods = Goods::new();
    let bench = &goods.bench;
    let shown = bench.json("rulebook show");
    assert_eq!(shown["goods"]["recipes"].as_array().unwrap().len(), rules().recipes.len());
    assert!(bench.good("rulebook show").contains("goods: "));
    // The same lists change nothing.
    bench.write("lists.json", &shown["goods"].to_string());
    assert!(bench.good("rulebook propose lists.json").contains("nothing changes"));
    let mut lists = shown["goods"].clone();
    let recipes = lists["recipes"].as_array_mut().unwrap();
    let press = recipes.iter_mut().find(|it| it["id"] == "argan-press").unwrap();
    press["ratios"][0]["ceiling"][0] = 99_999.into();
    bench.write("lists.json", &lists.to_string());
    let (code, _, err) = bench.run("rulebook propose lists.json --dry-run");
    assert!(
        code == 0 && err.contains("~ recipes argan-press") && err.contains("LOOSENS a recipe"),
        "{err}"
    );
    let (code, _, err) = bench.run("rulebook propose lists.json --yes");
    assert!(code == 1 && err.contains("[key_purpose]"), "{code} {err}");
    let root = "--as tasdiq-data/keys/root.pem --yes";
    bench.good(&format!("rulebook propose lists.json {root}"));
    let again = bench.json("rulebook show");
    assert_eq!(again["version"].as_u64(), shown["version"].as_u64().map(|it| it + 1));
    // Back to the lower ceiling loosens nothing: the registrar may.
    bench.write("lists.json", &shown["goods"].to_string());
    bench.good("rulebook propose lists.json --yes");
    bench.write("lists.json", "{\"recipe\":[]}");
    let (code, _, err) = bench.run("rulebook propose lists.json --yes");
    assert!(code == 2 && err.contains("recipe"), "{err}");
}
