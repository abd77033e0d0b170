//! Every limit of the system in one place, with the arithmetic behind it.
//! Not here: the wire constants of public specifications, which stand in the module of their spec.

mod goods;
mod print;
mod scans;

pub use goods::*;
pub use print::*;
pub use scans::*;

/// Largest statement accepted, in bytes. A log entry is at most 65,535 bytes (C2SP tlog-tiles: the
/// length prefix is 16 bits); the leaf adds at most [`LEAF_FRAME_BYTES`].
pub const STATEMENT_BYTES_MAX: usize = 60_000;

/// Bytes that a leaf has around its statement, at most: index, log time, hash and their names.
pub const LEAF_FRAME_BYTES: usize = 200;

/// Largest sidecar (a detached vc+jwt), in bytes: 88 of signature and dots, and a header of 1,470
/// bytes, nearly all of it the key's name. It must fit a 16-bit length prefix.
pub const SIDECAR_BYTES_MAX: usize = 2_048;

/// Largest page of sidecars, in bytes: 256 of them with their 16-bit lengths.
pub const SIDECAR_PAGE_BYTES_MAX: u64 = 256 * (2_048 + 2);

/// Largest whole vc+jwt read, in bytes: a statement in base64url (4 for 3) and its sidecar.
pub const JWT_BYTES_MAX: usize = STATEMENT_BYTES_MAX / 3 * 4 + SIDECAR_BYTES_MAX;

/// Largest leaf, in bytes: a 16-bit length prefix (C2SP tlog-tiles, entry bundles).
pub const LEAF_BYTES_MAX: usize = 65_535;

/// Deepest nesting of a statement. The deepest type (a certificate) nests 9 levels.
pub const NESTING_MAX: usize = 32;

/// Largest integer magnitude: 2^53 - 1, exact in every JSON implementation (RFC 8785 section
/// 3.2.2.3).
pub const INTEGER_MAX: i64 = 9_007_199_254_740_991;

/// Lines in one bulk submission.
pub const BULK_LINES_MAX: usize = 1_000;

/// Bytes in one bulk submission: 1,000 statements of 16 kB; certificates are near 4 kB.
pub const BULK_BYTES_MAX: usize = 16_000_000;

/// Largest document kept off the log, in bytes: a scan of some pages, or a bulletin with pictures.
pub const OPENED_BYTES_MAX: usize = 4_000_000;

/// Bytes of documents of one party kept on one day (UTC), but for the authority's: 250 of the
/// largest, 10,000 of 100 kB. Counted since the service started, also for what was then refused.
pub const OPENED_BYTES_A_DAY: u64 = 1_000_000_000;

/// Bytes of one submission as it is sent: a statement ([`STATEMENT_SENT_BYTES_MAX`]), its sidecar,
/// and a document in base64 (four characters for three bytes).
pub const SUBMISSION_BYTES_MAX: usize =
    STATEMENT_SENT_BYTES_MAX + SIDECAR_BYTES_MAX + OPENED_BYTES_MAX / 3 * 4 + 1_024;

/// Ways in which the text of one code is read at most: escapes undone once, not at all, twice or
/// three times, with nine endings each, and as much for an address among words, which is short; a
/// signature is checked for each, 40 x 61 us at worst.
pub const CODE_READINGS_MAX: usize = 40;

/// Codes checked in one inspection.
pub const INSPECT_CODES_MAX: usize = 1_000;

/// Largest photo accepted, in bytes (a 12 Mpx JPEG is 3 to 8 MB).
pub const PHOTO_BYTES_MAX: usize = 12_000_000;

/// Largest photo accepted, in pixels: 50 Mpx, 50 MB as grey levels.
pub const PHOTO_PIXELS_MAX: u64 = 50_000_000;

/// Serials in one status list: 2^20, 14 kB at 1 % withdrawn, 128 KiB as bits.
pub const STATUS_LIST_SERIALS: u64 = 1 << 20;

/// Largest dossier read or made, in bytes: a trust snapshot of 1,500 parties (near 1 kB each), two
/// status lists and their index (at most 60 kB each), and 200 further entries of 10 kB.
pub const DOSSIER_BYTES_MAX: usize = 4_000_000;

/// Largest consignment read or made, in bytes: 400 lots with two certificates each, 1,200 entries
/// of 10 kB with their proofs, and a trust snapshot of 1,500 parties.
pub const CONSIGNMENT_BYTES_MAX: usize = 16_000_000;

/// Entries of one consignment: at 3 kB each, the least with a proof, they fill the largest.
pub const CONSIGNMENT_ENTRIES_MAX: usize = 5_000;

/// Objects and arrays, and all values, in a consignment: as in a dossier, by their sizes.
pub const CONSIGNMENT_OBJECTS_MAX: usize = 4 * DOSSIER_OBJECTS_MAX;

/// See [`CONSIGNMENT_OBJECTS_MAX`].
pub const CONSIGNMENT_VALUES_MAX: usize = 4 * DOSSIER_VALUES_MAX;

/// Openings that go with a consignment: its buyer, its document, and bulletins of its lots.
pub const CONSIGNMENT_OPENINGS_MAX: usize = 64;

/// Lines of an event that its page shows: 100 of near 150 bytes; all are in its file.
pub const EVENT_LINES_SHOWN: usize = 100;

/// Oldest status index behind the checkpoint that a dossier rests on, in seconds: one is due every
/// day, and an hour is given to the keeper.
pub const STATUS_INDEX_AGE_SECONDS_MAX: i64 = 86_400 + 3_600;

/// How far a signer's clock may run ahead of the ledger's, in seconds.
pub const CLOCK_SKEW_SECONDS: i64 = 300;

/// How far the wall clock may leave the clock that counts since boot while the service runs, and
/// at start lie before the last entry, in seconds: as far as a signer's clock may be off.
pub const CLOCK_STEP_SECONDS_MAX: i64 = 300;

/// How long after the last entry a clock is believed at start, in seconds: 400 days, a season and a
/// month.
pub const CLOCK_AHEAD_SECONDS_MAX: i64 = 400 * 86_400;

/// Serials on labels asked for in one call.
pub const LABEL_SERIALS_MAX: u32 = 10_000;

/// Entries committed in one batch: at most 512 rows a batch keeps sled's memory bounded; an entry
/// is one row (more when it is split), full tiles and the head take the rest.
pub const BATCH_ENTRIES_MAX: usize = 480;

/// Rows of a batch that its entries do not take: the head, and a full tile for each level, two at
/// the lowest (480 entries fill at most two of 256 hashes): ten, and as much again to spare.
pub const BATCH_FRAME_ROWS: usize = 16;

/// Statements in one group, which is logged whole or not at all: fewer than fill a batch
/// ([`BATCH_ENTRIES_MAX`]), so that a group never needs two.
pub const GROUP_LINES_MAX: usize = 400;

/// Rows of the store that one group takes at most: one for each begun 8,192 bytes of a leaf
/// (`store::PART_BYTES`), one for a sidecar. 480 and [`BATCH_FRAME_ROWS`] are 496 of the 512 of a
/// batch (`store::BATCH_ROWS_MAX`): 240 certificates of 4 kB with a vc+jwt, 400 lots, or 60 of the
/// largest statements (60,000 bytes, eight rows).
pub const GROUP_ROWS_MAX: usize = 480;

/// Full hash tiles held in memory: 10,176 bytes of hashes each, 42 MB with their places. A log of
/// 10^6 entries has 3,921, so its proofs read nothing; a larger one keeps those that are asked for.
pub const TILES_CACHED_MAX: usize = 4_096;

/// Ranges of serials in one statement: 1,500 of at most 36 bytes (two of 16 digits, a hyphen,
/// quotes and comma) are 54,000 bytes, within [`STATEMENT_BYTES_MAX`].
pub const SERIAL_RANGES_MAX: usize = 1_500;

/// Certificates one statement may change or confirm: 100,000 keep the writer busy for less than a
/// second, and their events take 20 MB.
pub const SERIALS_MAX: u64 = 100_000;

/// Certificates one statement may change when it bears a public notice, which each of them keeps:
/// 1,000 of five texts of 500 characters are 10 MB at most.
pub const NOTICE_SERIALS_MAX: u64 = 1_000;

/// Entries a re-confirmation names by index and digest: 500 of at most 96 bytes are 48,000 bytes.
pub const CONFIRMED_ENTRIES_MAX: usize = 500;

/// Keys a root succession keeps: 150 of at most 300 bytes are 45,000 bytes.
pub const KEPT_KEYS_MAX: usize = 150;

/// Largest block of a pack before compression, in bytes: a block closes at 256 rows or
/// [`PACK_BLOCK_WEIGHT`], so only one row's events can exceed that: 32 MiB are 10^6 of them.
pub const PACK_BLOCK_BYTES_MAX: usize = 1 << 25;

/// Bytes of words and events after which a pack's block is closed.
pub const PACK_BLOCK_WEIGHT: usize = 16_384;

/// Most rows a reader takes in a block of a pack; writers close at 256 or 1,024.
pub const PACK_BLOCK_ROWS_MAX: usize = 4_096;

/// Largest manifest of a pack: a checkpoint with cosignatures is below 10 kB.
pub const PACK_MANIFEST_BYTES_MAX: usize = 1 << 20;

/// Largest trust snapshot in a pack: 2 kB a party, 30,000 parties.
pub const PACK_TRUST_BYTES_MAX: usize = 1 << 26;

/// Most bytes that one decoded block of a pack takes in memory: 10^6 events of ten integers of
/// eight bytes, and a block of text. Blocks of deltas are signed by nobody.
pub const PACK_BLOCK_DECODED_MAX: usize = 96_000_000;

/// Largest pack that is read whole before it is asked, in bytes: some 10,000 certificates, inflated
/// and compared in tens of milliseconds. Of a larger one a look-up reads what it rests on.
pub const PACK_WHOLE_BYTES_MAX: u64 = 1 << 20;

/// Longest lot number, in characters (GS1 General Specifications, AI 10).
pub const LOT_NUMBER_CHARS_MAX: usize = 20;

/// Most memory that a JSON document may cost as a tree of values before its signature was looked
/// at: a trust snapshot of 12,000 parties with a key or two (7.3 kB each), of 8,000 with more.
pub const JSON_COST_MAX: usize = 90_000_000;

/// Largest directory of a pack: near 55 bytes a block of 256 rows, so 10^8 lots.
pub const PACK_DIRECTORY_BYTES_MAX: usize = 1 << 26;

/// Largest witness policy, in bytes: 500 lines of a key and an address.
pub const POLICY_BYTES_MAX: usize = 65_536;

/// Most logs, and most witnesses and groups together, in a policy; the specification asks for 32
/// of each.
pub const POLICY_NAMES_MAX: usize = 128;

/// Largest request to a witness, in bytes: 63 hashes of 45 bytes and a note of 64 KiB.
pub const WITNESS_BODY_BYTES_MAX: usize = 131_072;

/// Largest answer that is read of a witness, in bytes: a note of 64 KiB.
pub const WITNESS_ANSWER_BYTES_MAX: u64 = 65_536;

/// Largest bundle of entries, in bytes: 256 leaves of 65,535 bytes with their 16-bit lengths.
pub const BUNDLE_BYTES_MAX: u64 = 256 * (65_535 + 2);

/// Largest document of a backup beside the log, in bytes: a pack of 10^6 lots and certificates is
/// near 900 MB.
pub const BACKUP_DOCUMENT_BYTES_MAX: u64 = 1 << 30;

/// Evidence a witness keeps of one log: 256 files of at most two notes, 33 MB at worst.
pub const EVIDENCE_MAX: usize = 256;

/// Of it, checkpoints that came with a proof that does not hold: anybody can send those, so they
/// must not take the room of what is proven.
pub const SUSPICIONS_MAX: usize = 16;

/// Longest PKCS#11 URI, in bytes: three labels of 32 bytes percent-encoded, an identifier, and two
/// paths of at most 1,024 bytes.
pub const PKCS11_URI_BYTES_MAX: usize = 4_096;

/// Largest PIN file, in bytes: PINs of tokens have at most 255.
pub const PIN_FILE_BYTES_MAX: u64 = 1_024;

/// Lots in one page of a shop's feed.
pub const FEED_PAGE_MAX: usize = 200;

/// The same if nothing is said.
pub const FEED_PAGE_DEFAULT: usize = 50;

/// Holdings looked at for one page of it: some milliseconds' walk where a shop holds few.
pub const FEED_LOOKED_AT_MAX: usize = 100_000;

/// Webhooks of one party.
pub const HOOKS_OF_A_PARTY_MAX: usize = 4;

/// Webhooks of one service.
pub const HOOKS_MAX: usize = 1_000;

/// Longest address of a webhook, in bytes.
pub const HOOK_URL_BYTES_MAX: usize = 500;

/// Bytes of a request that registers one.
pub const HOOK_REQUEST_BYTES_MAX: usize = 2_000;

/// Lots in one message; of more there are more messages.
pub const HOOK_LOTS_MAX: usize = 50;

/// Newest edition of the rules that this release knows, offers and takes.
pub const EDITION_MAX: u32 = 3;

/// The edition from which on packs, trust snapshots and dossiers have their later forms.
pub const LATER_FORMS_EDITION: u32 = 2;

/// The edition from which on a recall says what to do.
pub const RECALL_NOTICE_EDITION: u32 = 3;

/// Characters of each text that says what to do at a recall.
pub const RECALL_NOTICE_CHARS_MAX: usize = 300;

/// Languages in which a recall says what to do.
pub const RECALL_NOTICE_LANGUAGES: [&str; 2] = ["fr", "ar"];

/// Characters in the name of a party or product.
pub const NAME_CHARS_MAX: usize = 120;

/// Largest statement of the own types that came with editions from 1 on, in bytes, but for those
/// that hold long lists (docs/FORMAT.md section 1.1): few of them fill a page of the log.
pub const SMALL_STATEMENT_BYTES_MAX: usize = 7_900;

/// Lots that one event transforms, packs, ships or loses: 400 lines of at most 140 bytes (an
/// address of a lot with a long host and a quantity) are 56,000 of the 60,000 bytes of a statement.
pub const EVENT_LINES_MAX: usize = 400;

/// Lots that one event fills.
pub const EVENT_OUTPUTS_MAX: usize = 64;

/// Statements whose effect one release lifts.
pub const LIFTS_MAX: usize = 50;

/// Longest mandate of a party for another, in months: a season and one month.
pub const MANDATE_MONTHS_MAX: u32 = 13;

/// How long after a consignment its shipper draws extracts of certificates for it, in seconds: 30
/// days.
pub const EXTRACT_SECONDS_MAX: i64 = 30 * 86_400;

/// Rows in each list of a rulebook; the 60,000 bytes of a statement bind first where rows are long.
pub const RULEBOOK_ROWS_MAX: usize = 500;

/// How far a certificate's serial may lie above the next free one.
pub const SERIAL_WINDOW: u64 = 4_096;

/// Longest agreement of a client with a certifier, in months: three years and one month.
pub const AGREEMENT_MONTHS_MAX: u32 = 37;

/// Longest life of a certifier's label key, in months: a season and one month.
pub const LABEL_KEY_MONTHS_MAX: u32 = 13;

/// Parties whose lots one label key of a certifier labels.
pub const LABEL_KEY_PARTIES_MAX: usize = 64;

/// How long a key, a prefix or a raised capacity waits before it counts, in seconds: 72 hours, in
/// which its party can object.
pub const WAIT_SECONDS: i64 = 72 * 3_600;

/// How far back a party's own report of a key may reach, in seconds: 90 days.
pub const OWN_REPORT_SECONDS_MAX: i64 = 90 * 86_400;

/// How long a certifier's withdrawal can be annulled by the authority, and how long its hold of a
/// lot lasts without the authority, in seconds: 30 days.
pub const CERTIFIER_ACT_SECONDS: i64 = 30 * 86_400;

/// Serials of spoilt labels in one statement: 5,000 of at most 23 bytes are 115,000 bytes, so the
/// 60,000 of a statement bind first (5,400 serials of eight characters).
pub const LABEL_VOIDS_MAX: usize = 5_000;

/// Share of a lot's sales units whose labels may be given back as spoilt: one in this many.
pub const LABEL_VOIDS_SHARE: u64 = 20;

/// Largest checkpoint, key or other small text that is read of a server, in bytes: a note with 500
/// cosignatures.
pub const NOTE_BYTES_MAX: u64 = 65_536;

/// Largest tile of hashes, in bytes: 256 of 32 bytes.
pub const TILE_BYTES_MAX: u64 = 256 * 32;

/// Largest page of cosigned checkpoints, in bytes: 256 notes of 4 kB (30 cosignatures).
pub const COSIGNED_PAGE_BYTES_MAX: u64 = 256 * 4_098;

/// Largest trust snapshot that is read of a server, in bytes: 8,000 parties of 4 kB.
pub const TRUST_BYTES_MAX: u64 = 1 << 25;

/// Largest statement or DID document that is read of a server beside the log, in bytes: a party
/// with 150 keys of 700 bytes.
pub const DOCUMENT_BYTES_MAX: u64 = 131_072;

/// Largest JSON answer that is read of a server, in bytes: 1,000 certificates of 10 kB with their
/// receipts, or 10,000 labels of 250 bytes, and as much again.
pub const ANSWER_BYTES_MAX: u64 = 16_000_000;

/// Largest pack that is read of a server, in bytes: 10^7 lots and certificates. It goes to disk.
pub const PACK_BYTES_MAX: u64 = 1 << 30;

/// Redirects that are followed, all on one host.
pub const REDIRECTS_MAX: usize = 3;

/// How long a server may take to begin to send, in seconds, before it must keep
/// [`ANSWER_BYTES_A_SECOND`].
pub const ANSWER_GRACE_SECONDS: u64 = 15;

/// Slowest answer that is waited for, in bytes a second, once [`ANSWER_GRACE_SECONDS`] are over:
/// a telephone line.
pub const ANSWER_BYTES_A_SECOND: u64 = 1_000;

/// Longest wait for a whole answer, in seconds; a pack of 10^7 lots over 20 Mbit/s takes 430.
pub const PACK_SECONDS_MAX: u64 = 600;

/// Longest wait for a whole answer that is no pack, in seconds: 16 MB over 2 Mbit/s take 64.
pub const ANSWER_SECONDS_MAX: u64 = 90;

/// Longest wait for a whole small answer (up to [`DOCUMENT_BYTES_MAX`]), in seconds.
pub const DOCUMENT_SECONDS_MAX: u64 = 30;

/// Most memory that the key derivation of a key file may take, in bytes: scrypt N = 2^17, r = 8.
pub const KEY_FILE_MEMORY_MAX: u64 = 1 << 27;

/// Most work of it: scrypt N r p; eight times what [`KEY_FILE_MEMORY_MAX`] allows for p = 1, some
/// seconds.
pub const KEY_FILE_WORK_MAX: u64 = 1 << 23;

/// Most iterations of PBKDF2 for a key file: some seconds.
pub const KEY_FILE_ITERATIONS_MAX: u64 = 10_000_000;

/// Largest key file, in bytes: what is longer is no key.
pub const KEY_FILE_BYTES_MAX: u64 = 65_536;

/// Largest log that is followed: labels hold a log index of 32 bits. A checkpoint that says more
/// would have a client ask for tiles without end.
pub const LOG_ENTRIES_MAX: u64 = 1 << 32;

/// How long a signed request may count, in seconds: time to travel, not to be collected.
pub const REQUEST_SECONDS_MAX: i64 = 300;

/// Longest header field of a signed request, in bytes: parameters of 300 and the key's name, of at
/// most 1,470.
pub const REQUEST_HEADER_BYTES_MAX: usize = 2_048;

/// Nonces remembered of one key: four requests a second for the 900 s that a nonce counts (300 s of
/// the signature, the clocks' skew twice); 500 rows each, so two million certificates.
pub const REQUEST_NONCES_MAX: usize = 4_096;

/// Numbers of certificates kept for one certifier at a time, by its signed requests.
pub const RESERVATIONS_MAX: usize = 500;

/// How long a number is kept, in seconds: over a weekend's night and day, 48 h.
pub const RESERVATION_SECONDS: i64 = 172_800;

/// Of the window, the last numbers are kept for nobody: more than one bulk request of 1,000 rows
/// takes, so that whatever others hold there is a number for every row.
pub const SERIALS_UNRESERVED: u64 = 1_024;

/// Statements of one party taken in on one day (UTC), unless the operator says otherwise: a country
/// of 50,000 lots in a day, 200 MB of log; five seconds of the writer.
pub const QUOTA_DEFAULT: u64 = 50_000;

/// Labels without serials in one answer: 500 signatures, a hundredth of a second.
pub const LABELS_PAGE_MAX: usize = 500;

/// Connections at once, where the system allows twice as many open files, else half of those: each
/// takes some 20 kB from its first whole header on, and [`HEADER_BYTES_MAX`] while one comes: 98 MB
/// at worst.
pub const CONNECTIONS_MAX: usize = 1_500;

/// Open files asked of the system at start.
pub const FILES_WANTED: u64 = 65_536;

/// Connections that wait to be taken; the system may allow fewer.
pub const LISTEN_BACKLOG: u32 = 4_096;

/// Largest header of a request, in bytes.
pub const HEADER_BYTES_MAX: usize = 65_536;

/// Longest time for a header from its first byte on, in seconds.
pub const HEADER_SECONDS_MAX: u64 = 10;

/// Longest time a connection is kept without a request, in seconds: longer than the 60 s that
/// proxies keep theirs, so that none is closed under a request.
pub const IDLE_SECONDS_MAX: u64 = 75;

/// Fewest bytes a second of a body, and of an answer while the caller lets it wait, over each span
/// of [`BODY_WINDOW_SECONDS`] or [`ANSWER_WINDOW_SECONDS`].
pub const BYTES_PER_SECOND_MIN: u64 = 1_000;

/// Seconds in which a body must have come, or brought [`BYTES_PER_SECOND_MIN`] in each of them.
pub const BODY_WINDOW_SECONDS: u64 = 30;

/// Longest time for a body, in seconds: a photo of 12 MB over a line of 320 kbit/s.
pub const BODY_SECONDS_MAX: u64 = 300;

/// Seconds over which the pace of a reader is measured.
pub const ANSWER_WINDOW_SECONDS: u64 = 30;

/// Longest time until an answer begins once a body is whole, in seconds.
pub const WORK_SECONDS_MAX: u64 = 60;

/// Longest time a request waits for its turn, in seconds.
pub const QUEUE_SECONDS_MAX: u64 = 10;

/// Seconds after which a slow body or reader makes room where room is short.
pub const YIELD_SECONDS_MIN: u64 = 5;

/// Longest time for what is under way when the service is told to stop, in seconds.
pub const STOP_SECONDS: u64 = 3;

/// Bytes of bodies in flight over all connections: four of the largest, 64 MB.
pub const BODIES_BYTES_MAX: usize = 4 * BULK_BYTES_MAX;

/// Bytes of small bodies in flight, which large ones cannot hold up: 128 of the largest.
pub const BODIES_SMALL_BYTES_MAX: usize = 128 * 131_072;

/// A body of at most so many bytes is small: twice a statement, codes typed or scanned.
pub const BODY_SMALL_BYTES: u64 = 131_072;

/// Bytes of answers in flight over all connections: eight of the largest bundles of entries.
pub const ANSWERS_BYTES_MAX: usize = 8 * 256 * (65_535 + 2);

/// Answers of at most so many bytes are not counted: [`CONNECTIONS_MAX`] of them are 98 MB.
pub const ANSWER_FREE_BYTES: u64 = 65_536;

/// Look-ups at once.
pub const PLACES_COMMON: usize = 16;

/// Submissions at once on their way to the writer, which takes what waits in one batch.
pub const PLACES_INTAKE: usize = 32;

/// Requests judged at once: each may take all processors for 0.1 s (1,000 codes of 0.1 ms).
pub const PLACES_JUDGE: usize = 4;

/// Large files made at once: bundles of entries, packs, pages of labels, dossiers.
pub const PLACES_LARGE: usize = 4;

/// Deltas of packs made at once: each may take a processor for seconds.
pub const PLACES_DELTA: usize = 1;

/// Answers at once about ways of goods over all levels, and lists that go through all events: each
/// may look at every line of every event once, some 5 ns each, and takes 5 bytes a lot meanwhile.
pub const PLACES_REACH: usize = 2;

/// Pictures decoded at once; each takes a processor and at most
/// [`PHOTO_MEMORY_BYTES_MAX`].
pub const PHOTO_PLACES: usize = 2;

/// Address space of a process that reads a photo, in bytes: a picture decoded
/// ([`PHOTO_DECODED_BYTES_MAX`] and as much again within its decoder), its grey levels, and the
/// program itself.
pub const PHOTO_MEMORY_BYTES_MAX: u64 = 640_000_000;

/// Largest picture decoded, in bytes: four a pixel.
pub const PHOTO_DECODED_BYTES_MAX: u64 = 4 * PHOTO_PIXELS_MAX;

/// Most pixels that are looked at; a larger photo is scaled down first. A code of 45 modules needs
/// 2.7 pixels a module: 120 of 2,000.
pub const PHOTO_SCALED_PIXELS_MAX: u64 = 4_000_000;

/// Longest time for reading a photo, in seconds.
pub const PHOTO_SECONDS_MAX: u64 = 10;

/// Processor time of it, in seconds: an honest one of 12 Mpx takes a third of one.
pub const PHOTO_CPU_SECONDS_MAX: u64 = 8;

/// Corner patterns looked at in a picture: three of each of 100 codes.
pub const PHOTO_PATTERNS_MAX: usize = 300;

/// Rows, every third counted, that may look like corner patterns: 300 patterns of 450 pixels
/// cross 64 each; looking for 20,000 patterns takes 2 * 10^8 comparisons, a fifth of a second.
pub const PHOTO_PATTERN_ROWS_MAX: usize = 20_000;

/// Groups of three corner patterns tried at each scale: 100 codes in any order.
pub const PHOTO_GROUPS_MAX: usize = 2_000;

/// Largest answer read of a process that reads photos, in bytes: 100 codes of 7,089 digits.
pub const PHOTO_ANSWER_BYTES_MAX: u64 = 1_000_000;

/// Bytes of a request for verdicts: two of the largest dossiers.
pub const VERIFY_BYTES_MAX: usize = 2 * DOSSIER_BYTES_MAX;

/// Bytes of a request for unsigned statements: 1,000 requests of 4 kB.
pub const PREPARE_BYTES_MAX: usize = 4_000_000;

/// Bytes of a statement as it is sent: white space and escapes may double it.
pub const STATEMENT_SENT_BYTES_MAX: usize = 2 * STATEMENT_BYTES_MAX;

/// Bytes of the codes in a form: 1,000 of 1 kB.
pub const FORM_BYTES_MAX: usize = 1_000_000;

/// Fields and files in one form.
pub const FORM_PARTS_MAX: usize = 32;

/// Objects and arrays, and all values, in a dossier: each of 1,500 parties has near 10 and 60, and
/// each of 200 entries 40 and 150. In memory an object takes 0.7 kB and a value 0.1 kB: 60 MB.
pub const DOSSIER_OBJECTS_MAX: usize = 40_000;

/// See [`DOSSIER_OBJECTS_MAX`].
pub const DOSSIER_VALUES_MAX: usize = 200_000;

/// Entries after which a snapshot of the register is written, at the least: folding as many again
/// takes half a second.
pub const SNAPSHOT_ENTRIES: u64 = 20_000;

/// A snapshot is written once the log grew by one part in so many: at 10^6 entries (120 MB) after
/// 62,500, which are folded again within two seconds, and of each byte 16 are written in all.
pub const SNAPSHOT_SHARE: u64 = 16;

/// Bytes for each entry that the disk must have room for before a snapshot is written; lots and
/// certificates take 120.
pub const SNAPSHOT_ENTRY_BYTES_MAX: u64 = 1_024;

/// Bytes that stay free beside a snapshot: the log's own needs for some time. One that is larger
/// than the store by more is not read.
pub const SNAPSHOT_FREE_BYTES_MIN: u64 = 64_000_000;

/// Bytes of a spreadsheet that is handed in.
pub const SHEET_BYTES_MAX: usize = 5_000_000;

/// Bytes of its parts together once they are unpacked: counted before any is parsed, since one
/// byte of a ZIP can stand for a thousand.
pub const SHEET_INFLATED_MAX: u64 = 20_000_000;

/// Bytes of its cell styles: each of 5 bytes takes some 300 in memory, so these take 120 MB at
/// most.
pub const SHEET_STYLES_MAX: u64 = 2_000_000;

/// Parts in it; a book of one sheet has some 10.
pub const SHEET_PARTS_MAX: usize = 500;

/// Rows that are not empty, the head among them: 2,000 rows and what stands above them.
pub const SHEET_ROWS_MAX: usize = 2_010;

/// Columns.
pub const SHEET_COLUMNS_MAX: usize = 40;

/// Events that one run of `events` prepares: as many as one request.
pub const EVENTS_A_RUN_MAX: usize = BULK_LINES_MAX;
