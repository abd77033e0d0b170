# Arabic texts of the pages (Modern Standard, as Moroccan administration writes it).
# REVIEW DUE: a native reader has not yet reviewed these texts. Terms: assets/data/glossary.csv.

## The service

site-name = تصديق
site-line = شهادات حصص يمكن لأي شخص التحقق منها
skip-to-content = الانتقال إلى المحتوى
demo-notice = عرض تجريبي: التعاونيات وهيئات التصديق والشهادات المعروضة هنا خيالية.
nav-label = القائمة الرئيسية
nav-home = الرئيسية
nav-register = السجل العمومي
nav-inspect = التحقق من الرموز
nav-audit = افتحاص السجل
nav-api = للبرامج (API)
language-label = اللغة
language-partial = لم تُترجم هذه الصفحة بعد إلى الأمازيغية: لم تُترجم إلا الكلمات التي روجعت، والباقي بالفرنسية.
yes = نعم
no = لا
none = لا يوجد
unknown = غير معروف
undisclosed = غير منشور
unit-gram = غ
unit-kilogram = كلغ
unit-millilitre = مل
unit-litre = لتر
unit-piece = { $count ->
    [zero] { $count } قطعة
    [one] قطعة واحدة
    [two] قطعتان
    [few] { $count } قطع
    [many] { $count } قطعة
   *[other] { $count } قطعة
 }

## Scan page: the verdict. Headline, one sentence, what to do.
## Sentences of a certificate may use $certifier and $date (the day the state began or ends).

title-scan = { $verdict } – { $product }
verdict-label = نتيجة التحقق
verdict-valid = أصلية وسارية المفعول
verdict-valid-sentence = الشهادة التي وقعتها { $certifier } لهذه الحصة سارية المفعول إلى غاية { $date }.
verdict-valid-action = قارن البيانات أسفله مع العبوة التي بين يديك.
verdict-not-yet-valid = أصلية لكنها لم تدخل بعد حيز التنفيذ
verdict-not-yet-valid-sentence = الشهادة التي وقعتها { $certifier } لهذه الحصة تسري ابتداء من { $date }.
verdict-not-yet-valid-action = قبل هذا اليوم لا يوجد أي تصديق. اسأل المتجر عن سبب بيع المنتوج قبل موعده.
verdict-expired = أصلية لكنها منتهية الصلاحية
verdict-expired-sentence = الشهادة التي وقعتها { $certifier } لهذه الحصة انتهت بتاريخ { $date }.
verdict-expired-action = انظر أسفله الحالة بتاريخ التعبئة، وتاريخ الصلاحية المكتوب على العبوة.
verdict-suspended = أصلية لكنها موقوفة مؤقتا
verdict-suspended-sentence = الشهادة التي وقعتها { $certifier } لهذه الحصة موقوفة مؤقتا منذ { $date }، ويمكن رفع هذا التوقيف.
verdict-suspended-action = اسأل المتجر قبل شراء هذا المنتوج أو استعماله.
verdict-withdrawn = أصلية لكنها مسحوبة
verdict-withdrawn-sentence = الشهادة التي وقعتها { $certifier } لهذه الحصة سُحبت نهائيا بتاريخ { $date }.
verdict-withdrawn-action = لم تعد هذه الحصة مصادقا عليها. لا تشترها بناء على ما يدعيه ملصقها، وأخبر المتجر.
verdict-scope-reduced = أصلية لكنها خارج النطاق بعد تخفيضه
verdict-scope-reduced-sentence = لم تعد { $certifier } معتمدة في ما تنص عليه هذه الشهادة.
verdict-scope-reduced-action = اسأل المتجر قبل شراء هذا المنتوج أو استعماله.
verdict-superseded = أصلية ومعوَّضة بشهادة جديدة
verdict-superseded-sentence = أصدرت { $certifier } الشهادة الأحدث رقم { $newer } لهذه الحصة.
verdict-superseded-action = افتح الشهادة الأحدث، فهي المعتمدة.
verdict-held = أصلية لكن الحصة محجوزة مؤقتا
verdict-held-sentence = هذه الحصة محجوزة منذ { $date } ويجب عدم بيعها في الوقت الحالي.
verdict-held-action = لا تشترها الآن. إذا كانت لديك، فلا تستهلكها واسأل المتجر.
verdict-recalled = حصة موضوع استرجاع: توقف عن استعمالها
verdict-recalled-sentence = هذه الحصة موضوع استرجاع منذ { $date }. لا تستهلكها ولا تستعملها.
verdict-recalled-action = أرجع المنتوج إلى المتجر الذي اشتريته منه.
verdict-recalled-action-shop = أرجع المنتوج إلى المتجر الذي اشتريته منه.
verdict-recalled-action-cooperative = أرجع المنتوج أو أرسله إلى التعاونية.
verdict-recalled-action-destroy = أتلف المنتوج ولا تعطه لأحد.
verdict-exhausted = أصلي، لكن لم يبق شيء من هذه الحصة
verdict-exhausted-sentence = حسب السجل، أُتلفت هذه الحصة كلها أو أُخذت منها عينات أو أُرجعت؛ وكان آخر ذلك بتاريخ { $date }.
verdict-exhausted-action = لا ينبغي أن تكون هذه العبوة معروضة للبيع: قد يكون رمزها منسوخا. اسأل المتجر.
verdict-unusual = أصلي، لكنه شوهد مرات كثيرة على غير العادة
verdict-unusual-sentence = { $count ->
    [zero] شوهد هذا الرمز { $count } مرة خلال 30 يوما.
    [one] شوهد هذا الرمز مرة واحدة خلال 30 يوما.
    [two] شوهد هذا الرمز مرتين خلال 30 يوما.
    [few] شوهد هذا الرمز { $count } مرات خلال 30 يوما.
    [many] شوهد هذا الرمز { $count } مرة خلال 30 يوما.
   *[other] شوهد هذا الرمز { $count } مرة خلال 30 يوما.
 }
verdict-unusual-action = قد يكون نُسخ على عبوات أخرى. قارن رمز الوحدة والتواريخ والختم مع العبوة التي بين يديك؛ وإذا اختلف شيء فأخبر المتجر.
unusual-places = { $count ->
    [zero] في { $count } بلد.
    [one] في بلد واحد.
    [two] في بلدين.
    [few] في { $count } بلدان.
    [many] في { $count } بلدا.
   *[other] في { $count } بلد.
 }
verdict-not-genuine = غير أصلي
verdict-not-genuine-sentence = هذا الرمز غير أصلي: لا يمكن الوثوق بأي شيء مما يتضمنه.
verdict-not-genuine-action = لا تعتمد على هذا الملصق. احتفظ بالعبوة وأخبر المتجر.
verdict-unchecked = تعذر التحقق
verdict-unchecked-sentence = المعطيات غير كافية لمعرفة ما إذا كان هذا الرمز أصليا.
verdict-unchecked-action = لا تعتبره مصادقا عليه. أعد المحاولة لاحقا.
verdict-unknown = رمز غير معروف
verdict-unknown-sentence = هذا الرمز غير مسجل في السجل.
verdict-unknown-action = تأكد مما كتبته أو أعد مسح الرمز. إذا بقي غير معروف، فلا تعتبره مصادقا عليه.
verdict-authentic = وثيقة أصلية
verdict-authentic-sentence = هذه الوثيقة الموقعة أصلية ومسجلة في السجل. لكنها ليست شهادة، ولا تفيد بصلاحية أي حصة.
verdict-authentic-action = لمعرفة ما إذا كانت شهادة حصة ما سارية المفعول، تحقق من رمزها أو من شهادتها.
verdict-status-unknown = التوقيع سليم والحالة غير معروفة
verdict-status-unknown-sentence = الرمز موقع فعلا، لكن لا نعرف هنا ما إذا كانت شهادته سارية المفعول اليوم.
verdict-status-unknown-action = أعد التحقق مع وجود اتصال أو بمعطيات أحدث قبل الاعتماد عليه.
verdict-no-certificate = لا توجد شهادة
verdict-no-certificate-sentence = صرحت تعاونية بهذه الحصة، لكن لم تصادق عليها أي هيئة.
verdict-no-certificate-action = لا تعتبرها مصادقا عليها.
verdict-lot-missing = أي حصة؟
verdict-lot-missing-sentence = هذا الرمز يشير إلى منتوج دون تحديد الحصة، لذلك لا يمكن التحقق بعد.
verdict-lot-missing-action = اختر رقم الحصة المطبوع على العبوة.
verdict-label-void = أصلي، لكن هذا الملصق ملغى
verdict-label-void-sentence = تلف هذا الملصق وأُعيد رقمه: لا يجوز أن يكون على أي وعاء.
verdict-label-void-action = ربما أُخذ من التوالف. اسألوا المتجر عن مصدر الوعاء.
verdict-code-expired = أصلي لكن الرمز انتهت صلاحيته
verdict-code-expired-sentence = كان رمز هذا الملصق صالحا إلى غاية { $date }.
verdict-code-expired-action = انظر إلى التواريخ المكتوبة على العبوة واسأل المتجر.
verdict-key-suspect = لم يتم التأكيد
verdict-key-suspect-sentence = وُقعت الشهادة في وقت ربما كان فيه مفتاح التوقيع في أيد غريبة.
verdict-key-suspect-action = انتظر حتى تؤكدها هيئة التصديق من جديد. لا تعتبرها مصادقا عليها.
verdict-unsigned = هذه الحصة مصادق عليها، أما هذا الملصق فلم يتم التحقق منه
verdict-unsigned-sentence = يتضمن السجل شهادة من { $certifier } لهذه الحصة سارية المفعول إلى غاية { $date }. هذا الرمز لا يحمل توقيعا: يمكن لأي شخص طباعته.
verdict-unsigned-action = ابحث عن الرمز الموقع على العبوة وامسحه. بدونه لا شيء يثبت أن هذه العبوة من هذه الحصة.
verdict-unsigned-unfit = وضعية هذه الحصة غير سليمة، وهذا الملصق لم يتم التحقق منه
verdict-unsigned-unfit-sentence = يقول السجل عن هذه الحصة: { $status }. هذا الرمز لا يحمل توقيعا: يمكن لأي شخص طباعته.
verdict-unsigned-unfit-action = لا تعتبر هذه العبوة مصادقا عليها. اسأل المتجر قبل شرائها أو استعمالها.
verdict-checked-at = تم التحقق بتاريخ { $instant }
verdict-checked-now = تم التحقق الآن، { $date }
verdict-data-age = عمر معطيات الحالة: { $age }
verdict-since = منذ { $date }، من طرف { $by }
verdict-else-holds = ما زال ساري المفعول لهذه الحصة: { $schemes }.
verdict-reason = السبب: { $reason }
verdict-by = بقرار من { $by }.
verdict-notice = إشعار من { $by }
call-whom = للاتصال بـ { $name }:
call-phone = اتصل بـ { $name }
recall-rest = المزيد عن هذه الحصة
recall-compare-title = هل هي هذه العبوة؟
text-hidden = حُذفت رموز غير مرئية من نص في هذه الصفحة.

## Words of the certificate's status

certificate-status-valid = صالحة
certificate-status-not-yet-valid = غير سارية بعد
certificate-status-expired = منتهية الصلاحية
certificate-status-suspended = موقوفة مؤقتا
certificate-status-withdrawn = مسحوبة
certificate-status-scope-reduced = نطاق مخفَّض
certificate-status-superseded = معوَّضة بشهادة جديدة

## Words of the lot's status

lot-status-released = مسموح ببيعها
lot-status-held = محجوزة مؤقتا
lot-status-recalled = موضوع استرجاع
lot-status-exhausted = نفدت
lot-status-undeclared = أُلغي التصريح بها
lot-status-uncertified = بدون شهادة

## Scan page: what to compare

compare-title = قارن مع العبوة التي بين يديك
compare-hint = إذا اختلف أحد هذه البيانات عن العبوة، فالرمز لا يخصها.
compare-product = المنتوج
compare-net-quantity = الكمية الصافية
compare-lot = رقم الحصة
compare-serial = رمز الوحدة
compare-no-serial = لا يوجد: كل عبوات هذه الحصة تحمل الرمز نفسه
compare-packed-on = تاريخ التعبئة
compare-best-before = يستحسن استهلاكه قبل
compare-gtin = رقم المنتوج (GTIN)
compare-lot-quantity = كمية الحصة كاملة
compare-campaign = الموسم الفلاحي

## Scan page: who says so

who-title = من يشهد بذلك
who-certifier = هيئة التصديق
who-scheme = العلامة أو المرجع
who-scheme-edition = إصدار دفتر التحملات
who-decision-date = تاريخ القرار
who-valid-from = صالحة ابتداء من
who-valid-until = صالحة إلى غاية
who-accreditation = الاعتماد
who-certified-quantity = الكمية المصادق عليها
who-status = الحالة الآن
who-not-covered = ما لا تشمله الشهادة
who-key-custody = مفتاح التوقيع في حوزة
who-custody-model = سلسلة الحيازة
who-laboratory = نشرة التحاليل
who-sampled-by = أخذ العينة: { $who }
who-batch-only = تغطي هذه الشهادة هذه الحصة فقط، ولا تصادق على التعاونية ولا على منتوجاتها الأخرى.
who-others = جميع شهادات هذه الحصة
custody-self = هيئة التصديق نفسها
custody-operator = مستغل هذه الخدمة لفائدة هيئة التصديق
custody-model-identity-preserved = معزولة عن كل الحصص الأخرى
custody-model-segregated = مخلوطة بمنتوجات مصادق عليها فقط
custody-model-controlled-blending = مخلوطة بنسبة معروفة
custody-model-mass-balance = حصيلة الكميات: قد تكون المنتوجات مخلوطة
sampler-certifier = هيئة التصديق
sampler-inspector = مفتش
sampler-laboratory = المختبر
sampler-cooperative = التعاونية نفسها
scheme-kind-fair-trade = التجارة العادلة
scheme-kind-organic = بيولوجي
scheme-kind-geographical = علامة المنشأ
scheme-kind-agricultural-label = العلامة الفلاحية
scheme-kind-halal = حلال
scheme-kind-quality = الجودة أو السلامة الصحية
sign-ig = البيان الجغرافي
sign-ao = تسمية المنشأ
sign-la = العلامة الفلاحية

## Scan page: where it comes from

origin-title = التعاونية والجهة
origin-cooperative = التعاونية
origin-region = الجهة
origin-map = خريطة الجهات، والجهة المميزة هي { $region }

## Scan page: two dates

dates-title = الحالة في تاريخين
dates-packing = بتاريخ التعبئة
dates-now = الآن
dates-certificate = الشهادة
dates-lot = الحصة

## Scan page: fair trade, one sentence for each word a report can give. May use $scheme.

fair-trade-title = التجارة العادلة
fair-trade-valid = نعم: مصادق عليها في إطار التجارة العادلة وفق { $scheme }.
fair-trade-none = لا يوجد أي ادعاء للتجارة العادلة بخصوص هذه الحصة.
fair-trade-not-yet-valid = ليس بعد: شهادة التجارة العادلة ({ $scheme }) لم تدخل بعد حيز التنفيذ.
fair-trade-expired = لا: شهادة التجارة العادلة ({ $scheme }) انتهت صلاحيتها.
fair-trade-suspended = ليس حاليا: شهادة التجارة العادلة ({ $scheme }) موقوفة مؤقتا.
fair-trade-withdrawn = لا: شهادة التجارة العادلة ({ $scheme }) سُحبت.
fair-trade-scope-reduced = لا: شهادة التجارة العادلة ({ $scheme }) خارج نطاق اعتماد هيئة التصديق.
fair-trade-superseded = شهادة التجارة العادلة ({ $scheme }) عُوضت بشهادة أحدث.
fair-trade-operator-not-certified = غير مثبت: المنتج نفسه غير مصادق عليه وفق { $scheme }.
fair-trade-origin-partly = غير مثبت: مصادق عليها وفق { $scheme }، لكن جزءا من مصدرها مبني على تصريح المنتج.
fair-trade-origin-declared = غير مثبت: مصادق عليها وفق { $scheme }، لكن مصدرها مبني على تصريح المنتج.
fair-trade-cover-short = غير مثبت: صودق وفق { $scheme } على أكثر مما تغطيه مكوناتها.
fair-trade-inherited-status = ليس حاليا: مادة صنعت منها محجوزة أو مسحوبة من السوق ({ $scheme }).

## Scan page: signals about this code

signal-title = معلومات عن هذا الرمز
signal-no-label-signature = هذا الرمز لا يحمل توقيعا: يمكن لأي شخص طباعته. المعروض هو السجل، أما الملصق فغير مثبت.
signal-copyable = يمكن نسخ رمز أصلي على عبوة أخرى. قارن البيانات.
signal-not-serialised = لا يحمل هذا الملصق رقما تسلسليا: قد تحمله كل عبوات هذه الحصة، ولا يمكن تمييز النسخ.
signal-serial-not-issued = لم يصدر أحد الرقم التسلسلي لهذا الملصق لهذه الحصة.
signal-foreign-host = هذا الرمز يؤدي إلى مكان آخر وليس إلى هذا السجل.
signal-plain-http = هذا العنوان يبدأ بـ http، ولا يبدأ بها أي ملصق.
signal-lot-missing = هذا الرمز يشير إلى منتوج دون أي حصة.
signal-lot-unknown = لا يُعرف هنا شيء عما يشير إليه هذا الرمز.
signal-two-lots = قد يعني هذا الرمز إحدى حصتين. اكتب رقم الحصة المطبوع على العبوة.
signal-label-void = أُعيد هذا الملصق بوصفه تالفا؛ لا يجوز أن يكون على أي وعاء.
signal-unusual-scans = مُسح هذا الرمز مرات كثيرة على غير العادة: قد يكون منسوخا.
signal-lot-ended = لم يبق شيء من هذه الحصة: أُتلفت كلها أو أُخذت منها عينات أو فُقدت أو أُرجعت.
signal-expired-label = انتهت صلاحية رمز هذا الملصق.
signal-claim-not-in-force = يحمل هذا الملصق أيضا ادعاء لا تغطيه أي شهادة سارية لهذه الحصة. راجعوا كل شهادات هذه الحصة.
signal-held-for-capacity = تفوق الكمية القدرة الإنتاجية المصرح بها من طرف التعاونية. ننتظر توضيحا في هذا الشأن.
signal-input-certificate-suspended = شهادة تقوم عليها هذه الحصة، لمادة صنعت منها أو لمتعامل، موقوفة. ولا يغير ذلك وحده شيئا في شهادة الحصة نفسها.
signal-input-certificate-withdrawn = شهادة تقوم عليها هذه الحصة، لمادة صنعت منها أو لمتعامل، سُحبت. ولا يغير ذلك وحده شيئا في شهادة الحصة نفسها.
signal-superseded = الشهادة المذكورة في هذا الملصق جُددت أو صُححت، والشهادة الأحدث هي المعتمدة.
signal-recall-voided = وُضعت هذه الحصة موضع استرجاع خطأ: كان المقصود حصة أخرى، وألغت السلطة ذلك.
signal-suspect-key = ربما كان مفتاح التوقيع في أيد غريبة وقت التوقيع. يلزم تأكيد جديد.
signal-certifier-suspended = هيئة التصديق موقوفة حاليا: لا يمكنها إصدار أي شيء جديد. وما صدقت عليه من قبل يبقى قائما.
signal-certifier-withdrawn = فقدت هيئة التصديق اعتمادها نهائيا: شهاداتها خارج النطاق.
signal-uncertified-lot-released = الحصة مصرح بها ومسموح ببيعها، لكن لم تصادق عليها أي هيئة.
signal-uncertified-lot-held = الحصة محجوزة مؤقتا ولم تصادق عليها أي هيئة.
signal-uncertified-lot-recalled = الحصة موضوع استرجاع: لا تستهلكها وأرجعها.
signal-uncertified-lot-exhausted = الحصة نفدت ولم تصادق عليها أي هيئة.
reading-foreign-host = يؤدي إلى { $host }.
reading-left-out = تمت القراءة دون: { $what }
left-out-invisible-characters = محارف غير مرئية
left-out-quotes = علامات تنصيص أو أقواس
left-out-symbology-identifier = علامة القارئ الخاصة
left-out-escapes = ترميز بالنسبة المئوية
left-out-spaces = فراغات داخل الرمز
left-out-port = رقم المنفذ
left-out-host-dot = النقطة بعد اسم المضيف
left-out-query = ما بعد علامة الاستفهام
left-out-fragment = ما بعد علامة المربع
left-out-slashes = الخطوط المائلة في النهاية
left-out-punctuation = علامات الترقيم في النهاية
left-out-other-elements = عناصر GS1 أخرى
left-out-words = كلمات حول العنوان
left-out-foreign-serial = رقم تسلسلي لا يخص هذا السجل
left-out-json-form = مسافات ملف JSON أو ترتيبه أو طريقة كتابته
code-valid-until = يمكن التحقق من هذا الرمز إلى غاية { $date }.

## Scan page: what this scan does not prove

not-proven-title = ما لا يثبته هذا المسح
not-proven-contents = لا يمكنه معرفة ما بداخل القنينة: لم يحلل أحد القنينة التي بين يديك.
not-proven-copied = يمكن نسخ ملصق أصلي، والنسخة تعطي النتيجة نفسها.
not-proven-refilled = يمكن إعادة ملء قنينة أصلية بشيء آخر.
not-proven-sample = لا يبين أن العينة المرسلة إلى المختبر أخذت من هذه الحصة.
not-proven-signer = يبين من وقّع، ولا يثبت أن الموقّع كان نزيها أو حرا.
not-proven-premium = لا يثبت أن منحة التنمية قد أديت.
not-proven-premium-use = وقّع طرفان على أداء علاوة عن { $quantity } من هذه الحصة. لا يبين أنها أديت عن الباقي، ولا فيم صرفت.

## Scan page: check it yourself, and doubts

proof-title = تحقق بنفسك
proof-lead = لست مضطرا لتصديقنا. هذه الملفات تثبت ذلك دون الحاجة إلى هذه الخدمة.
proof-check = تحقق من هذا الرمز خطوة بخطوة
proof-checked-at = وقت التحقق
proof-position = الموقع في السجل العمومي القابل للتحقق
proof-entry = القيد { $index }، سُجل بتاريخ { $instant }
proof-file = ملف إثبات التسجيل
proof-dossier = ملف كامل يمكن التحقق منه دون هذا الموقع
proof-certificate = الشهادة الموقعة
proof-jwt = الشهادة نفسها بصيغة vc+jwt، لبرامج JOSE
proof-checkpoint = حالة السجل الموقعة (checkpoint)
proof-report = كل عمليات التحقق على شكل معطيات (JSON)
proof-witnesses = شهود خارجيون
proof-witnesses-none = لا يوجد أي شاهد بعد. لذلك لم يؤكد أي طرف خارجي أن الجميع يرى السجل نفسه.
proof-witnesses-count = توقيعات الشهود: { $count }
proof-command = بواسطة برنامج tasdiq:
proof-checks = كل عمليات التحقق
share-title = أرسلها إلى غيرك
share-mail = بالبريد الإلكتروني
share-sms = برسالة قصيرة
share-address = عنوان هذه الصفحة
print-code = رمز هذه العبوة
share-text = { $verdict }: { $product }، الحصة { $lot }.
doubt-title = التبليغ عن شك
doubt-text = احتفظ بالعبوة وبوصل الشراء، وأخبر المتجر أو هيئة التصديق المذكورة أعلاه.
doubt-text-unknown = احتفظ بالعبوة ووصل الشراء، وأخبر المتجر.
privacy-text = لا ملفات ارتباط ولا حساب. تُعد عمليات المسح حسب رمز الوحدة والشهر والبلد؛ ولكي لا تُعد أكثر من مرة، تبقى بصمة شبكتك ومتصفحك في الذاكرة 24 ساعة على الأكثر ولا تُكتب على أي قرص.

## Reasons of a change of status

reason-nonconformity = عدم استيفاء أحد الشروط
reason-lab-result = نتيجة تحليل مخبري
reason-complaint = شكاية
reason-fraud-suspected = الاشتباه في غش
reason-paperwork = وثائق ناقصة
reason-request-of-holder = بطلب من صاحب الشهادة
reason-safety = خطر على الصحة
reason-key-compromise = مفتاح توقيع في أيد غريبة
reason-capacity = كمية تفوق القدرة المصرح بها
reason-yield = مردود يفوق المعتاد
reason-late = تصريح متأخر عن الجني
reason-age = مادة تجاوزت مدة حفظها
reason-ceased = توقفت هيئة التصديق عن عملها
reason-error = خطأ
reason-other = سبب آخر

## Changes of status

action-suspend = توقيف مؤقت
action-reinstate = رفع التوقيف
action-withdraw = سحب
action-hold = حجز مؤقت
action-release = رفع الحجز
action-recall = استرجاع

## Home page

home-title = هل المنتوج فعلا كما يقول الملصق؟
home-lead = توقع هيئة التصديق شهادة لحصة واحدة، وتسجل الشهادة في سجل لا يمكن لأحد أن يعيد كتابته خفية. ورمز العبوة يؤدي إليها. يمكن لأي شخص التحقق منها، هنا أو بدون اتصال، دون أن يأخذ بكلامنا.
home-check-title = التحقق من رمز
home-check-label = العنوان أو الرمز المطبوع تحت رمز الاستجابة السريعة (QR)
home-check-hint = أو افتح كاميرا هاتفك ووجهها نحو الرمز.
home-check-button = تحقق
home-code-title = رمز حصة من هذا السجل
home-code-open = فتح صفحة هذا الرمز
home-code-by = صرحت بها { $cooperative } وصادقت عليها { $certifier }
home-code-scan = وجه إليه كاميرا هاتف أو المسه: تقول الصفحة هل ما زالت الشهادة قائمة، وبكلام من.
home-code-alone = المسه: تقول الصفحة هل ما زالت الشهادة قائمة، وبكلام من. لن يفتحه هاتف لأنه يؤدي إلى { $host }، أي إلى هذا الجهاز وحده.
home-code-phones = عرض تجريبي: وجه إليه هاتفا متصلا بهذه الشبكة، فيؤدي عبر http البسيط إلى { $address }. الملصق المطبوع يحمل https دائما، ولا يقبل أي سجل آخر هذا الرمز.
home-code-none = لا توجد بين أحدث الشهادات شهادة لحصة سليمة من كل الوجوه، لذلك لا يعرض أي رمز هنا.
home-examples-title = رموز للتجربة
home-how-title = من البستان إلى الرف
home-how-declare = تصرح التعاونية بحصة: المنتوج والكمية والمنشأ وتاريخ التعبئة.
home-how-certify = تراقب هيئة تصديق معتمدة الحصة وتوقع شهادة بمفتاحها الخاص.
home-how-log = يحفظها السجل مع كل ما يحدث بعدها: بيع أو توقيف أو سحب.
home-how-scan = عند الرف تمسح الرمز فترى من يشهد بماذا، وهل ما زال ذلك قائما.
home-doors-title = من أين تدخل
home-door-shopper = أنت مستهلك
home-door-shopper-text = امسح الرمز، أو اكتب ما هو مطبوع تحته.
home-door-inspector = أنت مراقب
home-door-inspector-text = للتفتيش والجمارك: كاميرا وصور ولوائح من 1.000 رمز.
home-door-certifier = أنت منتج أو مصادق
home-door-certifier-text = من جدولك إلى الملصقات: tasdiq issue. وما صودق عليه مدرج في السجل.
home-door-auditor = أنت مفتحص
home-door-auditor-text = أعد تشغيل السجل كاملا دون أن تثق بأحد.
home-door-programmer = أنت مبرمج
home-door-programmer-text = الواجهة البرمجية والصيغ والمخططات، متاحة هنا.
home-first-title = هذا السجل ما زال فارغا
home-first-lead = لا شيء مصادق عليه هنا بعد. على من يمسكه أن يبدأ من سطر الأوامر:
home-first-parties = تسجيل هيئة تصديق وتعاونية، لكل منهما مفتاحها العمومي
home-first-agree = إدراج الاتفاقية التي وقعتها التعاونية
home-first-issue = التصريح بحصص والمصادقة عليها انطلاقا من جدول
home-first-label = طباعة رمز حصة ثم مسحه
home-figures-title = في السجل
home-figure-lots = الحصص
home-figure-certificates = الشهادات
home-figure-cooperatives = التعاونيات
home-figure-certifiers = هيئات التصديق
home-figure-entries = قيود السجل
home-for-auditors = للمفتحصين: التحقق من السجل كاملا
home-for-developers = للبرامج: واجهة API

## Public register

register-title = السجل العمومي
register-lead = جميع الحصص المصرح بها مع شهاداتها.
register-search-title = بحث
register-product = المنتوج
register-cooperative = التعاونية
register-certifier = هيئة التصديق
register-status = الحالة
register-region = الجهة
register-any = الكل
register-button = ابحث
register-parties = كل الأطراف بصيغة CSV
register-clear = مسح البحث
register-text = رقم الحصة أو اسم
register-filters = مرشحات
register-shown = { $shown } من أصل { $total } حصة
register-shown-of-more = { $shown } من أصل أكثر من { $total } حصة
register-as-of = إلى غاية القيد { $entry }؛ الحالة الموقعة (checkpoint)
list-as-csv = هذه اللائحة بصيغة CSV
list-as-json = هذه اللائحة بصيغة JSON
register-none = لا توجد حصة مطابقة لبحثك.
register-none-hint = جرب كلمات أقل، أو تأكد من رقم الحصة على العبوة.
register-none-yet = لا شيء بعد في هذا الجزء من السجل؛ يتواصل البحث في الصفحة التالية.
pager-label = الصفحات
pager-first = الصفحة الأولى
pager-previous = الصفحة السابقة
pager-next = الصفحة التالية

## Column heads

column-lot = الحصة
column-product = المنتوج
column-cooperative = التعاونية
column-region = الجهة
column-certifier = هيئة التصديق
column-scheme = العلامة أو المرجع
column-certificate = الشهادة
column-quantity = الكمية
column-packed-on = تاريخ التعبئة
column-valid-until = صالحة إلى غاية
column-certificate-status = حالة الشهادة
column-lot-status = حالة الحصة
column-fair-trade = التجارة العادلة
column-date = التاريخ
column-change = التغيير
column-reason = السبب
column-by = من طرف
column-notice = إشعار
column-entry = قيد السجل
column-name = الاسم
column-role = الدور
column-code = الرمز
column-result = النتيجة
column-check = عملية التحقق
column-evidence = عنصر الإثبات
column-required = إلزامية

## Inspection page

inspect-title = التحقق من الرموز والوثائق
inspect-lead = للمفتشين والجمارك والمتاجر. لا نحتفظ بأي شيء مما ترسله.
inspect-code-field = الرمز: امسحه أو اكتبه ثم اضغط Enter
inspect-reference = المرجع (الشهادة)
inspect-remaining = الباقي منها للملصقات أو لحصص أخرى
inspect-age = عمر المعطيات
inspect-checks = كل عمليات التحقق
inspect-camera = اقرأ الرموز بالكاميرا
inspect-camera-again = أعد تشغيل الكاميرا
inspect-camera-close = إغلاق الكاميرا
inspect-camera-lamp = المصباح
inspect-camera-lens = الكاميرا المستعملة
inspect-camera-insecure = فُتحت هذه الصفحة عبر http بلا تشفير، والمتصفح لا يتيح فيها الكاميرا. افتحها عبر https، أو التقط صورة للرمز أدناه.
inspect-camera-refused = الكاميرا غير مسموح بها لهذه الصفحة. اسمح بها في إعدادات المتصفح ثم أعد المحاولة، أو التقط صورة للرمز أدناه.
inspect-camera-busy = الكاميرا مشغولة ببرنامج آخر. أغلقه ثم أعد المحاولة، أو التقط صورة للرمز أدناه.
inspect-camera-absent = لم يُعثر على أي كاميرا. وصِّل واحدة ثم أعد المحاولة، أو التقط صورة للرمز أدناه.
inspect-camera-unplugged = فُصلت الكاميرا، أو أخذها برنامج آخر. أعد المحاولة، أو التقط صورة للرمز أدناه.
inspect-camera-failed = تعذّر فتح الكاميرا. أعد المحاولة، أو التقط صورة للرمز أدناه.
inspect-camera-none = هذا المتصفح لا يتيح الكاميرا للصفحات. التقط صورة للرمز أدناه: تقرؤها الخدمة.
inspect-day = ما تم التحقق منه في هذه الصفحة
inspect-day-note = هذه اللائحة في هذه الصفحة وحدها وتزول بإغلاقها. الملفات من تحقق جديد من كل رمز.
inspect-lost = لم يتم التحقق: لم تجب الخدمة. حاول من جديد، أو استعمل برنامج tasdiq بدون شبكة.
inspect-format-label = النتائج على شكل
inspect-format-page = صفحة
inspect-code-hint = العنوان الموجود في رمز الاستجابة السريعة (QR)، أو GTIN ورقم الحصة
inspect-list-label = قائمة رموز أو ملف CSV، في حدود { $count }
inspect-list-hint = رمز واحد في كل سطر، أو جدول: يُعثر على عمود الرموز.
inspect-photo-label = صورة رمز
inspect-photo-hint = JPEG أو PNG، في حدود { $size } ميغابايت
inspect-photo-none = لم يُعثر على أي رمز في الصورة. التقطها من مسافة أقرب وبشكل مستقيم وفي إضاءة جيدة.
inspect-photo-large = الصورة كبيرة جدا: { $size } و{ $pixels } مليون بكسل على الأكثر. التقطها بدقة أقل.
inspect-photo-slow = استغرقت قراءة الصورة وقتا طويلا. أرسل صورة أصغر أو اكتب الرمز.
inspect-photo-unread = يظهر في الصورة رمز آخر تعذرت قراءته: صوّر كل رمز على حدة
inspect-photo-many = تظهر في الصورة رموز كثيرة جدا أو ما يشبهها. صوّر عددا أقل من الرموز.
inspect-documents-label = ملفات: CSV للرموز، وثيقة موقعة (JSON أو vc+jwt)، ملف كامل، ملف إثبات
inspect-file-unreadable = تعذرت قراءة أحد الملفات. المقبول: صورة PNG أو JPEG، ملف CSV، وثيقة موقعة (JSON)، ملف إثبات.
inspect-policy-label = درجة الصرامة
inspect-line = السطر { $line }
inspect-nothing = لم يُرسل أي شيء. اكتب رمزا أو ألصق قائمة أو اختر ملفا.
inspect-too-many = عدد الرموز كبير: في حدود { $count } في كل مرة.
inspect-too-many-files = عدد الملفات كبير: في حدود { $count } في كل مرة. لم يُتحقق من أي منها.
inspect-button = تحقق
inspect-results = النتائج
inspect-summary = المجموع: { $total } · سليمة: { $passed } · أصلية لكنها غير سليمة: { $unfit } · غير محسومة: { $undecided } · غير أصلية: { $failed } · غير مقروءة: { $unreadable }
inspect-details = التفاصيل
inspect-data-age = عمر المعطيات:
inspect-as-json = النتائج نفسها كمعطيات (JSON)
inspect-again = تحقق من رمز آخر
inspect-offline = بدون اتصال: يتحقق برنامج tasdiq من الرموز بدون شبكة، اعتمادا على هذين الملفين.
inspect-trust-file = ملف الثقة
inspect-pack-file = حزمة الحالات
policy-shop = المتجر: هل هي أصلية وسارية المفعول؟ معطيات لا يتجاوز عمرها أسبوعا.
policy-customs = الجمارك: معطيات لا يتجاوز عمرها يومين، وقع عليها عدد كاف من الشهود الخارجيين.
policy-audit = الافتحاص: كذلك الشهود الخارجيون وتوقيع هيئة التصديق وإثبات التسجيل، ومعطيات لا يتجاوز عمرها يوما واحدا.
indication-total-passed = أصلي
indication-indeterminate = غير محسوم
indication-total-failed = غير أصلي
fitness-fit = يمكن بيعها بموجب هذه الشهادة
fitness-unfit = لا يمكن بيعها بموجب هذه الشهادة

## Why a check gave no pass

sub-indication-format-failure = الشكل غير صحيح
sub-indication-sig-crypto-failure = أحد التوقيعات خاطئ
sub-indication-hash-failure = المحتوى الموقع يختلف عن المعروض
sub-indication-revoked = كان معروفا أن المفتاح في أيد غريبة
sub-indication-no-signing-certificate-found = مفتاح التوقيع ليس ضمن المفاتيح الموثوقة
sub-indication-no-poe = لا يوجد إثبات للتسجيل في الوقت المناسب
sub-indication-try-later = الحالة غير معروفة حاليا؛ استعمل معطيات أحدث
sub-indication-log-proof-failure = الإثبات لا يطابق السجل
sub-indication-authority-failure = لم يكن الموقّع مؤهلا في ذلك الوقت
sub-indication-key-suspect = ربما كان المفتاح في أيد غريبة
sub-indication-witness-quorum-missing = عدد الشهود الموقعين غير كاف
sub-indication-status-stale = معطيات الحالة قديمة جدا
sub-indication-trust-failure = ملف الثقة أو حزمة الحالات غير أصلي
sub-indication-root-not-pinned = لم يقارن أحد المفتاح الجذر
sub-indication-label-unsigned = الرمز لا يحمل توقيعا
sub-indication-serial-not-issued = لم يصدر هذا الرقم التسلسلي قط

## Checks, and what came of them

check-result-pass = ناجحة
check-result-fail = فاشلة
check-result-absent = الإثبات غير متوفر
check-result-stale = معطيات قديمة جدا
check-result-not-run = لم تُجر
check-format = شكل الرمز أو الوثيقة صحيح
check-label-signature = الرمز موقع
check-label-key = المفتاح الذي وقع الرمز مخول لوضع ملصق هذه الشهادة
check-label-expiry = الرمز لم تنته صلاحيته
check-serial-issued = الرقم التسلسلي صادر فعلا
check-host = الرمز يؤدي إلى هذا السجل دون غيره
check-binding = الرمز والشهادة والحصة متطابقة
check-statement-profile = الوثيقة الموقعة تحترم الصيغة المحددة
check-statement-signature = توقيع هيئة التصديق صحيح
check-issuer-key = كان مفتاح هيئة التصديق صالحا عند التوقيع
check-accreditation = كانت هيئة التصديق معتمدة لهذا الغرض
check-inclusion = مسجلة في السجل العمومي
check-checkpoint = حالة السجل موقعة
check-witness-quorum = عدد كاف من الشهود الخارجيين وقعوا
check-trust-snapshot = لائحة المفاتيح الموثوقة أصلية
check-pack = معطيات الحالة أصلية
check-status-freshness = معطيات الحالة حديثة بما يكفي
check-manifest = لم يحذف شيء من الملف ولم يضف إليه شيء
check-records = محتوى الملف مستخرج من قيود موقعة في السجل
check-non-withdrawal = لا تذكره قوائم الشهادات الموقوفة أو المسحوبة
check-certificate-status = الشهادة سارية المفعول
check-lot-status = الحصة مسموح ببيعها
check-custody = طريقة فصل البضاعة مستخلصة مما سجل بشأنها
check-inherited-status = لا شيء مما صنعت منه محجوز أو مسحوب من السوق
check-origin = مصدرها حصص متتبعة منذ التصريح بها
check-mass-balance = لم يخرج منها ولم يحول ولم يصادق على أكثر مما كان فيها

## Lot and certificate pages

lot-title = الحصة { $lot }
lot-certificates = شهادات هذه الحصة
lot-labels-issued = رموز الوحدات الموضوعة على الملصقات
lot-declared-on = تاريخ التصريح
lot-pack-size = الكمية في العبوة الواحدة
lot-qr = رمز الاستجابة السريعة (QR) لهذه الحصة
certificate-title = الشهادة { $serial }
certificate-lead = تصديق على حصة: يغطي حصة واحدة وليس التعاونية.
certificate-serial = رقم الشهادة
certificate-superseded-by = عُوضت بالشهادة
certificate-supersedes = تعوض الشهادة
certificate-client = مسلمة إلى
certificate-hs-code = رمز النظام المنسق
certificate-assessed-on = تاريخ التقييم
certificate-logged-at = تاريخ التسجيل في السجل
certificate-history = تغييرات الحالة
certificate-history-none = لا يوجد أي تغيير منذ إصدارها.
certificate-files = الملفات
certificate-signed-with = موقعة بالمفتاح
certificate-digest = بصمة رقمية (SHA-256)
laboratory-commitment = بصمة نشرة التحاليل
certificate-not-qualified = التوقيع الإلكتروني عنصر إثبات، وليس توقيعا إلكترونيا مؤهلا بمفهوم القانون.
operator-title = شهادة متعامل { $serial }
operator-lead = تشهد لمتعامل. وليست شهادة أي حصة: شهادات الحصص تقوم عليها.
operator-party = المتعامل
operator-counts-from = تسري ابتداء من
operator-scope = ما تشمله
operator-volumes = كم من المحصول مشهود له
operator-volumes-none = لا كمية مذكورة: لا محصول يحتسب بهذه الشهادة.
operator-campaign = الموسم
operator-volume-certified = المذكور هنا
operator-volume-counts = المحتسب الآن
operator-volume-drawn = استعملته حصص
operator-volume-left = الباقي
operator-volumes-note = يحتسب المحصول مرة واحدة، أيا كانت جهة التصديق: الرقم الأحدث هو المعتبر، ولا يتجاوز الطاقة المسجلة. وما دامت هذه الشهادة غير سارية فلا باقي.
certificate-rests-on = تقوم على شهادة المتعامل
party-operator = مشهود له كمتعامل
list-suspect-key = قد يكون مفتاح التوقيع مسروقا

## Party page

party-role = الدور
party-number = رقم التسجيل
party-registered-on = تاريخ التسجيل
party-status = الحالة
party-status-active = طرف مسجل
party-status-suspended = موقوف مؤقتا
party-status-withdrawn = مسحوب
party-lots = الحصص
party-certificates = الشهادات
party-capacities = القدرة الإنتاجية المصرح بها
party-accreditations = الاعتمادات
party-scope-schemes = العلامات والمراجع
party-scope-products = المنتوجات
party-scope-regions = الجهات
party-scope-all = الكل
party-keys = المفاتيح
party-key-name = المفتاح
party-key-purpose = الاستعمال
party-key-custody = في حوزة
party-key-added = تاريخ الإضافة
party-key-standing = الوضعية
party-did = وثيقة الهوية (DID)
party-none = لا يوجد شيء هنا بعد.
parties-title = هيئات التصديق والتعاونيات وأطراف أخرى
role-authority = الجهة المسؤولة عن هذا السجل
role-certifier = هيئة تصديق
role-cooperative = تعاونية
role-shop = متجر
role-carrier = ناقل
role-laboratory = مختبر
role-inspector = مفتش
role-processor = وحدة تحويل
role-exporter = مصدّر
key-purpose-root = أصل الثقة
key-purpose-assertion = تصريحات
key-purpose-service = لوائح الحالة الخاصة بالخدمة
key-purpose-label = رموز الملصقات
key-purpose-log = السجل
key-purpose-receipt = الإيصالات
key-holder-self = الطرف نفسه
key-holder-operator = مستغل هذه الخدمة
key-standing-in-force = ساري المفعول
key-standing-not-yet = غير ساري بعد
key-standing-expired = منتهي الصلاحية
key-standing-retired = خارج الخدمة
key-standing-suspect = مشتبه فيه
key-standing-compromised = في أيد غريبة

## Audit page

audit-title = افتحاص السجل
audit-lead = السجل عمومي. يمكن لأي شخص التحقق منه من أوله إلى آخره والعثور على أول خلل إن وجد.
audit-origin = اسم السجل
audit-entries = عدد القيود
audit-root = بصمة الجذر
audit-checkpoint = آخر حالة موقعة للسجل (checkpoint)
audit-key = مفتاح السجل
audit-root-key = المفتاح الجذر للسلطة
audit-last = آخر قيد
audit-stopped = لم يعد هذا السجل يقبل قيودا جديدة، للسبب المبين أسفله. وما هو مسجل فيه يبقى قابلا للقراءة والتحقق.
audit-command = تحقق منه بواسطة برنامج tasdiq:
audit-open = السجل يقبل قيودا جديدة.
audit-age = عمر آخر حالة موقعة
audit-days = القيود حسب اليوم
audit-days-summary = عدد القيود في 30 يوما: { $all }، وأعلى عدد في يوم واحد: { $most }.
audit-days-table = الأرقام نفسها في جدول
audit-day = اليوم (UTC)
audit-witness-none = لا يوجد شهود
audit-witness-lag = آخر توقيع قبل { $age }
audit-witness-never = لم يوقع بعد
audit-witness-behind = { $count ->
    [zero] متأخر بـ { $count } قيد
    [one] متأخر بقيد واحد
    [two] متأخر بقيدين
    [few] متأخر بـ { $count } قيود
    [many] متأخر بـ { $count } قيدا
   *[other] متأخر بـ { $count } قيد
 }
audit-witness-error = آخر طلب بقي دون جواب صحيح
audit-quorum-met = وقع عدد كاف من الشهود على آخر حالة منشورة.
audit-quorum-missing = عدد الشهود الموقعين على آخر حالة منشورة غير كاف.
audit-witness-word = الأوقات كما صرح بها الشهود، وتوقيعاتهم يتحقق منها بمفاتيحهم.
audit-lists = لوائح الحالة
audit-list-current = محينة، سجلت في { $at }
audit-list-stale = غير محينة منذ { $since }
audit-list-none = لا توجد بعد
audit-list-index = القيد اليومي الذي يعين اللوائح
audit-json = حالة السجل بصيغة JSON
audit-tiles = قراءة المعطيات الخام
span-seconds = { $count ->
    [zero] { $count } ثانية
    [one] ثانية واحدة
    [two] ثانيتان
    [few] { $count } ثوان
    [many] { $count } ثانية
   *[other] { $count } ثانية
 }
span-minutes = { $count ->
    [zero] { $count } دقيقة
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
 }
span-hours = { $count ->
    [zero] { $count } ساعة
    [one] ساعة واحدة
    [two] ساعتان
    [few] { $count } ساعات
    [many] { $count } ساعة
   *[other] { $count } ساعة
 }
span-days = { $count ->
    [zero] { $count } يوم
    [one] يوم واحد
    [two] يومان
    [few] { $count } أيام
    [many] { $count } يوما
   *[other] { $count } يوم
 }
audit-newest = آخر القيود
audit-changes = التوقيفات والسحوبات والاسترجاعات

## أحداث السلع في عناوينها

event-ship = أُرسل
event-receive = استُلم
event-settle = سُوي
event-pack = وُضع في وحدة
event-unpack = أُخرج من وحدة
event-out = بيع
event-loss = فُقد
event-sample = أُخذت عينة
event-destroy = أُتلف
event-observe = عوين
event-void = أُلغي
event-transform = حُوّل
happened-who = وقّعه
happened-for = باسم
happened-when = حدث في
happened-where = المكان
happened-to = أُرسل إلى
happened-elsewhere = جهة غير مسجلة هنا، في { $country }: الاسم غير منشور
happened-carrier = الناقل كما سمّاه المرسل
happened-logged = في السجل
happened-entry = القيد { $index }
happened-state = ما آل إليه
happened-voided = ألغاه القيد { $index }: لم يحدث على هذا النحو.
happened-lots = الدفعات
happened-more = { $count ->
    [zero] { $count } أخرى في الملف وفي السجل.
    [one] واحدة أخرى في الملف وفي السجل.
    [two] اثنتان أخريان في الملف وفي السجل.
    [few] { $count } أخرى في الملف وفي السجل.
    [many] { $count } أخرى في الملف وفي السجل.
   *[other] { $count } أخرى في الملف وفي السجل.
 }
happened-extracts = مستخرجات الشهادات لهذه الشحنة
happened-file = ملف الشحنة: الإرسال ودفعاته وشهاداتها في ملف واحد يُتحقق منه بلا خادم
moved-drawn = دخل
moved-filled = نتج
moved-sent = أُرسل
moved-accepted = قُبل
moved-refused = رُفض
moved-missing = ناقص
moved-dried = فُقد ضمن المسموح
moved-settled-lost = سُوي على أنه مفقود
moved-settled-returned = سُوي على أنه أُعيد
moved-settled-accepted = سُوي على أنه مقبول
moved-packed = وُضع
moved-unpacked = أُخرج
moved-left = خرج
moved-seen = عوين
shipment-waiting = لم يُجب أحد بعد
shipment-returning = رُفض بعضه وهو في طريق العودة
shipment-disputed = بعضه ناقص ولم يُسوَّ
shipment-settled = سُوي ما كان ناقصا
shipment-answered = أجاب المستلم عن كله
shipment-left = خرج إلى جهة خارجية: لا أحد هنا يجيب عنه
shipment-undone = أُلغي

## Goods: their way, balance and family; the demonstration’s story

and-more = { $count ->
    [zero] و{ $count } غيرها
    [one] وواحد آخر
    [two] واثنان آخران
    [few] و{ $count } آخرون
    [many] و{ $count } غيرها
   *[other] و{ $count } غيرها
 }
percent = { $percent }٪
as-table = الأرقام نفسها في جدول
origin-of-inputs = مصنوع من محصول
origin-traced = متتبَّع منذ الجني
origin-partly = متتبَّع جزئيا
origin-declared = بناء على تصريح التعاونية
recall-input = بسبب ما صُنع منه
recall-reached = الحصص المعنية
recall-stated = المسترجع أو المتلف حسب الحائزين
recall-seen = المتلف بحضور طرف ثالث
price-confirmed = الثمن المؤدى مؤكد: وقّع البائع والمشتري الثمن نفسه.
price-one-sided = الثمن مصرح به من طرف واحد فقط: لا يعد مؤدى.
price-undisclosed = الثمن مسجل لكنه غير منشور.
price-none = الثمن المؤدى فعلا للتعاونية غير مسجل بخصوص هذه الحصة.
price-title = ما دُفع
price-for = عن { $unit }
price-paid = الثمن
price-premium = المنحة
price-sum = الثمن والمنحة
paid-audited = الثمن المؤدى مؤكد: صرّح به البائع وتحققت منه هيئة التصديق.
paid-for = { $amount } مقابل { $unit }.
paid-premium = علاوة إضافية: { $amount } مقابل { $unit }.
paid-taken-back = كان الثمن مؤكدا، ثم تراجع من أكده يوم { $day }.
paid-both-ways = كان الثمن مؤكدا، لكن صرح بثمن في الاتجاه المعاكس عن الحصة نفسها.
prices-sold = ما أدي له مقابل السلع
prices-bought = ما أداه مقابل السلع
prices-all = ما أدي مقابل السلع
prices-note = المؤدى هو ما وقّعه طرفان. ما يصرح به طرف واحد لا يحتسب، وما هو متنازع فيه يذكر على حدة.
prices-of = { $scheme }، أدي سنة { $year }، موسم { $season }
prices-paid = المؤدى: { $amount }، و{ $premium } علاوة ({ $count }).
prices-one-sided = يصرح به طرف واحد: { $amount }، و{ $premium } علاوة ({ $count }).
prices-disputed = متنازع فيه: { $amount }، و{ $premium } علاوة ({ $count }).
prices-undisclosed = غير منشور: { $count }.
lot-price = الثمن
journey-title = مساره إلى هنا
journey-all = كل شيء عن سلعة هذه الحصة
journey-more = { $count ->
    [zero] { $count } مرحلة أخرى هناك.
    [one] مرحلة أخرى هناك.
    [two] مرحلتان أخريان هناك.
    [few] { $count } مراحل أخرى هناك.
    [many] { $count } مرحلة أخرى هناك.
   *[other] { $count } مرحلة أخرى هناك.
 }
journey-handed-on = سُلّم إلى
journey-abroad = إلى الخارج
journey-brought = جُمع من عند
journey-certified = صودق عليه
journey-seen = خضع للمراقبة
journey-harvested = جُني
journey-declared = صُرّح به
grade-signed = موقع من طرف ثالث
grade-stated = مصرح به من طرف حائزه
grade-computed = محسوب من السجل
recipe-other = حُوّل وفق { $recipe }
recipe-group = ضُم بعضه إلى بعض
recipe-split = قُسّم
recipe-pack-off = عُبئ
recipe-almond-shell = قُشر
recipe-argan-fruit-dry = جُفف تحت الشمس
recipe-argan-nut = أُزيل لبه
recipe-argan-kernel = كُسر باليد
recipe-argan-press = عُصر
recipe-dates-sort = فُرز
recipe-fig-dry = جُففت الثمار
recipe-goat-cheese = حُوّل إلى جبن
recipe-herb-dry = جُففت الأوراق
recipe-olive-oil = عُصر الزيتون
recipe-prickly-pear-oil = عُصرت البذور
recipe-prickly-pear-seed = استُخرجت البذور
recipe-rose-distil = قُطر
recipe-rose-dry = جُففت الورود
recipe-saffron-flowers = قُطفت المياسم وجُففت
balance-title = أين يوجد كل شيء
balance-drawing = ما دخل وما خرج
balance-inputs = ما دخل
balance-where = أين يوجد الآن
balance-filled = المجموع
balance-free = في المخزون
balance-packed = معبأ للإرسال
balance-transit = في الطريق
balance-disputed = ناقص ومتنازع عليه
balance-consumed = صار حصصا أخرى
balance-sold = بيع أو صُدّر
balance-lost = ضاع
balance-sampled = أُخذ كعينات
balance-destroyed = أُتلف
balance-unexplained = غير مبرر
balance-rest = خارج المنتوج
balance-process = { $quantity } مما دخل ماء أو لب أو قشور أو بقايا: خارج المنتوج.
balance-difference = { $quantity } دخلت ولم تخرج، ولا شيء يبرر ذلك.
balance-other-unit = ما دخل يُحسب بوحدة غير وحدة ما خرج.
balance-sentence = { $certified } مصادق عليها من أصل { $filled }؛ خرج { $gone } وبقي { $left }.
balance-missing = { $quantity } ناقصة ولم تُسوّ بعد.
holders-title = من يحوزه
family-title = من أين أتى وماذا صار
family-drawing = نسب الحصة { $lot }: في الأعلى ما صُنعت منه وفي الأسفل ما صُنع منها
family-relation = العلاقة
family-from = دخل فيها
family-into = صُنع منها
family-self = هذه الحصة
events-title = ما جرى
lot-scan = ما يظهره مسح رمزها
lot-declared-by = صرحت بها
lot-declared = الكمية المصرح بها
lot-declared-for = صرّح بها باسمها
lot-day = يوم الجني أو التعبئة
lot-origin = المصدر
account-title = فيم استُعمل
account-certified = المصادق عليه
account-labelled = على الملصقات
account-consumed = صار حصصا أخرى
account-remaining = المتبقي للملصقات أو لحصص أخرى
party-held = السلع المحوزة
party-held-note = من أحدث الحصص؛ وقد توجد غيرها.
party-waiting = إرساليات تنتظر جوابه
party-waiting-none = لا إرسالية تنتظر جوابه.
party-from = من
party-releases = عمليات التجميد التي رفعها
story-link = حكاية زيت خطوة بخطوة
story-invitation = من أشجار خمس تعاونيات إلى القارورة: ثلاث دقائق، وكل شيء من السجل.
story-title = كيف صارت { $fruit } من الثمار { $jars } قارورة زيت
story-lead = وقّع كل طرف ما قام به، والسجل يحفظه. كل الأرقام هنا مقروءة من السجل كما هو الآن. الأشخاص والمقاولات من نسج الخيال.
story-harvest = { $count ->
    [zero] { $count } تعاونية تجني ثمار أركان الناضجة
    [one] تعاونية واحدة تجني ثمار أركان الناضجة
    [two] تعاونيتان تجنيان ثمار أركان الناضجة
    [few] { $count } تعاونيات تجني ثمار أركان الناضجة
    [many] { $count } تعاونية تجني ثمار أركان الناضجة
   *[other] { $count } تعاونية تجني ثمار أركان الناضجة
 }
story-harvest-text = تصرح كل واحدة بمحصولها ويشهد به المصادقون. من صرح بأكثر من طاقته المسجلة جُمدت حصته.
story-together = { $name } تجمع الثمار وتحولها
story-together-text = في كل مرحلة يحدد النظام أقصى ما يمكن أن ينتج عنها. وما زاد عن ذلك يُرفض.
story-limit = يمكن أن ينتج { $quantity } على الأكثر
story-jars = { $count ->
    [zero] { $count } قارورة، ولا ملصق زائد عليها
    [one] قارورة واحدة، ولا ملصق زائد عليها
    [two] قارورتان، ولا ملصق زائد عليهما
    [few] { $count } قارورات، ولا ملصق زائد عليها
    [many] { $count } قارورة، ولا ملصق زائد عليها
   *[other] { $count } قارورة، ولا ملصق زائد عليها
 }
story-jars-text = ترسب { $lost } من الزيت وبقي في القعر. وعُبئ كل ما عداه في قوارير.
story-certified = مصادق عليه وفق
story-scan = ما يظهره المسح
story-code = رمز القارورة
story-code-text = يمسحه المستهلك، فتقول الصفحة هل يصح، وبكلام من، وأي طريق سلك الزيت.
story-packed = { $cartons } علبة كرتون، { $pallets } منصات، { $containers } حاوية
story-abroad-text = هوية المشتري هناك محفوظة في السجل مختومة فقط: يفتحها المصدر لمن له الحق.
story-shops = { $count ->
    [zero] { $count } دكان يأخذ الباقي
    [one] دكان واحد يأخذ الباقي
    [two] دكانان يأخذان الباقي
    [few] { $count } دكاكين تأخذ الباقي
    [many] { $count } دكانا يأخذ الباقي
   *[other] { $count } دكان يأخذ الباقي
 }
story-came = وصل
story-sold = بيع إلى الآن
story-missing = { $quantity } أُرسلت ولم تصل: متنازع عليها إلى حين التسوية. ولا يتوقف غير هذه القوارير.
story-balance = كل مليلتر موجود في مكان ما
story-beside = زعفران وعسل وتمور
story-recall = السحب يعثر على كل قارورة
story-recall-text = سحبت { $name } محصولا بعد تحليل. صُنعت منه { $count } حصص مرحلة بعد مرحلة؛ آخرها قوارير { $maker }. كلها مسحوبة معه في الحال. أما الزيت أعلاه فلا يمسه شيء.
story-refused = ما يرفضه السجل
story-refused-text = تدعي { $name } زيتا أكثر مما يعطيه لوزها. وقد سُئل السجل من جديد الآن فأجاب:
story-refused-kernels = اللوز كما هو
story-more = لمن أراد المزيد

## Errors

error-404-title = الصفحة غير موجودة
error-404-text = لا يوجد شيء في هذا العنوان. تأكد منه أو ابحث في السجل.
error-400-title = تعذرت قراءة الطلب
error-400-text = المعطيات المرسلة ليست بالشكل المطلوب. تأكد منها وأعد الإرسال.
error-413-title = الحجم كبير جدا
error-413-text = حجم المعطيات المرسلة يتجاوز { $limit }. أرسل كمية أقل في كل مرة.
error-500-title = وقع خلل من جهتنا
error-500-text = لم يتم أي تحقق. أعد المحاولة لاحقا.
error-503-title = الخدمة مشغولة
error-503-text = لم يتم أي تحقق. أعد المحاولة بعد لحظات.
error-code = رمز الخطأ: { $code }
error-home = العودة إلى الصفحة الرئيسية

## Footer

footer-what = تعرض «تصديق» ما وقعته هيئات التصديق بخصوص حصة ما، ومتى، وهل ما زال ساري المفعول. وهي ليست سلطة عمومية ولا تصادق على أي شيء بنفسها.
footer-api = API
footer-map-credit = أسماء الجهات: المندوبية السامية للتخطيط (HCP)، CC BY 4.0

# Papers and labels.
sheet-title = ملصقات
sheet-ruler-title = صفحة اختبار للملصقات
sheet-ruler-scale = اطبع بنسبة 100 %، دون «ملاءمة الصفحة». يجب أن يكون طول كل مسطرة 100 مم.
sheet-ruler-hold = ضع هذه الصفحة على ورقة ملصقات أمام الضوء: يجب أن تقع الإطارات على حواف الملصقات.
sheet-ruler-shift = إذا وقعت بجانبها، فقِس الفرق وأعطه على أنه dx (إلى اليمين) وdy (إلى الأسفل)، بالمليمتر.
proof-pdf = الشهادة بصيغة PDF مع ملفها المرفق
paper-lead = الحالة في { $at }. ما يسري اليوم يقوله الرمز المجاور، أو الرقم في السجل.
paper-code = امسح الرمز: ما يسري اليوم
paper-dossier = ملف الشهادة: يُتحقق منه دون هذا الموقع
paper-how-code = امسح الرمز. يجب أن تذكر الصفحة التي يفتحها الدفعة والرقم المطبوعين هنا؛ وكل ما عدا ذلك على الورق يمكن نسخه أو تغييره.
paper-how-file = الملف مرفق بهذا الـ PDF: الأمر tasdiq verify FILE.pdf --root KEY يتحقق منه ومن كل رمز في هذه الصفحات، دون شبكة.
paper-how-compare = قارن مفتاح الجذر بالمفتاح الذي نشرته السلطة في مكان آخر. من يطبع ورقة مزورة يطبع معها مفتاحا مزورا.
paper-foot = الشهادة { $serial }، الحالة في { $at }. الشهادة المطبوعة لا تثبت شيئا بذاتها: تحقق من رمزها.
