# English texts of the pages. Ids are the same in every file; codes of the register end an id.

## The service

site-name = Tasdiq
site-line = Batch certificates anyone can check
skip-to-content = Skip to the content
demo-notice = Demonstration: the cooperatives, certifiers and certificates shown here are invented.
nav-label = Main menu
nav-home = Home
nav-register = Public register
nav-inspect = Check codes
nav-audit = Audit the log
nav-api = For programs (API)
language-label = Language
language-partial = This page is not translated into Amazigh yet: only the words that were reviewed are. The rest is in French.
yes = yes
no = no
none = none
unknown = not known
undisclosed = not published
unit-gram = g
unit-kilogram = kg
unit-millilitre = mL
unit-litre = L
unit-piece = { $count ->
    [one] { $count } piece
   *[other] { $count } pieces
 }

## Scan page: the verdict. Headline, one sentence, what to do.
## Sentences of a certificate may use $certifier and $date (the day the state began or ends).

title-scan = { $verdict } – { $product }
verdict-label = Result of the check
verdict-valid = Genuine and in force
verdict-valid-sentence = The certificate { $certifier } signed for this lot is in force until { $date }.
verdict-valid-action = Compare the details below with the pack in your hand.
verdict-not-yet-valid = Genuine, but not yet in force
verdict-not-yet-valid-sentence = The certificate { $certifier } signed for this lot takes effect on { $date }.
verdict-not-yet-valid-action = Until that day nothing is certified. Ask the shop why the product is already on sale.
verdict-expired = Genuine, but expired
verdict-expired-sentence = The certificate { $certifier } signed for this lot ended on { $date }.
verdict-expired-action = Look at the status on the packing date below, and at the best-before date on the pack.
verdict-suspended = Genuine, but suspended
verdict-suspended-sentence = The certificate { $certifier } signed for this lot has been suspended since { $date }; this can be reversed.
verdict-suspended-action = Ask the shop before you buy or use this product.
verdict-withdrawn = Genuine, but withdrawn
verdict-withdrawn-sentence = The certificate { $certifier } signed for this lot was withdrawn for good on { $date }.
verdict-withdrawn-action = This lot is no longer certified. Do not buy it for what its label claims; tell the shop.
verdict-scope-reduced = Genuine, but no longer covered
verdict-scope-reduced-sentence = { $certifier } is no longer accredited for what this certificate says.
verdict-scope-reduced-action = Ask the shop before you buy or use this product.
verdict-superseded = Genuine, replaced by a newer certificate
verdict-superseded-sentence = { $certifier } has issued the newer certificate no. { $newer } for this lot.
verdict-superseded-action = Open the newer certificate: it is the one that counts.
verdict-held = Genuine, but this lot is on hold
verdict-held-sentence = This lot has been on hold since { $date } and must not be sold for now.
verdict-held-action = Do not buy it now. If you have it already, do not consume it and ask the shop.
verdict-recalled = RECALLED: stop using it
verdict-recalled-sentence = This lot has been recalled since { $date }. Do not consume or use it.
verdict-recalled-action = Bring it back to the shop where you bought it.
verdict-recalled-action-shop = Bring it back to the shop where you bought it.
verdict-recalled-action-cooperative = Bring or send it back to the cooperative.
verdict-recalled-action-destroy = Destroy it and give it to nobody.
verdict-exhausted = Genuine, but nothing of this lot is left
verdict-exhausted-sentence = According to the register, all of this lot was destroyed, taken as samples or brought back; the last of it on { $date }.
verdict-exhausted-action = This pack should not be on sale: its code may have been copied. Ask the shop.
verdict-unusual = Genuine, but seen unusually often
verdict-unusual-sentence = { $count ->
    [one] This code was seen once in 30 days.
   *[other] This code was seen { $count } times in 30 days.
 }
verdict-unusual-action = It may have been copied onto other packs. Compare serial, dates and seal with the pack in your hand; if something differs, tell the shop.
unusual-places = { $count ->
    [one] In one country.
   *[other] In { $count } countries.
 }
verdict-not-genuine = Not genuine
verdict-not-genuine-sentence = This code is not genuine: nothing it says can be trusted.
verdict-not-genuine-action = Do not rely on this label. Keep the pack and tell the shop.
verdict-unchecked = Could not be checked
verdict-unchecked-sentence = Not enough is known to say whether this code is genuine.
verdict-unchecked-action = Do not take it as certified. Try again later.
verdict-unknown = Unknown code
verdict-unknown-sentence = This code is not in the register.
verdict-unknown-action = Check what you typed, or scan the code again. If it stays unknown, do not take it as certified.
verdict-authentic = Genuine document
verdict-authentic-sentence = This signed document is genuine and in the register. It is not a certificate: it does not say whether a lot is fit.
verdict-authentic-action = To know whether a lot is in force, check its code or its certificate.
verdict-status-unknown = Signature good, status unknown
verdict-status-unknown-sentence = The code was really signed, but whether its certificate is in force today is not known here.
verdict-status-unknown-action = Check again with a connection or with newer data before you rely on it.
verdict-no-certificate = No certificate
verdict-no-certificate-sentence = This lot is declared by a cooperative, but nobody has certified it.
verdict-no-certificate-action = Do not take it as certified.
verdict-lot-missing = Which lot?
verdict-lot-missing-sentence = This code names a product but no lot, so there is nothing to check yet.
verdict-lot-missing-action = Choose the lot number printed on the pack.
verdict-label-void = Genuine, but this label is void
verdict-label-void-sentence = This label was spoilt and its number given back: it belongs on no jar.
verdict-label-void-action = It may have been taken from waste. Ask the shop where the jar is from.
verdict-code-expired = Genuine, but the code has expired
verdict-code-expired-sentence = The code on this label was good until { $date }.
verdict-code-expired-action = Look at the dates on the pack and ask the shop.
verdict-key-suspect = Could not be confirmed
verdict-key-suspect-sentence = The certificate was signed while its key may have been in foreign hands.
verdict-key-suspect-action = Wait until the certifier has confirmed it again. Do not take it as certified.
verdict-unsigned = This lot is certified; this label was not checked
verdict-unsigned-sentence = The register has a certificate of { $certifier } for this lot, in force until { $date }. This code carries no signature: anybody can print it.
verdict-unsigned-action = Look for the signed code on the pack and scan it. Without it nothing shows that this pack is of this lot.
verdict-unsigned-unfit = This lot is not in order; this label was not checked
verdict-unsigned-unfit-sentence = The register says of this lot: { $status }. This code carries no signature: anybody can print it.
verdict-unsigned-unfit-action = Do not take this pack as certified. Ask the shop before you buy or use it.
verdict-checked-at = Checked on { $instant }
verdict-checked-now = Checked now, { $date }
verdict-data-age = status data { $age } old
verdict-since = Since { $date }, by { $by }
verdict-else-holds = Still in force for this lot: { $schemes }.
verdict-reason = Reason: { $reason }
verdict-by = Decided by { $by }.
verdict-notice = Notice from { $by }
call-whom = To reach { $name }:
call-phone = Call { $name }
recall-rest = More about this lot
recall-compare-title = Is it this one?
text-hidden = Characters that show nothing were left out of a text on this page.

## Words of the certificate's status

certificate-status-valid = valid
certificate-status-not-yet-valid = not yet valid
certificate-status-expired = expired
certificate-status-suspended = suspended
certificate-status-withdrawn = withdrawn
certificate-status-scope-reduced = scope reduced
certificate-status-superseded = superseded

## Words of the lot's status

lot-status-released = may be sold
lot-status-held = on hold
lot-status-recalled = recalled
lot-status-exhausted = used up
lot-status-undeclared = declaration undone
lot-status-uncertified = no certificate

## Scan page: what to compare

compare-title = Compare with the jar in your hand
compare-hint = If one of these differs from the pack, the code does not belong to it.
compare-product = Product
compare-net-quantity = Net quantity
compare-lot = Lot number
compare-serial = Serial
compare-no-serial = none: every pack of this lot carries the same code
compare-packed-on = Packing date
compare-best-before = Best before
compare-gtin = Product number (GTIN)
compare-lot-quantity = Quantity of the whole lot
compare-campaign = Crop year

## Scan page: who says so

who-title = Who says so
who-certifier = Certifier
who-scheme = Scheme
who-scheme-edition = Edition of the specification
who-decision-date = Decided on
who-valid-from = Valid from
who-valid-until = Valid until
who-accreditation = Accreditation
who-certified-quantity = Certified quantity
who-status = Status now
who-not-covered = Not covered
who-key-custody = Signing key held by
who-custody-model = Chain of custody
who-laboratory = Laboratory report
who-sampled-by = Sample taken by { $who }
who-batch-only = This certificate covers this lot only. It does not certify the cooperative or its other products.
who-others = All certificates of this lot
custody-self = the certifier itself
custody-operator = the operator of this service, for the certifier
custody-model-identity-preserved = kept apart from all other lots
custody-model-segregated = mixed only with certified goods
custody-model-controlled-blending = mixed in a known share
custody-model-mass-balance = balanced on paper only; the goods may be mixed
sampler-certifier = the certifier
sampler-inspector = an inspector
sampler-laboratory = the laboratory
sampler-cooperative = the cooperative itself
scheme-kind-fair-trade = fair trade
scheme-kind-organic = organic
scheme-kind-geographical = sign of origin
scheme-kind-agricultural-label = agricultural label
scheme-kind-halal = halal
scheme-kind-quality = quality or food safety
sign-ig = geographical indication (IG)
sign-ao = designation of origin (AO)
sign-la = agricultural label

## Scan page: where it comes from

origin-title = Cooperative and region
origin-cooperative = Cooperative
origin-region = Region
origin-map = Map of the regions; { $region } is marked

## Scan page: two dates

dates-title = Status at two dates
dates-packing = On the packing date
dates-now = Now
dates-certificate = Certificate
dates-lot = Lot

## Scan page: fair trade, one sentence for each word a report can give. May use $scheme.

fair-trade-title = Fair trade
fair-trade-valid = Yes: certified as fair trade under { $scheme }.
fair-trade-none = No fair-trade claim is made for this lot.
fair-trade-not-yet-valid = Not yet: the fair-trade certificate ({ $scheme }) is not in force yet.
fair-trade-expired = Not any more: the fair-trade certificate ({ $scheme }) has expired.
fair-trade-suspended = Not for now: the fair-trade certificate ({ $scheme }) is suspended.
fair-trade-withdrawn = No: the fair-trade certificate ({ $scheme }) was withdrawn.
fair-trade-scope-reduced = Not any more: the fair-trade certificate ({ $scheme }) is outside its certifier’s accreditation.
fair-trade-superseded = The fair-trade certificate ({ $scheme }) was replaced by a newer one.
fair-trade-operator-not-certified = Not shown: the producer is not certified itself under { $scheme }.
fair-trade-origin-partly = Not shown: certified under { $scheme }, but part of what it is made of is on its producer’s word.
fair-trade-origin-declared = Not shown: certified under { $scheme }, but where it comes from is on its producer’s word.
fair-trade-cover-short = Not shown: more is certified under { $scheme } than what it was made of covers.
fair-trade-inherited-status = Not for now: something that it was made of is held or recalled ({ $scheme }).

## Scan page: signals about this code

signal-title = About this code
signal-no-label-signature = This code has no signature: anybody can print it. The register is shown, but the label is not proven.
signal-copyable = A genuine code can be copied onto another pack. Compare the details.
signal-not-serialised = This label has no serial number: every pack of this lot may carry it, and copies cannot be told apart.
signal-serial-not-issued = Nobody issued the serial number on this label for this lot.
signal-foreign-host = This code leads elsewhere, not to this register.
signal-plain-http = This address begins with http: as no label does.
signal-lot-missing = This code names a product and no lot.
signal-lot-unknown = Nothing is known here of what this code names.
signal-two-lots = This code may mean one of two lots. Type the lot number printed on the pack.
signal-label-void = This label was given back as spoilt; it belongs on no jar.
signal-unusual-scans = This code was scanned unusually often: it may have been copied.
signal-lot-ended = Nothing of this lot is left: all of it was destroyed, taken as samples, lost or brought back.
signal-expired-label = The code on this label has expired.
signal-claim-not-in-force = This label also claims what no certificate of this lot in force covers. See all certificates of this lot.
signal-held-for-capacity = The quantity is above what the cooperative declared it can produce. An explanation is awaited.
signal-input-certificate-suspended = A certificate that this lot rests on, of what it was made of or of who made it, is suspended. By itself that changes nothing in this lot’s own certificate.
signal-input-certificate-withdrawn = A certificate that this lot rests on, of what it was made of or of who made it, was withdrawn. By itself that changes nothing in this lot’s own certificate.
signal-superseded = The certificate named on this label was renewed or corrected: the newer one counts.
signal-recall-voided = This lot had been recalled by mistake: another lot was meant, and the authority took the recall back.
signal-suspect-key = The signing key may have been in foreign hands when this was signed. It must be confirmed again.
signal-certifier-suspended = The certifier is suspended now: it may issue nothing new. What it certified before stands.
signal-certifier-withdrawn = The certifier has lost its standing for good: its certificates are out of scope.
signal-uncertified-lot-released = The lot is declared and may be sold, but nobody has certified it.
signal-uncertified-lot-held = The lot is on hold and nobody has certified it.
signal-uncertified-lot-recalled = The lot is recalled: do not consume it; bring it back.
signal-uncertified-lot-exhausted = The lot is used up and nobody has certified it.
reading-foreign-host = It leads to { $host }.
reading-left-out = Read without: { $what }
left-out-invisible-characters = characters nobody sees
left-out-quotes = quotation marks or brackets
left-out-symbology-identifier = the scanner’s own mark
left-out-escapes = percent escapes
left-out-spaces = spaces in the token
left-out-port = the port
left-out-host-dot = the dot behind the host
left-out-query = what follows the question mark
left-out-fragment = what follows the hash sign
left-out-slashes = slashes at the end
left-out-punctuation = punctuation at the end
left-out-other-elements = other GS1 elements
left-out-words = words around the address
left-out-foreign-serial = a serial number that is none of this register
left-out-json-form = spacing, order or escapes of the JSON
code-valid-until = This code can be checked until { $date }.

## Scan page: what this scan does not prove

not-proven-title = What this scan does not prove
not-proven-contents = It cannot look into the bottle: nobody tested the one in your hand.
not-proven-copied = A genuine label can be copied: the copy gives the same result.
not-proven-refilled = A genuine bottle can be refilled with something else.
not-proven-sample = It does not show that the sample sent to the laboratory came from this lot.
not-proven-signer = It shows who signed. It cannot show that the signer was honest or free.
not-proven-premium = It does not show that the fair-trade premium was paid.
not-proven-premium-use = A premium is signed on two sides as paid for { $quantity } of this lot. It does not show that it was paid for the rest, nor what it was used for.

## Scan page: check it yourself, and doubts

proof-title = Check it yourself
proof-lead = You need not take our word for it. These files prove it without this service.
proof-check = Check this code step by step
proof-checked-at = Checked at
proof-position = Place in the public log
proof-entry = Entry { $index }, recorded on { $instant }
proof-file = Proof file
proof-dossier = Dossier, verifies without this site
proof-certificate = Signed certificate
proof-jwt = The same as vc+jwt, for JOSE tools
proof-checkpoint = Signed state of the log (checkpoint)
proof-report = All checks as data (JSON)
proof-witnesses = Outside witnesses
proof-witnesses-none = None yet. So nobody outside has confirmed that everyone is shown the same log.
proof-witnesses-count = Signatures of witnesses: { $count }
proof-command = With the tasdiq program:
proof-checks = All checks
share-title = Pass it on
share-mail = E-mail
share-sms = Text message
share-address = Address of this page
print-code = Code of this pack
share-text = { $verdict }: { $product }, lot { $lot }.
doubt-title = Report a doubt
doubt-text = Keep the pack and the receipt, and tell the shop or the certifier named above.
doubt-text-unknown = Keep the pack and the receipt, and tell the shop.
privacy-text = No cookie, no account. Scans are counted by serial, month and country; to count you once, a fingerprint of your network and browser stays in memory for 24 hours at most and never reaches a disk.

## Reasons of a change of status

reason-nonconformity = a requirement is not met
reason-lab-result = a laboratory result
reason-complaint = a complaint
reason-fraud-suspected = suspected fraud
reason-paperwork = missing papers
reason-request-of-holder = the holder asked for it
reason-safety = a danger to health
reason-key-compromise = a signing key in foreign hands
reason-capacity = volume above the declared capacity
reason-yield = more came out than is usual
reason-late = declared too long after the harvest
reason-age = made of something older than it keeps
reason-ceased = the certifier has ceased its work
reason-error = an error
reason-other = another reason

## Changes of status

action-suspend = suspended
action-reinstate = reinstated
action-withdraw = withdrawn
action-hold = put on hold
action-release = released
action-recall = recalled

## Home page

home-title = Is it really what the label says?
home-lead = A certifier signs a certificate for one lot, and the certificate goes into a log that nobody can rewrite unseen. The code on the pack leads to it. Anyone can check it, here or offline, without taking our word.
home-check-title = Check a code
home-check-label = Address or code printed under the QR code
home-check-hint = Or open the camera of your phone and point it at the code.
home-check-button = Check
home-code-title = The code of a lot in this register
home-code-open = Open the page of this code
home-code-by = Declared by { $cooperative }, certified by { $certifier }
home-code-scan = Point a phone’s camera at it, or touch it: the page says whether the certificate still holds, and by whose word.
home-code-alone = Touch it: the page says whether the certificate still holds, and by whose word. A phone would not open it: it leads to { $host }, which is this machine alone.
home-code-phones = Demonstration: point a phone of this network at it; over plain http it leads to { $address }. A printed label always says https, and no other ledger takes this code.
home-code-none = Among the newest certificates none is of a lot that is wholly in order, so no code is shown here.
home-examples-title = Codes to try
home-how-title = From the grove to the shelf
home-how-declare = A cooperative declares a lot: product, quantity, origin, packing date.
home-how-certify = An accredited certifier checks the lot and signs a certificate with a key of its own.
home-how-log = The log keeps it, with all that happens later: sales, a suspension, a recall.
home-how-scan = At the shelf you scan the code and see who says what, and whether it still holds.
home-doors-title = Your way in
home-door-shopper = You are shopping
home-door-shopper-text = Scan the code, or type what is printed below it.
home-door-inspector = You inspect
home-door-inspector-text = Inspection and customs: camera, photo, lists of 1,000 codes.
home-door-certifier = You produce or certify
home-door-certifier-text = From your spreadsheet to labels: tasdiq issue. What is certified stands in the register.
home-door-auditor = You audit
home-door-auditor-text = Replay the whole log and trust nobody.
home-door-programmer = You program
home-door-programmer-text = API, formats and schemas, served right here.
home-first-title = This register is still empty
home-first-lead = Nothing is certified here. Whoever keeps it begins on the command line:
home-first-parties = Register a certifier and a cooperative, each with its public key
home-first-agree = Log the agreement that the cooperative signed
home-first-issue = Declare and certify lots from a spreadsheet
home-first-label = Print the code of a lot, and scan it
home-figures-title = In the register
home-figure-lots = Lots
home-figure-certificates = Certificates
home-figure-cooperatives = Cooperatives
home-figure-certifiers = Certifiers
home-figure-entries = Log entries
home-for-auditors = For auditors: check the whole log
home-for-developers = For programs: the API

## Public register

register-title = Public register
register-lead = All lots that were declared, with their certificates.
register-search-title = Search
register-product = Product
register-cooperative = Cooperative
register-certifier = Certifier
register-status = Status
register-region = Region
register-any = any
register-button = Search
register-parties = All parties as CSV
register-clear = Clear the search
register-text = Lot number or name
register-filters = Filters
register-shown = { $shown } of { $total } lots
register-shown-of-more = { $shown } of more than { $total } lots
register-as-of = As of entry { $entry }, checkpoint
list-as-csv = This list as CSV
list-as-json = This list as JSON
register-none = No lot matches your search.
register-none-hint = Try fewer words, or check the lot number on the pack.
register-none-yet = Nothing yet in this part of the register; the search goes on at the next page.
pager-label = Pages
pager-first = First page
pager-previous = Previous page
pager-next = Next page

## Column heads

column-lot = Lot
column-product = Product
column-cooperative = Cooperative
column-region = Region
column-certifier = Certifier
column-scheme = Scheme
column-certificate = Certificate
column-quantity = Quantity
column-packed-on = Packed on
column-valid-until = Valid until
column-certificate-status = Certificate status
column-lot-status = Lot status
column-fair-trade = Fair trade
column-date = Date
column-change = Change
column-reason = Reason
column-by = By
column-notice = Notice
column-entry = Log entry
column-name = Name
column-role = Role
column-code = Code
column-result = Result
column-check = Check
column-evidence = Evidence
column-required = Required

## Inspection page

inspect-title = Check codes and documents
inspect-lead = For inspectors, customs and shops. Nothing you send here is kept.
inspect-code-field = Code: scan or type it, then Enter
inspect-reference = Reference (certificate)
inspect-remaining = Of it left for labels or further lots
inspect-age = Age of the data
inspect-checks = Every check
inspect-camera = Read codes with the camera
inspect-camera-again = Restart the camera
inspect-camera-close = Close the camera
inspect-camera-lamp = Lamp
inspect-camera-lens = Camera in use
inspect-camera-insecure = This page was opened over plain http: the browser gives no camera there. Open it over https, or take a photo of the code below.
inspect-camera-refused = The camera is not allowed for this page. Allow it in the settings of the browser and try again, or take a photo of the code below.
inspect-camera-busy = Another program is using the camera. Close it and try again, or take a photo of the code below.
inspect-camera-absent = No camera was found. Plug one in and try again, or take a photo of the code below.
inspect-camera-unplugged = The camera was unplugged, or another program took it. Try again, or take a photo of the code below.
inspect-camera-failed = The camera could not be opened. Try again, or take a photo of the code below.
inspect-camera-none = This browser gives pages no camera. Take a photo of the code below: the service reads it.
inspect-day = Checked on this page
inspect-day-note = This list is on this page alone and goes when you close it. The files are of a new check of each code.
inspect-lost = Not checked: no answer from the service. Try again, or use the tasdiq program without a network.
inspect-format-label = Results as
inspect-format-page = page
inspect-code-hint = The address in the QR code, or GTIN and lot number
inspect-list-label = List of codes or CSV, up to { $count }
inspect-list-hint = One code a line, or a table: its column of codes is found.
inspect-photo-label = Photo of a code
inspect-photo-hint = JPEG or PNG, up to { $size } MB
inspect-photo-none = No code was found in the photo. Take it closer, straight and in good light.
inspect-photo-large = The photo is too large: at most { $size } and { $pixels } million pixels. Take it at a lower resolution.
inspect-photo-slow = Reading the photo took too long. Send a smaller photo or type the code.
inspect-photo-unread = The photo shows another code that could not be read: take one of each code alone
inspect-photo-many = The photo shows too many codes, or what looks like codes. Take one of fewer codes.
inspect-documents-label = Files: CSV of codes, signed document (JSON, vc+jwt), dossier, proof file
inspect-file-unreadable = A file could not be read. Accepted: PNG or JPEG photo, CSV, signed document (JSON), proof file.
inspect-policy-label = How strict
inspect-line = line { $line }
inspect-nothing = Nothing was sent. Type a code, paste a list or choose a file.
inspect-too-many = Too many codes: at most { $count } at a time.
inspect-too-many-files = Too many files: at most { $count } at a time. None was checked.
inspect-button = Check
inspect-results = Results
inspect-summary = Checked: { $total } · fit: { $passed } · genuine but not fit: { $unfit } · undecided: { $undecided } · not genuine: { $failed } · unreadable: { $unreadable }
inspect-details = Details
inspect-data-age = data age:
inspect-as-json = The same results as data (JSON)
inspect-again = Check another
inspect-offline = Offline: the tasdiq program checks codes with no network, from these two files.
inspect-trust-file = Trust file
inspect-pack-file = Status pack
policy-shop = Shop: is it genuine and in force? Data up to a week old.
policy-customs = Customs: data up to two days old, seen by enough outside witnesses.
policy-audit = Audit: outside witnesses, the certifier’s signature and the proof from the log; data up to one day old.
indication-total-passed = genuine
indication-indeterminate = undecided
indication-total-failed = not genuine
fitness-fit = fit for sale under this certificate
fitness-unfit = not fit for sale under this certificate

## Why a check gave no pass

sub-indication-format-failure = the form is wrong
sub-indication-sig-crypto-failure = a signature is wrong
sub-indication-hash-failure = what is signed is not what is shown
sub-indication-revoked = the key was known to be in foreign hands
sub-indication-no-signing-certificate-found = the signing key is not among the trusted ones
sub-indication-no-poe = no proof that it was recorded in time
sub-indication-try-later = the status is not known now; get newer data
sub-indication-log-proof-failure = the proof does not fit the log
sub-indication-authority-failure = the signer was not authorised at that time
sub-indication-key-suspect = the key may have been in foreign hands
sub-indication-witness-quorum-missing = too few witnesses signed
sub-indication-status-stale = the status data is too old
sub-indication-trust-failure = the trust file or the status pack is not genuine
sub-indication-root-not-pinned = nobody compared the root key
sub-indication-label-unsigned = the code carries no signature
sub-indication-serial-not-issued = the serial number was never issued

## Checks, and what came of them

check-result-pass = passed
check-result-fail = failed
check-result-absent = evidence missing
check-result-stale = data too old
check-result-not-run = not reached
check-format = The code or document has the right form
check-label-signature = The code is signed
check-label-key = The key that signed the code may label this certificate
check-label-expiry = The code has not expired
check-serial-issued = The serial number was issued
check-host = The code leads to this register and no other
check-binding = Code, certificate and lot belong together
check-statement-profile = The signed document keeps to the strict format
check-statement-signature = The certifier’s signature is right
check-issuer-key = The certifier’s key counted when it signed
check-accreditation = The certifier was accredited for this
check-inclusion = It is in the public log
check-checkpoint = The log’s state is signed
check-witness-quorum = Enough outside witnesses signed
check-trust-snapshot = The list of trusted keys is genuine
check-pack = The status data is genuine
check-status-freshness = The status data is recent enough
check-manifest = Nothing was taken out of the dossier or put in
check-records = The dossier follows from signed entries of the log
check-non-withdrawal = The lists of suspended and withdrawn certificates do not name it
check-certificate-status = The certificate is in force
check-lot-status = The lot may be sold
check-custody = How the goods were kept apart follows from what was logged of them
check-inherited-status = Nothing that it was made of is held or recalled
check-origin = It comes from lots that were followed from their declaration on
check-mass-balance = No more left, became another lot or is certified than there was

## Lot and certificate pages

lot-title = Lot { $lot }
lot-certificates = Certificates of this lot
lot-labels-issued = Serials put on labels
lot-declared-on = Declared on
lot-pack-size = Quantity in one pack
lot-qr = QR code of this lot
certificate-title = Certificate { $serial }
certificate-lead = A batch attestation: it covers one lot, not the cooperative.
certificate-serial = Certificate number
certificate-superseded-by = Replaced by certificate
certificate-supersedes = Replaces certificate
certificate-client = Issued to
certificate-hs-code = HS code
certificate-assessed-on = Assessed on
certificate-logged-at = Recorded in the log
certificate-history = Changes of status
certificate-history-none = No change since it was issued.
certificate-files = Files
certificate-signed-with = Signed with key
certificate-digest = Fingerprint (SHA-256)
laboratory-commitment = Fingerprint of the laboratory report
certificate-not-qualified = The electronic signature is evidence. It is not a qualified signature in the sense of the law.
operator-title = Operator certificate { $serial }
operator-lead = This certifies an operator. It is not a certificate of any lot: those rest on it.
operator-party = Operator
operator-counts-from = Counts from
operator-scope = What it covers
operator-volumes = How much of the harvest is certified
operator-volumes-none = No volume is stated: no harvest counts under this certificate.
operator-campaign = Campaign
operator-volume-certified = Stated here
operator-volume-counts = Counts now
operator-volume-drawn = Used by lots
operator-volume-left = Left
operator-volumes-note = One harvest is counted once, whoever certifies it: the newest figure counts, never more than the registered capacity. While this certificate is not in force, nothing is left.
certificate-rests-on = Rests on the operator’s certificate
party-operator = Certified as an operator
list-suspect-key = signing key may have been stolen

## Party page

party-role = Role
party-number = Registration number
party-registered-on = Registered on
party-status = Status
party-status-active = registered
party-status-suspended = suspended
party-status-withdrawn = withdrawn
party-lots = Lots
party-certificates = Certificates
party-capacities = Declared capacity
party-accreditations = Accreditations
party-scope-schemes = Schemes
party-scope-products = Products
party-scope-regions = Regions
party-scope-all = all
party-keys = Keys
party-key-name = Key
party-key-purpose = Signs
party-key-custody = Held by
party-key-added = Added on
party-key-standing = State
party-did = Identity document (DID)
party-none = There is nothing here yet.
parties-title = Certifiers, cooperatives and others
role-authority = authority of this register
role-certifier = certifier
role-cooperative = cooperative
role-shop = shop
role-carrier = carrier
role-laboratory = laboratory
role-inspector = inspector
role-processor = processor
role-exporter = exporter
key-purpose-root = root of trust
key-purpose-assertion = statements
key-purpose-service = status lists of the service
key-purpose-label = codes on labels
key-purpose-log = the log
key-purpose-receipt = receipts
key-holder-self = the party itself
key-holder-operator = the operator of this service
key-standing-in-force = in force
key-standing-not-yet = not yet in force
key-standing-expired = expired
key-standing-retired = retired
key-standing-suspect = suspect
key-standing-compromised = in foreign hands

## Audit page

audit-title = Audit the log
audit-lead = The log is public. Anyone can check it from end to end and find the first fault, if there is one.
audit-origin = Name of the log
audit-entries = Entries
audit-root = Root fingerprint
audit-checkpoint = Newest signed state (checkpoint)
audit-key = Key of the log
audit-root-key = Root key of the authority
audit-last = Newest entry
audit-stopped = This register takes no more entries, for the reason below. What is in it can still be read and checked.
audit-command = Check it with the tasdiq program:
audit-open = The register takes new entries.
audit-age = Age of the newest signed state
audit-days = Entries per day
audit-days-summary = { $all } entries in 30 days, at most { $most } in one day.
audit-days-table = The same figures as a table
audit-day = Day (UTC)
audit-witness-none = No witnesses
audit-witness-lag = Signed { $age } ago
audit-witness-never = Has signed nothing yet
audit-witness-behind = { $count ->
    [one] { $count } entry behind
   *[other] { $count } entries behind
 }
audit-witness-error = Last request without a valid answer
audit-quorum-met = Enough witnesses have signed the newest published state.
audit-quorum-missing = Too few witnesses have signed the newest published state.
audit-witness-word = Times are the witnesses’ own words: their signatures are verified with their keys.
audit-lists = Status lists
audit-list-current = Up to date, logged on { $at }
audit-list-stale = Out of date since { $since }
audit-list-none = None yet
audit-list-index = Daily entry that names the lists
audit-json = The health of the log as JSON
audit-tiles = Read the raw data
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
 }
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
 }
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
 }
audit-newest = Newest entries
audit-changes = Suspensions, withdrawals and recalls

## Events of goods at their own address

event-ship = Sent
event-receive = Received
event-settle = Settled
event-pack = Put into a unit
event-unpack = Taken out of a unit
event-out = Sold
event-loss = Lost
event-sample = Sample taken
event-destroy = Destroyed
event-observe = Looked at
event-void = Taken back
event-transform = Made into something else
happened-who = Signed by
happened-for = In the name of
happened-when = Happened
happened-where = Where
happened-to = Sent to
happened-elsewhere = Somebody who is not registered here, in { $country }: the name is not published
happened-carrier = Carrier, as the sender names it
happened-logged = In the log
happened-entry = Entry { $index }
happened-state = What became of it
happened-voided = It was taken back by entry { $index }: it did not happen so.
happened-lots = Lots
happened-more = { $count ->
    [one] One more is in the file and in the log.
   *[other] { $count } more are in the file and in the log.
 }
happened-extracts = Extracts of certificates for this shipment
happened-file = Consignment: the shipment, its lots and certificates in one file that verifies without a server
moved-drawn = Went in
moved-filled = Came out
moved-sent = Sent
moved-accepted = Accepted
moved-refused = Refused
moved-missing = Missing
moved-dried = Lost within the allowance
moved-settled-lost = Settled as lost
moved-settled-returned = Settled as returned
moved-settled-accepted = Settled as accepted
moved-packed = Put in
moved-unpacked = Taken out
moved-left = Left
moved-seen = Looked at
shipment-waiting = Nobody has answered it yet
shipment-returning = Something was refused and is on its way back
shipment-disputed = Something is missing and not settled
shipment-settled = What was missing is settled
shipment-answered = Its receiver has answered for all of it
shipment-left = It went to somebody outside: nobody here answers
shipment-undone = It was taken back

## Goods: their way, balance and family; the demonstration’s story

and-more = { $count ->
    [one] and one more
   *[other] and { $count } more
 }
percent = { $percent }%
as-table = The same as a table
origin-of-inputs = Made from the harvest of
origin-traced = followed from the harvest on
origin-partly = followed in part
origin-declared = on the cooperative’s word
recall-input = Because of what it was made of
recall-reached = Lots reached
recall-stated = Back or destroyed, as holders say
recall-seen = Destroyed before a third party
price-confirmed = The price paid is confirmed: seller and buyer signed the same.
price-one-sided = A price is stated by one side alone: it does not count as paid.
price-undisclosed = The price was recorded, but is not published.
price-none = What was really paid to the cooperative is not recorded for this lot.
price-title = What was paid
price-for = For { $unit }
price-paid = Price
price-premium = Premium
price-sum = Price and premium
paid-audited = The price paid is confirmed: the seller stated it, a certifier checked it.
paid-for = { $amount } for { $unit }.
paid-premium = Premium on top: { $amount } for { $unit }.
paid-taken-back = It was confirmed once; who did so took that back on { $day }.
paid-both-ways = It was confirmed, but a price was stated the other way on this lot too.
prices-sold = What it was paid for goods
prices-bought = What it paid for goods
prices-all = What was paid for goods
prices-note = Paid is what two sides signed. What one side alone says counts for nothing; what is disputed stands apart.
prices-of = { $scheme }, paid { $year }, campaign { $season }
prices-paid = Paid: { $amount }, and { $premium } of premium ({ $count }).
prices-one-sided = One side alone says: { $amount }, and { $premium } of premium ({ $count }).
prices-disputed = Disputed: { $amount }, and { $premium } of premium ({ $count }).
prices-undisclosed = Not published: { $count }.
lot-price = Price
journey-title = Its way here
journey-all = All about this lot’s goods
journey-more = { $count ->
    [one] One more step there.
   *[other] { $count } more steps there.
 }
journey-handed-on = Handed on to
journey-abroad = Abroad
journey-brought = Brought together from
journey-certified = Certified
journey-seen = Inspected
journey-harvested = Harvested
journey-declared = Declared
grade-signed = signed by a third party
grade-stated = stated by who held it
grade-computed = computed from the register
recipe-other = Made by { $recipe }
recipe-group = Put together
recipe-split = Divided
recipe-pack-off = Packed
recipe-almond-shell = Shelled
recipe-argan-fruit-dry = Dried in the sun
recipe-argan-nut = Pulp removed
recipe-argan-kernel = Cracked by hand
recipe-argan-press = Pressed
recipe-dates-sort = Sorted
recipe-fig-dry = Figs dried
recipe-goat-cheese = Made into cheese
recipe-herb-dry = Leaves dried
recipe-olive-oil = Olives pressed
recipe-prickly-pear-oil = Seeds pressed
recipe-prickly-pear-seed = Seeds taken out
recipe-rose-distil = Distilled
recipe-rose-dry = Roses dried
recipe-saffron-flowers = Stigmas picked and dried
balance-title = Where all of it is
balance-drawing = What went in and what came of it
balance-inputs = What went in
balance-where = Where it is now
balance-filled = In all
balance-free = At hand
balance-packed = Packed for dispatch
balance-transit = On its way
balance-disputed = Missing, in dispute
balance-consumed = Became other lots
balance-sold = Sold or gone abroad
balance-lost = Lost
balance-sampled = Taken as samples
balance-destroyed = Destroyed
balance-unexplained = Not explained
balance-rest = Not in the product
balance-process = { $quantity } of what went in is water, pulp, husks or residue: not in the product.
balance-difference = { $quantity } went in and did not come out, and nothing explains it.
balance-other-unit = What went in is counted in another unit than what came out.
balance-sentence = { $certified } certified of { $filled } filled; { $gone } gone, { $left } left.
balance-missing = { $quantity } is missing and not settled.
holders-title = Who holds it
family-title = What it came from, what became of it
family-drawing = Family of lot { $lot }: what it was made from above, what was made of it below
family-relation = Relation
family-from = went into it
family-into = was made of it
family-self = this lot
events-title = What happened
lot-scan = What a scan of its code shows
lot-declared-by = Declared by
lot-declared = Declared quantity
lot-declared-for = Declared in its name by
lot-day = Day of harvest or packing
lot-origin = Origin
account-title = What it was spent on
account-certified = Certified
account-labelled = On labels
account-consumed = Became other lots
account-remaining = Left for labels or further lots
party-held = Goods at hand
party-held-note = Of the newest lots; others may be held too.
party-waiting = Shipments to it that wait for its answer
party-waiting-none = No shipment waits for its answer.
party-from = From
party-releases = Holds it lifted
story-link = The story of an oil, step by step
story-invitation = From the trees of five cooperatives to the jar: three minutes, all from the register.
story-title = How { $fruit } of fruit became { $jars } jars of oil
story-lead = Whoever did a step signed it, and the log keeps it. All figures here are read from the register as it is now. People and companies are invented.
story-harvest = { $count ->
    [one] One cooperative picks ripe argan fruit
   *[other] { $count } cooperatives pick ripe argan fruit
 }
story-harvest-text = Each declares its harvest and certifiers attest it. Nobody can declare more than the capacity registered for them without being held.
story-together = { $name } gathers the fruit and works it
story-together-text = At each step the rulebook says how much can come of it at the most. More is refused.
story-limit = at most { $quantity } can come of it
story-jars = { $count ->
    [one] One jar, no more labels than jars
   *[other] { $count } jars, no more labels than jars
 }
story-jars-text = { $lost } of the oil settled and stayed behind. All else was filled into jars.
story-certified = Certified under
story-scan = What a scan shows
story-code = The code on a jar
story-code-text = A shopper scans it. The page says whether it holds, by whose word, and which way the oil took.
story-packed = { $cartons } cartons, { $pallets } pallets, { $containers } container
story-abroad-text = Who bought them there is in the log as a sealed commitment only: the exporter opens it to whom it must.
story-shops = { $count ->
    [one] One shop takes the rest
   *[other] { $count } shops take the rest
 }
story-came = Received
story-sold = Sold so far
story-missing = { $quantity } was sent and not in the box: in dispute until it is settled. Only these jars are stopped.
story-balance = Every millilitre is somewhere
story-beside = Saffron, honey, dates
story-recall = A recall finds every jar
story-recall-text = { $name } recalled a harvest after an analysis. { $count } lots were made of it, step after step; the last are jars of { $maker }. All are recalled with it, at once. The oil above is untouched.
story-refused = What the ledger refuses
story-refused-text = { $name } claims more oil than its kernels can give. The ledger was asked again just now, and answers:
story-refused-kernels = The kernels, untouched
story-more = Look closer

## Errors

error-404-title = Page not found
error-404-text = There is nothing at this address. Check it, or search the register.
error-400-title = This could not be read
error-400-text = What was sent has not the form it must have. Check it and send it again.
error-413-title = Too large
error-413-text = What was sent is larger than { $limit }. Send less at a time.
error-500-title = Something broke on our side
error-500-text = Nothing was checked. Try again later.
error-503-title = Too busy
error-503-text = Nothing was checked. Try again in a moment.
error-code = Code of the error: { $code }
error-home = Back to the home page

## Footer

footer-what = Tasdiq shows what certifiers signed for a lot, when, and whether it still holds. It is not a public authority and certifies nothing itself.
footer-api = API
footer-map-credit = Names of the regions: HCP, CC BY 4.0

# Papers and labels.
sheet-title = Labels
sheet-ruler-title = Test page for labels
sheet-ruler-scale = Print at 100 %, without “fit to page”. Both rulers must measure 100 mm.
sheet-ruler-hold = Hold this page against a sheet of labels, towards the light: the frames must lie on the edges of the labels.
sheet-ruler-shift = If they lie beside them, measure by how much and give it as dx (to the right) and dy (down), in millimetres.
proof-pdf = Certificate as PDF, with its dossier within
paper-lead = As of { $at }. What holds today is told by the code beside, or by the number on the register.
paper-code = Scan: what holds today
paper-dossier = Dossier of the certificate: verifies without this site
paper-how-code = Scan the code. The page it opens must name the lot and the number printed here; what else a paper says can be copied or altered.
paper-how-file = The dossier is attached to this PDF: tasdiq verify FILE.pdf --root KEY checks it, and every code on these pages, without any network.
paper-how-compare = Compare the root key with the one that the authority has published elsewhere. Who prints a false paper prints a false key too.
paper-foot = Certificate { $serial }, as of { $at }. A printed certificate proves nothing by itself: check its code.
