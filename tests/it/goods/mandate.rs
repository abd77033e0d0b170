//! A cooperative without a computer lets another act in its name, by the command line: what is
//! signed so says it, what was not let is refused, and the cooperative takes it back.

use super::*;

#[test]
fn another_declares_and_ships_in_a_cooperatives_name_and_it_is_said() {
    let goods = Goods::new();
    let lots = |number: &str| {
        let text = format!(
            "lot,product,quantity,pack_size,region,campaign,packed_on,origin,name_ar\n\
             {number},argan-kernels,100 kg,1000,MA-09,{},{},primary,لوز أركان\n",
            goods.year, goods.today
        );
        goods.file(&text)
    };
    let declare = |number: &str| {
        let file = lots(number);
        format!("issue {file} --what lots --for coop --key export.pem --issuer export --yes")
    };
    let (code, _, err) = goods.bench.run(&declare("K"));
    assert!(code == 2 && err.contains("register mandate --id coop --to export"), "{code} {err}");
    // A certifier or shop cannot give it, nor another in the cooperative's name.
    let (code, _, err) = goods
        .bench
        .run("register mandate --id coop --to export --act declare --as rival.pem --yes");
    assert!(code != 0 && err.contains("coop"), "{code} {err}");
    goods.bench.good("register mandate --id coop --to export --act declare --as coop.pem --yes");
    let told = &goods.get("/api/v1/parties/coop")["mandates"][0];
    assert_eq!((&told["to"], &told["acts"][0]), (&"export".into(), &"declare".into()));
    assert_eq!(told["counts"], true);
    goods.bench.good(&declare("K"));
    // The same file again changes nothing.
    let size = goods.size();
    goods.bench.good(&declare("K"));
    assert_eq!(goods.size(), size);
    let page = goods.page("/lots/coop/K?lang=en");
    assert!(page.contains("Declared in its name by") && page.contains("Fictif-export"), "{page}");
    assert!(goods.page("/lots/coop/K?lang=ar").contains("صرّح بها باسمها"));
    assert_eq!(goods.get("/api/v1/lots/coop/K")["productNames"]["ar"], "لوز أركان");

    let at = &goods.at;
    let ship =
        format!("name,kind,at,to,purpose,lot,quantity\nsent,ship,{at},s1,sale,coop/K,40 kg\n");
    // The mandate does not say ship.
    let say = |more: &str| goods.say_file("export", &goods.file(&ship), &format!("--yes {more}"));
    let (code, report) = say("--for coop");
    assert_eq!((code, &report["events"][0]["code"]), (1, &"not_mandated".into()), "{report:#}");
    goods
        .bench
        .good("register mandate --id coop --to export --act declare,ship --as coop.pem --yes");
    let (code, report) = say("--for coop");
    assert_eq!((code, &report["logged"]), (0, &1.into()), "{report:#}");
    let held = |who: &str| {
        let balance = goods.balance("coop/K");
        let holders = balance["holders"].as_array().unwrap().clone();
        holders.into_iter().find(|it| it["party"] == who)
    };
    assert_eq!(held("coop").unwrap()["free"], 60_000);
    let events = goods.get("/api/v1/lots/coop/K/events");
    let id = events["events"][0]["event"]["id"].as_str().unwrap().to_owned();
    let path = id.split_once("/events/").unwrap().1.to_owned();
    let page = goods.page(&format!("/events/{path}?lang=en"));
    assert!(page.contains("In the name of") && page.contains("Cooperative-fictive-coop"), "{page}");
    // The cooperative takes it back.
    goods.said("coop", &format!("name,kind,at,of,reason\nback,void,{at},{path},did-not-occur\n"));
    assert_eq!(held("coop").unwrap()["free"], 100_000);
}
