//! What the fictional certifiers and cooperatives tell the public, in French, Arabic and English.
//! Words of the demonstration only; the service's own words stand in the locales.

use std::collections::BTreeMap;

/// A notice by language.
pub(super) type Notice = BTreeMap<String, String>;

fn notice(fr: &str, ar: &str, en: &str) -> Notice {
    [("fr", fr), ("ar", ar), ("en", en)]
        .into_iter()
        .map(|(language, text)| (language.to_owned(), text.to_owned()))
        .collect()
}

pub(super) fn suspension() -> Notice {
    notice(
        "Exemple fictif : documents de récolte manquants. Le certificat est suspendu jusqu'à leur \
         réception.",
        "مثال خيالي: وثائق الجني ناقصة. الشهادة معلقة إلى حين التوصل بها.",
        "Fictional example: harvest records are missing. The certificate is suspended until they \
         arrive.",
    )
}

pub(super) fn withdrawal() -> Notice {
    notice(
        "Exemple fictif : l'analyse n'est pas conforme au cahier des charges. Le certificat est \
         retiré.",
        "مثال خيالي: نتيجة التحليل غير مطابقة لدفتر التحملات. تم سحب الشهادة.",
        "Fictional example: the analysis does not meet the specification. The certificate is \
         withdrawn.",
    )
}

pub(super) fn recall() -> Notice {
    notice(
        "Exemple fictif : présence possible de moisissures. Ne pas consommer ; rapporter le \
         produit au point de vente.",
        "مثال خيالي: احتمال وجود عفن. لا تستهلكوا المنتج وأرجعوه إلى نقطة البيع.",
        "Fictional example: mould may be present. Do not eat it; bring it back to where you \
         bought it.",
    )
}
