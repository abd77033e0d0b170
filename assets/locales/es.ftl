# Spanish texts of the pages.
# REVIEW DUE: a native reader has not yet reviewed these texts.

## The service

site-name = Tasdiq
site-line = Certificados de lote que cualquiera puede comprobar
skip-to-content = Ir al contenido
demo-notice = Demostración: las cooperativas, los certificadores y los certificados que aparecen aquí son inventados.
nav-label = Menú principal
nav-home = Inicio
nav-register = Registro público
nav-inspect = Comprobar códigos
nav-audit = Auditar el registro
nav-api = Para programas (API)
language-label = Idioma
language-partial = Esta página aún no está traducida al amazig: solo lo están las palabras revisadas. El resto está en francés.
yes = sí
no = no
none = ninguno
unknown = desconocido
undisclosed = no publicado
unit-gram = g
unit-kilogram = kg
unit-millilitre = mL
unit-litre = L
unit-piece = { $count ->
    [one] { $count } pieza
   *[other] { $count } piezas
 }

## Scan page: the verdict. Headline, one sentence, what to do.
## Sentences of a certificate may use $certifier and $date (the day the state began or ends).

title-scan = { $verdict } – { $product }
verdict-label = Resultado de la comprobación
verdict-valid = Auténtico y en vigor
verdict-valid-sentence = El certificado que { $certifier } firmó para este lote está en vigor hasta el { $date }.
verdict-valid-action = Compare los datos de abajo con el envase que tiene en la mano.
verdict-not-yet-valid = Auténtico, pero aún no en vigor
verdict-not-yet-valid-sentence = El certificado que { $certifier } firmó para este lote entra en vigor el { $date }.
verdict-not-yet-valid-action = Hasta ese día no hay nada certificado. Pregunte en la tienda por qué el producto ya está a la venta.
verdict-expired = Auténtico, pero caducado
verdict-expired-sentence = El certificado que { $certifier } firmó para este lote terminó el { $date }.
verdict-expired-action = Mire abajo el estado en la fecha de envasado, y la fecha de consumo preferente del envase.
verdict-suspended = Auténtico, pero suspendido
verdict-suspended-sentence = El certificado que { $certifier } firmó para este lote está suspendido desde el { $date }; esto puede revertirse.
verdict-suspended-action = Pregunte en la tienda antes de comprar o usar este producto.
verdict-withdrawn = Auténtico, pero retirado
verdict-withdrawn-sentence = El certificado que { $certifier } firmó para este lote fue retirado definitivamente el { $date }.
verdict-withdrawn-action = Este lote ya no está certificado. No lo compre por lo que dice su etiqueta y avise a la tienda.
verdict-scope-reduced = Auténtico, pero ya no amparado
verdict-scope-reduced-sentence = { $certifier } ya no está acreditado para lo que dice este certificado.
verdict-scope-reduced-action = Pregunte en la tienda antes de comprar o usar este producto.
verdict-superseded = Auténtico, sustituido por un certificado más reciente
verdict-superseded-sentence = { $certifier } ha emitido para este lote el certificado más reciente n.º { $newer }.
verdict-superseded-action = Abra el certificado más reciente: es el que cuenta.
verdict-held = Auténtico, pero este lote está retenido
verdict-held-sentence = Este lote está retenido desde el { $date } y por ahora no debe venderse.
verdict-held-action = No lo compre ahora. Si ya lo tiene, no lo consuma y pregunte en la tienda.
verdict-recalled = RETIRADO: deje de usarlo
verdict-recalled-sentence = Este lote se está retirando de los consumidores desde el { $date }. No lo consuma ni lo use.
verdict-recalled-action = Devuélvalo a la tienda donde lo compró.
verdict-recalled-action-shop = Devuélvalo a la tienda donde lo compró.
verdict-recalled-action-cooperative = Llévelo o envíelo a la cooperativa.
verdict-recalled-action-destroy = Destrúyalo y no se lo dé a nadie.
verdict-exhausted = Auténtico, pero no queda nada de este lote
verdict-exhausted-sentence = Según el registro, todo este lote fue destruido, tomado como muestra o devuelto; lo último, el { $date }.
verdict-exhausted-action = Este envase no debería estar a la venta: su código puede haber sido copiado. Pregunte en la tienda.
verdict-unusual = Auténtico, pero visto con una frecuencia inusual
verdict-unusual-sentence = { $count ->
    [one] Este código se vio una vez en 30 días.
   *[other] Este código se vio { $count } veces en 30 días.
 }
verdict-unusual-action = Puede haber sido copiado en otros envases. Compare el número de serie, las fechas y el precinto con el envase que tiene en la mano; si algo no coincide, avise a la tienda.
unusual-places = { $count ->
    [one] En un país.
   *[other] En { $count } países.
 }
verdict-not-genuine = No es auténtico
verdict-not-genuine-sentence = Este código no es auténtico: nada de lo que dice es fiable.
verdict-not-genuine-action = No se fíe de esta etiqueta. Guarde el envase y avise a la tienda.
verdict-unchecked = No se pudo comprobar
verdict-unchecked-sentence = No se sabe lo suficiente para decir si este código es auténtico.
verdict-unchecked-action = No lo dé por certificado. Inténtelo de nuevo más tarde.
verdict-unknown = Código desconocido
verdict-unknown-sentence = Este código no está en el registro.
verdict-unknown-action = Revise lo que ha escrito o escanee otra vez el código. Si sigue siendo desconocido, no lo dé por certificado.
verdict-authentic = Documento auténtico
verdict-authentic-sentence = Este documento firmado es auténtico y está en el registro. No es un certificado: no dice si un lote es apto.
verdict-authentic-action = Para saber si un lote está en vigor, compruebe su código o su certificado.
verdict-status-unknown = Firma correcta, estado desconocido
verdict-status-unknown-sentence = El código fue firmado de verdad, pero aquí no se sabe si su certificado está hoy en vigor.
verdict-status-unknown-action = Compruébelo otra vez con conexión o con datos más recientes antes de fiarse.
verdict-no-certificate = Sin certificado
verdict-no-certificate-sentence = Una cooperativa declaró este lote, pero nadie lo ha certificado.
verdict-no-certificate-action = No lo dé por certificado.
verdict-lot-missing = ¿Qué lote?
verdict-lot-missing-sentence = Este código nombra un producto pero ningún lote, así que todavía no hay nada que comprobar.
verdict-lot-missing-action = Elija el número de lote impreso en el envase.
verdict-label-void = Auténtico, pero esta etiqueta está anulada
verdict-label-void-sentence = Esta etiqueta se estropeó y su número se devolvió: no corresponde a ningún tarro.
verdict-label-void-action = Puede venir de los desechos. Pregunte en la tienda de dónde viene el tarro.
verdict-code-expired = Auténtico, pero el código ha caducado
verdict-code-expired-sentence = El código de esta etiqueta valía hasta el { $date }.
verdict-code-expired-action = Mire las fechas del envase y pregunte en la tienda.
verdict-key-suspect = No se pudo confirmar
verdict-key-suspect-sentence = El certificado se firmó cuando su clave podía estar en manos ajenas.
verdict-key-suspect-action = Espere a que el certificador lo confirme de nuevo. No lo dé por certificado.
verdict-unsigned = Este lote está certificado; esta etiqueta no se comprobó
verdict-unsigned-sentence = El registro tiene para este lote un certificado de { $certifier }, en vigor hasta el { $date }. Este código no lleva firma: cualquiera puede imprimirlo.
verdict-unsigned-action = Busque en el envase el código firmado y escanéelo. Sin él, nada muestra que este envase sea de este lote.
verdict-unsigned-unfit = Este lote no está en regla; esta etiqueta no se comprobó
verdict-unsigned-unfit-sentence = El registro dice de este lote: { $status }. Este código no lleva firma: cualquiera puede imprimirlo.
verdict-unsigned-unfit-action = No dé este envase por certificado. Pregunte en la tienda antes de comprarlo o usarlo.
verdict-checked-at = Comprobado el { $instant }
verdict-checked-now = Comprobado ahora, { $date }
verdict-data-age = datos de estado de hace { $age }
verdict-since = Desde el { $date }, por { $by }
verdict-else-holds = Sigue en vigor para este lote: { $schemes }.
verdict-reason = Motivo: { $reason }
verdict-by = Decidido por { $by }.
verdict-notice = Aviso de { $by }
call-whom = Para contactar con { $name }:
call-phone = Llamar a { $name }
recall-rest = Más sobre este lote
recall-compare-title = ¿Es este?
text-hidden = En un texto de esta página se omitieron caracteres que no muestran nada.

## Words of the certificate's status

certificate-status-valid = válido
certificate-status-not-yet-valid = aún no válido
certificate-status-expired = caducado
certificate-status-suspended = suspendido
certificate-status-withdrawn = retirado
certificate-status-scope-reduced = alcance reducido
certificate-status-superseded = sustituido

## Words of the lot's status

lot-status-released = puede venderse
lot-status-held = retenido
lot-status-recalled = retirado del consumo
lot-status-exhausted = agotado
lot-status-undeclared = declaración anulada
lot-status-uncertified = sin certificado

## Scan page: what to compare

compare-title = Compare con el tarro que tiene en la mano
compare-hint = Si uno de estos datos no coincide con el envase, el código no es el suyo.
compare-product = Producto
compare-net-quantity = Cantidad neta
compare-lot = Número de lote
compare-serial = Número de serie
compare-no-serial = ninguno: todos los envases de este lote llevan el mismo código
compare-packed-on = Fecha de envasado
compare-best-before = Consumir preferentemente antes del
compare-gtin = Número de producto (GTIN)
compare-lot-quantity = Cantidad de todo el lote
compare-campaign = Campaña

## Scan page: who says so

who-title = Quién lo dice
who-certifier = Certificador
who-scheme = Esquema
who-scheme-edition = Edición del pliego
who-decision-date = Decidido el
who-valid-from = Válido desde
who-valid-until = Válido hasta
who-accreditation = Acreditación
who-certified-quantity = Cantidad certificada
who-status = Estado ahora
who-not-covered = No amparado
who-key-custody = Clave de firma en manos de
who-custody-model = Cadena de custodia
who-laboratory = Informe de laboratorio
who-sampled-by = Muestra tomada por { $who }
who-batch-only = Este certificado ampara solo este lote. No certifica a la cooperativa ni sus otros productos.
who-others = Todos los certificados de este lote
custody-self = el propio certificador
custody-operator = el operador de este servicio, en nombre del certificador
custody-model-identity-preserved = separado de todos los demás lotes
custody-model-segregated = mezclado solo con mercancía certificada
custody-model-controlled-blending = mezclado en una proporción conocida
custody-model-mass-balance = equilibrado solo en papel; la mercancía puede estar mezclada
sampler-certifier = el certificador
sampler-inspector = un inspector
sampler-laboratory = el laboratorio
sampler-cooperative = la propia cooperativa
scheme-kind-fair-trade = comercio justo
scheme-kind-organic = ecológico
scheme-kind-geographical = signo de origen
scheme-kind-agricultural-label = sello agrícola
scheme-kind-halal = halal
scheme-kind-quality = calidad o seguridad alimentaria
sign-ig = indicación geográfica (IG)
sign-ao = denominación de origen (AO)
sign-la = sello agrícola

## Scan page: where it comes from

origin-title = Cooperativa y región
origin-cooperative = Cooperativa
origin-region = Región
origin-map = Mapa de las regiones; { $region } está marcada

## Scan page: two dates

dates-title = Estado en dos fechas
dates-packing = En la fecha de envasado
dates-now = Ahora
dates-certificate = Certificado
dates-lot = Lote

## Scan page: fair trade, one sentence for each word a report can give. May use $scheme.

fair-trade-title = Comercio justo
fair-trade-valid = Sí: certificado como comercio justo según { $scheme }.
fair-trade-none = Para este lote no se afirma nada sobre comercio justo.
fair-trade-not-yet-valid = Todavía no: el certificado de comercio justo ({ $scheme }) aún no está en vigor.
fair-trade-expired = Ya no: el certificado de comercio justo ({ $scheme }) ha caducado.
fair-trade-suspended = Por ahora no: el certificado de comercio justo ({ $scheme }) está suspendido.
fair-trade-withdrawn = No: el certificado de comercio justo ({ $scheme }) fue retirado.
fair-trade-scope-reduced = Ya no: el certificado de comercio justo ({ $scheme }) queda fuera de la acreditación de su certificador.
fair-trade-superseded = El certificado de comercio justo ({ $scheme }) fue sustituido por uno más reciente.
fair-trade-operator-not-certified = No demostrado: el productor no está certificado según { $scheme }.
fair-trade-origin-partly = No demostrado: certificado según { $scheme }, pero parte de su origen consta solo por la palabra de su productor.
fair-trade-origin-declared = No demostrado: certificado según { $scheme }, pero su origen consta solo por la palabra de su productor.
fair-trade-cover-short = No demostrado: se ha certificado más según { $scheme } de lo que ampara aquello de lo que se hizo.
fair-trade-inherited-status = Por ahora no: algo de lo que se hizo está retenido o retirado ({ $scheme }).

## Scan page: signals about this code

signal-title = Sobre este código
signal-no-label-signature = Este código no lleva firma: cualquiera puede imprimirlo. Se muestra el registro, pero la etiqueta no está demostrada.
signal-copyable = Un código auténtico puede copiarse en otro envase. Compare los datos.
signal-not-serialised = Esta etiqueta no lleva número de serie: todos los envases de este lote pueden llevarla y las copias no se distinguen.
signal-serial-not-issued = Nadie emitió para este lote el número de serie de esta etiqueta.
signal-foreign-host = Este código lleva a otro sitio, no a este registro.
signal-plain-http = Esta dirección empieza por http:, como no lo hace ninguna etiqueta.
signal-lot-missing = Este código nombra un producto y ningún lote.
signal-lot-unknown = Aquí no se sabe nada de lo que nombra este código.
signal-two-lots = Este código puede referirse a uno de dos lotes. Escriba el número de lote impreso en el envase.
signal-label-void = Esta etiqueta se devolvió por estropeada; no corresponde a ningún tarro.
signal-unusual-scans = Este código se ha escaneado con una frecuencia inusual: puede haber sido copiado.
signal-lot-ended = No queda nada de este lote: todo fue destruido, tomado como muestra, perdido o devuelto.
signal-expired-label = El código de esta etiqueta ha caducado.
signal-claim-not-in-force = Esta etiqueta afirma además algo que ningún certificado vigente de este lote ampara. Vea todos los certificados de este lote.
signal-held-for-capacity = La cantidad supera lo que la cooperativa declaró poder producir. Se espera una explicación.
signal-input-certificate-suspended = Un certificado en el que se apoya este lote, de lo que se hizo o de quien lo hizo, está suspendido. Por sí solo eso no cambia nada en el certificado de este lote.
signal-input-certificate-withdrawn = Un certificado en el que se apoya este lote, de lo que se hizo o de quien lo hizo, fue retirado. Por sí solo eso no cambia nada en el certificado de este lote.
signal-superseded = El certificado que nombra esta etiqueta fue renovado o corregido: cuenta el más reciente.
signal-recall-voided = Este lote se había retirado por error: se trataba de otro lote, y la autoridad anuló la retirada.
signal-suspect-key = La clave de firma podía estar en manos ajenas cuando se firmó esto. Debe confirmarse de nuevo.
signal-certifier-suspended = El certificador está suspendido ahora: no puede emitir nada nuevo. Lo que certificó antes se mantiene.
signal-certifier-withdrawn = El certificador ha perdido su condición definitivamente: sus certificados quedan fuera de alcance.
signal-uncertified-lot-released = El lote está declarado y puede venderse, pero nadie lo ha certificado.
signal-uncertified-lot-held = El lote está retenido y nadie lo ha certificado.
signal-uncertified-lot-recalled = El lote está retirado: no lo consuma; devuélvalo.
signal-uncertified-lot-exhausted = El lote está agotado y nadie lo ha certificado.
reading-foreign-host = Lleva a { $host }.
reading-left-out = Leído sin: { $what }
left-out-invisible-characters = caracteres que nadie ve
left-out-quotes = comillas o paréntesis
left-out-symbology-identifier = la marca propia del lector
left-out-escapes = secuencias de escape con %
left-out-spaces = espacios en la ficha
left-out-port = el puerto
left-out-host-dot = el punto tras el nombre del servidor
left-out-query = lo que sigue al signo de interrogación
left-out-fragment = lo que sigue a la almohadilla
left-out-slashes = barras al final
left-out-punctuation = puntuación al final
left-out-other-elements = otros elementos GS1
left-out-words = palabras alrededor de la dirección
left-out-foreign-serial = un número de serie que no es de este registro
left-out-json-form = espacios, orden o escapes del JSON
code-valid-until = Este código puede comprobarse hasta el { $date }.

## Scan page: what this scan does not prove

not-proven-title = Lo que este escaneo no demuestra
not-proven-contents = No puede mirar dentro de la botella: nadie analizó la que tiene en la mano.
not-proven-copied = Una etiqueta auténtica puede copiarse: la copia da el mismo resultado.
not-proven-refilled = Una botella auténtica puede rellenarse con otra cosa.
not-proven-sample = No muestra que la muestra enviada al laboratorio viniera de este lote.
not-proven-signer = Muestra quién firmó. No puede mostrar que fuera honrado o libre.
not-proven-premium = No muestra que se pagara la prima de comercio justo.
not-proven-premium-use = Una prima está firmada por dos partes como pagada por { $quantity } de este lote. No muestra que se pagara por el resto, ni en qué se usó.

## Scan page: check it yourself, and doubts

proof-title = Compruébelo usted mismo
proof-lead = No tiene por qué creernos. Estos archivos lo demuestran sin este servicio.
proof-check = Comprobar este código paso a paso
proof-checked-at = Comprobado el
proof-position = Lugar en el registro público
proof-entry = Entrada { $index }, anotada el { $instant }
proof-file = Archivo de prueba
proof-dossier = Expediente, se comprueba sin este sitio
proof-certificate = Certificado firmado
proof-jwt = Lo mismo como vc+jwt, para herramientas JOSE
proof-checkpoint = Estado firmado del registro (checkpoint)
proof-report = Todas las comprobaciones como datos (JSON)
proof-witnesses = Testigos externos
proof-witnesses-none = Ninguno todavía. Así que nadie de fuera ha confirmado que todos ven el mismo registro.
proof-witnesses-count = Firmas de testigos: { $count }
proof-command = Con el programa tasdiq:
proof-checks = Todas las comprobaciones
share-title = Compartir
share-mail = Por correo electrónico
share-sms = Por SMS
share-address = Dirección de esta página
print-code = Código de este envase
share-text = { $verdict }: { $product }, lote { $lot }.
doubt-title = Comunicar una duda
doubt-text = Guarde el envase y el tique, y avise a la tienda o al certificador nombrado arriba.
doubt-text-unknown = Guarde el envase y el tique, y avise a la tienda.
privacy-text = Sin cookies ni cuenta. Los escaneos se cuentan por número de serie, mes y país; para contarle una sola vez, una huella de su red y su navegador queda en memoria 24 horas como máximo y nunca llega a un disco.

## Reasons of a change of status

reason-nonconformity = no se cumple un requisito
reason-lab-result = un resultado de laboratorio
reason-complaint = una reclamación
reason-fraud-suspected = sospecha de fraude
reason-paperwork = faltan documentos
reason-request-of-holder = lo pidió el titular
reason-safety = un peligro para la salud
reason-key-compromise = una clave de firma en manos ajenas
reason-capacity = volumen superior a la capacidad declarada
reason-yield = salió más de lo habitual
reason-late = declarado demasiado tiempo después de la cosecha
reason-age = hecho de algo más viejo de lo que se conserva
reason-ceased = el certificador ha cesado su actividad
reason-error = un error
reason-other = otro motivo

## Changes of status

action-suspend = suspendido
action-reinstate = restablecido
action-withdraw = retirado
action-hold = retenido
action-release = liberado
action-recall = retirado del consumo

## Home page

home-title = ¿Es de verdad lo que dice la etiqueta?
home-lead = Un certificador firma un certificado para un lote, y el certificado entra en un registro que nadie puede reescribir a escondidas. El código del envase lleva a él. Cualquiera puede comprobarlo, aquí o sin conexión, sin fiarse de nuestra palabra.
home-check-title = Comprobar un código
home-check-label = Dirección o código impreso bajo el código QR
home-check-hint = O abra la cámara de su teléfono y apunte al código.
home-check-button = Comprobar
home-code-title = El código de un lote de este registro
home-code-open = Abrir la página de este código
home-code-by = Declarado por { $cooperative }, certificado por { $certifier }
home-code-scan = Apúntele con la cámara de un teléfono, o tóquelo: la página dice si el certificado sigue en vigor, y según quién.
home-code-alone = Tóquelo: la página dice si el certificado sigue en vigor, y según quién. Un teléfono no lo abriría: lleva a { $host }, es decir, solo a esta máquina.
home-code-phones = Demostración: apúntele con un teléfono de esta red; lleva por http simple a { $address }. Una etiqueta impresa siempre dice https, y ningún otro registro acepta este código.
home-code-none = Entre los certificados más recientes ninguno es de un lote totalmente en regla: aquí no se muestra ningún código.
home-examples-title = Códigos para probar
home-how-title = Del huerto al estante
home-how-declare = Una cooperativa declara un lote: producto, cantidad, origen, fecha de envasado.
home-how-certify = Un certificador acreditado comprueba el lote y firma un certificado con su propia clave.
home-how-log = El registro lo guarda, con todo lo que ocurre después: ventas, una suspensión, una retirada.
home-how-scan = En el estante usted escanea el código y ve quién dice qué, y si sigue en vigor.
home-doors-title = Por dónde entrar
home-door-shopper = Usted compra
home-door-shopper-text = Escanee el código, o escriba lo impreso debajo.
home-door-inspector = Usted inspecciona
home-door-inspector-text = Inspección y aduanas: cámara, foto, listas de 1.000 códigos.
home-door-certifier = Usted produce o certifica
home-door-certifier-text = De su tabla a las etiquetas: tasdiq issue. Lo certificado consta en el registro.
home-door-auditor = Usted audita
home-door-auditor-text = Reproduzca todo el registro sin fiarse de nadie.
home-door-programmer = Usted programa
home-door-programmer-text = API, formatos y esquemas, servidos aquí mismo.
home-first-title = Este registro aún está vacío
home-first-lead = Aquí no hay nada certificado. Quien lo lleva empieza en la línea de órdenes:
home-first-parties = Inscribir un certificador y una cooperativa, cada uno con su clave pública
home-first-agree = Anotar el convenio que firmó la cooperativa
home-first-issue = Declarar y certificar lotes a partir de una tabla
home-first-label = Imprimir el código de un lote y escanearlo
home-figures-title = En el registro
home-figure-lots = Lotes
home-figure-certificates = Certificados
home-figure-cooperatives = Cooperativas
home-figure-certifiers = Certificadores
home-figure-entries = Entradas del registro
home-for-auditors = Para auditores: comprobar todo el registro
home-for-developers = Para programas: la API

## Public register

register-title = Registro público
register-lead = Todos los lotes declarados, con sus certificados.
register-search-title = Buscar
register-product = Producto
register-cooperative = Cooperativa
register-certifier = Certificador
register-status = Estado
register-region = Región
register-any = cualquiera
register-button = Buscar
register-parties = Todas las partes en CSV
register-clear = Borrar la búsqueda
register-text = Número de lote o nombre
register-filters = Filtros
register-shown = { $shown } de { $total } lotes
register-shown-of-more = { $shown } de más de { $total } lotes
register-as-of = Hasta la entrada { $entry }; estado firmado (checkpoint)
list-as-csv = Esta lista en CSV
list-as-json = Esta lista en JSON
register-none = Ningún lote coincide con su búsqueda.
register-none-hint = Pruebe con menos palabras o revise el número de lote del envase.
register-none-yet = Todavía nada en esta parte del registro; la búsqueda sigue en la página siguiente.
pager-label = Páginas
pager-first = Primera página
pager-previous = Página anterior
pager-next = Página siguiente

## Column heads

column-lot = Lote
column-product = Producto
column-cooperative = Cooperativa
column-region = Región
column-certifier = Certificador
column-scheme = Esquema
column-certificate = Certificado
column-quantity = Cantidad
column-packed-on = Envasado el
column-valid-until = Válido hasta
column-certificate-status = Estado del certificado
column-lot-status = Estado del lote
column-fair-trade = Comercio justo
column-date = Fecha
column-change = Cambio
column-reason = Motivo
column-by = Por
column-notice = Aviso
column-entry = Entrada del registro
column-name = Nombre
column-role = Función
column-code = Código
column-result = Resultado
column-check = Comprobación
column-evidence = Prueba
column-required = Obligatoria

## Inspection page

inspect-title = Comprobar códigos y documentos
inspect-lead = Para inspectores, aduanas y tiendas. Nada de lo que envíe aquí se guarda.
inspect-code-field = Código: escanéelo o escríbalo y pulse Intro
inspect-reference = Referencia (certificado)
inspect-remaining = De ella, disponible para etiquetas u otros lotes
inspect-age = Edad de los datos
inspect-checks = Todas las comprobaciones
inspect-camera = Leer códigos con la cámara
inspect-camera-again = Reiniciar la cámara
inspect-camera-close = Cerrar la cámara
inspect-camera-lamp = Linterna
inspect-camera-lens = Cámara en uso
inspect-camera-insecure = Esta página se abrió por http simple: el navegador no da ahí ninguna cámara. Ábrala por https, o haga abajo una foto del código.
inspect-camera-refused = La cámara no está autorizada para esta página. Autorícela en los ajustes del navegador y vuelva a intentarlo, o haga abajo una foto del código.
inspect-camera-busy = Otro programa está usando la cámara. Ciérrelo y vuelva a intentarlo, o haga abajo una foto del código.
inspect-camera-absent = No se encontró ninguna cámara. Conecte una y vuelva a intentarlo, o haga abajo una foto del código.
inspect-camera-unplugged = La cámara se desconectó, o la tomó otro programa. Vuelva a intentarlo, o haga abajo una foto del código.
inspect-camera-failed = No se pudo abrir la cámara. Vuelva a intentarlo, o haga abajo una foto del código.
inspect-camera-none = Este navegador no da cámara a las páginas. Haga abajo una foto del código: el servicio la lee.
inspect-day = Comprobados en esta página
inspect-day-note = Esta lista solo está en esta página y desaparece con ella. Los archivos son de una nueva comprobación de cada código.
inspect-lost = No comprobado: el servicio no respondió. Inténtelo de nuevo o use el programa tasdiq sin red.
inspect-format-label = Resultados como
inspect-format-page = página
inspect-code-hint = La dirección del código QR, o GTIN y número de lote
inspect-list-label = Lista de códigos o CSV, hasta { $count }
inspect-list-hint = Un código por línea, o una tabla: se encuentra su columna de códigos.
inspect-photo-label = Foto de un código
inspect-photo-hint = JPEG o PNG, hasta { $size } MB
inspect-photo-none = No se encontró ningún código en la foto. Hágala más cerca, recta y con buena luz.
inspect-photo-large = La foto es demasiado grande: { $size } y { $pixels } millones de píxeles como máximo. Hágala con menos resolución.
inspect-photo-slow = Leer la foto tardó demasiado. Envíe una foto más pequeña o escriba el código.
inspect-photo-unread = La foto muestra otro código que no se pudo leer: haga una de cada código por separado
inspect-photo-many = La foto muestra demasiados códigos, o algo que parece códigos. Haga una con menos códigos.
inspect-documents-label = Archivos: CSV de códigos, documento firmado (JSON, vc+jwt), expediente, archivo de prueba
inspect-file-unreadable = No se pudo leer un archivo. Se aceptan: foto PNG o JPEG, CSV, documento firmado (JSON), archivo de prueba.
inspect-policy-label = Con qué rigor
inspect-line = línea { $line }
inspect-nothing = No se envió nada. Escriba un código, pegue una lista o elija un archivo.
inspect-too-many = Demasiados códigos: { $count } como máximo cada vez.
inspect-too-many-files = Demasiados archivos: { $count } como máximo cada vez. No se comprobó ninguno.
inspect-button = Comprobar
inspect-results = Resultados
inspect-summary = Comprobados: { $total } · aptos: { $passed } · auténticos pero no aptos: { $unfit } · sin decidir: { $undecided } · no auténticos: { $failed } · ilegibles: { $unreadable }
inspect-details = Detalles
inspect-data-age = edad de los datos:
inspect-as-json = Los mismos resultados como datos (JSON)
inspect-again = Comprobar otro
inspect-offline = Sin conexión: el programa tasdiq comprueba códigos sin red, con estos dos archivos.
inspect-trust-file = Archivo de confianza
inspect-pack-file = Paquete de estados
policy-shop = Tienda: ¿es auténtico y está en vigor? Datos de hasta una semana.
policy-customs = Aduanas: datos de hasta dos días, vistos por suficientes testigos externos.
policy-audit = Auditoría: testigos externos, la firma del certificador y la prueba del registro; datos de hasta un día.
indication-total-passed = auténtico
indication-indeterminate = sin decidir
indication-total-failed = no auténtico
fitness-fit = apto para la venta con este certificado
fitness-unfit = no apto para la venta con este certificado

## Why a check gave no pass

sub-indication-format-failure = la forma es incorrecta
sub-indication-sig-crypto-failure = una firma es incorrecta
sub-indication-hash-failure = lo firmado no es lo que se muestra
sub-indication-revoked = se sabía que la clave estaba en manos ajenas
sub-indication-no-signing-certificate-found = la clave de firma no está entre las de confianza
sub-indication-no-poe = no hay prueba de que se anotara a tiempo
sub-indication-try-later = el estado no se conoce ahora; consiga datos más recientes
sub-indication-log-proof-failure = la prueba no encaja con el registro
sub-indication-authority-failure = quien firmó no estaba autorizado en ese momento
sub-indication-key-suspect = la clave podía estar en manos ajenas
sub-indication-witness-quorum-missing = firmaron muy pocos testigos
sub-indication-status-stale = los datos de estado son demasiado antiguos
sub-indication-trust-failure = el archivo de confianza o el paquete de estados no es auténtico
sub-indication-root-not-pinned = nadie comparó la clave raíz
sub-indication-label-unsigned = el código no lleva firma
sub-indication-serial-not-issued = el número de serie nunca se emitió

## Checks, and what came of them

check-result-pass = superada
check-result-fail = fallida
check-result-absent = falta la prueba
check-result-stale = datos demasiado antiguos
check-result-not-run = no se llegó
check-format = El código o documento tiene la forma correcta
check-label-signature = El código está firmado
check-label-key = La clave que firmó el código puede etiquetar este certificado
check-label-expiry = El código no ha caducado
check-serial-issued = El número de serie fue emitido
check-host = El código lleva a este registro y a ningún otro
check-binding = Código, certificado y lote van juntos
check-statement-profile = El documento firmado respeta el formato estricto
check-statement-signature = La firma del certificador es correcta
check-issuer-key = La clave del certificador valía cuando firmó
check-accreditation = El certificador estaba acreditado para esto
check-inclusion = Está en el registro público
check-checkpoint = El estado del registro está firmado
check-witness-quorum = Firmaron suficientes testigos externos
check-trust-snapshot = La lista de claves de confianza es auténtica
check-pack = Los datos de estado son auténticos
check-status-freshness = Los datos de estado son bastante recientes
check-manifest = Nada se quitó del expediente ni se añadió a él
check-records = El expediente se sigue de entradas firmadas del registro
check-non-withdrawal = Las listas de certificados suspendidos y retirados no lo nombran
check-certificate-status = El certificado está en vigor
check-lot-status = El lote puede venderse
check-custody = Cómo se mantuvo separada la mercancía se sigue de lo anotado
check-inherited-status = Nada de lo que se hizo está retenido o retirado
check-origin = Viene de lotes seguidos desde su declaración
check-mass-balance = No salió, ni pasó a otro lote, ni se certificó más de lo que había

## Lot and certificate pages

lot-title = Lote { $lot }
lot-certificates = Certificados de este lote
lot-labels-issued = Números de serie puestos en etiquetas
lot-declared-on = Declarado el
lot-pack-size = Cantidad en un envase
lot-qr = Código QR de este lote
certificate-title = Certificado { $serial }
certificate-lead = Una atestación de lote: ampara un solo lote, no a la cooperativa.
certificate-serial = Número de certificado
certificate-superseded-by = Sustituido por el certificado
certificate-supersedes = Sustituye al certificado
certificate-client = Emitido a
certificate-hs-code = Código SA
certificate-assessed-on = Evaluado el
certificate-logged-at = Anotado en el registro
certificate-history = Cambios de estado
certificate-history-none = Ningún cambio desde su emisión.
certificate-files = Archivos
certificate-signed-with = Firmado con la clave
certificate-digest = Huella (SHA-256)
laboratory-commitment = Huella del informe de laboratorio
certificate-not-qualified = La firma electrónica es un medio de prueba. No es una firma cualificada en el sentido de la ley.
operator-title = Certificado de operador { $serial }
operator-lead = Certifica a un operador. No es un certificado de ningún lote: esos se apoyan en él.
operator-party = Operador
operator-counts-from = Cuenta desde
operator-scope = Lo que ampara
operator-volumes = Cuánta cosecha está certificada
operator-volumes-none = No se indica volumen: ninguna cosecha cuenta con este certificado.
operator-campaign = Campaña
operator-volume-certified = Indicado aquí
operator-volume-counts = Cuenta ahora
operator-volume-drawn = Usado por lotes
operator-volume-left = Queda
operator-volumes-note = Una cosecha se cuenta una sola vez, la certifique quien la certifique: cuenta la cifra más reciente, nunca más que la capacidad inscrita. Mientras este certificado no está en vigor, no queda nada.
certificate-rests-on = Se apoya en el certificado del operador
party-operator = Certificado como operador
list-suspect-key = la clave de firma puede haber sido robada

## Party page

party-role = Función
party-number = Número de inscripción
party-registered-on = Inscrito el
party-status = Estado
party-status-active = inscrito
party-status-suspended = suspendido
party-status-withdrawn = retirado
party-lots = Lotes
party-certificates = Certificados
party-capacities = Capacidad declarada
party-accreditations = Acreditaciones
party-scope-schemes = Esquemas
party-scope-products = Productos
party-scope-regions = Regiones
party-scope-all = todos
party-keys = Claves
party-key-name = Clave
party-key-purpose = Firma
party-key-custody = En manos de
party-key-added = Añadida el
party-key-standing = Situación
party-did = Documento de identidad (DID)
party-none = Aquí no hay nada todavía.
parties-title = Certificadores, cooperativas y otros
role-authority = autoridad de este registro
role-certifier = certificador
role-cooperative = cooperativa
role-shop = tienda
role-carrier = transportista
role-laboratory = laboratorio
role-inspector = inspector
role-processor = transformador
role-exporter = exportador
key-purpose-root = raíz de confianza
key-purpose-assertion = declaraciones
key-purpose-service = listas de estado del servicio
key-purpose-label = códigos de las etiquetas
key-purpose-log = el registro
key-purpose-receipt = recibos
key-holder-self = la propia parte
key-holder-operator = el operador de este servicio
key-standing-in-force = en vigor
key-standing-not-yet = aún no en vigor
key-standing-expired = caducada
key-standing-retired = jubilada
key-standing-suspect = dudosa
key-standing-compromised = en manos ajenas

## Audit page

audit-title = Auditar el registro
audit-lead = El registro es público. Cualquiera puede comprobarlo de principio a fin y encontrar la primera falta, si la hay.
audit-origin = Nombre del registro
audit-entries = Entradas
audit-root = Huella raíz
audit-checkpoint = Último estado firmado (checkpoint)
audit-key = Clave del registro
audit-root-key = Clave raíz de la autoridad
audit-last = Última entrada
audit-stopped = Este registro no admite más entradas, por el motivo de abajo. Lo que contiene aún puede leerse y comprobarse.
audit-command = Compruébelo con el programa tasdiq:
audit-open = El registro admite nuevas entradas.
audit-age = Edad del último estado firmado
audit-days = Entradas por día
audit-days-summary = { $all } entradas en 30 días, { $most } como máximo en un día.
audit-days-table = Las mismas cifras en una tabla
audit-day = Día (UTC)
audit-witness-none = Sin testigos
audit-witness-lag = Firmó hace { $age }
audit-witness-never = Aún no ha firmado nada
audit-witness-behind = { $count ->
    [one] { $count } entrada de retraso
   *[other] { $count } entradas de retraso
 }
audit-witness-error = La última petición no tuvo una respuesta válida
audit-quorum-met = Suficientes testigos han firmado el último estado publicado.
audit-quorum-missing = Muy pocos testigos han firmado el último estado publicado.
audit-witness-word = Las horas son palabra de los testigos: sus firmas se comprueban con sus claves.
audit-lists = Listas de estado
audit-list-current = Al día, anotada el { $at }
audit-list-stale = Atrasada desde el { $since }
audit-list-none = Ninguna todavía
audit-list-index = Entrada diaria que nombra las listas
audit-json = La salud del registro como JSON
audit-tiles = Leer los datos en bruto
span-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
 }
span-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
 }
span-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
 }
span-days = { $count ->
    [one] { $count } día
   *[other] { $count } días
 }
audit-newest = Últimas entradas
audit-changes = Suspensiones, retiradas y retiradas del consumo

## Events of goods at their own address

event-ship = Enviado
event-receive = Recibido
event-settle = Zanjado
event-pack = Puesto en una unidad
event-unpack = Sacado de una unidad
event-out = Vendido
event-loss = Perdido
event-sample = Muestra tomada
event-destroy = Destruido
event-observe = Examinado
event-void = Anulado
event-transform = Convertido en otra cosa
happened-who = Firmado por
happened-for = En nombre de
happened-when = Ocurrió
happened-where = Dónde
happened-to = Enviado a
happened-elsewhere = Alguien que no está inscrito aquí, en { $country }: el nombre no se publica
happened-carrier = Transportista, según el remitente
happened-logged = En el registro
happened-entry = Entrada { $index }
happened-state = Qué fue de ello
happened-voided = La entrada { $index } lo anuló: no ocurrió así.
happened-lots = Lotes
happened-more = { $count ->
    [one] Uno más está en el archivo y en el registro.
   *[other] { $count } más están en el archivo y en el registro.
 }
happened-extracts = Extractos de certificados para este envío
happened-file = Envío: la remesa, sus lotes y certificados en un archivo que se comprueba sin servidor
moved-drawn = Entró
moved-filled = Salió
moved-sent = Enviado
moved-accepted = Aceptado
moved-refused = Rechazado
moved-missing = Falta
moved-dried = Perdido dentro de la tolerancia
moved-settled-lost = Zanjado como perdido
moved-settled-returned = Zanjado como devuelto
moved-settled-accepted = Zanjado como aceptado
moved-packed = Metido
moved-unpacked = Sacado
moved-left = Salió de aquí
moved-seen = Examinado
shipment-waiting = Nadie ha respondido todavía
shipment-returning = Algo fue rechazado y está de vuelta
shipment-disputed = Falta algo y no está zanjado
shipment-settled = Lo que faltaba está zanjado
shipment-answered = Su receptor ha respondido de todo
shipment-left = Fue a alguien de fuera: nadie responde aquí
shipment-undone = Se anuló

## Goods: their way, balance and family; the demonstration’s story

and-more = { $count ->
    [one] y uno más
   *[other] y { $count } más
 }
percent = { $percent } %
as-table = Lo mismo en una tabla
origin-of-inputs = Hecho con la cosecha de
origin-traced = seguido desde la cosecha
origin-partly = seguido en parte
origin-declared = según la palabra de la cooperativa
recall-input = Por aquello de lo que se hizo
recall-reached = Lotes alcanzados
recall-stated = Devuelto o destruido, según los tenedores
recall-seen = Destruido ante un tercero
price-confirmed = El precio pagado está confirmado: vendedor y comprador firmaron lo mismo.
price-one-sided = Solo una de las partes declara un precio: no cuenta como pagado.
price-undisclosed = El precio se anotó, pero no se publica.
price-none = Lo que se pagó realmente a la cooperativa no consta para este lote.
price-title = Lo que se pagó
price-for = Por { $unit }
price-paid = Precio
price-premium = Prima
price-sum = Precio y prima
paid-audited = El precio pagado está confirmado: el vendedor lo declaró y un certificador lo comprobó.
paid-for = { $amount } por { $unit }.
paid-premium = Prima además: { $amount } por { $unit }.
paid-taken-back = Estuvo confirmado; quien lo hizo se retractó el { $day }.
paid-both-ways = Estuvo confirmado, pero también se declaró un precio en sentido contrario sobre este lote.
prices-sold = Lo que se le pagó por mercancías
prices-bought = Lo que pagó por mercancías
prices-all = Lo que se pagó por mercancías
prices-note = Pagado es lo que dos partes firmaron. Lo que declara una sola no cuenta; lo que está en disputa va aparte.
prices-of = { $scheme }, pagado en { $year }, campaña { $season }
prices-paid = Pagado: { $amount }, y { $premium } de prima ({ $count }).
prices-one-sided = Lo declara una sola parte: { $amount }, y { $premium } de prima ({ $count }).
prices-disputed = En disputa: { $amount }, y { $premium } de prima ({ $count }).
prices-undisclosed = Sin publicar: { $count }.
lot-price = Precio
journey-title = Su camino hasta aquí
journey-all = Todo sobre la mercancía de este lote
journey-more = { $count ->
    [one] Allí hay un paso más.
   *[other] Allí hay { $count } pasos más.
 }
journey-handed-on = Entregado a
journey-abroad = Al extranjero
journey-brought = Reunido desde
journey-certified = Certificado
journey-seen = Inspeccionado
journey-harvested = Cosechado
journey-declared = Declarado
grade-signed = firmado por un tercero
grade-stated = declarado por quien lo tenía
grade-computed = calculado del registro
recipe-other = Hecho por { $recipe }
recipe-group = Reunido
recipe-split = Dividido
recipe-pack-off = Envasado
recipe-almond-shell = Descascarado
recipe-argan-fruit-dry = Secado al sol
recipe-argan-nut = Pulpa retirada
recipe-argan-kernel = Cascado a mano
recipe-argan-press = Prensado
recipe-dates-sort = Seleccionado
recipe-fig-dry = Higos secados
recipe-goat-cheese = Hecho queso
recipe-herb-dry = Hojas secadas
recipe-olive-oil = Aceitunas prensadas
recipe-prickly-pear-oil = Semillas prensadas
recipe-prickly-pear-seed = Semillas extraídas
recipe-rose-distil = Destilado
recipe-rose-dry = Rosas secadas
recipe-saffron-flowers = Estigmas recogidos y secados
balance-title = Dónde está todo
balance-drawing = Lo que entró y lo que resultó
balance-inputs = Lo que entró
balance-where = Dónde está ahora
balance-filled = En total
balance-free = Disponible
balance-packed = Embalado para el envío
balance-transit = En camino
balance-disputed = Falta, en disputa
balance-consumed = Pasó a otros lotes
balance-sold = Vendido o enviado al extranjero
balance-lost = Perdido
balance-sampled = Tomado como muestra
balance-destroyed = Destruido
balance-unexplained = Sin explicar
balance-rest = No está en el producto
balance-process = { $quantity } de lo que entró es agua, pulpa, cáscara o residuo: no está en el producto.
balance-difference = { $quantity } entró y no salió, y nada lo explica.
balance-other-unit = Lo que entró se cuenta en otra unidad que lo que salió.
balance-sentence = { $certified } certificados de { $filled }; { $gone } ya salieron, quedan { $left }.
balance-missing = Falta { $quantity } y no está zanjado.
holders-title = Quién lo tiene
family-title = De qué viene y qué se hizo de él
family-drawing = Familia del lote { $lot }: arriba, de qué se hizo; abajo, qué se hizo de él
family-relation = Relación
family-from = entró en él
family-into = se hizo de él
family-self = este lote
events-title = Qué ocurrió
lot-scan = Qué muestra escanear su código
lot-declared-by = Declarado por
lot-declared = Cantidad declarada
lot-declared-for = Declarado en su nombre por
lot-day = Día de cosecha o envasado
lot-origin = Origen
account-title = En qué se gastó
account-certified = Certificado
account-labelled = En etiquetas
account-consumed = Pasó a otros lotes
account-remaining = Queda para etiquetas u otros lotes
party-held = Mercancía disponible
party-held-note = De los lotes más recientes; puede tener otros.
party-waiting = Envíos que esperan su respuesta
party-waiting-none = Ningún envío espera su respuesta.
party-from = De
party-releases = Retenciones que levantó
story-link = La historia de un aceite, paso a paso
story-invitation = De los árboles de cinco cooperativas al tarro: tres minutos, todo del registro.
story-title = Cómo { $fruit } de fruta se convirtieron en { $jars } tarros de aceite
story-lead = Quien dio cada paso lo firmó, y el registro lo guarda. Todas las cifras se leen del registro tal como está ahora. Personas y empresas son inventadas.
story-harvest = { $count ->
    [one] Una cooperativa recoge fruta de argán madura
   *[other] { $count } cooperativas recogen fruta de argán madura
 }
story-harvest-text = Cada una declara su cosecha y los certificadores la atestan. Nadie puede declarar más que la capacidad inscrita sin quedar retenido.
story-together = { $name } reúne la fruta y la trabaja
story-together-text = En cada paso el reglamento dice cuánto puede salir como máximo. Más se rechaza.
story-limit = como máximo pueden salir { $quantity }
story-jars = { $count ->
    [one] Un tarro, y ninguna etiqueta de más
   *[other] { $count } tarros, y ninguna etiqueta de más
 }
story-jars-text = { $lost } del aceite se posaron y quedaron atrás. Todo lo demás se llenó en tarros.
story-certified = Certificado según
story-scan = Qué muestra un escaneo
story-code = El código de un tarro
story-code-text = Quien compra lo escanea. La página dice si está en vigor, según quién, y qué camino siguió el aceite.
story-packed = { $cartons } cajas, { $pallets } palés, { $containers } contenedor
story-abroad-text = Quién los compró allí consta en el registro solo como compromiso sellado: el exportador lo abre a quien debe.
story-shops = { $count ->
    [one] Una tienda se lleva el resto
   *[other] { $count } tiendas se llevan el resto
 }
story-came = Recibido
story-sold = Vendido hasta ahora
story-missing = { $quantity } se enviaron y no estaban en la caja: en disputa hasta que se zanje. Solo esos tarros quedan parados.
story-balance = Cada mililitro está en alguna parte
story-beside = Azafrán, miel, dátiles
story-recall = Una retirada encuentra cada tarro
story-recall-text = { $name } retiró una cosecha tras un análisis. De ella se hicieron { $count } lotes, paso tras paso; los últimos son tarros de { $maker }. Todos quedan retirados con ella, al instante. El aceite de arriba no está afectado.
story-refused = Lo que el registro rechaza
story-refused-text = { $name } declara más aceite del que pueden dar sus almendras. Se acaba de preguntar otra vez al registro, y responde:
story-refused-kernels = Las almendras, intactas
story-more = Mirar más de cerca

## Errors

error-404-title = Página no encontrada
error-404-text = No hay nada en esta dirección. Revísela o busque en el registro.
error-400-title = Esto no se pudo leer
error-400-text = Lo enviado no tiene la forma que debe tener. Revíselo y envíelo de nuevo.
error-413-title = Demasiado grande
error-413-text = Lo enviado supera { $limit }. Envíe menos cada vez.
error-500-title = Algo se rompió por nuestra parte
error-500-text = No se comprobó nada. Inténtelo más tarde.
error-503-title = Demasiada demanda
error-503-text = No se comprobó nada. Inténtelo dentro de un momento.
error-code = Código del error: { $code }
error-home = Volver al inicio

## Footer

footer-what = Tasdiq muestra lo que los certificadores firmaron para un lote, cuándo, y si sigue en vigor. No es una autoridad pública y no certifica nada por sí mismo.
footer-api = API
footer-map-credit = Nombres de las regiones: HCP, CC BY 4.0

# Papers and labels.
sheet-title = Etiquetas
sheet-ruler-title = Página de prueba para etiquetas
sheet-ruler-scale = Imprima al 100 %, sin «ajustar a la página». Las dos reglas deben medir 100 mm.
sheet-ruler-hold = Ponga esta página contra una hoja de etiquetas, a contraluz: los marcos deben coincidir con los bordes de las etiquetas.
sheet-ruler-shift = Si quedan al lado, mida cuánto e indíquelo como dx (a la derecha) y dy (hacia abajo), en milímetros.
proof-pdf = Certificado en PDF, con su expediente adjunto
paper-lead = Estado al { $at }. Lo que vale hoy lo dice el código de al lado, o el número en el registro.
paper-code = Escanee: lo que vale hoy
paper-dossier = Expediente del certificado: se verifica sin este sitio
paper-how-code = Escanee el código. La página que abre debe nombrar el lote y el número impresos aquí; todo lo demás de un papel puede copiarse o alterarse.
paper-how-file = El expediente está adjunto a este PDF: tasdiq verify ARCHIVO.pdf --root CLAVE lo verifica, y cada código de estas páginas, sin red.
paper-how-compare = Compare la clave raíz con la que la autoridad ha publicado en otro lugar. Quien imprime un papel falso imprime también una clave falsa.
paper-foot = Certificado { $serial }, estado al { $at }. Un certificado impreso no prueba nada por sí mismo: verifique su código.
