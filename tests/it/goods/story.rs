//! The argan story from files: ten tonnes of ripe fruit become jars, cartons, pallets, a container
//! and the stock of four shops, and every gram is somewhere.

use super::*;

/// Fruit, dry fruit, nuts, kernels, oil and jars, declared.
fn declared(goods: &Goods) {
    let fruit = ["F1", "F2", "F3", "F4", "F5"];
    let mut lots: Vec<_> =
        fruit.iter().map(|number| (*number, "argan-fruit", "2000000", "")).collect();
    lots.extend([
        ("D", "argan-fruit-dry", "5700 kg", ""),
        ("N", "argan-nuts", "2680 kg", ""),
        ("K", "argan-kernels", "440 kg", ""),
        ("H", "argane", "215 L", ""),
    ]);
    goods.declare("coop", &lots);
    let mut jars = "lot,product,quantity,pack_size,region,campaign,packed_on\n".to_owned();
    for (number, quantity, size) in
        [("J250", "75 L", "250 mL"), ("J500", "80 L", "500 mL"), ("JL", "58 L", "1 L")]
    {
        jars +=
            &format!("{number},argane,{quantity},{size},MA-09,{},{}\n", goods.year, goods.today);
    }
    let file = goods.file(&jars);
    goods.bench.good(&format!("issue {file} --what lots --key coop.pem --issuer coop --yes"));
}

/// What the cooperative says of the season.
fn season(goods: &Goods) -> String {
    let at = &goods.at;
    let mut text = "name,kind,at,recipe,side,lot,quantity,cause\n".to_owned();
    let mut line = |name: &str, recipe: &str, side: &str, lot: &str, quantity: &str| {
        text += &format!("{name},transform,{at},{recipe},{side},coop/{lot},{quantity},\n");
    };
    for fruit in ["F1", "F2", "F3", "F4", "F5"] {
        line("dry", "argan-fruit-dry", "input", fruit, "2 t");
    }
    line("dry", "argan-fruit-dry", "output", "D", "5.7 t");
    line("crack", "argan-nut", "input", "D", "5700 kg");
    line("crack", "argan-nut", "output", "N", "2680 kg");
    line("break", "argan-kernel", "input", "N", "2680000");
    line("break", "argan-kernel", "output", "K", "440 kg");
    line("press", "argan-press", "input", "K", "440 kg");
    line("press", "argan-press", "output", "H", "215 L");
    line("fill", "pack-off", "input", "H", "213 L");
    line("fill", "pack-off", "output", "J250", "75 L");
    line("fill", "pack-off", "output", "J500", "80 L");
    line("fill", "pack-off", "output", "JL", "58 L");
    text + &format!("dregs,loss,{at},,,coop/H,2 L,sediment\n")
}

/// Cartons, pallets, a container, and who gets what.
fn sent(goods: &Goods) {
    let at = &goods.at;
    goods.said(
        "coop",
        &format!(
            "name,kind,at,unit,lot,quantity,inner\n\
             c1,pack,{at},coop/C1,coop/J250,25 L,\n\
             c2,pack,{at},coop/C2,coop/J250,25 L,\n\
             c3,pack,{at},coop/C3,coop/J500,40 L,\n\
             c4,pack,{at},coop/C4,coop/JL,29 L,\n\
             p1,pack,{at},coop/P1,,,coop/C1\n\
             p1,,,,,,coop/C3\n\
             p2,pack,{at},coop/P2,,,coop/C2\n\
             box,pack,{at},coop/BOX,,,coop/P1\n"
        ),
    );
    goods.said(
        "coop",
        &format!(
            "name,kind,at,to,purpose,unit,lot,quantity\n\
             to-export,ship,{at},export,sale,coop/BOX,,\n\
             to-s1,ship,{at},s1,sale,coop/P2,,\n\
             to-s2,ship,{at},s2,sale,,coop/J250,25 L\n\
             to-s3,ship,{at},s3,sale,,coop/J500,40 L\n\
             to-s4,ship,{at},s4,sale,coop/C4,coop/JL,29 L\n"
        ),
    );
}

#[test]
fn ten_tonnes_of_fruit_become_the_stock_of_four_shops_and_a_container() {
    let goods = Goods::new();
    declared(&goods);
    let file = goods.file(&season(&goods));
    // A look ahead signs nothing and tells what would follow.
    let size = goods.size();
    let (code, seen) = goods.say_file("coop", &file, "--dry-run");
    assert_eq!((code, goods.size()), (0, size), "{seen:#}");
    assert_eq!(seen["balanceCount"], 12);
    let oil = seen["balances"].as_array().unwrap().iter().find(|it| it["lot"] == "coop/H").unwrap();
    assert_eq!(oil["balance"]["consumed"], 213_000);
    assert_eq!(oil["balance"]["out"], 2_000);
    let (code, said) = goods.say_file("coop", &file, "--yes");
    assert_eq!((code, &said["logged"]), (0, &Value::from(6)), "{said:#}");
    // Twice changes nothing.
    let size = goods.size();
    let (code, again) = goods.say_file("coop", &file, "--yes");
    assert_eq!((code, &again["already"], &again["signed"]), (0, &6.into(), &0.into()));
    assert_eq!(goods.size(), size);
    sent(&goods);
    shops(&goods);
    for lot in ["F1", "F5", "D", "N", "K", "H", "J250", "J500", "JL"] {
        let balance = goods.balance(&format!("coop/{lot}"));
        assert!(adds_up(&balance), "{balance:#}");
    }
    let jar = goods.balance("coop/J250");
    assert_eq!((&jar["origin"], &jar["holderCount"]), (&"traced".into(), &3.into()), "{jar:#}");
    seen_by_whoever_asks(&goods);
    paid(&goods);
    // Near is as far: the folder itself answers as its service did, and its log replays.
    let far = goods.bench.json("balance coop/J500");
    let Goods { bench, service, .. } = goods;
    assert!(service.stop());
    assert_eq!(bench.json("balance coop/J500"), far);
    bench.good("audit");
}

/// What the exporter and the shops say.
fn shops(goods: &Goods) {
    let at = &goods.at;
    let waiting = |who: &str| {
        let page = goods.get(&format!("/api/v1/shipments?to={who}&state=waiting"));
        assert_eq!(page["total"], 1, "{page:#}");
        let id = page["shipments"][0]["id"].as_str().unwrap().to_owned();
        id.split_once("/events/").unwrap().1.to_owned()
    };
    for who in ["export", "s1", "s2", "s4"] {
        let ship = waiting(who);
        let line = format!("events receive {ship} --all --as {who}.pem --issuer {who} --yes");
        goods.bench.good(&line);
        assert!(goods.bench.good(&line).contains("answered already"));
    }
    // Of 40 L a shop refuses half a litre and misses one: above the allowance of oil.
    let ship = waiting("s3");
    let arrival = format!(
        "name,kind,at,of,lot,accepted,refused,missing\n\
         came,receive,{at},{ship},coop/J500,38.5 L,0.5 L,1 L\n"
    );
    goods.said("s3", &arrival);
    let page = goods.get("/api/v1/shipments?from=coop");
    assert_eq!((&page["totals"]["disputed"], &page["totals"]["answered"]), (&1.into(), &4.into()));
    let receipt = |who: &str| {
        let events = goods.get("/api/v1/lots/coop/J500/events");
        let all = events["events"].as_array().unwrap();
        let own = all.iter().find(|it| it["kind"] == "receive" && it["issuer"] == who).unwrap();
        own["event"]["id"].as_str().unwrap().to_owned()
    };
    let of = receipt("s3");
    goods.said(
        "coop",
        &format!(
            "name,kind,at,of,lot,quantity,settled,accepted\n\
             gone,settle,{at},{of},coop/J500,1 L,lost,\n\
             back,receive,{at},{of},coop/J500,,,0.5 L\n"
        ),
    );
    let page = goods.get("/api/v1/shipments?from=coop&state=settled");
    assert_eq!(page["total"], 1, "{page:#}");
    goods.said(
        "s2",
        &format!("name,kind,at,channel,lot,quantity\nday,out,{at},retail,coop/J250,2.5 L\n"),
    );
    // The container leaves for somebody abroad, who is no party of the ledger.
    let buyer = format!("u{}", "A".repeat(43));
    goods.said(
        "export",
        &format!(
            "name,kind,at,to,country,purpose,unit\nabroad,ship,{at},{buyer},FR,sale,coop/BOX\n"
        ),
    );
    assert_eq!(goods.get("/api/v1/shipments?from=export")["totals"]["left"], 1);
}

/// A price by command: stated, confirmed, added up, and undone by both.
fn paid(goods: &Goods) {
    let bench = &goods.bench;
    let ship = goods.get("/api/v1/shipments?to=s1")["shipments"][0]["id"].clone();
    let (ship, invoice) = (ship.as_str().unwrap(), format!("u{}", "A".repeat(43)));
    let stated = goods.size();
    bench.good(&format!(
        "pay coop/J250 --ship {ship} --scheme fairtrade --quantity 25000 --amount 950000 --premium \
         47500 --currency MAD --paid-on {} --invoice {invoice} --as coop.pem --issuer coop --yes",
        goods.today
    ));
    let one = bench.json("prices");
    assert_eq!(
        (&one[0]["oneSided"]["amount"], &one[0]["paid"]["count"]),
        (&"950000".into(), &0.into())
    );
    let confirmed = goods.size();
    bench.good(&format!("pay --confirms {stated} --as s1.pem --issuer s1 --yes"));
    let bought = bench.json("prices --party s1 --side buyer --scheme fairtrade");
    assert_eq!(
        (&bought[0]["paid"]["premium"], bought.as_array().unwrap().len()),
        (&"47500".into(), 1)
    );
    assert!(bench.good("prices --csv").contains(",MAD,1,950000,47500,1,950000,47500,0,0,0"));
    assert!(bench.good("prices --year 1999").contains("0 rows"));
    let undo = |index: u64, who: &str| {
        bench.run(&format!("pay --undo {index} --as {who}.pem --issuer {who} --yes"))
    };
    let (code, out, err) = undo(stated, "coop");
    assert!(code != 0 && format!("{out}{err}").contains("cannot_void"), "{code} {out}{err}");
    let (code, out, err) = undo(confirmed, "coop");
    assert!(code != 0 && format!("{out}{err}").contains("not_authorised"), "{code} {out}{err}");
    assert_eq!(undo(confirmed, "s1").0, 0);
    let torn = bench.json("prices");
    assert_eq!((&torn[0]["disputed"]["count"], &torn[0]["paid"]["count"]), (&1.into(), &0.into()));
    let page = goods.page("/lots/coop/J250?lang=en");
    assert!(page.contains("who did so took that back on"), "{page}");
    let out = bench.good("audit");
    assert!(out.contains("disputed 950000 + 47500 (1)"), "{out}");
    assert_eq!(undo(stated, "coop").0, 0);
    assert_eq!(bench.json("prices"), Value::Array(vec![]));
}

/// The way back and forth, by API and by command.
fn seen_by_whoever_asks(goods: &Goods) {
    let reach = goods.get("/api/v1/lots/coop/F1/reach");
    // D, N, K, H and three kinds of jars.
    assert_eq!((&reach["total"], reach["lots"].as_array().unwrap().len()), (&7.into(), 8));
    assert_eq!(reach["progress"]["lots"], 8);
    let way = goods.get("/api/v1/lots/coop/JL/trace");
    assert_eq!((&way["total"], &way["originCount"]), (&9.into(), &5.into()), "{way:#}");
    let made = &way["steps"][0]["madeBy"][0];
    assert_eq!(
        (&made["recipe"], &made["inputs"][0]["quantity"]),
        (&"pack-off".into(), &213_000.into())
    );
    // Pages add up to the whole.
    let mut lots = Vec::new();
    let mut after = String::new();
    loop {
        let page = goods.get(&format!("/api/v1/lots/coop/F1/reach?limit=3{after}"));
        lots.extend(page["lots"].as_array().unwrap().iter().map(|lot| lot["lot"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let whole: Vec<String> =
        reach["lots"].as_array().unwrap().iter().map(|lot| lot["lot"].to_string()).collect();
    assert_eq!(lots, whole);
    let bench = &goods.bench;
    let out = bench.good("trace coop/J250");
    assert!(out.contains("5 origins") && out.contains("argan-press"), "{out}");
    let out = bench.good("trace coop/J250 --dot");
    assert!(
        out.starts_with("digraph \"coop/J250\"") && out.contains("\"coop/F5\" -> \"coop/D\""),
        "{out}"
    );
    let out = bench.good("trace coop/F1 --down --dot");
    assert!(out.contains("\"coop/H\" -> \"coop/JL\""), "{out}");
    let out = bench.good("reach coop/F1 --csv");
    assert!(out.contains("coop/J250") && out.contains(",s2,22500,"), "{out}");
    let out = bench.good("balance coop/J250");
    assert!(out.contains("s1") && out.contains("75 L"), "{out}");
    let all = bench.good("balance --all --csv");
    assert_eq!(all.lines().count(), 13, "{all}");
    let waits = bench.good("shipments --to s1 --state waiting");
    assert!(waits.contains("0 shipments"), "{waits}");
}
