//! What a table may hold by mistake or by intent: quantities that are none, instants, names used
//! twice, too many lines; and refusals of the ledger with their figures.

use super::*;

fn one(goods: &Goods, kind: &str, lot: &str, quantity: &str) -> String {
    let (column, word) = if kind == "out" { ("channel", "retail") } else { ("cause", "other") };
    format!("name,kind,at,{column},lot,quantity\nx,{kind},{},{word},{lot},{quantity}\n", goods.at)
}

#[test]
fn refusals_name_their_figures() {
    let goods = Goods::new();
    goods.declare(
        "coop",
        &[
            ("K", "argan-kernels", "100 kg", "primary"),
            ("H", "argane", "60707", ""),
            ("H2", "argane", "1000", ""),
        ],
    );
    let version = goods.get("/api/v1/rulebook")["version"].as_u64().unwrap();
    let press = |name: &str, quantity: &str, oil: &str| {
        goods.making(name, "argan-press", &[("coop/K", "100 kg")], &[(oil, quantity)])
    };
    let (code, words) = goods.refused("coop", &press("too-much", "60707", "coop/H"));
    assert_eq!(code, "yield_exceeded");
    assert_eq!(
        words,
        format!(
            "60,707 mL asked; 100,000 g of argan-kernels give at most 60,706 mL (argan-press, \
             rulebook {version})"
        )
    );
    let said = goods.said("coop", &press("just-so", "60706", "coop/H"));
    assert_eq!(said["events"][0]["holds"][0], "coop/H", "above the usual yield it is held");
    // Kernels that are gone, wholly and in part.
    let (code, words) = goods.refused("coop", &press("again", "1 mL", "coop/H2"));
    assert_eq!(
        (code.as_str(), words.contains("coop holds nothing of lot coop/K")),
        ("not_holder", true)
    );
    goods.declare("coop", &[("K3", "argan-kernels", "10 kg", "primary")]);
    let part = |name: &str| {
        goods.making(name, "argan-press", &[("coop/K3", "6 kg")], &[("coop/H2", "1 mL")])
    };
    goods.said("coop", &part("first"));
    let (code, words) = goods.refused("coop", &part("second"));
    assert_eq!(code, "insufficient");
    assert!(words.contains("available 4,000 g, asked 6,000 g; held by coop"), "{words}");
    // A drop more than there is, and another's goods.
    goods.declare("coop", &[("K2", "argan-kernels", "1 kg", "primary")]);
    let (code, words) = goods.refused("coop", &one(&goods, "out", "coop/K2", "1001 g"));
    assert_eq!(code, "insufficient");
    assert!(words.contains("available 1,000 g, asked 1,001 g"), "{words}");
    let ship = format!(
        "name,kind,at,to,purpose,lot,quantity\nsteal,ship,{},s1,sale,coop/K2,1 g\n",
        goods.at
    );
    let (code, words) = goods.refused("rival", &ship);
    assert_eq!((code.as_str(), words.contains("rival holds nothing")), ("not_holder", true));
    let (code, _) = goods.refused("rival", &one(&goods, "loss", "coop/NONE", "1 g"));
    assert_eq!(code, "lot_unknown");
    assert!(adds_up(&goods.balance("coop/K2")));
}

#[test]
fn quantities_are_exact_or_nothing_is_signed() {
    let goods = Goods::new();
    goods.declare("coop", &[("K", "argan-kernels", "10 kg", "primary")]);
    let size = goods.size();
    for (quantity, word) in [
        ("0", "1 to 9007199254740991"),
        ("-1", "1 to 9007199254740991"),
        ("1.5 pieces", "no fractions"),
        ("1e3", "the unit must be"),
        ("9007199254740992", "1 to 9007199254740991"),
        ("1.0005 kg", "smallest unit"),
        ("\"1,250 kg\"", "may mean"),
        ("", "it is empty"),
    ] {
        let (code, words) = goods.refused("coop", &one(&goods, "loss", "coop/K", quantity));
        assert_eq!(code, "row", "{quantity}");
        let cell = words.contains("line 2: column") && words.contains("(quantity): ");
        assert!(cell && words.contains(word), "{quantity}: {words}");
    }
    // Another unit than the lot's is told before anything is signed.
    let (code, words) = goods.refused("coop", &one(&goods, "loss", "coop/K", "1 L"));
    assert_eq!((code.as_str(), words.contains("GRM")), ("unit_mismatch", true), "{words}");
    assert_eq!(goods.size(), size);
    goods.said("coop", &one(&goods, "loss", "coop/K", "1.005 kg"));
    assert_eq!(goods.balance("coop/K")["balance"]["lost"], 1_005);
}

#[test]
fn names_stand_for_one_event_and_lists_have_an_end() {
    let goods = Goods::new();
    goods.declare("coop", &[("K", "argan-kernels", "10 kg", "primary")]);
    let at = &goods.at;
    let loss = |name: &str, quantity: &str| {
        format!("name,kind,at,cause,lot,quantity\n{name},loss,{at},other,coop/K,{quantity}\n")
    };
    goods.said("coop", &loss("a", "1 kg"));
    let (code, words) = goods.refused("coop", &loss("a", "2 kg"));
    assert_eq!((code.as_str(), words.contains("entry")), ("event_exists", true), "{words}");
    // Without a name the content is the name: said twice it counts once, and that is told.
    let (_, first) = goods.say("coop", &loss("", "3 kg"));
    let (code, again) = goods.say("coop", &loss("", "3 kg"));
    assert_eq!(
        (code, &again["already"], &again["events"][0]["index"]),
        (0, &1.into(), &first["events"][0]["index"])
    );
    let file = goods.file(&loss("", "3 kg"));
    let out = goods.bench.good(&format!("events {file} --as coop.pem --issuer coop"));
    assert!(out.contains("counted as entry") && out.contains("give it a name"), "{out}");
    let twice = format!(
        "{}loss,{at},other,coop/K,1 g\n",
        loss("", "1 g").replace("name,", "").replace("\n,", "\n")
    );
    let (code, report) = goods.say("coop", &twice);
    assert_eq!(
        (code, &report["logged"], &report["refused"]),
        (1, &1.into(), &1.into()),
        "{report:#}"
    );
    // The other party's same name is its own.
    goods.declare("rival", &[("K", "argan-kernels", "10 kg", "primary")]);
    goods.said("rival", &loss("a", "2 kg").replace("coop/K", "rival/K"));
    // 401 inputs, a clock that no place has, the time of tomorrow.
    let inputs: Vec<(String, &str)> = (0..401).map(|n| (format!("coop/X{n}"), "1 g")).collect();
    let inputs: Vec<(&str, &str)> = inputs.iter().map(|(lot, q)| (lot.as_str(), *q)).collect();
    let wide = goods.making("wide", "group", &inputs, &[("coop/K", "1 g")]);
    let (_, words) = goods.refused("coop", &wide);
    assert!(words.contains("400"), "{words}");
    let clock = format!(
        "name,kind,at,offset,cause,lot,quantity\nb,loss,{},+14:01,other,coop/K,1 g\n",
        goods.today
    );
    let (_, words) = goods.refused("coop", &clock);
    assert!(words.contains("-12:00 to +14:00"), "{words}");
    let tomorrow = "name,kind,at,cause,lot,quantity\nc,loss,2099-01-01,other,coop/K,1 g\n";
    assert_eq!(goods.refused("coop", tomorrow).0, "future");
}

#[test]
fn a_group_is_logged_whole_or_not_at_all() {
    let goods = Goods::new();
    goods.declare("coop", &[("K", "argan-kernels", "10 kg", "primary")]);
    let at = &goods.at;
    let text = format!(
        "name,kind,at,cause,lot,quantity\na,loss,{at},other,coop/K,9 kg\n\
         b,loss,{at},other,coop/K,2 kg\n"
    );
    let size = goods.size();
    let file = goods.file(&text);
    let (code, report) = goods.say_file("coop", &file, "--atomic --yes");
    assert_eq!((code, &report["signed"], goods.size()), (1, &0.into(), size), "{report:#}");
    // Each on its own: the first fits, the second does not.
    let (code, report) = goods.say_file("coop", &file, "--yes");
    assert_eq!((code, &report["logged"], &report["refused"]), (1, &1.into(), &1.into()));
    let text = format!(
        "name,kind,at,cause,lot,quantity\nc,loss,{at},other,coop/K,600 g\n\
         d,loss,{at},other,coop/K,400 g\n"
    );
    let (code, report) = goods.say_file("coop", &goods.file(&text), "--atomic --yes");
    assert_eq!((code, &report["logged"]), (0, &2.into()), "{report:#}");
    // Undone by the issuer's own name for it.
    let undo = format!("name,kind,at,of,reason\nundo,void,{at},d,did-not-occur\n");
    goods.said("coop", &undo);
    assert_eq!(goods.balance("coop/K")["balance"]["free"], 400);
    // Nobody is asked without a terminal, and nothing is signed.
    let file = goods.file(&format!("kind,at,cause,lot,quantity\nloss,{at},other,coop/K,1 g\n"));
    let (code, _, err) = goods.bench.run(&format!("events {file} --as coop.pem --issuer coop"));
    assert!(code == 2 && err.contains("--yes"), "{code} {err}");
}
