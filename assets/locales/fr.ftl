# French texts of the pages. Ids are the same in every file; codes of the register end an id.

## The service

site-name = Tasdiq
site-line = Des certificats de lot que chacun peut vérifier
skip-to-content = Aller au contenu
demo-notice = Démonstration : les coopératives, les certificateurs et les certificats présentés ici sont inventés.
nav-label = Menu principal
nav-home = Accueil
nav-register = Registre public
nav-inspect = Vérifier des codes
nav-audit = Auditer le registre
nav-api = Pour les programmes (API)
language-label = Langue
language-partial = Cette page n’est pas encore traduite en amazighe : seuls les mots relus le sont. Le reste est en français.
yes = oui
no = non
none = aucun
unknown = inconnu
undisclosed = non publié
unit-gram = g
unit-kilogram = kg
unit-millilitre = mL
unit-litre = L
unit-piece = { $count ->
    [one] { $count } pièce
   *[other] { $count } pièces
 }

## Scan page: the verdict. Headline, one sentence, what to do.
## Sentences of a certificate may use $certifier and $date (the day the state began or ends).

title-scan = { $verdict } – { $product }
verdict-label = Résultat de la vérification
verdict-valid = Authentique et en vigueur
verdict-valid-sentence = Le certificat signé par { $certifier } pour ce lot est en vigueur jusqu’au { $date }.
verdict-valid-action = Comparez les indications ci-dessous avec l’emballage que vous tenez.
verdict-not-yet-valid = Authentique, mais pas encore en vigueur
verdict-not-yet-valid-sentence = Le certificat signé par { $certifier } pour ce lot prend effet le { $date }.
verdict-not-yet-valid-action = Avant ce jour, rien n’est certifié. Demandez au magasin pourquoi le produit est déjà en vente.
verdict-expired = Authentique, mais expiré
verdict-expired-sentence = Le certificat signé par { $certifier } pour ce lot a pris fin le { $date }.
verdict-expired-action = Regardez plus bas le statut à la date de conditionnement, et la date de durabilité sur l’emballage.
verdict-suspended = Authentique, mais suspendu
verdict-suspended-sentence = Le certificat signé par { $certifier } pour ce lot est suspendu depuis le { $date } ; la suspension peut être levée.
verdict-suspended-action = Demandez conseil au magasin avant d’acheter ou d’utiliser ce produit.
verdict-withdrawn = Authentique, mais retiré
verdict-withdrawn-sentence = Le certificat signé par { $certifier } pour ce lot a été retiré définitivement le { $date }.
verdict-withdrawn-action = Ce lot n’est plus certifié. Ne l’achetez pas pour ce qu’annonce son étiquette ; prévenez le magasin.
verdict-scope-reduced = Authentique, mais plus couvert
verdict-scope-reduced-sentence = { $certifier } n’est plus accrédité pour ce que dit ce certificat.
verdict-scope-reduced-action = Demandez conseil au magasin avant d’acheter ou d’utiliser ce produit.
verdict-superseded = Authentique, remplacé par un certificat plus récent
verdict-superseded-sentence = { $certifier } a délivré le certificat plus récent n° { $newer } pour ce lot.
verdict-superseded-action = Ouvrez le certificat plus récent : c’est lui qui compte.
verdict-held = Authentique, mais ce lot est bloqué
verdict-held-sentence = Ce lot est bloqué depuis le { $date } et ne doit pas être vendu pour l’instant.
verdict-held-action = Ne l’achetez pas maintenant. Si vous l’avez déjà, ne le consommez pas et demandez au magasin.
verdict-recalled = RAPPELÉ : ne plus utiliser
verdict-recalled-sentence = Ce lot est rappelé depuis le { $date }. Ne le consommez pas et ne l’utilisez plus.
verdict-recalled-action = Rapportez-le au magasin où vous l’avez acheté.
verdict-recalled-action-shop = Rapportez-le au magasin où vous l’avez acheté.
verdict-recalled-action-cooperative = Rapportez-le ou renvoyez-le à la coopérative.
verdict-recalled-action-destroy = Détruisez-le et ne le donnez à personne.
verdict-exhausted = Authentique, mais il ne reste rien de ce lot
verdict-exhausted-sentence = D’après le registre, tout ce lot a été détruit, prélevé en échantillons ou rapporté ; la dernière part le { $date }.
verdict-exhausted-action = Cet emballage ne devrait pas être en vente : son code a pu être copié. Demandez au magasin.
verdict-unusual = Authentique, mais vu inhabituellement souvent
verdict-unusual-sentence = { $count ->
    [one] Ce code a été vu { $count } fois en 30 jours.
   *[other] Ce code a été vu { $count } fois en 30 jours.
 }
verdict-unusual-action = Il a pu être copié sur d’autres emballages. Comparez le code unitaire, les dates et le scellé avec l’emballage que vous tenez ; en cas de différence, prévenez le magasin.
unusual-places = { $count ->
    [one] Dans un pays.
   *[other] Dans { $count } pays.
 }
verdict-not-genuine = Non authentique
verdict-not-genuine-sentence = Ce code n’est pas authentique : rien de ce qu’il dit n’est fiable.
verdict-not-genuine-action = Ne vous fiez pas à cette étiquette. Gardez l’emballage et prévenez le magasin.
verdict-unchecked = Vérification impossible
verdict-unchecked-sentence = On n’en sait pas assez pour dire si ce code est authentique.
verdict-unchecked-action = Ne le considérez pas comme certifié. Réessayez plus tard.
verdict-unknown = Code inconnu
verdict-unknown-sentence = Ce code ne figure pas dans le registre.
verdict-unknown-action = Vérifiez votre saisie ou scannez de nouveau le code. S’il reste inconnu, ne le considérez pas comme certifié.
verdict-authentic = Document authentique
verdict-authentic-sentence = Ce document signé est authentique et figure dans le registre. Ce n’est pas un certificat : il ne dit rien de l’aptitude d’un lot.
verdict-authentic-action = Pour savoir si un lot est en vigueur, vérifiez son code ou son certificat.
verdict-status-unknown = Signature correcte, statut inconnu
verdict-status-unknown-sentence = Le code a bien été signé, mais on ne sait pas ici si son certificat est en vigueur aujourd’hui.
verdict-status-unknown-action = Vérifiez de nouveau avec une connexion ou des données plus récentes avant de vous y fier.
verdict-no-certificate = Pas de certificat
verdict-no-certificate-sentence = Ce lot est déclaré par une coopérative, mais personne ne l’a certifié.
verdict-no-certificate-action = Ne le considérez pas comme certifié.
verdict-lot-missing = Quel lot ?
verdict-lot-missing-sentence = Ce code désigne un produit mais aucun lot : il n’y a encore rien à vérifier.
verdict-lot-missing-action = Choisissez le numéro de lot imprimé sur l’emballage.
verdict-label-void = Authentique, mais cette étiquette est annulée
verdict-label-void-sentence = Cette étiquette a été abîmée et son numéro rendu : elle ne doit être sur aucun pot.
verdict-label-void-action = Elle vient peut-être des rebuts. Demandez au magasin d’où vient le pot.
verdict-code-expired = Authentique, mais le code a expiré
verdict-code-expired-sentence = Le code de cette étiquette était valable jusqu’au { $date }.
verdict-code-expired-action = Regardez les dates sur l’emballage et demandez au magasin.
verdict-key-suspect = Non confirmé
verdict-key-suspect-sentence = Le certificat a été signé alors que sa clé était peut-être en de mauvaises mains.
verdict-key-suspect-action = Attendez que le certificateur l’ait confirmé de nouveau. Ne le considérez pas comme certifié.
verdict-unsigned = Ce lot est certifié ; cette étiquette n’a pas été vérifiée
verdict-unsigned-sentence = Le registre contient un certificat de { $certifier } pour ce lot, en vigueur jusqu’au { $date }. Ce code ne porte pas de signature : n’importe qui peut l’imprimer.
verdict-unsigned-action = Cherchez le code signé sur l’emballage et scannez-le. Sans lui, rien ne montre que cet emballage est de ce lot.
verdict-unsigned-unfit = Ce lot n’est pas en règle ; cette étiquette n’a pas été vérifiée
verdict-unsigned-unfit-sentence = Le registre dit de ce lot : { $status }. Ce code ne porte pas de signature : n’importe qui peut l’imprimer.
verdict-unsigned-unfit-action = Ne considérez pas cet emballage comme certifié. Demandez conseil au magasin avant de l’acheter ou de l’utiliser.
verdict-checked-at = Vérifié le { $instant }
verdict-checked-now = Vérifié à l’instant, le { $date }
verdict-data-age = données de statut vieilles de { $age }
verdict-since = Depuis le { $date }, par { $by }
verdict-else-holds = Toujours en vigueur pour ce lot : { $schemes }.
verdict-reason = Motif : { $reason }
verdict-by = Décidé par { $by }.
verdict-notice = Avis de { $by }
call-whom = Pour joindre { $name } :
call-phone = Appeler { $name }
recall-rest = En savoir plus sur ce lot
recall-compare-title = Est-ce bien celui-ci ?
text-hidden = Des caractères invisibles ont été retirés d’un texte de cette page.

## Words of the certificate's status

certificate-status-valid = valide
certificate-status-not-yet-valid = pas encore valide
certificate-status-expired = expiré
certificate-status-suspended = suspendu
certificate-status-withdrawn = retiré
certificate-status-scope-reduced = portée réduite
certificate-status-superseded = remplacé

## Words of the lot's status

lot-status-released = vente autorisée
lot-status-held = bloqué
lot-status-recalled = rappelé
lot-status-exhausted = épuisé
lot-status-undeclared = déclaration annulée
lot-status-uncertified = sans certificat

## Scan page: what to compare

compare-title = Comparez avec le pot que vous tenez
compare-hint = Si l’une de ces indications diffère de l’emballage, le code n’est pas le sien.
compare-product = Produit
compare-net-quantity = Quantité nette
compare-lot = Numéro de lot
compare-serial = Code unitaire
compare-no-serial = aucun : tous les emballages de ce lot portent le même code
compare-packed-on = Date de conditionnement
compare-best-before = À consommer de préférence avant
compare-gtin = Numéro du produit (GTIN)
compare-lot-quantity = Quantité de tout le lot
compare-campaign = Campagne agricole

## Scan page: who says so

who-title = Qui l’affirme
who-certifier = Certificateur
who-scheme = Label ou référentiel
who-scheme-edition = Édition du cahier des charges
who-decision-date = Date de la décision
who-valid-from = Valable à partir du
who-valid-until = Valable jusqu’au
who-accreditation = Accréditation
who-certified-quantity = Quantité certifiée
who-status = Statut actuel
who-not-covered = Non couvert
who-key-custody = Clé de signature détenue par
who-custody-model = Chaîne de contrôle
who-laboratory = Bulletin d’analyse
who-sampled-by = Échantillon prélevé par { $who }
who-batch-only = Ce certificat ne couvre que ce lot. Il ne certifie ni la coopérative ni ses autres produits.
who-others = Tous les certificats de ce lot
custody-self = le certificateur lui-même
custody-operator = l’exploitant de ce service, pour le certificateur
custody-model-identity-preserved = séparé de tous les autres lots
custody-model-segregated = mélangé seulement à des produits certifiés
custody-model-controlled-blending = mélangé dans une proportion connue
custody-model-mass-balance = bilan matière : les produits peuvent être mélangés
sampler-certifier = le certificateur
sampler-inspector = un inspecteur
sampler-laboratory = le laboratoire
sampler-cooperative = la coopérative elle-même
scheme-kind-fair-trade = commerce équitable
scheme-kind-organic = biologique
scheme-kind-geographical = signe d’origine
scheme-kind-agricultural-label = label agricole
scheme-kind-halal = halal
scheme-kind-quality = qualité ou sécurité sanitaire
sign-ig = indication géographique (IG)
sign-ao = appellation d’origine (AO)
sign-la = Label agricole

## Scan page: where it comes from

origin-title = Coopérative et région
origin-cooperative = Coopérative
origin-region = Région
origin-map = Carte des régions ; { $region } est mise en évidence

## Scan page: two dates

dates-title = Statut à deux dates
dates-packing = À la date de conditionnement
dates-now = Maintenant
dates-certificate = Certificat
dates-lot = Lot

## Scan page: fair trade, one sentence for each word a report can give. May use $scheme.

fair-trade-title = Commerce équitable
fair-trade-valid = Oui : certifié commerce équitable sous { $scheme }.
fair-trade-none = Ce lot ne se réclame pas du commerce équitable.
fair-trade-not-yet-valid = Pas encore : le certificat de commerce équitable ({ $scheme }) n’est pas encore en vigueur.
fair-trade-expired = Plus maintenant : le certificat de commerce équitable ({ $scheme }) a expiré.
fair-trade-suspended = Pas pour l’instant : le certificat de commerce équitable ({ $scheme }) est suspendu.
fair-trade-withdrawn = Non : le certificat de commerce équitable ({ $scheme }) a été retiré.
fair-trade-scope-reduced = Plus maintenant : le certificat de commerce équitable ({ $scheme }) sort de l’accréditation du certificateur.
fair-trade-superseded = Le certificat de commerce équitable ({ $scheme }) a été remplacé par un plus récent.
fair-trade-operator-not-certified = Non démontré : le producteur n’est pas lui-même certifié sous { $scheme }.
fair-trade-origin-partly = Non démontré : certifié sous { $scheme }, mais une partie de son origine repose sur la parole du producteur.
fair-trade-origin-declared = Non démontré : certifié sous { $scheme }, mais son origine repose sur la parole du producteur.
fair-trade-cover-short = Non démontré : il est certifié sous { $scheme } plus que ce que ses ingrédients couvrent.
fair-trade-inherited-status = Pas pour l’instant : une matière dont il est fait est bloquée ou rappelée ({ $scheme }).

## Scan page: signals about this code

signal-title = À propos de ce code
signal-no-label-signature = Ce code ne porte pas de signature : n’importe qui peut l’imprimer. Le registre est affiché, mais l’étiquette n’est pas prouvée.
signal-copyable = Un code authentique peut être copié sur un autre emballage. Comparez les indications.
signal-not-serialised = Cette étiquette n’a pas de numéro de série : tous les emballages de ce lot peuvent la porter, et les copies ne se distinguent pas.
signal-serial-not-issued = Personne n’a émis le numéro de série de cette étiquette pour ce lot.
signal-foreign-host = Ce code mène ailleurs, et non à ce registre.
signal-plain-http = Cette adresse commence par http, ce qu’aucune étiquette ne fait.
signal-lot-missing = Ce code désigne un produit, mais aucun lot.
signal-lot-unknown = On ne sait rien ici de ce que ce code désigne.
signal-two-lots = Ce code peut désigner deux lots. Saisissez le numéro de lot imprimé sur l’emballage.
signal-label-void = Cette étiquette a été rendue comme abîmée ; elle ne doit être sur aucun pot.
signal-unusual-scans = Ce code a été scanné inhabituellement souvent : il a pu être copié.
signal-lot-ended = Il ne reste rien de ce lot : tout a été détruit, prélevé en échantillons, perdu ou rapporté.
signal-expired-label = Le code de cette étiquette a expiré.
signal-claim-not-in-force = Cette étiquette porte aussi une mention qu’aucun certificat en vigueur de ce lot ne couvre. Voyez tous les certificats de ce lot.
signal-held-for-capacity = La quantité dépasse la capacité déclarée par la coopérative. Une explication est attendue.
signal-input-certificate-suspended = Un certificat sur lequel ce lot repose, celui d’une matière ou d’un opérateur, est suspendu. À lui seul cela ne change rien au certificat du lot lui-même.
signal-input-certificate-withdrawn = Un certificat sur lequel ce lot repose, celui d’une matière ou d’un opérateur, a été retiré. À lui seul cela ne change rien au certificat du lot lui-même.
signal-superseded = Le certificat nommé sur cette étiquette a été renouvelé ou corrigé : c’est le plus récent qui compte.
signal-recall-voided = Ce lot avait été rappelé par erreur : le rappel visait un autre lot et l’autorité l’a annulé.
signal-suspect-key = La clé de signature était peut-être en de mauvaises mains lors de la signature. Une nouvelle confirmation est nécessaire.
signal-certifier-suspended = Le certificateur est actuellement suspendu : il ne peut rien délivrer de nouveau. Ce qu’il a certifié avant reste valable.
signal-certifier-withdrawn = Le certificateur a définitivement perdu son habilitation : ses certificats sont hors portée.
signal-uncertified-lot-released = Le lot est déclaré et peut être vendu, mais personne ne l’a certifié.
signal-uncertified-lot-held = Le lot est bloqué et personne ne l’a certifié.
signal-uncertified-lot-recalled = Le lot est rappelé : ne le consommez pas, rapportez-le.
signal-uncertified-lot-exhausted = Le lot est épuisé et personne ne l’a certifié.
reading-foreign-host = Il mène à { $host }.
reading-left-out = Lu sans : { $what }
left-out-invisible-characters = des caractères invisibles
left-out-quotes = des guillemets ou des parenthèses
left-out-symbology-identifier = la marque propre au lecteur
left-out-escapes = des échappements en pour cent
left-out-spaces = des espaces dans le jeton
left-out-port = le port
left-out-host-dot = le point derrière l’hôte
left-out-query = ce qui suit le point d’interrogation
left-out-fragment = ce qui suit le dièse
left-out-slashes = les barres à la fin
left-out-punctuation = la ponctuation à la fin
left-out-other-elements = d’autres éléments GS1
left-out-words = des mots autour de l’adresse
left-out-foreign-serial = un numéro de série étranger à ce registre
left-out-json-form = l’espacement, l’ordre ou les échappements du JSON
code-valid-until = Ce code peut être vérifié jusqu’au { $date }.

## Scan page: what this scan does not prove

not-proven-title = Ce que ce scan ne prouve pas
not-proven-contents = Il ne voit pas dans la bouteille : personne n’a analysé celle que vous tenez.
not-proven-copied = Une étiquette authentique peut être copiée : la copie donne le même résultat.
not-proven-refilled = Une bouteille authentique peut être remplie d’autre chose.
not-proven-sample = Il ne montre pas que l’échantillon analysé venait de ce lot.
not-proven-signer = Il montre qui a signé, pas que le signataire était honnête ou libre.
not-proven-premium = Il ne montre pas que la prime de développement a été payée.
not-proven-premium-use = Une prime est signée des deux côtés comme payée pour { $quantity } de ce lot. Il ne montre pas qu’elle l’a été pour le reste, ni à quoi elle a servi.

## Scan page: check it yourself, and doubts

proof-title = Vérifiez vous-même
proof-lead = Vous n’avez pas à nous croire sur parole. Ces fichiers le prouvent sans ce service.
proof-check = Vérifier ce code pas à pas
proof-checked-at = Vérifié le
proof-position = Position dans le registre public vérifiable
proof-entry = Entrée { $index }, enregistrée le { $instant }
proof-file = Fichier de preuve
proof-dossier = Dossier, vérifiable sans ce site
proof-certificate = Certificat signé
proof-jwt = La même en vc+jwt, pour les outils JOSE
proof-checkpoint = État signé du registre (checkpoint)
proof-report = Toutes les vérifications en données (JSON)
proof-witnesses = Témoins extérieurs
proof-witnesses-none = Aucun pour l’instant. Personne à l’extérieur n’a donc confirmé que tous voient le même registre.
proof-witnesses-count = Signatures de témoins : { $count }
proof-command = Avec le programme tasdiq :
proof-checks = Toutes les vérifications
share-title = Transmettre
share-mail = Par courriel
share-sms = Par SMS
share-address = Adresse de cette page
print-code = Code de cet emballage
share-text = { $verdict } : { $product }, lot { $lot }.
doubt-title = Signaler un doute
doubt-text = Gardez l’emballage et le ticket, et prévenez le magasin ou le certificateur nommé ci-dessus.
doubt-text-unknown = Gardez l’emballage et le ticket de caisse, et prévenez le magasin.
privacy-text = Ni cookie, ni compte. Les scans sont comptés par code unitaire, mois et pays ; pour ne vous compter qu’une fois, une empreinte de votre réseau et de votre navigateur reste en mémoire 24 heures au plus et n’atteint jamais un disque.

## Reasons of a change of status

reason-nonconformity = une exigence n’est pas respectée
reason-lab-result = un résultat d’analyse
reason-complaint = une réclamation
reason-fraud-suspected = un soupçon de fraude
reason-paperwork = des documents manquants
reason-request-of-holder = à la demande du titulaire
reason-safety = un danger pour la santé
reason-key-compromise = une clé de signature compromise
reason-capacity = un volume supérieur à la capacité déclarée
reason-yield = un rendement supérieur à l’usage
reason-late = une déclaration trop longtemps après la récolte
reason-age = une matière gardée trop longtemps
reason-ceased = le certificateur a cessé son activité
reason-error = une erreur
reason-other = un autre motif

## Changes of status

action-suspend = suspension
action-reinstate = rétablissement
action-withdraw = retrait
action-hold = blocage
action-release = déblocage
action-recall = rappel

## Home page

home-title = Est-ce vraiment ce que dit l’étiquette ?
home-lead = Un certificateur signe un certificat pour un lot, et le certificat entre dans un registre que personne ne peut réécrire en cachette. Le code de l’emballage y mène. Chacun peut le vérifier, ici ou hors connexion, sans nous croire sur parole.
home-check-title = Vérifier un code
home-check-label = Adresse ou code imprimé sous le code QR
home-check-hint = Ou ouvrez l’appareil photo de votre téléphone et visez le code.
home-check-button = Vérifier
home-code-title = Le code d’un lot de ce registre
home-code-open = Ouvrir la page de ce code
home-code-by = Déclaré par { $cooperative }, certifié par { $certifier }
home-code-scan = Visez-le avec l’appareil photo d’un téléphone, ou touchez-le : la page dit si le certificat tient encore, et sur la parole de qui.
home-code-alone = Touchez-le : la page dit si le certificat tient encore, et sur la parole de qui. Un téléphone ne l’ouvrirait pas : il mène à { $host }, c’est-à-dire à cette seule machine.
home-code-phones = Démonstration : visez-le avec un téléphone de ce réseau, il mène en http simple à { $address }. Une étiquette imprimée dit toujours https, et nul autre registre n’accepte ce code.
home-code-none = Parmi les certificats les plus récents, aucun n’est celui d’un lot entièrement en règle : aucun code n’est montré ici.
home-examples-title = Des codes à essayer
home-how-title = Du verger au rayon
home-how-declare = Une coopérative déclare un lot : produit, quantité, origine, date de conditionnement.
home-how-certify = Un certificateur accrédité contrôle le lot et signe un certificat avec sa propre clé.
home-how-log = Le registre le garde, avec tout ce qui arrive ensuite : ventes, suspension, rappel.
home-how-scan = En rayon, vous scannez le code et voyez qui affirme quoi, et si c’est toujours vrai.
home-doors-title = Par où entrer
home-door-shopper = Vous achetez
home-door-shopper-text = Scannez le code, ou tapez ce qui est écrit dessous.
home-door-inspector = Vous contrôlez
home-door-inspector-text = Inspection et douane : caméra, photo, listes de 1 000 codes.
home-door-certifier = Vous produisez ou certifiez
home-door-certifier-text = De votre tableau aux étiquettes : tasdiq issue. Ce qui est certifié figure au registre.
home-door-auditor = Vous auditez
home-door-auditor-text = Rejouez tout le registre, sans croire personne.
home-door-programmer = Vous programmez
home-door-programmer-text = API, formats et schémas, servis ici même.
home-first-title = Ce registre est encore vide
home-first-lead = Rien n’y est certifié. À qui le tient de commencer, en ligne de commande :
home-first-parties = Inscrire un certificateur et une coopérative, chacun avec sa clé publique
home-first-agree = Y consigner la convention que la coopérative a signée
home-first-issue = Déclarer et certifier des lots à partir d’un tableau
home-first-label = Imprimer le code d’un lot, et le scanner
home-figures-title = Dans le registre
home-figure-lots = Lots
home-figure-certificates = Certificats
home-figure-cooperatives = Coopératives
home-figure-certifiers = Certificateurs
home-figure-entries = Entrées du registre
home-for-auditors = Pour les auditeurs : contrôler tout le registre
home-for-developers = Pour les programmes : l’API

## Public register

register-title = Registre public
register-lead = Tous les lots déclarés, avec leurs certificats.
register-search-title = Recherche
register-product = Produit
register-cooperative = Coopérative
register-certifier = Certificateur
register-status = Statut
register-region = Région
register-any = indifférent
register-button = Rechercher
register-parties = Toutes les parties en CSV
register-clear = Effacer la recherche
register-text = Numéro de lot ou nom
register-filters = Filtres
register-shown = { $shown } lots sur { $total }
register-shown-of-more = { $shown } lots sur plus de { $total }
register-as-of = À l’entrée { $entry } ; état signé (checkpoint)
list-as-csv = Cette liste en CSV
list-as-json = Cette liste en JSON
register-none = Aucun lot ne correspond à votre recherche.
register-none-hint = Essayez avec moins de mots, ou vérifiez le numéro de lot sur l’emballage.
register-none-yet = Rien encore dans cette partie du registre ; la recherche continue à la page suivante.
pager-label = Pages
pager-first = Première page
pager-previous = Page précédente
pager-next = Page suivante

## Column heads

column-lot = Lot
column-product = Produit
column-cooperative = Coopérative
column-region = Région
column-certifier = Certificateur
column-scheme = Label ou référentiel
column-certificate = Certificat
column-quantity = Quantité
column-packed-on = Conditionné le
column-valid-until = Valable jusqu’au
column-certificate-status = Statut du certificat
column-lot-status = Statut du lot
column-fair-trade = Commerce équitable
column-date = Date
column-change = Changement
column-reason = Motif
column-by = Par
column-notice = Avis
column-entry = Entrée du registre
column-name = Nom
column-role = Rôle
column-code = Code
column-result = Résultat
column-check = Vérification
column-evidence = Élément de preuve
column-required = Exigée

## Inspection page

inspect-title = Vérifier des codes et des documents
inspect-lead = Pour les inspecteurs, la douane et les magasins. Rien de ce que vous envoyez n’est conservé.
inspect-code-field = Code : scannez-le ou tapez-le, puis Entrée
inspect-reference = Référence (certificat)
inspect-remaining = Dont disponible pour des étiquettes ou d’autres lots
inspect-age = Âge des données
inspect-checks = Toutes les vérifications
inspect-camera = Lire les codes avec la caméra
inspect-camera-again = Relancer la caméra
inspect-camera-close = Fermer la caméra
inspect-camera-lamp = Lampe
inspect-camera-lens = Caméra utilisée
inspect-camera-insecure = Cette page a été ouverte en http simple : le navigateur n’y donne pas de caméra. Ouvrez-la en https, ou prenez une photo du code ci-dessous.
inspect-camera-refused = La caméra n’est pas autorisée pour cette page. Autorisez-la dans les réglages du navigateur, puis réessayez, ou prenez une photo du code ci-dessous.
inspect-camera-busy = La caméra est occupée par un autre programme. Fermez-le, puis réessayez, ou prenez une photo du code ci-dessous.
inspect-camera-absent = Aucune caméra n’a été trouvée. Branchez-en une, puis réessayez, ou prenez une photo du code ci-dessous.
inspect-camera-unplugged = La caméra a été débranchée, ou un autre programme l’a prise. Réessayez, ou prenez une photo du code ci-dessous.
inspect-camera-failed = La caméra n’a pas pu être ouverte. Réessayez, ou prenez une photo du code ci-dessous.
inspect-camera-none = Ce navigateur ne donne pas de caméra aux pages. Prenez une photo du code ci-dessous : le service la lit.
inspect-day = Vérifiés sur cette page
inspect-day-note = Cette liste n’existe que sur cette page et disparaît avec elle. Les fichiers viennent d’une nouvelle vérification de chaque code.
inspect-lost = Non vérifié : le service n’a pas répondu. Réessayez, ou utilisez le programme tasdiq sans réseau.
inspect-format-label = Résultats en
inspect-format-page = page
inspect-code-hint = L’adresse contenue dans le code QR, ou le GTIN et le numéro de lot
inspect-list-label = Liste de codes ou CSV, au plus { $count }
inspect-list-hint = Un code par ligne, ou un tableau : la colonne des codes est trouvée.
inspect-photo-label = Photo d’un code
inspect-photo-hint = JPEG ou PNG, { $size } Mo au plus
inspect-photo-none = Aucun code n’a été trouvé sur la photo. Reprenez-la de plus près, bien droite et avec une bonne lumière.
inspect-photo-large = La photo est trop grande : { $size } et { $pixels } millions de pixels au plus. Prenez-la dans une définition plus basse.
inspect-photo-slow = La lecture de la photo a pris trop de temps. Envoyez une photo plus petite ou tapez le code.
inspect-photo-unread = La photo montre un autre code qui n’a pas pu être lu : photographiez chaque code seul
inspect-photo-many = La photo montre trop de codes, ou de ce qui y ressemble. Photographiez moins de codes à la fois.
inspect-documents-label = Fichiers : CSV de codes, document signé (JSON, vc+jwt), dossier, fichier de preuve
inspect-file-unreadable = Un fichier n’a pas pu être lu. Sont acceptés : photo PNG ou JPEG, CSV, document signé (JSON), fichier de preuve.
inspect-policy-label = Niveau d’exigence
inspect-line = ligne { $line }
inspect-nothing = Rien n’a été envoyé. Saisissez un code, collez une liste ou choisissez un fichier.
inspect-too-many = Trop de codes : au plus { $count } à la fois.
inspect-too-many-files = Trop de fichiers : au plus { $count } à la fois. Aucun n’a été vérifié.
inspect-button = Vérifier
inspect-results = Résultats
inspect-summary = Vérifiés : { $total } · conformes : { $passed } · authentiques mais non conformes : { $unfit } · indécis : { $undecided } · non authentiques : { $failed } · illisibles : { $unreadable }
inspect-details = Détails
inspect-data-age = âge des données :
inspect-as-json = Les mêmes résultats en données (JSON)
inspect-again = Vérifier un autre code
inspect-offline = Hors connexion : le programme tasdiq vérifie les codes sans réseau, à partir de ces deux fichiers.
inspect-trust-file = Fichier de confiance
inspect-pack-file = Paquet de statuts
policy-shop = Magasin : est-ce authentique et en vigueur ? Données d’une semaine au plus.
policy-customs = Douane : données de deux jours au plus, vues par assez de témoins extérieurs.
policy-audit = Audit : aussi des témoins extérieurs, la signature du certificateur et la preuve du registre ; données d’un jour au plus.
indication-total-passed = authentique
indication-indeterminate = indécis
indication-total-failed = non authentique
fitness-fit = peut être vendu sous ce certificat
fitness-unfit = ne peut pas être vendu sous ce certificat

## Why a check gave no pass

sub-indication-format-failure = la forme est incorrecte
sub-indication-sig-crypto-failure = une signature est fausse
sub-indication-hash-failure = ce qui est signé n’est pas ce qui est montré
sub-indication-revoked = la clé était connue comme compromise
sub-indication-no-signing-certificate-found = la clé de signature n’est pas parmi les clés de confiance
sub-indication-no-poe = pas de preuve d’un enregistrement à temps
sub-indication-try-later = le statut n’est pas connu ; prenez des données plus récentes
sub-indication-log-proof-failure = la preuve ne correspond pas au registre
sub-indication-authority-failure = le signataire n’était pas habilité à ce moment
sub-indication-key-suspect = la clé était peut-être compromise
sub-indication-witness-quorum-missing = trop peu de témoins ont signé
sub-indication-status-stale = les données de statut sont trop anciennes
sub-indication-trust-failure = le fichier de confiance ou le paquet de statuts n’est pas authentique
sub-indication-root-not-pinned = personne n’a comparé la clé racine
sub-indication-label-unsigned = le code ne porte pas de signature
sub-indication-serial-not-issued = le numéro de série n’a jamais été émis

## Checks, and what came of them

check-result-pass = réussie
check-result-fail = échouée
check-result-absent = preuve absente
check-result-stale = données trop anciennes
check-result-not-run = non effectuée
check-format = Le code ou le document a la bonne forme
check-label-signature = Le code est signé
check-label-key = La clé qui a signé le code peut étiqueter ce certificat
check-label-expiry = Le code n’a pas expiré
check-serial-issued = Le numéro de série a été émis
check-host = Le code mène à ce registre et à aucun autre
check-binding = Le code, le certificat et le lot vont ensemble
check-statement-profile = Le document signé respecte le format strict
check-statement-signature = La signature du certificateur est correcte
check-issuer-key = La clé du certificateur était valable à la signature
check-accreditation = Le certificateur était accrédité pour cela
check-inclusion = Il figure dans le registre public
check-checkpoint = L’état du registre est signé
check-witness-quorum = Assez de témoins extérieurs ont signé
check-trust-snapshot = La liste des clés de confiance est authentique
check-pack = Les données de statut sont authentiques
check-status-freshness = Les données de statut sont assez récentes
check-manifest = Rien n’a été retiré du dossier ni ajouté
check-records = Le dossier découle d’entrées signées du registre
check-non-withdrawal = Les listes de certificats suspendus ou retirés ne le nomment pas
check-certificate-status = Le certificat est en vigueur
check-lot-status = Le lot peut être vendu
check-custody = La séparation des marchandises découle de ce qui a été enregistré
check-inherited-status = Rien de ce dont il est fait n’est bloqué ni rappelé
check-origin = Il vient de lots suivis depuis leur déclaration
check-mass-balance = Il n’en est pas sorti, transformé ou certifié plus qu’il n’y en avait

## Lot and certificate pages

lot-title = Lot { $lot }
lot-certificates = Certificats de ce lot
lot-labels-issued = Codes unitaires imprimés
lot-declared-on = Déclaré le
lot-pack-size = Quantité par emballage
lot-qr = Code QR de ce lot
certificate-title = Certificat { $serial }
certificate-lead = Une attestation de lot : elle couvre un lot, pas la coopérative.
certificate-serial = Numéro du certificat
certificate-superseded-by = Remplacé par le certificat
certificate-supersedes = Remplace le certificat
certificate-client = Délivré à
certificate-hs-code = Code SH (nomenclature douanière)
certificate-assessed-on = Évalué le
certificate-logged-at = Enregistré dans le registre
certificate-history = Changements de statut
certificate-history-none = Aucun changement depuis sa délivrance.
certificate-files = Fichiers
certificate-signed-with = Signé avec la clé
certificate-digest = Empreinte numérique (SHA-256)
laboratory-commitment = Empreinte du bulletin d’analyse
certificate-not-qualified = La signature électronique est un élément de preuve. Ce n’est pas une signature qualifiée au sens de la loi.
operator-title = Certificat d’opérateur { $serial }
operator-lead = Il certifie un opérateur. Ce n’est le certificat d’aucun lot : ceux des lots reposent sur lui.
operator-party = Opérateur
operator-counts-from = Compte à partir du
operator-scope = Ce qu’il couvre
operator-volumes = Quelle part de la récolte est certifiée
operator-volumes-none = Aucun volume n’est indiqué : aucune récolte ne compte sous ce certificat.
operator-campaign = Campagne
operator-volume-certified = Indiqué ici
operator-volume-counts = Compte aujourd’hui
operator-volume-drawn = Utilisé par des lots
operator-volume-left = Reste
operator-volumes-note = Une récolte est comptée une fois, quel que soit le certificateur : le chiffre le plus récent compte, sans jamais dépasser la capacité enregistrée. Tant que ce certificat n’est pas en vigueur, il ne reste rien.
certificate-rests-on = Repose sur le certificat d’opérateur
party-operator = Certifié comme opérateur
list-suspect-key = clé de signature peut-être volée

## Party page

party-role = Rôle
party-number = Numéro d’enregistrement
party-registered-on = Enregistré le
party-status = Statut
party-status-active = enregistré
party-status-suspended = suspendu
party-status-withdrawn = retiré
party-lots = Lots
party-certificates = Certificats
party-capacities = Capacité déclarée
party-accreditations = Accréditations
party-scope-schemes = Labels et référentiels
party-scope-products = Produits
party-scope-regions = Régions
party-scope-all = tous
party-keys = Clés
party-key-name = Clé
party-key-purpose = Signe
party-key-custody = Détenue par
party-key-added = Ajoutée le
party-key-standing = État
party-did = Document d’identité (DID)
party-none = Il n’y a encore rien ici.
parties-title = Certificateurs, coopératives et autres
role-authority = autorité de ce registre
role-certifier = certificateur
role-cooperative = coopérative
role-shop = magasin
role-carrier = transporteur
role-laboratory = laboratoire
role-inspector = inspecteur
role-processor = transformateur
role-exporter = exportateur
key-purpose-root = racine de confiance
key-purpose-assertion = déclarations
key-purpose-service = listes de statut du service
key-purpose-label = codes des étiquettes
key-purpose-log = le registre
key-purpose-receipt = reçus
key-holder-self = la partie elle-même
key-holder-operator = l’exploitant de ce service
key-standing-in-force = en vigueur
key-standing-not-yet = pas encore en vigueur
key-standing-expired = expirée
key-standing-retired = mise hors service
key-standing-suspect = suspecte
key-standing-compromised = compromise

## Audit page

audit-title = Auditer le registre
audit-lead = Le registre est public. Chacun peut le contrôler de bout en bout et trouver la première faute, s’il y en a une.
audit-origin = Nom du registre
audit-entries = Entrées
audit-root = Empreinte de la racine
audit-checkpoint = Dernier état signé (checkpoint)
audit-key = Clé du registre
audit-root-key = Clé racine de l’autorité
audit-last = Dernière entrée
audit-stopped = Ce registre n’accepte plus d’entrées, pour la raison suivante. Ce qui y figure reste lisible et vérifiable.
audit-command = Contrôlez-le avec le programme tasdiq :
audit-open = Le registre accepte de nouvelles entrées.
audit-age = Âge du dernier état signé
audit-days = Entrées par jour
audit-days-summary = { $all } entrées en 30 jours, au plus { $most } en un jour.
audit-days-table = Les mêmes chiffres en tableau
audit-day = Jour (UTC)
audit-witness-none = Aucun témoin
audit-witness-lag = A signé il y a { $age }
audit-witness-never = N’a encore rien signé
audit-witness-behind = { $count ->
    [one] { $count } entrée de retard
   *[other] { $count } entrées de retard
 }
audit-witness-error = Dernière demande sans réponse valable
audit-quorum-met = Assez de témoins ont signé le dernier état publié.
audit-quorum-missing = Trop peu de témoins ont signé le dernier état publié.
audit-witness-word = Heures données par les témoins eux-mêmes : leurs signatures se vérifient avec leurs clés.
audit-lists = Listes de statut
audit-list-current = À jour, inscrite le { $at }
audit-list-stale = En retard depuis le { $since }
audit-list-none = Aucune pour l’instant
audit-list-index = Relevé quotidien des listes
audit-json = L’état du registre en JSON
audit-tiles = Lire les données brutes
span-seconds = { $count ->
    [one] { $count } seconde
   *[other] { $count } secondes
 }
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }
span-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
 }
span-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
 }
audit-newest = Dernières entrées
audit-changes = Suspensions, retraits et rappels

## Événements de marchandises à leur adresse

event-ship = Expédié
event-receive = Reçu
event-settle = Réglé
event-pack = Mis en unité logistique
event-unpack = Sorti d’une unité logistique
event-out = Vendu
event-loss = Perdu
event-sample = Échantillon prélevé
event-destroy = Détruit
event-observe = Constaté
event-void = Annulé
event-transform = Transformé
happened-who = Signé par
happened-for = Au nom de
happened-when = Survenu le
happened-where = Lieu
happened-to = Envoyé à
happened-elsewhere = Quelqu’un qui n’est pas inscrit ici, en { $country } : le nom n’est pas publié
happened-carrier = Transporteur, selon l’expéditeur
happened-logged = Dans le journal
happened-entry = Entrée { $index }
happened-state = Ce qu’il en est advenu
happened-voided = Annulé par l’entrée { $index } : cela ne s’est pas passé ainsi.
happened-lots = Lots concernés
happened-more = { $count ->
    [one] { $count } autre figure dans le fichier et dans le journal.
   *[other] { $count } autres figurent dans le fichier et dans le journal.
 }
happened-extracts = Extraits de certificats pour cet envoi
happened-file = Dossier d’expédition : l’envoi, ses lots et leurs certificats en un fichier qui se vérifie sans serveur
moved-drawn = Entré
moved-filled = Obtenu
moved-sent = Envoyé
moved-accepted = Accepté
moved-refused = Refusé
moved-missing = Manquant
moved-dried = Perdu dans la tolérance
moved-settled-lost = Réglé comme perdu
moved-settled-returned = Réglé comme retourné
moved-settled-accepted = Réglé comme accepté
moved-packed = Mis dedans
moved-unpacked = Sorti
moved-left = Parti
moved-seen = Constaté
shipment-waiting = Personne n’a encore répondu
shipment-returning = Une partie a été refusée et revient
shipment-disputed = Il manque quelque chose, non réglé
shipment-settled = Ce qui manquait est réglé
shipment-answered = Le destinataire a répondu de tout
shipment-left = Parti chez un tiers extérieur : personne ici ne répond
shipment-undone = Annulé

## Goods: their way, balance and family; the demonstration’s story

and-more = { $count ->
    [one] et { $count } de plus
   *[other] et { $count } de plus
 }
percent = { $percent } %
as-table = Les mêmes chiffres en tableau
origin-of-inputs = Issu de la récolte de
origin-traced = suivi depuis la récolte
origin-partly = suivi en partie
origin-declared = sur la parole de la coopérative
recall-input = En raison de ce dont il est fait
recall-reached = Lots atteints
recall-stated = Repris ou détruit, selon les détenteurs
recall-seen = Détruit devant un tiers
price-confirmed = Le prix payé est confirmé : vendeur et acheteur ont signé le même.
price-one-sided = Un prix n’est déclaré que par une partie : il ne vaut pas paiement.
price-undisclosed = Le prix a été enregistré, mais n’est pas publié.
price-none = Ce qui a réellement été payé à la coopérative n’est pas enregistré pour ce lot.
price-title = Ce qui a été payé
price-for = Pour { $unit }
price-paid = Prix
price-premium = Prime
price-sum = Prix et prime
paid-audited = Le prix payé est confirmé : le vendeur l’a déclaré, un certificateur l’a vérifié.
paid-for = { $amount } pour { $unit }.
paid-premium = Prime en plus : { $amount } pour { $unit }.
paid-taken-back = Il avait été confirmé ; qui l’avait fait s’est rétracté le { $day }.
paid-both-ways = Il a été confirmé, mais un prix a aussi été déclaré en sens inverse sur ce lot.
prices-sold = Ce qui lui a été payé pour des marchandises
prices-bought = Ce qu’elle a payé pour des marchandises
prices-all = Ce qui a été payé pour des marchandises
prices-note = Est payé ce que deux parties ont signé. Ce qu’une seule déclare ne compte pas ; ce qui est contesté est à part.
prices-of = { $scheme }, payé en { $year }, campagne { $season }
prices-paid = Payé : { $amount }, et { $premium } de prime ({ $count }).
prices-one-sided = Déclaré par une seule partie : { $amount }, et { $premium } de prime ({ $count }).
prices-disputed = Contesté : { $amount }, et { $premium } de prime ({ $count }).
prices-undisclosed = Non publié : { $count }.
lot-price = Prix
journey-title = Son chemin jusqu’ici
journey-all = Tout sur la marchandise de ce lot
journey-more = { $count ->
    [one] { $count } autre étape y figure.
   *[other] { $count } autres étapes y figurent.
 }
journey-handed-on = Remis à
journey-abroad = À l’étranger
journey-brought = Rassemblé depuis
journey-certified = Certifié
journey-seen = Contrôlé
journey-harvested = Récolté
journey-declared = Déclaré
grade-signed = signé par un tiers
grade-stated = déclaré par qui le détenait
grade-computed = calculé d’après le registre
recipe-other = Transformé selon { $recipe }
recipe-group = Réuni
recipe-split = Divisé
recipe-pack-off = Conditionné
recipe-almond-shell = Décortiqué
recipe-argan-fruit-dry = Séché au soleil
recipe-argan-nut = Dépulpé
recipe-argan-kernel = Concassé à la main
recipe-argan-press = Pressé
recipe-dates-sort = Trié
recipe-fig-dry = Figues séchées
recipe-goat-cheese = Transformé en fromage
recipe-herb-dry = Feuilles séchées
recipe-olive-oil = Olives pressées
recipe-prickly-pear-oil = Pépins pressés
recipe-prickly-pear-seed = Pépins extraits
recipe-rose-distil = Distillé
recipe-rose-dry = Roses séchées
recipe-saffron-flowers = Stigmates cueillis et séchés
balance-title = Où tout se trouve
balance-drawing = Ce qui est entré et ce qui en est sorti
balance-inputs = Ce qui est entré
balance-where = Où cela se trouve
balance-filled = En tout
balance-free = En stock
balance-packed = Emballé pour l’envoi
balance-transit = En route
balance-disputed = Manquant, en litige
balance-consumed = Devenu d’autres lots
balance-sold = Vendu ou exporté
balance-lost = Perdu
balance-sampled = Prélevé
balance-destroyed = Détruit
balance-unexplained = Inexpliqué
balance-rest = Hors du produit
balance-process = { $quantity } de ce qui est entré sont de l’eau, de la pulpe, des coques ou des résidus : hors du produit.
balance-difference = { $quantity } sont entrés sans ressortir, et rien ne l’explique.
balance-other-unit = Ce qui est entré se compte dans une autre unité que ce qui est sorti.
balance-sentence = { $certified } certifiés sur { $filled } produits ; { $gone } partis, { $left } restants.
balance-missing = { $quantity } manquent, sans règlement à ce jour.
holders-title = Qui le détient
family-title = D’où il vient, ce qu’il est devenu
family-drawing = Filiation du lot { $lot } : en haut ce dont il est fait, en bas ce qui en a été fait
family-relation = Lien
family-from = y est entré
family-into = en est issu
family-self = ce lot
events-title = Ce qui s’est passé
lot-scan = Ce que montre un scan de son code
lot-declared-by = Déclaré par
lot-declared = Quantité déclarée
lot-declared-for = Déclaré en son nom par
lot-day = Jour de récolte ou de conditionnement
lot-origin = Origine
account-title = À quoi il a servi
account-certified = Certifié
account-labelled = Sur étiquettes
account-consumed = Devenu d’autres lots
account-remaining = Reste pour étiquettes ou autres lots
party-held = Marchandises détenues
party-held-note = Parmi les lots les plus récents ; d’autres peuvent l’être aussi.
party-waiting = Envois qui attendent sa réponse
party-waiting-none = Aucun envoi n’attend sa réponse.
party-from = De
party-releases = Blocages qu’il a levés
story-link = L’histoire d’une huile, pas à pas
story-invitation = Des arbres de cinq coopératives jusqu’au bocal : trois minutes, tout vient du registre.
story-title = Comment { $fruit } de fruits sont devenus { $jars } bocaux d’huile
story-lead = Chacun a signé ce qu’il a fait, et le registre le garde. Tous les chiffres viennent du registre tel qu’il est maintenant. Personnes et entreprises sont inventées.
story-harvest = { $count ->
    [one] Une coopérative récolte des fruits d’arganier
   *[other] { $count } coopératives récoltent des fruits d’arganier
 }
story-harvest-text = Chacune déclare sa récolte, que des certificateurs attestent. Qui déclare plus que sa capacité enregistrée voit son lot bloqué.
story-together = { $name } rassemble les fruits et les travaille
story-together-text = À chaque étape, le règlement dit combien il peut en sortir au plus. Au-delà, c’est refusé.
story-limit = il peut en sortir { $quantity } au plus
story-jars = { $count ->
    [one] { $count } bocal, et pas une étiquette de plus
   *[other] { $count } bocaux, et pas une étiquette de plus
 }
story-jars-text = { $lost } d’huile se sont déposés et sont restés au fond. Tout le reste est en bocaux.
story-certified = Certifié sous
story-scan = Ce que montre un scan
story-code = Le code d’un bocal
story-code-text = Un acheteur le scanne. La page dit s’il tient, sur la parole de qui, et quel chemin l’huile a pris.
story-packed = { $cartons } cartons, { $pallets } palettes, { $containers } conteneur
story-abroad-text = Qui les a achetés n’est dans le registre que sous scellé : l’exportateur l’ouvre à qui de droit.
story-shops = { $count ->
    [one] { $count } boutique prend le reste
   *[other] { $count } boutiques prennent le reste
 }
story-came = Reçu
story-sold = Vendu à ce jour
story-missing = { $quantity } envoyés ne sont pas arrivés : en litige jusqu’à règlement. Seuls ces bocaux sont arrêtés.
story-balance = Chaque millilitre est quelque part
story-beside = Safran, miel, dattes
story-recall = Un rappel retrouve chaque bocal
story-recall-text = { $name } a rappelé une récolte après une analyse. { $count } lots en sont issus, étape par étape ; les derniers sont des bocaux de { $maker }. Tous sont rappelés avec elle, aussitôt. L’huile ci-dessus n’est pas touchée.
story-refused = Ce que le registre refuse
story-refused-text = { $name } prétend tirer de ses amandons plus d’huile qu’ils n’en donnent. Le registre vient d’être interrogé à nouveau ; il répond :
story-refused-kernels = Les amandons, intacts
story-more = Voir de plus près

## Errors

error-404-title = Page introuvable
error-404-text = Il n’y a rien à cette adresse. Vérifiez-la ou cherchez dans le registre.
error-400-title = Demande illisible
error-400-text = Ce qui a été envoyé n’a pas la forme attendue. Vérifiez et renvoyez.
error-413-title = Trop volumineux
error-413-text = Ce qui a été envoyé dépasse { $limit }. Envoyez-en moins à la fois.
error-500-title = Un problème est survenu de notre côté
error-500-text = Rien n’a été vérifié. Réessayez plus tard.
error-503-title = Service surchargé
error-503-text = Rien n’a été vérifié. Réessayez dans un instant.
error-code = Code de l’erreur : { $code }
error-home = Retour à l’accueil

## Footer

footer-what = Tasdiq montre ce que des certificateurs ont signé pour un lot, quand, et si c’est toujours valable. Ce n’est pas une autorité publique et il ne certifie rien lui-même.
footer-api = API
footer-map-credit = Noms des régions : HCP, CC BY 4.0

# Papers and labels.
sheet-title = Étiquettes
sheet-ruler-title = Page d’essai pour étiquettes
sheet-ruler-scale = Imprimez à 100 %, sans « ajuster à la page ». Les deux règles doivent mesurer 100 mm.
sheet-ruler-hold = Tenez cette page contre une planche d’étiquettes, à la lumière : les cadres doivent tomber sur les bords des étiquettes.
sheet-ruler-shift = S’ils tombent à côté, mesurez de combien et donnez-le comme dx (vers la droite) et dy (vers le bas), en millimètres.
proof-pdf = Certificat en PDF, avec son dossier joint
paper-lead = État au { $at }. Ce qui vaut aujourd’hui, le code ci-contre le dit, ou le numéro dans le registre.
paper-code = Scannez : ce qui vaut aujourd’hui
paper-dossier = Dossier du certificat : se vérifie sans ce site
paper-how-code = Scannez le code. La page qu’il ouvre doit nommer le lot et le numéro imprimés ici ; tout le reste d’un papier peut être copié ou modifié.
paper-how-file = Le dossier est joint à ce PDF : tasdiq verify FICHIER.pdf --root CLÉ le vérifie, et chaque code de ces pages, sans réseau.
paper-how-compare = Comparez la clé racine avec celle que l’autorité a publiée ailleurs. Qui imprime un faux papier imprime aussi une fausse clé.
paper-foot = Certificat { $serial }, état au { $at }. Un certificat imprimé ne prouve rien par lui-même : vérifiez son code.
