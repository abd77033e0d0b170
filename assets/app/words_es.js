// Words of the page that checks by itself, in Spanish. Ids are the same in every language.
export const ES = {
  title: 'Compruébelo usted mismo',
  intro:
    'Esta página comprueba un código o un expediente en su propio navegador: firmas, registro y estado, ' +
    'paso a paso. Nada de lo que escriba se envía; solo lee archivos públicos.',
  code: 'Código del envase, o texto de un expediente',
  root: 'Clave raíz del registro (z6Mk…)',
  'root-hint':
    'Tómela de una fuente de confianza: el aviso impreso de la autoridad, no esta página. Sin ella ' +
    'nada se muestra como superado.',
  policy: 'Exigencia',
  shop: 'Tienda',
  customs: 'Aduana',
  audit: 'Auditoría',
  files:
    'Archivos: expediente (.tasdiq), lista de confianza, datos de estado. Puede soltarlos en cualquier ' +
    'lugar de esta página.',
  check: 'Comprobar',
  working: 'Comprobando…',
  held: 'Disponibles: {list}',
  'kind-dossier': 'expediente',
  'kind-trust': 'lista de confianza',
  'kind-pack': 'datos de estado',
  forget: 'Olvidar los archivos',
  'no-crypto':
    'Este navegador no puede comprobar firmas aquí: es demasiado antiguo, o la página se abrió por ' +
    'http simple. No se ha comprobado nada. Use https, un navegador más reciente o el comando:',
  'v-passed': 'Auténtico y en vigor',
  'v-passed-s': 'Todo lo que pide esta exigencia se comprobó aquí y se superó.',
  'v-authentic': 'Auténtico',
  'v-unfit': 'Auténtico, pero no en regla',
  'v-unfit-s': 'Las firmas son correctas. Certificado: {certificate}. Lote: {lot}.',
  'v-failed': 'No es auténtico',
  'v-failed-s': 'Falló una comprobación: {why}. Nada de lo que dice es fiable.',
  'v-undecided': 'No se pudo comprobar',
  'v-undecided-s': 'No se sabe lo suficiente: {why}.',
  'v-barred-s': 'No lo use antes de saber más. Certificado: {certificate}. Lote: {lot}.',
  'v-unpinned': 'Sin decidir: la raíz no está fijada',
  'v-unpinned-s':
    'Puede que todo lo demás sea correcto, pero no ha dicho en qué clave raíz confía. Escríbala arriba.',
  'v-unreadable': 'Ilegible',
  'v-unreadable-s':
    'Esto no puede leerse como código o archivo de un registro: {why}. No acusa a nadie.',
  'v-refused': 'Los datos no son auténticos',
  'v-refused-s': 'La lista de confianza o los datos de estado no son creíbles: {why}.',
  'v-other': 'Esta página no lo comprueba',
  'v-other-s':
    'Esta página comprueba códigos y expedientes de certificados. Para expedientes de origen, envíos, ' +
    'declaraciones y archivos de prueba use el comando:',
  'v-offline': 'No se pudo comprobar',
  'v-offline-s':
    'No se pudieron leer los archivos del registro ({why}). Dé una lista de confianza y datos de ' +
    'estado, o un expediente.',
  certificate: 'Certificado',
  lot: 'Lote',
  product: 'Producto',
  cooperative: 'Cooperativa',
  certifier: 'Certificador',
  scheme: 'Esquema',
  packed: 'Envasado el',
  valid: 'Válido',
  status: 'Estado actual',
  'at-packing': 'Estado el día del envasado',
  as: 'A fecha de',
  serial: 'Número de serie de la etiqueta',
  steps: 'Los pasos',
  's-label': 'La etiqueta: su firma y su dirección',
  's-trust': 'En quién confiar: la clave raíz',
  's-statement': 'La firma del certificador, con la clave vigente al registrarse',
  's-inclusion': 'Está en el registro',
  's-checkpoint': 'El punto de control del registro',
  's-witnesses': 'Testigos externos, como pide la regla',
  's-status': 'El estado, y las entradas que lo cambiaron',
  's-goods': 'De dónde vienen las mercancías',
  's-form': 'El propio archivo',
  'root-typed': 'La raíz que escribió: {root}',
  'root-unpinned':
    'Raíz sin fijar. Los archivos nombran {root}; compárela con la que usted conoce.',
  'root-chain': 'Procede de la primera raíz {root}.',
  path: 'De la hoja a la raíz de {size} entradas',
  left: 'izquierda',
  right: 'derecha',
  bytes: 'Bytes para copiar',
  copy: 'Copiar',
  'b-message': 'bytes firmados',
  'b-signature': 'firma',
  'b-key': 'clave pública',
  'b-leaf': 'entrada del registro (JSON)',
  'b-proof': 'huellas del camino',
  'b-note': 'punto de control (nota firmada)',
  'b-policy': 'regla de testigos',
  'no-events': 'Ninguna entrada cambió su estado, según estos datos.',
  event: '{action} desde el {date}, por {by}, entrada {index}: {reason}',
  'not-in-pack':
    'Los datos de estado no contienen los certificados: dé el expediente para ver este paso.',
  cannot: 'Lo que esta página no puede saber',
  'cannot-copy':
    'Si esta etiqueta está en el tarro correcto: un código auténtico puede copiarse. Compare los datos.',
  'cannot-root': 'Si la clave raíz que escribió es la correcta.',
  'cannot-page':
    'Si esta página es honesta. Servida por el operador del registro, podría mentir. Abra una copia ' +
    'que usted guardó, o alojada por otro.',
  'cannot-later': 'Lo que pasó después de hacerse los datos ({date}).',
  'cannot-lot':
    'Que un lote no esté bloqueado ni retirado es la palabra firmada del servicio; que lo esté está probado.',
  hidden: 'Se quitaron de un nombre caracteres que no se ven.',
  command: 'Lo mismo en la línea de comandos',
  'foreign-host': 'El código lleva a {host}.',
};
