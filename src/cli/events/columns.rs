//! The columns of a table of events, one form for all twelve kinds, and a sample of each kind. Not
//! here: what stands in the cells (`rows`, `kinds`).

use clap::ValueEnum;

use super::super::common::cells::Columns;
use crate::reader::folded;

/// The twelve kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Lots become others.
    Transform,
    /// Goods are sent.
    Ship,
    /// A receiver says what came.
    Receive,
    /// What was missing is settled.
    Settle,
    /// Goods go into a carton, a pallet.
    Pack,
    /// Goods come out of one.
    Unpack,
    /// Goods are sold.
    Out,
    /// Goods are lost.
    Loss,
    /// A sample is taken.
    Sample,
    /// Goods are destroyed.
    Destroy,
    /// Somebody looks.
    Observe,
    /// An event shall count as not said.
    Void,
}

/// Columns with quantities, whose heads may name a unit.
pub const AMOUNTS: [&str; 4] = ["quantity", "accepted", "refused", "missing"];

/// The columns of every table of events.
pub const COLUMNS: Columns = Columns {
    must: &["kind", "at"],
    may: &[
        "name",
        "offset",
        "region",
        "document",
        "lot",
        "side",
        "quantity",
        "recipe",
        "to",
        "country",
        "purpose",
        "carrier",
        "returns",
        "of",
        "accepted",
        "refused",
        "missing",
        "discrepancy",
        "settled",
        "unit",
        "inner",
        "channel",
        "cause",
        "holder",
        "from",
        "step",
        "result",
        "reason",
        "replaced_by",
        "measure",
    ],
    heads: &HEADS,
    amounts: &AMOUNTS,
};

/// Other heads of a column: French, Arabic, and what people write.
const HEADS: [(&str, &[&str]); 32] = [
    ("name", &["nom", "n° d'opération", "opération n°", "référence", "event", "المرجع"]),
    ("kind", &["type", "opération", "événement", "nature", "العملية"]),
    ("at", &["date", "date et heure", "le", "quand", "when", "التاريخ"]),
    ("offset", &["fuseau", "décalage"]),
    ("region", &["région", "الجهة"]),
    ("document", &["pièce", "justificatif"]),
    ("lot", &["n° de lot", "numéro de lot", "batch", "lot number", "الدفعة", "رقم الدفعة"]),
    ("side", &["sens", "entrée/sortie", "in/out", "input/output"]),
    ("quantity", &["quantité", "الكمية"]),
    ("recipe", &["recette", "procédé", "الوصفة"]),
    ("to", &["à", "destinataire", "vers", "receiver", "المرسل إليه"]),
    ("country", &["pays", "البلد"]),
    ("purpose", &["motif d'envoi", "but", "الغرض"]),
    ("carrier", &["transporteur", "الناقل"]),
    ("returns", &["retour de"]),
    ("of", &["de l'envoi", "envoi", "shipment", "concerne", "الإرسالية"]),
    ("accepted", &["accepté", "reçu", "المقبول"]),
    ("refused", &["refusé", "المرفوض"]),
    ("missing", &["manquant", "الناقص"]),
    ("discrepancy", &["écart"]),
    ("settled", &["réglé", "as", "réglé comme"]),
    ("unit", &["unité", "unité logistique", "sscc", "colis", "الوحدة"]),
    ("inner", &["contenu", "unité contenue", "content"]),
    ("channel", &["canal", "circuit", "القناة"]),
    ("cause", &["السبب"]),
    ("holder", &["détenteur", "الحائز"]),
    ("from", &["provenance", "depuis"]),
    ("step", &["étape", "المرحلة"]),
    ("result", &["résultat", "constat", "النتيجة"]),
    ("reason", &["raison", "motif"]),
    ("replaced_by", &["remplacé par"]),
    ("measure", &["unité de mesure", "u.m.", "unit of measure", "وحدة القياس"]),
];

/// What people write for a kind.
const WORDS: [(Kind, &[&str]); 12] = [
    (Kind::Transform, &["transform", "transformation", "transformer", "تحويل"]),
    (Kind::Ship, &["ship", "shipment", "expédition", "expédier", "envoi", "إرسال"]),
    (Kind::Receive, &["receive", "receipt", "réception", "recevoir", "استلام"]),
    (Kind::Settle, &["settle", "settlement", "règlement", "régler", "تسوية"]),
    (Kind::Pack, &["pack", "emballage", "emballer", "colisage", "تعبئة"]),
    (Kind::Unpack, &["unpack", "déballage", "déballer", "تفريغ"]),
    (Kind::Out, &["out", "sale", "sortie", "vente", "بيع"]),
    (Kind::Loss, &["loss", "perte", "ضياع"]),
    (Kind::Sample, &["sample", "échantillon", "prélèvement", "عينة"]),
    (Kind::Destroy, &["destroy", "destruction", "détruire", "إتلاف"]),
    (Kind::Observe, &["observe", "observation", "observer", "معاينة"]),
    (Kind::Void, &["void", "annulation", "annuler", "إلغاء"]),
];

/// Words of lists in French; one may stand in several lists.
const FRENCH: [(&str, &[&str]); 47] = [
    ("accepted", &["accepté"]),
    ("analysis", &["analyse"]),
    ("cleaning", &["nettoyage", "lavage"]),
    ("community", &["collectivités", "collectivité"]),
    ("conformant", &["conforme"]),
    ("damage", &["casse", "dommage", "fuite"]),
    ("damaged", &["endommagé", "abîmé"]),
    ("denied", &["refusé", "rien reçu"]),
    ("destroying", &["destruction"]),
    ("did-not-occur", &["n'a pas eu lieu"]),
    ("drying", &["séchage"]),
    ("entry-error", &["erreur de saisie"]),
    ("expired", &["périmé", "péremption"]),
    ("export", &["exportation"]),
    ("harvesting", &["récolte", "cueillette"]),
    ("inconclusive", &["indéterminé"]),
    ("incorrect-data", &["données fausses", "erreur"]),
    ("industry", &["industrie"]),
    ("inspecting", &["inspection", "contrôle"]),
    ("lost", &["perdu"]),
    ("moisture", &["humidité", "séchage"]),
    ("non-conformant", &["non conforme"]),
    ("none", &["aucun", "néant"]),
    ("nonconformity", &["non-conformité"]),
    ("online", &["en ligne"]),
    ("other", &["autre"]),
    ("process", &["procédé", "filtration"]),
    ("processing", &["travail à façon", "façon", "transformation"]),
    ("promotion", &["dégustation"]),
    ("recall", &["rappel"]),
    ("recall-return", &["retour de rappel", "retour rappel"]),
    ("retail", &["détail", "vente au détail"]),
    ("retention", &["échantillothèque", "conservation"]),
    ("return", &["retour"]),
    ("returned", &["retourné", "rendu"]),
    ("sale", &["vente"]),
    ("sampling", &["prélèvement", "échantillonnage"]),
    ("sediment", &["sédiment", "dépôt"]),
    ("semi-wholesale", &["demi-gros"]),
    ("short", &["manque", "manquant"]),
    ("sorting", &["tri"]),
    ("spoilage", &["altération", "avarie", "pourriture"]),
    ("storing", &["stockage", "entreposage"]),
    ("theft", &["vol"]),
    ("transfer", &["transfert"]),
    ("weighing", &["pesée"]),
    ("wholesale", &["gros", "vente en gros"]),
];

/// The words of lists that a French word may stand for.
pub fn words_of(text: &str) -> impl Iterator<Item = &'static str> {
    let word = folded(text);
    let fits = move |words: &[&str]| words.iter().any(|one| folded(one) == word);
    FRENCH.iter().filter(move |(_, words)| fits(words)).map(|(word, _)| *word)
}

impl Kind {
    /// The kind that a word names.
    ///
    /// # Errors
    /// None, with those there are.
    pub fn of_word(text: &str) -> Result<Self, String> {
        let word = folded(text);
        let found = WORDS.iter().find(|(_, words)| words.iter().any(|one| folded(one) == word));
        found.map(|(kind, _)| *kind).ok_or_else(|| {
            let known = WORDS.iter().filter_map(|(_, words)| words.first()).copied();
            let known = known.collect::<Vec<_>>().join(", ");
            format!("{text:?} is no kind of event: write one of {known}")
        })
    }

    /// A file to start from.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Transform => {
                "name,kind,at,region,recipe,side,lot,quantity\n\
                 press-12,transform,2026-10-30 09:12,MA-09,argan-press,input,my-coop/K26A,440 kg\n\
                 press-12,,,,,output,my-coop/H26A,215 L\n"
            }
            Self::Ship => {
                "name,kind,at,to,country,purpose,carrier,lot,quantity,unit\n\
                 delivery-7,ship,2026-11-02 08:00,my-shop,,sale,,my-coop/J250,25 L,\n\
                 delivery-7,,,,,,,,,my-coop/PALLET-1\n"
            }
            Self::Receive => {
                "name,kind,at,of,lot,accepted,refused,missing,discrepancy\n\
                 arrival-7,receive,2026-11-03 10:30,my-coop/4K7Q0123456789ABCDEFGHJKMN,\
                 my-coop/J250,24.5 L,0,0.5 L,short\n"
            }
            Self::Settle => {
                "name,kind,at,of,lot,quantity,settled\n\
                 settled-7,settle,2026-11-09 10:30,my-shop/4K7Q0123456789ABCDEFGHJKMN,my-coop/J250,\
                 0.5 L,lost\n"
            }
            Self::Pack => {
                "name,kind,at,unit,lot,quantity,inner\n\
                 carton-1,pack,2026-10-31 11:00,my-coop/CARTON-1,my-coop/J250,6 L,\n\
                 pallet-1,pack,2026-10-31 15:00,my-coop/PALLET-1,,,my-coop/CARTON-1\n"
            }
            Self::Unpack => {
                "name,kind,at,unit,lot,quantity,inner\n\
                 open-1,unpack,2026-11-04 09:00,my-coop/CARTON-1,my-coop/J250,6 L,\n"
            }
            Self::Out => {
                "name,kind,at,channel,lot,quantity\n\
                 till-2026-11-04,out,2026-11-04 19:00,retail,my-coop/J250,2.5 L\n"
            }
            Self::Loss => {
                "name,kind,at,cause,lot,quantity\n\
                 tank-3,loss,2026-10-30 18:00,sediment,my-coop/H26A,2 L\n"
            }
            Self::Sample => {
                "name,kind,at,cause,holder,lot,quantity\n\
                 sample-1,sample,2026-10-30 18:00,analysis,,my-coop/H26A,250 mL\n"
            }
            Self::Destroy => {
                "name,kind,at,cause,from,lot,quantity\n\
                 recall-1,destroy,2026-11-20 12:00,recall,,my-coop/J250,1.25 L\n"
            }
            Self::Observe => {
                "name,kind,at,step,lot,result,of\n\
                 store-1,observe,2026-10-30 18:00,storing,my-coop/H26A,,\n"
            }
            Self::Void => {
                "name,kind,at,of,reason,replaced_by\n\
                 undo-1,void,2026-11-05 08:00,till-2026-11-04,incorrect-data,\n"
            }
        }
    }
}
