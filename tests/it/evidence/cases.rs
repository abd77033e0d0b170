//! What people hand in: genuine codes by every transport, altered, unsigned and foreign ones,
//! lists, documents and pictures in every dress.

use super::desk::{Desk, GTIN};
use super::files;
use crate::world::HOST;

/// One thing that is handed in.
pub struct Case {
    pub name: String,
    pub input: Input,
    pub policy: &'static str,
    pub given: Given,
    /// Whether a browser could be led to it: by its address alone.
    pub page: bool,
}

pub enum Input {
    Code(String),
    File(Vec<u8>),
    /// A proof file and the entry it speaks of.
    Proof {
        leaf: Vec<u8>,
        file: String,
    },
}

/// What the inspector has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Trust snapshot and pack, of now; a service that has the same.
    Both,
    /// The same, two months ago: by files alone.
    Late,
    /// Only the trust snapshot.
    NoPack,
    /// Nothing: what the evidence brings along.
    Nothing,
    /// Both, and the root key of another ledger.
    Stranger,
    /// What the service alone knows: which serials it issued.
    Service,
    /// Both, and nothing that the service alone knows.
    Files,
}

/// Cases as they are collected.
#[derive(Default)]
pub struct Cases(Vec<Case>);

impl Cases {
    pub fn put(&mut self, name: impl Into<String>, input: Input) -> &mut Case {
        let (policy, given) = ("shop", Given::Both);
        self.0.push(Case { name: name.into(), input, policy, given, page: false });
        self.0.last_mut().unwrap()
    }

    fn code(&mut self, name: impl Into<String>, text: impl Into<String>) -> &mut Case {
        self.put(name, Input::Code(text.into()))
    }

    /// An address as a camera hands it to a browser.
    fn scan(&mut self, name: impl Into<String>, text: impl Into<String>) -> &mut Case {
        let case = self.code(name, text);
        case.page = true;
        case
    }

    pub fn file(&mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) -> &mut Case {
        self.put(name, Input::File(bytes.as_ref().to_vec()))
    }
}

/// All cases about a desk.
pub fn all(desk: &Desk) -> Vec<Case> {
    let mut cases = Cases::default();
    states(desk, &mut cases);
    transports(desk, &mut cases);
    unsigned(&mut cases);
    altered(desk, &mut cases);
    attacked(desk, &mut cases);
    keys(desk, &mut cases);
    lists(desk, &mut cases);
    files::all(desk, &mut cases);
    cases.0
}

/// A genuine label of a lot in each state, under each policy.
fn states(desk: &Desk, cases: &mut Cases) {
    let item = "06111234567895/A24B017";
    for lot in [item, "L1", "A(1)", "A.)", "L%2B", "B+'", "S1", "W1", "H1", "R1", "E1", "N1", "K1"]
    {
        cases.scan(format!("label of {lot}"), desk.label(lot));
    }
    for policy in ["customs", "audit"] {
        for lot in [item, "S1", "W1", "H1", "R1", "E1", "K1"] {
            cases.code(format!("label of {lot} under {policy}"), desk.label(lot)).policy = policy;
        }
    }
    for (name, given) in [("late", Given::Late), ("without a pack", Given::NoPack)] {
        for lot in [item, "S1", "R1"] {
            cases.code(format!("label of {lot}, {name}"), desk.label(lot)).given = given;
        }
    }
    let late = cases.code("label of L1 under customs, late", desk.label("L1"));
    (late.given, late.policy) = (Given::Late, "customs");
    cases.code("label, trust of another root", desk.label("L1")).given = Given::Stranger;
}

/// One genuine code as it comes by scanners, messages, browsers and spreadsheets.
fn transports(desk: &Desk, cases: &mut Cases) {
    for lot in ["06111234567895/A24B017", "B+'"] {
        let code = desk.label(lot);
        let named = around(&code).into_iter().chain(behind(&code));
        for (name, text) in named {
            cases.code(format!("{lot}: {name}"), text);
        }
        cases.scan(format!("{lot}: a browser's address"), escaped(&code));
        cases.scan(format!("{lot}: an address with a space behind"), format!("{code}%20"));
    }
}

/// As a browser escapes it.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('$', "%24").replace('+', "%2B").replace('*', "%2a")
}

/// A mark in the middle of a code.
fn within(code: &str, mark: &str) -> String {
    let middle = code.len() / 2;
    format!("{}{mark}{}", &code[..middle], &code[middle..])
}

/// What is done to an address itself, and stands around it.
fn around(code: &str) -> Vec<(&'static str, String)> {
    let at = "https://".len() + HOST.len() + 1;
    let token = &code[at..at + 111];
    let once = escaped(code);
    vec![
        ("lower case", code.to_lowercase()),
        ("upper case", code.to_uppercase()),
        ("plain http", code.replacen("https", "http", 1)),
        ("white space around", format!(" \t{code} \r")),
        ("a full stop behind", format!("{code}.")),
        ("a comma behind", format!("{code},")),
        ("a semicolon behind", format!("{code};")),
        ("a bracket and a full stop behind", format!("({code}).")),
        ("three marks behind", format!("{code}!!!")),
        ("slashes behind", format!("{code}//")),
        ("a group separator behind", format!("{code}\u{1d}")),
        ("a line separator around", format!("\u{2028}{code}\u{2028}")),
        ("a byte order mark before", format!("\u{feff}{code}")),
        ("marks of direction around", format!("\u{202a}{code}\u{202c}")),
        ("isolates of a chat around", format!("\u{2068}{code}\u{2069}")),
        ("a mark of direction within", within(code, "\u{200e}")),
        ("a soft hyphen within", within(code, "\u{ad}")),
        ("a space without width within", within(code, "\u{200b}")),
        ("straight quotes", format!("\"{code}\"")),
        ("French quotes", format!("\u{ab}\u{a0}{code}\u{a0}\u{bb}")),
        ("German quotes", format!("\u{201e}{code}\u{201c}")),
        ("angle brackets of a mail", format!("<{code}>")),
        ("brackets with URL", format!("<URL:{code}>")),
        ("a symbology identifier before", format!("]Q1{code}")),
        ("a data matrix identifier before", format!("]d1{code}")),
        ("a port", code.replacen(":443", "", 1).replacen("EXAMPLE/", "EXAMPLE:443/", 1)),
        ("the dot of the root behind its host", code.replacen("EXAMPLE/", "EXAMPLE./", 1)),
        ("parameters of a campaign", format!("{code}?utm_source=mail&fbclid=a/b")),
        ("a fragment", format!("{code}#jar")),
        ("escapes of a browser", once.clone()),
        ("escapes twice", escaped(&once)),
        ("the slashes escaped too", once.replace('/', "%2F").replace(':', "%3A")),
        ("plus made a space", code.replace(token, &token.replace('+', " "))),
    ]
}

/// What programs and people put behind an address, and words.
fn behind(code: &str) -> Vec<(&'static str, String)> {
    vec![
        ("an escaped space behind", format!("{code}%20")),
        ("an escaped line break behind", format!("{code}%0D%0A")),
        ("an escaped mark of direction behind", format!("{code}%E2%80%8E")),
        ("an escaped full stop behind", format!("{code}%2E")),
        ("a space escaped twice behind", format!("{code}%2520")),
        ("an ellipsis behind", format!("{code}\u{2026}")),
        ("an Arabic comma behind", format!("{code}\u{60c}")),
        ("a bar behind", format!("{code}|")),
        ("a picture behind", format!("{code} \u{2705}\u{fe0f}")),
        ("words behind", format!("{code} (vu lundi, palette 7)")),
        ("a line of words behind", format!("{code}\nMerci, L010")),
        ("a word before", format!("> {code}")),
        ("an Arabic word before", format!("\u{627}\u{644}\u{631}\u{645}\u{632}: {code}")),
        ("in a sentence", format!("Voir {code}, puis la palette 7.")),
        ("an entity of HTML behind", format!("{code}&nbsp;&quot;")),
        ("a soft break of a mail within", within(code, "=\r\n")),
        ("a line break within", within(code, "\n")),
        ("a formula of a spreadsheet around", format!("=\"{code}\"")),
        ("slashes before its token", code.replacen("EXAMPLE/", "EXAMPLE///./", 1)),
        ("without its scheme", code.replacen("https:", "", 1)),
        ("an empty port", code.replacen("EXAMPLE/", "EXAMPLE:/", 1)),
        ("a port with a zero", code.replacen("EXAMPLE/", "EXAMPLE:0443/", 1)),
        ("spaces around its host", code.replacen("LEDGER.EXAMPLE", " LEDGER.EXAMPLE ", 1)),
    ]
}

/// Codes that carry no signature.
fn unsigned(cases: &mut Cases) {
    let here = format!("https://{HOST}");
    cases.scan("unsigned", format!("{here}/01/{GTIN}/10/A24B017"));
    cases.scan("unsigned with a serial", format!("{here}/01/{GTIN}/10/A24B017/21/K7Q2M9XD"));
    cases.scan("unsigned of a product alone", format!("{here}/01/{GTIN}"));
    cases.scan("unsigned of an unknown lot", format!("{here}/01/{GTIN}/10/NEVER"));
    cases.scan("unsigned with a wrong check digit", format!("{here}/01/06111234567894/10/A1"));
    for lot in ["L1", "S1", "W1", "H1", "R1", "E1", "N1", "K1", "U1", "UH", "UR", "NEVER"] {
        cases.scan(format!("unsigned of {lot}"), format!("{here}/LOT/COOP/{lot}"));
        cases.code(format!("typed {lot}"), format!("coop/{lot}"));
    }
    cases.scan("unsigned of an unknown party", format!("{here}/LOT/NOBODY/L1"));
    for policy in ["customs", "audit"] {
        let code = format!("{here}/01/{GTIN}/10/A24B017");
        cases.code(format!("unsigned under {policy}"), code).policy = policy;
        cases.code(format!("typed under {policy}"), "coop/L1").policy = policy;
    }
    cases.code("unsigned over plain http", format!("http://{HOST}/01/{GTIN}/10/A24B017"));
    cases.code("of a foreign host", format!("https://shop.example/01/{GTIN}/10/A24B017"));
    cases.code("of a foreign host, recalled", "https://shop.example/lot/coop/R1");
    cases.code("typed with the GTIN", format!("{GTIN}/A24B017"));
    cases.code("element string in brackets", format!("(01){GTIN}(10)A24B017"));
    cases.code("element string of a scanner", format!("]d201{GTIN}10A24B017"));
    cases.code("element string, more behind", format!("]C101{GTIN}10A24B017\u{1d}17261231"));
    cases.code("element string without a separator", format!("]C101{GTIN}10A24B01717261231"));
    cases.code("words", "what is this");
    cases.code("a wireless network", "WIFI:T:WPA;S:cafe;P:secret;;");
    cases.code("another site", "https://www.shop.example/products/7");
    cases.code("a telephone number", "tel:+212600000000");
    let wrapped = format!("https%3A%2F%2F{HOST}%2F01%2F{GTIN}%2F10%2FA24B017&data=05");
    let safe = format!("https://eur02.safelinks.protection.outlook.com/?url={wrapped}");
    cases.code("wrapped by a mail program", safe);
    cases.code("typed with Arabic digits", "\u{660}٦١١١٢٣٤٥٦٧٨٩٥ / A24B017");
    cases.code("unsigned among words", format!("Voir {here}/01/{GTIN}/10/A24B017, merci"));
}

/// One character changed, or something cut off: never green.
fn altered(desk: &Desk, cases: &mut Cases) {
    let item = desk.label("06111234567895/A24B017");
    let serial = desk.signed(
        "06111234567895/A24B017",
        desk.index("06111234567895/A24B017"),
        4,
        Some("K7Q2M9XD"),
    );
    let at = "https://".len() + HOST.len() + 1;
    let changed = |code: &str, place: usize| {
        let new = if &code[place..=place] == "7" { "8" } else { "7" };
        format!("{}{new}{}", &code[..place], &code[place + 1..])
    };
    for place in [0, 2, 5, 17, 40, 63, 88, 110] {
        cases.scan(format!("token altered at {place}"), changed(&item, at + place));
    }
    let (item_at, lot_at) = (item.find("/01/").unwrap() + 4, item.find("/10/").unwrap() + 4);
    for place in [0, 6, 13] {
        cases.scan(format!("GTIN altered at {place}"), changed(&item, item_at + place));
    }
    cases.scan("GTIN of another product", item.replace(GTIN, "06111234567888"));
    for place in [0, 3, 6] {
        cases.scan(format!("lot altered at {place}"), changed(&item, lot_at + place));
    }
    cases.scan("lot of another", item.replace("/A24B017", "/A24B018"));
    for place in [1, 4, 8] {
        cases.scan(format!("serial altered at {place}"), changed(&serial, serial.len() - place));
    }
    cases.scan("serial cut off", serial.replace("/21/K7Q2M9XD", ""));
    cases.scan("serial put on", format!("{item}/21/K7Q2M9XD"));
    cases.code("host of another", item.replace("LEDGER.EXAMPLE", "LEDGER.EXAMPL3"));
    cases.code("host before an at sign", item.replace("https://", "https://ledger.example@evil."));
    cases.code("altered, a full stop behind", format!("{}.", changed(&item, at + 40)));
    cases.code("altered, in quotes", format!("\"{}\"", changed(&item, at + 40)));
    cases.code("altered, lower case", changed(&item, at + 40).to_lowercase());
    let dropped = format!("{}{}", &item[..at + 40], &item[at + 41..]);
    // Whether it was ever issued, the service alone can tell.
    cases.scan("with a serial, by files", serial.clone()).given = Given::Files;
    cases.scan("with a serial that nobody issued", serial.clone()).given = Given::Service;
    for (name, code) in [
        ("one character missing", dropped),
        ("cut after 60", item[..60].to_owned()),
        ("cut in the lot's name", item[..lot_at - 2].to_owned()),
        ("cut before the lot", item[..lot_at].to_owned()),
        ("cut in the GTIN", item[..item_at + 9].to_owned()),
        ("a character that no token has", item.replacen(&item[at + 9..at + 10], "!", 1)),
        ("its end repeated", format!("{item}{}", &item[lot_at - 4..])),
        ("a serial behind a space", format!("{item} /21/FAKE2345")),
        ("another code without its scheme behind", {
            format!("{item} {}", &changed(&item, at + 40)["https://".len()..])
        }),
        ("another code without its scheme before", {
            format!("{} {item}", &changed(&item, at + 40)["https://".len()..])
        }),
        ("altered, words behind", format!("{} (lot A24B017)", changed(&item, lot_at + 3))),
        ("altered, an escaped space behind", format!("{}%20", changed(&item, lot_at + 3))),
        ("its last character made foreign", format!("{}|", &item[..item.len() - 1])),
        ("twice in one field", format!("{item}{item}")),
        ("twice with a space", format!("{item} {item}")),
    ] {
        cases.code(name, code);
    }
}

/// What was put behind or before a genuine code to make it pass for another: never green.
fn attacked(desk: &Desk, cases: &mut Cases) {
    let item = desk.label("06111234567895/A24B017");
    let at = "https://".len() + HOST.len() + 1;
    let named = [
        ("one more digit, escaped", format!("{item}%31")),
        ("one more digit, escaped twice", format!("{item}%2531")),
        ("one more letter, escaped", format!("{item}%C3%A9")),
        ("one more digit, as an entity", format!("{item}&#49;")),
        ("a serial behind escaped slashes", format!("{item}%2F21%2FK7Q2M9XD")),
        ("one more digit behind a tab", format!("{item}\t1")),
        ("one more digit behind a line break", format!("{item}\n1")),
        ("one more digit behind a soft break", format!("{item}=\r\n1")),
        ("another lot behind a line break", format!("{item}\nL011")),
        ("one more letter in brackets", format!("{item}\u{249c}")),
        ("one more letter as a sign", format!("{item}\u{2122}")),
        ("a stroke over its last digit", format!("{item}\u{337}")),
        ("another path", format!("{item}/../")),
        ("an action and separators before", format!("WIFI:T:WPA;S:x;URL:{item}")),
        ("a call and a separator before", format!("tel:0900;{item}")),
        ("a serial behind backslashes", format!("{item}\\21\\K7Q2M9XD")),
        ("a serial behind bars", format!("{item}|21|K7Q2M9XD")),
        ("a serial without its slash", format!("{item} 21/K7Q2M9XD")),
        ("more behind a slash and a space", format!("{item}/ 1")),
        ("an escaped query behind", format!("{item}%3Futm_source=x")),
        ("another lot typed before", format!("06111234567895/L7 {item}")),
        ("another lot as elements before", format!("(01)06111234567895(10)L7 {item}")),
        ("another code behind a bar", format!("{item}|{}", &item["https://".len()..])),
        ("another code escaped behind", format!("{item} {}", escaped(&item).replace('/', "%2F"))),
        ("a token behind", format!("{item} {}", &item[at..at + 111])),
        ("an address before", format!("evil.example/x {item}")),
        ("a host before", format!("www.evil.example {item}")),
        ("an address with one slash before", format!("https:/evil.example/ {item}")),
        ("an address with backslashes before", format!("https:\\\\evil.example\\ {item}")),
        ("an address with a tab before", format!("ht\ttps://evil.example/ {item}")),
        ("an address with a tab behind its scheme", format!("https:\t//evil.example/ {item}")),
        ("another scheme before", format!("ftp://evil.example/x {item}")),
        ("a market before", format!("market://details?id=x {item}")),
        ("a call before", format!("tel:0900123456 {item}")),
        ("a message before", format!("SMSTO:+2127777777:{item}")),
        ("a network before", format!("WIFI:T:WPA;S:x;P:{item}")),
        ("a script before", format!("javascript:{item}")),
        ("a mail before", format!("mailto:a@evil.example?body= {item}")),
        ("a redirect before", format!("evil.example/?u={item}")),
    ];
    for (name, code) in named {
        cases.code(name, code);
    }
}

/// Labels by keys that may not, or that say what is not in the log.
fn keys(desk: &Desk, cases: &mut Cases) {
    let index = desk.index("L1");
    cases.scan("signed by nobody's key", desk.signed("L1", index, 99, None));
    cases.scan("signed by a cooperative", desk.signed("L1", index, 21, None));
    cases.scan("signed by a stolen label key", desk.signed("L1", index, 6, None));
    cases.scan("signed by a certifier's key", desk.signed("L1", index, 10, None));
    cases.scan("about an entry to come", desk.signed("L1", 4_000, 4, None));
    cases.scan("about an entry that is no certificate", desk.signed("L1", 3, 4, None));
    cases
        .scan("about the certificate of another lot", desk.signed("L1", desk.index("S1"), 4, None));
    cases.scan("about a lot that nobody declared", desk.signed("NEVER", index, 4, None));
    cases.scan("about a lot that nobody certified", desk.signed("U1", index, 4, None));
}

/// Lists as spreadsheets, scanners and people write them.
fn lists(desk: &Desk, cases: &mut Cases) {
    let a = desk.label("06111234567895/A24B017");
    let b = desk.label("B+'");
    let bad = desk.label("S1");
    let forged = a.replace("/A24B017", "/A24B018");
    let plain = format!("https://{HOST}/01/{GTIN}/10/A24B017");
    let quoted = |text: &str| format!("\"{text}\"");
    let forms = [
        ("one a line", format!("{a}\n{b}\n")),
        ("an empty second column", format!("{a};\r\n{b};\r\n")),
        ("ends of old lines", format!("code\r{a}\r\r{b}\r")),
        ("tabs and an Arabic head", format!("\u{feff}رقم\tالرمز\n1\t{a}\n2\t{b}\n")),
        ("commas and quotes", format!("n,Code\n1,{}\n\"2\",{}\n", quoted(&a), quoted(&b))),
        ("its separator named", format!("sep=;\r\nn;url;coop\r\n1;{a};x\r\n2;{b};y\r\n")),
        ("a French head", format!("Lot;Étiquette;Quai\n7;{a};3\n8;{b};4\n")),
        ("no head, third column", format!("1,pallet 7,{a}\n2,pallet 8,{b}\n")),
        ("empty rows at the end", format!("code;n\n{a};1\n;;;;\n;;;;\n{b};2\n;;;;\n")),
        ("a cell over two lines", format!("note;code\n\"two\nlines\";{a}\nx;{b}\n")),
        ("words before each", format!("Palette 7: {a}\nPalette 8: {b}\n")),
        ("one suspended", format!("code;n\n{a};1\n{bad};2\n")),
        ("one forged", format!("code;n\n{a};1\n{forged};2\n")),
        ("one unsigned", format!("code;n\n{a};1\n{plain};2\n")),
        ("one row without a code", format!("n;code\n1;{a}\n2;\n3;{b}\n")),
        ("one code cut", format!("n;code\n1;{a}\n2;{}\n", &b[..70])),
        ("two in a row", format!("{a};{bad}\n")),
        ("bars", format!("{a}|a\n{b}|b\n")),
        ("bars and a head", format!("code|n\n{a}|1\n{b}|2\n")),
        ("a forged one beside, without its scheme", {
            format!("url;other\n{a};{}\n", &forged["https://".len()..])
        }),
        ("a forged one beside, its slashes escaped", {
            format!("code;note\n{a};{}\n", forged["https://".len()..].replace('/', "%2F"))
        }),
        ("a forged one beside, its slashes turned", {
            format!("code;note\n{a};{}\n", forged["https://".len()..].replace('/', "\\"))
        }),
        ("a forged one beside, among words", format!("url;other\n{a};voir {forged}\n")),
        ("a forged one beside, as a formula", format!("url;other\n{a};\"=\"\"{forged}\"\"\"\n")),
        ("a forged one behind in the line", { format!("{a} {}\n", &forged["https://".len()..]) }),
        ("a row and words", format!("{a};12 cartons\n")),
        ("a word behind a comma", format!("1,\"{a}, lot 5\",x\n2,\"{b}, lot 6\",y\n")),
        ("separator in quotes", format!("\"sep=;\"\n{a};1\n")),
        ("typed lots", "coop/L1\ncoop/S1\ncoop/NEVER\n".to_owned()),
        ("a head alone", "code\n".to_owned()),
        ("a letter", "Dear all,\nplease find the jars\nin the cellar\n".to_owned()),
        ("nothing", "\n\n".to_owned()),
    ];
    for (name, text) in forms {
        cases.file(format!("list: {name}"), text);
    }
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(a.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    cases.file("list: in UTF-16", utf16);
    let old = [format!("caf\u{e9};code\n1;{a}\n").chars().map(|c| c as u8).collect::<Vec<u8>>()];
    cases.file("list: in an old encoding", &old[0]);
}
