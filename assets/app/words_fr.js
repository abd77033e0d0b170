// Words of the page that checks by itself, in French. Ids are the same in every language.
export const FR = {
  title: 'Vérifiez vous-même',
  intro:
    'Cette page vérifie un code ou un dossier dans votre propre navigateur : signatures, registre et ' +
    'statut, étape par étape. Rien de ce que vous saisissez n’est envoyé ; elle ne lit que des fichiers publics.',
  code: 'Code sur l’emballage, ou texte d’un dossier',
  root: 'Clé racine du registre (z6Mk…)',
  'root-hint':
    'Prenez-la d’une source sûre : l’avis imprimé de l’autorité, pas cette page. Sans elle, rien ' +
    'n’est montré comme réussi.',
  policy: 'Exigence',
  shop: 'Magasin',
  customs: 'Douane',
  audit: 'Audit',
  files:
    'Fichiers : dossier (.tasdiq), liste de confiance, données de statut. Vous pouvez les déposer ' +
    'n’importe où sur cette page.',
  check: 'Vérifier',
  working: 'Vérification…',
  held: 'Disponibles : {list}',
  'kind-dossier': 'dossier',
  'kind-trust': 'liste de confiance',
  'kind-pack': 'données de statut',
  forget: 'Oublier les fichiers',
  'no-crypto':
    'Ce navigateur ne peut pas vérifier de signatures ici : il est trop ancien, ou la page a été ' +
    'ouverte en http simple. Rien n’a été vérifié. Utilisez https, un navigateur plus récent ou la commande :',
  'v-passed': 'Authentique et en vigueur',
  'v-passed-s': 'Tout ce que cette exigence demande a été vérifié ici et réussi.',
  'v-authentic': 'Authentique',
  'v-unfit': 'Authentique, mais pas en règle',
  'v-unfit-s': 'Les signatures sont correctes. Certificat : {certificate}. Lot : {lot}.',
  'v-failed': 'Non authentique',
  'v-failed-s': 'Une vérification a échoué : {why}. Rien de ce qui y est dit n’est fiable.',
  'v-undecided': 'Vérification impossible',
  'v-undecided-s': 'On n’en sait pas assez : {why}.',
  'v-barred-s': 'Ne l’utilisez pas avant d’en savoir plus. Certificat : {certificate}. Lot : {lot}.',
  'v-unpinned': 'Non tranché : la racine n’est pas fixée',
  'v-unpinned-s':
    'Tout le reste est peut-être juste, mais vous n’avez pas dit à quelle clé racine vous vous ' +
    'fiez. Saisissez-la ci-dessus.',
  'v-unreadable': 'Illisible',
  'v-unreadable-s':
    'On ne peut lire ceci comme un code ou un fichier d’un registre : {why}. Cela n’accuse personne.',
  'v-refused': 'Les données ne sont pas authentiques',
  'v-refused-s': 'La liste de confiance ou les données de statut ne sont pas crédibles : {why}.',
  'v-other': 'Non vérifié par cette page',
  'v-other-s':
    'Cette page vérifie les codes et les dossiers de certificats. Pour les dossiers d’origine, les ' +
    'envois, les déclarations et les fichiers de preuve, utilisez la commande :',
  'v-offline': 'Vérification impossible',
  'v-offline-s':
    'Les fichiers du registre n’ont pas pu être lus ({why}). Donnez une liste de confiance et des ' +
    'données de statut, ou un dossier.',
  certificate: 'Certificat',
  lot: 'Lot',
  product: 'Produit',
  cooperative: 'Coopérative',
  certifier: 'Certificateur',
  scheme: 'Référentiel',
  packed: 'Conditionné le',
  valid: 'Valable',
  status: 'Statut actuel',
  'at-packing': 'Statut au jour du conditionnement',
  as: 'État au',
  serial: 'Numéro de série de l’étiquette',
  steps: 'Les étapes',
  's-label': 'L’étiquette : sa signature et son adresse',
  's-trust': 'À qui se fier : la clé racine',
  's-statement': 'La signature du certificateur, sous la clé valable à l’enregistrement',
  's-inclusion': 'Il figure dans le registre',
  's-checkpoint': 'Le point de contrôle du registre',
  's-witnesses': 'Les témoins extérieurs, comme la règle le demande',
  's-status': 'Le statut, et les entrées qui l’ont changé',
  's-goods': 'D’où viennent les marchandises',
  's-form': 'Le fichier lui-même',
  'root-typed': 'La racine que vous avez saisie : {root}',
  'root-unpinned':
    'Racine non fixée. Les fichiers nomment {root} ; comparez-la avec celle que vous connaissez.',
  'root-chain': 'Elle découle de la première racine {root}.',
  path: 'De la feuille à la racine de {size} entrées',
  left: 'gauche',
  right: 'droite',
  bytes: 'Octets à copier',
  copy: 'Copier',
  'b-message': 'octets signés',
  'b-signature': 'signature',
  'b-key': 'clé publique',
  'b-leaf': 'entrée du registre (JSON)',
  'b-proof': 'empreintes du chemin',
  'b-note': 'point de contrôle (note signée)',
  'b-policy': 'règle des témoins',
  'no-events': 'Aucune entrée n’a changé son statut, d’après ces données.',
  event: '{action} depuis le {date}, par {by}, entrée {index} : {reason}',
  'not-in-pack':
    'Les données de statut ne contiennent pas les certificats : donnez le dossier pour voir cette étape.',
  cannot: 'Ce que cette page ne peut pas savoir',
  'cannot-copy':
    'Si cette étiquette est sur le bon pot : un code authentique peut être copié. Comparez les indications.',
  'cannot-root': 'Si la clé racine que vous avez saisie est la bonne.',
  'cannot-page':
    'Si cette page est honnête. Servie par l’opérateur du registre, elle pourrait mentir. Ouvrez ' +
    'une copie enregistrée par vous, ou hébergée par un autre.',
  'cannot-later': 'Ce qui s’est passé après la création des données ({date}).',
  'cannot-lot':
    'Qu’un lot ne soit ni bloqué ni rappelé est la parole signée du service ; qu’il le soit est prouvé.',
  hidden: 'Des caractères invisibles ont été retirés d’un nom.',
  command: 'La même chose en ligne de commande',
  'foreign-host': 'Le code mène à {host}.',
};
