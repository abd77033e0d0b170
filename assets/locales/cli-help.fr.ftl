# L'aide de la ligne de commande, en français : `tasdiq --lang fr VERBE --help`. L'anglais est dans le
# code. `help-COMMANDE-OPTION`, ou `help-OPTION` si toutes les commandes en disent la même chose ;
# `does-COMMANDE` dit ce que fait une sous-commande ; `value-OPTION-VALEUR` dit ce que vaut une valeur.

## Mots fixes
word-usage = Utilisation :
word-commands = Commandes
word-arguments = Arguments
word-options = Options
word-help = Affiche l'aide
word-version = Affiche la version
word-examples = Exemples :
word-example = Exemple :
word-default = défaut : { $value }
word-env = variable : { $value }
word-values = valeurs : { $value }
word-values-head = Valeurs :
about = Registre de certification et de traçabilité : des certificats signés dans un journal prouvable, des codes QR.

## Fautes d'appel
call-unknown = argument inconnu : { $value }
call-unknown-verb = commande inconnue : { $value }
call-invalid = « { $value } » ne convient pas pour { $option }
call-why = pourquoi (en anglais) : { $value }
call-values = valeurs possibles : { $value }
call-nearest = voulez-vous dire { $value } ?
call-missing = il manque : { $value }
call-missing-verb = il manque une commande
call-conflict = { $option } ne va pas avec { $value }
call-empty = { $option } demande une valeur
call-too-many = « { $value } » est de trop pour { $option }
call-more = Pour en savoir plus : --help
call-fault = faute :

## Options de toutes les commandes
help-data = Le dossier de données du registre
help-log_level = Ce qui est dit en cours de route sur la sortie d'erreur : off, error, warn, info, debug ou trace ; par défaut info pour ce qui sert ou suit, warn pour le reste. Une pièce du programme peut avoir son propre niveau : `warn,web=debug`
help-json = Sortie lisible par un programme
help-cacert = Croire les certificats TLS sous ceux de ce fichier (PEM) et sous aucun autre ; sinon sous ceux de SSL_CERT_FILE et SSL_CERT_DIR, à défaut ceux du système
help-lang = La langue de l'aide, des questions, des fautes et des résultats ; à défaut celle du système

## Options de plusieurs commandes
help-key = Fichier de clé ou URI PKCS#11
help-issuer = Qui signe
help-url = Adresse d'un service qui tourne ; à défaut le dossier de données
help-yes = Ne pas demander avant ce qui ne se défait pas
help-passphrase_file = Fichier qui contient la phrase secrète du fichier de clé (à défaut TASDIQ_PASSPHRASE, un fichier `passphrase` à côté de la clé, ou le terminal)
help-notice_fr = Ce que le public doit savoir, en français
help-notice_ar = En arabe
help-notice_en = En anglais
help-notice_es = En espagnol
help-notice_zgh = En amazighe
help-report = Écrire ce qu'il est advenu de chaque ligne dans ce CSV : entrées, identifiants, états, refus
help-list = Un tableau (CSV ou XLSX) avec une colonne `serial` (ou, pour `status`, `lot`) : ceux-là aussi
help-signed_by = Signés avec cette clé, p. ex. mon-certificateur#key-1
help-logged_from = Entrés au journal à cet instant ou après
help-logged_to = Entrés au journal à cet instant ou avant
help-serials = Numéros, p. ex. 7,10-25
help-dry_run = Seulement montrer lesquels ; ne rien signer
help-tiles = Un dossier de fichiers statiques, tel que `export` l'écrit
help-at = Juger à cet instant (UTC) ; maintenant par défaut
help-atomic = Les enregistrer toutes ensemble, ou aucune

## audit
help-audit-url = Le service à auditer
help-audit-trust = L'instantané de confiance dont la racine et la clé de journal sont exigées
help-audit-root = La clé racine que le journal doit avoir
help-audit-since = Un point de contrôle plus ancien que ce journal doit contenir

## backup, restore
help-backup-file = Fichier à écrire ; un fichier qui existe n'est jamais écrasé
help-backup-without_keys = Sans les fichiers de clés, ni les documents gardés hors du journal
help-backup-with_passphrase = Avec le fichier de la phrase secrète, s'il y en a un : qui a la sauvegarde a alors les clés
help-restore-file = La sauvegarde
help-restore-root = La clé racine que le journal doit avoir
help-restore-published = Point de contrôle publié : adresse d'un export, d'un moniteur ou d'un service, ou fichier

## balance, shipments, prices, trace, reach
help-balance-lot = `GTIN/LOT` ou `partie/LOT`
help-balance-all = Tous les lots, ou tous ceux d'une coopérative
help-balance-of = Avec --all : de cette coopérative
help-balance-csv = En CSV
help-shipments-to = À qui
help-shipments-from = De qui
help-shipments-state = Où en sont les envois
help-shipments-csv = En CSV : une ligne par lot
help-prices-party = De cette partie seulement
help-prices-side = De la partie : ce qu'elle a vendu, ou ce qu'elle a acheté
help-prices-scheme = De ce référentiel
help-prices-year = Payé cette année-là
help-prices-season = De lots de cette campagne
help-prices-csv = En CSV
help-trace-lot = `GTIN/LOT` ou `partie/LOT`
help-trace-up = De quoi il a été fait ; c'est le cas si rien n'est dit
help-trace-down = Ce qu'il est devenu
help-trace-dot = En graphe, dans la langue DOT de Graphviz
help-reach-lot = `GTIN/LOT` ou `partie/LOT`
help-reach-csv = En CSV : une ligne par lot et par détenteur

## bench
help-bench-quick = Une dizaine de secondes au lieu d'une minute
help-bench-pack = Le paquet hors ligne seulement, avec ce nombre de lots
help-bench-entries = Un registre de ce nombre d'entrées seulement, lots, certificats et événements : démarrages, mémoire, lectures de codes, audit, chemins des lots et déclarations reçues à cette taille
help-bench-events = Avec --entries : combien d'entrées sur cent sont des événements, de 8 à 50 ; 0 : lots et certificats seuls
help-bench-edition = Avec --entries : l'édition des règles ; 1, la dernière d'avant les marchandises, se mesure sans événements
help-bench-folder = Où mettre le dossier de données temporaire ; par défaut l'endroit que le système prévoit

## catalogue
value-lang-en = Anglais
value-lang-fr = Français
help-catalogue-lists = Ce qu'il faut lister ; tout par défaut
help-catalogue-find = Seulement ce que ce mot nomme ; code de sortie 1 s'il ne nomme rien, ou plusieurs choses
help-catalogue-csv = En CSV
value-lists-products = Les produits d'origine
value-lists-materials = Ce dont un lot peut être fait : les produits, et ce qui les compose
value-lists-schemes = Les référentiels qui certifient
value-lists-regions = Les douze régions
value-lists-units = Les unités de quantité

## consignment
help-consignment-subject = Un fichier d'envoi, ou un envoi : partie/NOM ou son adresse
help-consignment-opening = Ouvertures à ajouter : un objet JSON ou une liste
help-consignment-paper = Le document à écrire : 931, fsma204, onssa ou sheet
help-consignment-format = Sa forme : csv ou xlsx
help-consignment-out = Fichier à écrire, `-` pour la sortie standard : le document, ou à défaut l'envoi lui-même
help-consignment-trust = Instantané de confiance (`tasdiq trust`) ; à défaut celui du fichier
help-consignment-root = La clé racine que l'instantané de confiance doit avoir ; sans elle rien n'est admis
help-consignment-policy = Les contrôles qui doivent réussir : shop, customs ou audit

## demo, init, serve
help-demo-listen = Où écouter ; par défaut 127.0.0.1:8080, avec --phone l'adresse de cette machine dans son réseau
help-demo-host = L'hôte qui figure dans les codes et les noms ; par défaut l'adresse d'écoute
help-demo-phone = Montre des codes qu'un téléphone du même réseau ouvre vraiment, en http simple : pour une démonstration seulement
help-init-host = Hôte public du registre, avec son port s'il en a un
help-init-name = Le nom public de l'autorité
help-init-root_out = Dossier pour la clé racine et la suivante, hors du dossier de données : un disque amovible
help-serve-config = Fichier de réglages (TOML) : ce que ni les options ni les variables ne disent ; par défaut `settings.toml` du dossier de données, s'il existe
help-serve-show_settings = Affiche tous les réglages en vigueur et d'où ils viennent ; rien n'est servi
help-serve-listen = Adresse d'écoute ; le port 0 en prend un libre
help-serve-guard = Fichier qui retient le dernier point de contrôle publié ; de préférence sur un autre disque
help-serve-published = Point de contrôle publié, à comparer avant toute signature : adresse d'un export, d'un moniteur ou d'un service, ou fichier
help-serve-accept_restored = Signer à partir d'une sauvegarde restaurée qui n'a été comparée à rien
help-serve-accept_clock = Croire l'horloge bien qu'elle soit loin de la dernière entrée : vous l'avez comparée
help-serve-quota = Déclarations d'une même partie admises par jour (UTC), 0 pour n'importe combien ; celles de l'autorité ne comptent pas
help-serve-webhook_private = Avertir aussi des adresses privées, et en http simple
help-serve-country_header = En-tête où le mandataire dit en deux lettres le pays du lecteur ; sans lui, aucun pays n'est compté
help-serve-address_header = En-tête où le mandataire dit l'adresse du lecteur, la dernière s'il y en a plusieurs ; sans lui, tous les lecteurs derrière un mandataire sont un seul réseau
help-serve-witness_policy = À qui demander des cosignatures et combien il en faut (C2SP tlog-policy) ; par défaut le fichier `witness-policy` du dossier de données, s'il existe

## documents
does-documents-commit = Tire un sel et dit l'engagement à mettre dans une déclaration
help-documents-commit-file = Le document
does-documents-erase = Efface pour de bon les documents gardés pour une déclaration ; son entrée reste au journal
help-documents-erase-of = L'identifiant ou la position d'une déclaration, ou un engagement

## dossier
help-dossier-subject = Le lot (GTIN/LOT ou partie/LOT), ou le numéro de son certificat
help-dossier-trace = Plutôt le chemin de retour de ce lot : déclarations, événements, règlements et certificats, chacun avec sa preuve
help-dossier-out = Fichier à écrire ; `-` pour la sortie standard

## events
help-events-files = Tableaux d'événements, CSV ou XLSX ; `-` pour l'entrée standard
help-events-whose = Au nom de qui, par un mandat de cette partie (`tasdiq register mandate`) ; en son propre nom par défaut
help-events-offset = Décalage des heures qui n'en disent pas
help-events-names = Fichier du secret dont les noms deviennent des identifiants ; à défaut à côté du fichier de clé
help-events-dry_run = Seulement vérifier et montrer ; ne rien signer
help-events-example = Afficher un tableau pour commencer
does-events-receive = Dit que tout un envoi est arrivé
help-events-receive-ship = L'envoi : son adresse, ou la fin de celle-ci, `partie/NOM`
help-events-receive-all = Tout est arrivé et accepté ; le reste se dit dans un tableau
help-events-receive-issuer = Qui l'a reçu
help-events-receive-names = Fichier du secret dont les noms deviennent des identifiants ; à défaut à côté du fichier de clé
value-acts-declare = Déclarer des lots
value-acts-ship = Expédier des marchandises
value-acts-receive = Recevoir des marchandises
value-example-transform = Des lots en deviennent d'autres
value-example-ship = Des marchandises partent
value-example-receive = Un destinataire dit ce qui est arrivé
value-example-settle = Ce qui manquait est réglé
value-example-pack = Des marchandises entrent dans un carton, une palette
value-example-unpack = Des marchandises en sortent
value-example-out = Des marchandises sont vendues
value-example-loss = Des marchandises sont perdues
value-example-sample = Un échantillon est prélevé
value-example-destroy = Des marchandises sont détruites
value-example-observe = Quelqu'un regarde
value-example-void = Un événement ne doit plus compter

## export, import
help-export-folder = Dossier à écrire
help-export-certificates = Écrire aussi chaque certificat signé, certificates/NUMÉRO.json
help-export-root = La clé racine que la source doit avoir
help-import-source = Un export (`tasdiq export`), ou l'adresse d'un export ou d'un service
help-import-root = La clé racine que le journal doit avoir
help-import-go_on = Apporter à un registre existant les entrées qui lui manquent
help-import-demo = Dire sur chaque page que toutes les parties sont fictives

## issue
help-issue-csv = Le tableau, CSV ou XLSX ; `-` pour l'entrée standard
help-issue-what = Ce que sont les lignes
help-issue-producer = À qui sont les lots, là où les lignes ne le disent pas
help-issue-producer_key = Fichier de clé ou URI PKCS#11 d'une coopérative dont des lots sont déclarés ici ; à répéter pour chacune
help-issue-whose = Avec --what lots : au nom de qui, par un mandat de cette coopérative (`tasdiq register mandate`)
help-issue-replaces = Renouveler ou corriger : chaque certificat prend la place de celui que le lot a sous son référentiel, et les étiquettes posées restent bonnes. Si un lot en a plusieurs, une colonne `remplace` dit lequel, par son numéro
help-issue-dry_run = Seulement vérifier et montrer ; ne rien signer
help-issue-example = Afficher un CSV pour commencer
value-what-certificates = Des certificats pour des lots déclarés
value-what-lots = Des déclarations de lots
value-what-lots-and-certificates = Les deux : chaque ligne déclare un lot et le certifie
value-what-operators = Des certificats d'opérateurs

## keygen, sign, submit
help-keygen-out = Fichier de clé à écrire ; un fichier qui existe n'est jamais écrasé
help-keygen-pkcs11 = Créer plutôt la clé sur un jeton : jeton et nom (object=) de la nouvelle clé
help-sign-inputs = Déclarations non signées : fichiers JSON ou NDJSON, dossiers de ces fichiers
help-sign-issuer = Qui signe ; ce doit être l'émetteur de chaque document
help-sign-method = Le nom enregistré de la clé : `did:web:...#key-1`, ou seulement ce qui suit le `#`
help-sign-out = Fichier ou dossier à écrire
help-submit-inputs = Déclarations signées : fichiers JSON ou NDJSON, dossiers de ces fichiers
help-submit-receipts = Fichier des reçus, un JSON par ligne
help-submit-document = Un document auquel l'unique déclaration s'engage : le service le garde hors du journal
help-submit-salt = Le sel de cet engagement, tel que `documents commit` l'a dit

## label
help-label-lots = `GTIN/LOT` ou `partie/LOT` ; tous les lots certifiés par défaut
help-label-format = text affiche un texte de code QR par ligne ; svg et png une image chacun ; pdf des planches d'étiquettes ; zip des étiquettes entières en SVG et PNG ; zpl ce que prennent les imprimantes d'étiquettes
help-label-serials = Une étiquette pour chacune des N unités de chaque lot, avec des numéros de série
help-label-reprint = Les étiquettes d'une émission, à nouveau, avec les mêmes numéros : sa position au journal
help-label-out = Fichier (texte, ou une seule étiquette) ou dossier à écrire
help-label-x_dimension_um = Largeur d'un module, en micromètres
help-label-level = Correction d'erreurs : M, ou Q pour des étiquettes de 21 mm et plus ; à défaut M, sur des étiquettes entières Q là où il tient
help-label-dpi = Résolution d'un PNG ou d'une imprimante d'étiquettes, en points par pouce
help-label-key = Avec --serials ou --reprint : fichier de clé ou URI PKCS#11 qui signe l'émission et la demande ; à défaut celle du service dans le dossier de données
help-label-issuer = Avec --serials ou --reprint : qui signe, l'autorité ou un certificateur du lot
does-label-void = Rend les numéros d'étiquettes gâchées, au plus une sur vingt du lot
help-label-grid = La planche : fabricant et numéro, comme avery-l7160 ; pour zip et zpl la taille d'une étiquette
help-label-start = La première étiquette libre de la première planche, à partir de 1, rangée par rangée
help-label-dx = De combien tout est déplacé vers la droite, en millimètres ; négatif vers la gauche
help-label-dy = De combien tout est déplacé vers le bas, en millimètres ; négatif vers le haut
help-label-copies = Combien de fois chaque étiquette sans numéro est imprimée
help-label-ruler = Commencer par une page d'essai : des règles de 100 mm et les bords des étiquettes
help-label-names = Langue des noms de produits et de la page d'essai : fr, ar, en ou es
help-label-void-key = Fichier de clé ou URI PKCS#11 ; à défaut celle de l'autorité dans le dossier de données
help-label-void-issuer = Qui signe
help-label-void-lot = `GTIN/LOT` ou `partie/LOT`
help-label-void-serials = Les numéros des étiquettes gâchées

## monitor
help-monitor-url = Le service dont le journal est suivi
help-monitor-trust = L'instantané de confiance dont la racine et la clé de journal sont exigées
help-monitor-root = La clé racine (z6Mk...) ; l'instantané de confiance est alors demandé et doit être de cette racine
help-monitor-state = Le dossier où le moniteur garde ce qu'il sait
help-monitor-once = Un seul tour, pour cron et l'intégration continue
help-monitor-every = Secondes d'un tour à l'autre
help-monitor-stall = Secondes sans nouvelle entrée ni cosignature après lesquelles le journal est dit arrêté
help-monitor-slack = Secondes ajoutées à chaque délai, pour des horloges qui diffèrent
help-monitor-watch = Ce qu'il faut surveiller : certifier=PARTIE, lot=GTIN/LOT, party=PARTIE, key=DID#CLÉ. À répéter
help-monitor-webhook = Où envoyer les événements (Standard Webhooks 1.0.0, signés v1a). À répéter
help-monitor-log_only = Comparer le journal seul, sans les listes d'état ni l'instantané servis à côté

## pack, trust
help-pack-out = Fichier à écrire ; `-` pour la sortie standard. S'il existe, il est mis à jour
help-pack-input = Un paquet, ou des changements, apportés à la main : aucun service n'est interrogé
help-pack-delta_since = N'écrire que ce qui a changé depuis cette taille du journal, à porter là où est le paquet
help-pack-check = Lire tout ce paquet, vérifier chaque bloc, et ne rien écrire
help-pack-root = La clé racine sous laquelle le paquet doit être
help-trust-out = Fichier à écrire ; `-` pour la sortie standard
help-trust-root = La racine que l'instantané doit avoir

## pay, extract
help-pay-lot = `GTIN/LOT` ou `partie/LOT`
help-pay-confirms = Confirme, dans les mêmes termes, ce que le vendeur a dit à cette position du journal ; en tant qu'acheteur
help-pay-undo = Annule ce qui a été dit à cette position du journal, d'un prix ou pour en confirmer un : par qui l'a dit, dans les 45 jours. Un prix confirmé par un autre ne s'annule qu'après la confirmation
help-pay-reason = Avec --undo : pourquoi
help-pay-ship = L'envoi pour lequel c'est payé : son adresse, ou la fin de celle-ci, `partie/NOM`
help-pay-scheme = Le référentiel sous lequel c'est vendu
help-pay-quantity = Combien du lot
help-pay-amount = Prix de la quantité sans prime, dans la plus petite unité de la monnaie
help-pay-premium = Prime en plus, dans la même unité
help-pay-currency = ISO 4217
help-pay-terms = Au lieu des chiffres : un engagement sur eux
help-pay-basis = Jusqu'où le vendeur supporte les frais
help-pay-paid_on = Jour du paiement
help-pay-invoice = L'engagement sur la facture
help-extract-certificate = Le numéro du certificat
help-extract-ship = L'envoi qu'il accompagne : son adresse, ou la fin de celle-ci, `partie/NOM`
help-extract-lot = Le lot, si ce n'est pas celui du certificat
help-extract-quantity = Combien du lot

## register
does-register-party = Enregistre une partie, ou change son enregistrement
does-register-accredit = Accrédite un certificateur pour des référentiels, des produits et des régions
does-register-key = Ajoute une clé, en retire une, ou en signale une en des mains étrangères
does-register-reconfirm = Certificats qu'une clé volée a rendus suspects : le certificateur les maintient
does-register-confirm = Confirme des entrées suspectes, ou qui ne sont pas encore définitives
does-register-void = Des changements d'état suspects, ou pas encore définitifs, comptent comme jamais enregistrés
does-register-agreement = Un client laisse un certificateur agir pour lui
does-register-capacity = Ce qu'une coopérative peut produire en une campagne
does-register-prefix-grant = Une partie en laisse une autre utiliser ses GTIN
does-register-mandate = Une partie en laisse une autre déclarer, expédier ou recevoir en son nom
does-register-scope = Réduit, suspend, rétablit ou retire une accréditation
does-register-succeed-root = La clé racine suivante prend la suite d'une clé perdue, volée ou ancienne
does-register-certifier = Un certificateur en une fois : partie, accréditation, clé
does-register-cooperative = Une coopérative en une fois : partie, clé
help-register-id = Nom court dans les adresses : lettres, chiffres, tirets
help-register-name = Nom public ; celui d'une personne morale, jamais d'un particulier
help-register-number = Son numéro dans le registre d'où elle vient
help-register-same_name = Le nom d'une autre partie lui ressemble, et les deux sont voulus
help-register-phone = Téléphone que le public appelle, montré là où une marchandise est rappelée ou en doute ; d'une personne morale, jamais privé. Vide, il est enlevé
help-register-site = Adresse de ses pages pour le public. Vide, elle est enlevée
help-register-name_fr = Son nom en français, là où --name est dans une autre langue ; vide, il est enlevé, comme les autres
help-register-name_ar = En arabe
help-register-name_en = En anglais
help-register-name_es = En espagnol
help-register-name_zgh = En amazighe
help-register-signer = Fichier de clé ou URI PKCS#11 de qui signe ; à défaut la clé d'enregistrement de l'autorité dans le dossier de données, ou sa clé racine là où ce sont les clés de l'autorité qui changent
help-register-public = Sa clé publique, telle que `tasdiq keygen` l'affiche
help-register-key_name = Le nom de la clé
help-register-custody = Qui détient la clé privée
help-register-capacity = Ce qu'elle peut produire, p. ex. argane:2026:12000L ; à répéter pour chaque produit et campagne
help-register-gtin_prefix = Préfixe des GTIN qui lui appartiennent, 7 à 12 chiffres ; à répéter pour chacun
help-register-scheme = Référentiels sous lesquels il peut certifier, par code ou par nom (`tasdiq catalogue`), ou `all`
help-register-product = Produits, par code ou par nom, ou `all`
help-register-region = Régions, ISO 3166-2 ou par nom, ou `all`
help-register-from = Premier jour de l'accréditation ; aujourd'hui par défaut. Aucun certificat ne commence avant
help-register-until = Dernier jour de l'accréditation
help-register-party-role = Ce qu'elle fait
help-register-party-region = Sa région, ISO 3166-2 ; à répéter pour chaque autre
help-register-cooperative-region = Sa région, ISO 3166-2 ou par nom ; à répéter pour chaque autre
help-register-cooperative-agrees = Un certificateur avec lequel elle a une convention, sur le papier qu'elle a signé ; sans référentiel, tous ceux pour lesquels il est accrédité ; à répéter pour chacun
help-register-accredit-id = Le certificateur
help-register-accredit-number = Numéro d'accréditation
does-register-key-add = Ajoute une clé
does-register-key-retire = Retire une clé ; ce qu'elle a signé reste bon
does-register-key-compromised = Signale une clé en des mains étrangères
help-register-key-id = De qui est la clé
help-register-key-name = Le nom de la clé
help-register-key-add-public = La clé publique, telle que `tasdiq keygen` l'affiche
help-register-key-add-purpose = Ce qu'elle peut signer
help-register-key-add-until = Dernier jour d'usage
help-register-key-add-scheme = Avec --purpose label : les référentiels qu'elle peut mettre sur une étiquette
help-register-key-add-party = Avec --purpose label : les parties dont elle étiquette les lots
help-register-key-add-cosign = Fichier de clé ou URI PKCS#11 d'une clé que la partie a en vigueur : la nouvelle compte alors aussitôt
help-register-key-compromised-since = Premier instant où elle a pu être mal employée
help-register-key-compromised-known_at = Quand cela s'est su ; maintenant par défaut
help-register-reconfirm-id = Le certificateur
help-register-reconfirm-suspect_key = Le nom de sa clé compromise
help-register-reconfirm-signer = Fichier de clé ou URI PKCS#11 du certificateur, en vigueur
help-register-confirm-entries = Positions au journal
help-register-confirm-id = La partie qui maintient ses propres entrées, avec --as ; l'autorité par défaut
help-register-void-entries = Positions au journal
help-register-void-id = La partie qui maintient ses propres entrées, avec --as ; l'autorité par défaut
help-register-agreement-certifier = Qui certifie
help-register-agreement-client = De qui sont les marchandises, d'après le papier : noms courts, ou `all` pour toutes les coopératives enregistrées
help-register-agreement-id = Le client qui signe pour lui-même, avec --as
help-register-agreement-scheme = Sous quels référentiels, par code ou par nom ; par défaut tous ceux pour lesquels le certificateur est accrédité
help-register-agreement-from = Premier jour ; aujourd'hui par défaut
help-register-agreement-until = Dernier jour, au plus 37 mois après le premier ; 36 mois par défaut
help-register-capacity-id = La coopérative
help-register-capacity-capacity = Ce qu'elle peut produire ; à répéter pour chaque produit et campagne
help-register-capacity-by = Le certificateur qui le dit, en vertu d'une convention, avec --as ; le registre d'enregistrement par défaut
help-register-prefix-grant-id = À qui sont les numéros ; signe avec --as
help-register-prefix-grant-to = Qui peut les employer
help-register-prefix-grant-prefix = Tous les GTIN de ce préfixe, 7 à 12 chiffres
help-register-prefix-grant-gtin = Un seul GTIN
help-register-mandate-id = Au nom de qui ; signe avec --as
help-register-mandate-to = Qui peut agir
help-register-mandate-acts = Ce qu'elle peut faire
help-register-mandate-until = Dernier jour, au plus à 13 mois d'aujourd'hui ; 12 mois par défaut
does-register-scope-narrow = Laisse une partie du domaine ; ce qui n'y est plus s'arrête, aussi pour les certificats en cours
does-register-scope-suspend = Pas de nouveaux certificats pour le moment ; ceux qui sont en cours tiennent
does-register-scope-reinstate = De nouveau des certificats
does-register-scope-withdraw = La retire pour de bon, aussi pour les certificats en cours ; avec --reason ceased ceux-ci tiennent
help-register-scope-id = Le certificateur
help-register-scope-accreditation = L'identifiant de l'accréditation ; inutile si le certificateur n'en a qu'une
help-register-scope-reason = Pourquoi
help-register-scope-since = Depuis quand cela vaut ; maintenant par défaut
help-register-scope-narrow-scheme = Les référentiels qui restent
help-register-scope-narrow-product = Les produits qui restent
help-register-scope-narrow-region = Les régions qui restent, ISO 3166-2
help-register-scope-withdraw-successor = Avec --reason ceased : le certificateur qui agit ensuite pour lui
help-register-succeed-root-key = La clé racine suivante, faite à la fondation du registre (ou à la dernière succession)
help-register-succeed-root-next = Où écrire la clé de la racine d'après ; si elle y est déjà, c'est elle
help-register-succeed-root-drop = Une clé de l'autorité qui ne continue pas, p. ex. registrar-1 ; à répéter pour chacune
value-custody-self = La partie elle-même
value-custody-operator = Le service
value-purpose-assertion = Des déclarations
value-purpose-label = Des codes QR
value-purpose-service = Les déclarations du service lui-même (de l'autorité seulement)
value-purpose-receipt = Des reçus (de l'autorité seulement) ; le service lit les clés dans keys/scitt-N.pem

## rulebook
does-rulebook-show = Dit quelle édition est en vigueur et depuis quand
does-rulebook-raise = Met une édition plus récente en vigueur, pour de bon
help-rulebook-raise-edition = L'édition ; par défaut la plus récente que cette version connaît
help-rulebook-raise-signer = Fichier de clé ou URI PKCS#11 de l'autorité ; à défaut sa clé d'enregistrement dans le dossier de données
does-rulebook-propose = Met d'autres listes de marchandises en vigueur : montre ce qui change et ce que cela relâche, et demande
help-rulebook-propose-file = JSON avec les listes, toutes, comme les a le membre `goods` de `rulebook show --json` ; `-` pour l'entrée standard
help-rulebook-propose-dry_run = Seulement montrer ce qui change ; ne rien signer
help-rulebook-propose-signer = Fichier de clé ou URI PKCS#11 de l'autorité ; à défaut sa clé d'enregistrement dans le dossier de données. Ce qui relâche demande la clé racine

## status
help-status-key = Fichier de clé ou URI PKCS#11 ; à défaut celle de l'autorité dans le dossier de données
does-status-suspend = Met des certificats (tous ceux d'un lot, ou une partie) hors vigueur pour le moment
does-status-reinstate = Remet des certificats (tous ceux d'un lot, ou une partie) en vigueur
does-status-withdraw = Retire des certificats (tous ceux d'un lot, ou une partie) pour de bon
does-status-hold = Bloque la vente de lots (par leur nom, ou celui d'un certificat) pour le moment
does-status-release = Libère des lots (par leur nom, ou celui d'un certificat) pour la vente
does-status-recall = Rappelle des lots (par leur nom, ou celui d'un certificat), pour de bon
help-status-targets = Numéros de certificats, `GTIN/LOT` ou `PARTIE/LOT`, `party:NOM`
help-status-return_to = D'un rappel : où les gens le rapportent
help-status-reason = Pourquoi
help-status-since = Depuis quand cela vaut ; maintenant par défaut
value-return_to-shop = Au magasin
value-return_to-cooperative = À la coopérative
value-return_to-destroy = Nulle part : ils le détruisent

## verify
help-verify-inputs = Textes de codes QR, photos (PNG, JPEG), PDF, déclarations signées, vc+jwt, preuves, dossiers, listes de codes ; `-` pour l'entrée standard
help-verify-trust = Instantané de confiance (`tasdiq trust`)
help-verify-pack = Paquet hors ligne (`tasdiq pack`)
help-verify-policy = Les contrôles qui doivent réussir : shop, customs ou audit
help-verify-at = Juger à cet instant, ou à la fin de ce jour (UTC) ; maintenant par défaut
help-verify-offline = N'interroger aucun service et n'ouvrir aucun registre : des fichiers seulement
help-verify-root = La clé racine que l'instantané de confiance doit avoir. Sans elle, ce qui vient de --url ou --tiles n'est jamais admis
help-verify-leaf = L'entrée de journal dont parle une preuve
help-verify-csv = Les réponses en tableau, les pires d'abord, avec les autres colonnes d'une liste

## webhook
does-webhook-add = Ajoute une adresse : https, de l'internet public
help-webhook-key = Fichier de clé ou URI PKCS#11 ; à défaut celle de l'autorité dans le dossier de données
help-webhook-add-address = L'adresse
does-webhook-list = Montre les adresses de cette partie et ce qui les attend
does-webhook-remove = Retire une adresse
help-webhook-remove-id = L'identifiant que `list` montre

## witness
does-witness-init = Crée un témoin avec une nouvelle clé et affiche sa clé de vérification
help-witness-init-name = Son nom dans les lignes de signature : un hôte et un chemin, sans schéma
does-witness-add-log = Suit un journal à partir de maintenant
help-witness-add-log-vkey = La clé de vérification du journal, comme à /log/vkey
does-witness-serve = Sert add-checkpoint et les adresses de surveillance
help-witness-serve-listen = Où écouter
does-witness-show = Dit ce qu'il suit et les preuves qu'il détient ; code de sortie 1 s'il est prouvé qu'un journal a bifurqué

## Ce qui suit les exemples
after-audit =
    Codes de sortie : 0 sans faute, 1 une faute a été trouvée, 2 le journal ne se lit pas, ou il faut une version plus
    récente pour le juger, 3 une heure du journal est en avance sur l'horloge de cette machine, ou sans faute mais personne
    n'a comparé la clé racine : avec --url ou --tiles, donnez --trust ou --root.
after-backup =
    Le service peut tourner : le fichier est cohérent à un point de contrôle. Il contient les fichiers de clés, chiffrés ;
    gardez leur phrase secrète ailleurs. C'est une archive tar avec un membre compressé pour 256 entrées. `tasdiq restore`
    la ramène.
after-balance =
    rempli = libre + emballé + en route + en litige + consommé + sorti, de chaque lot et à tout moment.
after-bench =
    --entries demande quelques minutes et 6 Go de disque pour 1 000 000 d'entrées, dix fois cela pour 10 000 000. La
    colonne `limit` y est ce que cette machine pourrait au plus, mesuré dans la même exécution, et `share` la part atteinte.

    Rien du registre de --data n'est touché. Un budget dépassé ne donne jamais le code de sortie 1 : une machine occupée
    n'est pas une faute.
after-catalogue =
    Les lignes de `issue` et `events` et les options de `register` prennent un code ou l'un de ces noms, quels que soient la
    casse, les accents et les formes de lettres arabes.
after-consignment =
    Une ouverture est {"{"}"salt":"...","opening":{"{"}"name":"..."{"}"}{"}"} ; ce qui n'est pas ouvert reste un blanc marqué dans les
    documents. Codes de sortie comme `verify` : 0 admis, 1 pas authentique (rien n'est écrit), 2 illisible, 3 indécis,
    4 authentique mais pas bon à l'usage, ou annulé.
after-documents =
    docs/OPERATING.md, « Documents off the log », dit ce qu'un effacement atteint.
after-dossier =
    Chacun le vérifie sans serveur : tasdiq verify jar.tasdiq --root z6Mk...
    Code de sortie 1 si le dossier fait n'est pas authentique ; rien n'est alors écrit.
after-events =
    Une ligne du tableau est une ligne d'un événement ; les lignes du même nom sont un seul événement. Quantités : 12,5 kg,
    800 L, 440000 (g, mL ou pièces). Instants : 2026-10-30 09:12, ou un jour. Un nom désigne un seul événement pour
    toujours : relancez le fichier, rien ne change. Code de sortie 1 si un événement a été refusé.
after-events-receive =
    Ce qui attend une réponse : tasdiq shipments --to mon-magasin --state waiting
after-export =
    Relancez pour mettre la copie à jour : seul ce qui est nouveau est écrit. Une copie en avance sur la source, ou d'une
    autre histoire ou racine, reste comme elle est ; c'est le code de sortie 1. Sans --root, la racine de la copie est
    exigée ; une nouvelle copie prend celle de la source, et le dit.
after-import =
    Tout le journal est rejoué et vérifié avant que rien ne soit écrit. Avec log-1.pem, service-1.pem et label-1.pem dans
    keys/, le registre peut être continué ; sans eux il sert la lecture. Importez la copie la plus récente : signer à
    partir d'une ancienne, c'est faire bifurquer le journal.

    Codes de sortie : 0 fait, 1 le journal n'est pas bon ou a une autre histoire, 2 il ne se lit pas, 3 fait, mais personne
    n'a comparé sa clé racine.
after-init =
    L'hôte figure dans chaque déclaration signée et chaque étiquette et ne peut pas changer ensuite. La phrase secrète des
    fichiers de clés est TASDIQ_PASSPHRASE, ou une est tirée et gardée à côté d'eux. La clé racine et la suivante décident
    qui est l'autorité : avec --root-out elles sont écrites là, avec une phrase secrète à elles, et jamais dans le dossier
    de données.
after-issue =
    Tableaux : CSV (`;`, tabulation ou virgule ; UTF-8, UTF-16, Windows-1252) ou XLSX, en-têtes en anglais, en français ou
    en arabe. Quantités : 800000 (g, mL ou pièces), 800 L, 12,5 kg, ou une colonne unité. Jours : AAAA-MM-JJ ou JJ/MM/AAAA.
    Produits, référentiels, régions : codes ou noms, tels que `tasdiq catalogue` les liste. Plusieurs choses non couvertes,
    matières, régions et volumes (matière:campagne:quantité) sont séparés par |.

    Seule une coopérative déclare ses lots : avec lots-and-certificates sa propre clé signe les déclarations, celle du
    certificateur les certificats. Code de sortie 1 si une ligne a été refusée.
after-keygen =
    Le fichier est en PKCS#8 chiffré ; `openssl pkey -in mine.pem -pubout` le lit. Sur un jeton, la clé privée est sensible
    et ne peut pas en sortir ; le PIN est celui de l'URI (pin-source=file:CHEMIN), de TASDIQ_PIN, ou demandé. Seule la clé
    publique est affichée ; donnez-la à qui tient le registre.
after-label =
    Les numéros entrent au journal avant d'être donnés, ne dépassent jamais les unités de vente du lot, et ne vont qu'à qui
    a signé leur émission. Ce qui est bloqué, rappelé, suspendu ou retiré n'a pas d'étiquettes : code de sortie 4.
after-monitor =
    Le dossier d'état contient une copie du journal (tasdiq audit --tiles DOSSIER --trust FICHIER la lit), le dernier point
    de contrôle vérifié, et les preuves de ce qui n'allait pas.
    Codes de sortie de --once : 0 tout va bien, 1 une faute a été trouvée, 2 appel, 3 le journal n'est pas joignable.
    --json écrit un événement par ligne ; s'il n'y en a pas, rien.
after-pack =
    Il contient l'état de chaque lot et certificat et un instantané de confiance ; prenez-en un nouveau chaque jour au
    moins. Un paquet plus ancien que celui de --out est refusé (code de sortie 1).
after-pay =
    Les montants sont des nombres entiers de la plus petite unité de la monnaie. Avec --terms, seul un engagement sur eux
    entre au journal. La facture est un engagement : tasdiq documents commit FICHIER.
after-prices =
    Les montants sont dans la plus petite unité de la monnaie. Payé est ce que deux côtés ont signé ; ce que le vendeur est
    seul à dire, et ce qui est contesté, figurent à part, et deux monnaies ne s'additionnent pas.
after-register-key-add =
    Une clé de plus compte après 72 heures, à moins qu'une clé de la partie ne la cosigne ou que la racine ne signe.
after-register-reconfirm =
    Voyez d'abord les certificats : retirez ceux que le certificateur n'a pas signés (tasdiq status withdraw), confirmez
    les autres.
after-register =
    Ce qui ne se défait pas est montré et demandé d'abord ; --yes répond là où il n'y a personne.
after-register-agreement =
    L'autorité signe d'après le papier que le client a signé, et cela est dit ; avec --id un client signe la sienne. Sans
    convention, aucun certificat de ce certificateur n'est admis. Les clients sont des coopératives et, pour être certifiés
    comme opérateurs, des transformateurs, exportateurs, magasins et transporteurs.
after-register-capacity =
    Un chiffre relevé attend 72 heures, à moins que la racine ne signe. De celui de l'autorité et de celui d'un
    certificateur, c'est le plus petit qui compte.
after-register-confirm =
    Confirmé : ce qui a été signé avec une clé volée dans sa période ; un retrait ou un blocage d'un certificateur des 30
    derniers jours est alors définitif. Annulé (par l'autorité seule) : un tel changement est comme jamais enregistré. Les
    certificats se nomment par numéro avec `register reconfirm`.
after-register-void =
    Confirmé : ce qui a été signé avec une clé volée dans sa période ; un retrait ou un blocage d'un certificateur des 30
    derniers jours est alors définitif. Annulé (par l'autorité seule) : un tel changement est comme jamais enregistré. Les
    certificats se nomment par numéro avec `register reconfirm`.
after-register-mandate =
    Pour une coopérative sans téléphone ni ordinateur : elle signe une fois, en personne. Ce qui est signé ainsi le dit, et
    la coopérative peut l'annuler dans les 45 jours. Un mandat plus récent à la même partie prend la place de celui-ci.
after-register-succeed-root =
    À lancer quand la clé racine est perdue ou volée, ou après quelques années. Les clés de l'autorité en vigueur
    continuent sauf si elles sont écartées ; toutes les autres s'arrêtent. ledger.json nomme toujours la première racine :
    les lecteurs suivent à partir d'elle. Mettez ensuite les deux fichiers de clés hors ligne.
after-restore =
    Une sauvegarde est plus ancienne que le registre dont elle vient. Le registre restauré sert la lecture, et ne signe
    qu'une fois comparé à un point de contrôle publié (ici ou avec `serve`) : si davantage a été publié, apportez-le avec
    `tasdiq import --continue`.

    Codes de sortie : 0 fait, 1 le journal n'est pas bon, 2 il ne se lit pas, 3 davantage a été publié.
after-rulebook =
    docs/OPERATING.md, « Raising the rules », dit ce qu'il faut faire avant et après.
after-serve =
    Il parle http simple : mettez un mandataire TLS devant. Ctrl-C ou SIGTERM l'arrête.
after-sign =
    Aucun réseau n'est employé. Un --out qui finit par .ndjson prend tous les documents, un par ligne. Un identifiant omis
    est fait du contenu, comme l'ont tous sauf certificats et lots. Un certificat est aussi signé en vc+jwt et écrit avec.
after-status =
    Une forme pour tout : un acte, ce dont il s'agit, pourquoi. Une cible est le numéro d'un certificat, un lot (GTIN/LOT
    ou PARTIE/LOT) ou party:NOM ; --list prend un tableau avec une colonne serial ou lot. suspend, reinstate, withdraw sont
    pour les certificats et les parties : d'un lot, ses certificats. hold, release, recall sont pour les lots : d'un
    certificat, son lot. withdraw et recall sont définitifs : ils sont montrés et demandés d'abord, comme ce qui change
    beaucoup de choses à la fois ; --yes répond là où il n'y a personne. `ACTE --help` liste toutes les options.
    Raisons : nonconformity, lab-result, complaint, fraud-suspected, paperwork, request-of-holder, safety, key-compromise,
    capacity, ceased, error, other.
after-submit =
    Soumettre la même déclaration donne la même entrée. Code de sortie 1 si une a été refusée. Avec --atomic toutes sont
    enregistrées ensemble ou aucune : au plus 400 déclarations, et ce que prend un lot d'écriture (480 rangées : une par
    8 192 octets entamés d'une entrée, une pour un vc+jwt). Ce qui ne se défait pas est montré et demandé d'abord ; --yes
    répond là où il n'y a personne.
after-trust =
    Comparez la racine affichée avec celle que l'autorité publie ; --root le fait pour vous. Un instantané plus récent dans
    FICHIER, ou d'un autre registre, n'est jamais écrasé : rien n'est alors écrit, et le code de sortie est 1. De même pour
    un fichier qui ne peut pas être comparé (2).
after-verify =
    D'un PDF, le dossier joint et chaque code de ses pages sont jugés, et doivent être d'un seul certificat ; ce que disent
    ses pages en mots n'est pas lu.

    Codes de sortie : 0 admis, 1 pas authentique, 2 appel ou illisible, 3 indécis, 4 authentique mais pas bon à l'usage
    (expiré, suspendu, retiré, bloqué, rappelé). De plusieurs, le pire compte : 1, puis 2, 3, 4, 0.
after-webhook =
    docs/OPERATING.md, « Shops », dit ce qui est annoncé et comment un destinataire le vérifie.
after-witness =
    Le témoin est dans DONNÉES/witness. Faites-le tourner ailleurs que les journaux qu'il suit : un témoin que tient qui
    tient le journal ne prouve rien.
