//! Golden vectors of the log's formats, named by their fault, for this code and any other reader.
//! Made here and compared with `tests/vectors/log/`; `TASDIQ_BLESS=1` writes the files.
//! Leaf i of every tree in them is the ASCII decimal of i. The keys are for nothing else.

use ed25519_dalek::{Signer as _, SigningKey};
use serde::Serialize;
use serde_json::{Value, json};

use super::spelling::{from_base64, to_base64};
use super::*;
use crate::kept::kept;
use crate::statement::Timestamp;

const ORIGIN: &str = "tasdiq.example/log";
const OTHER_ORIGIN: &str = "other.example/log";

#[derive(Serialize)]
struct Case {
    name: &'static str,
    input: Value,
    expect: &'static str,
}

fn case(name: &'static str, expect: &'static str, input: Value) -> Case {
    Case { name, input, expect }
}

/// One case a row: name, expectation, and what of `good` is replaced by what.
type Edits<'a> = [(&'static str, &'static str, &'a str, &'a str)];

fn edited(good: &str, edits: &Edits<'_>, input: &dyn Fn(&str) -> Value) -> Vec<Case> {
    let edit = |&(name, expect, from, to): &(&'static str, &'static str, &str, &str)| {
        assert!(good.contains(from) && (from != to || expect == "ok"), "{name} changes nothing");
        case(name, expect, input(&good.replacen(from, to, 1)))
    };
    edits.iter().map(edit).collect()
}

/// `input` with one member changed.
fn with(input: &Value, member: &str, value: impl Serialize) -> Value {
    let mut changed = input.clone();
    changed[member] = json!(value);
    changed
}

/// Writes or compares the files, then runs every case as its file has it.
fn check(kind: &str, cases: &[Case], run: fn(&Value) -> Result<(), LogError>) {
    let made: Vec<Value> = cases.iter().map(|case| json!(case)).collect();
    let read = kept(&format!("log/{kind}"), &made);
    for case in &read {
        let found = run(&case["input"]).err().map_or("ok", |error| error.code());
        assert_eq!(case["expect"], found, "{}", case["name"]);
    }
    assert!(read.iter().filter(|case| case["expect"] == "ok").count() >= 2);
}

fn text<'a>(input: &'a Value, member: &str) -> &'a str {
    input[member].as_str().unwrap()
}

fn number(input: &Value, member: &str) -> u64 {
    input[member].as_u64().unwrap()
}

fn hash(input: &Value, member: &str) -> Hash {
    Hash::from_base64(text(input, member)).unwrap()
}

fn hashes(input: &Value, member: &str) -> Vec<Hash> {
    serde_json::from_value(input[member].clone()).unwrap()
}

fn flip(hash: Hash) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[31] ^= 1;
    Hash::new(bytes)
}

fn tree_of(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.append(leaf_hash(index.to_string().as_bytes())));
    tree
}

fn key(seed: u8, name: &str, algorithm: NoteAlgorithm) -> (SigningKey, NoteKey) {
    let private = SigningKey::from_bytes(&[seed; 32]);
    let public = private.verifying_key().to_bytes();
    (private, NoteKey::new(name, algorithm, public).unwrap())
}

/// `text` signed by the log, and the log's verifier key.
fn signed(text: &str) -> (String, String) {
    let (private, key) = key(1, ORIGIN, NoteAlgorithm::Ed25519);
    (sign_note(text, &key, &|bytes| private.sign(bytes).to_bytes()), key.to_string())
}

#[test]
fn note() {
    const MALFORMED: &str = "malformed_note";
    const BAD_KEY: &str = "malformed_verifier_key";
    let (good, vkey) = signed("first\n\nlast\n");
    let input = |note: &str| json!({ "note": note, "vkey": vkey });
    let line = good.rsplit_once("\n\n").unwrap().1;
    let (one, many) = (format!("\n\n{line}"), format!("\n\n{}", line.repeat(65)));
    let edits = [
        ("note_good", "ok", "", ""),
        ("note_text_changed", "signature_refuted", "first", "First"),
        ("note_empty_line_added_to_text", "signature_refuted", "last", "\nlast"),
        ("note_without_signature", MALFORMED, line, ""),
        ("note_without_empty_line", MALFORMED, "first\n\nlast\n\n", "first\nlast\n"),
        ("note_without_final_newline", MALFORMED, "=\n", "="),
        ("note_with_empty_line_at_the_end", MALFORMED, "=\n", "=\n\n"),
        ("note_signature_without_padding", MALFORMED, "=\n", "\n"),
        ("note_hyphen_for_em_dash", MALFORMED, "\u{2014}", "-"),
        ("note_control_character", MALFORMED, "first", "first\t"),
        ("note_key_name_with_plus", MALFORMED, "\u{2014} tas", "\u{2014} tas+"),
        ("note_key_name_empty", MALFORMED, "\u{2014} tasdiq.example/log", "\u{2014} "),
        ("note_65_signatures", MALFORMED, &one, &many),
    ];
    let mut cases = edited(&good, &edits, &input);
    cases.extend(note_signatures(&good, &input));
    let (id, upper) = (&vkey[19..27], vkey[19..27].to_uppercase());
    let edits = [
        ("vkey_name_changed", BAD_KEY, "log+", "log2+"),
        ("vkey_key_id_changed", BAD_KEY, id, "00000000"),
        ("vkey_key_id_in_upper_case", BAD_KEY, id, &upper),
        ("vkey_without_key_id", BAD_KEY, &vkey[18..27], ""),
        ("vkey_key_of_31_bytes", BAD_KEY, &vkey[68..], "AA=="),
        ("vkey_type_2", "key_type_not_understood", "+A", "+B"),
    ];
    cases.extend(edited(&vkey, &edits, &|vkey| json!({ "note": good, "vkey": vkey })));
    check("note", &cases, |input| {
        Note::parse(text(input, "note"))?.verify(&NoteKey::parse(text(input, "vkey"))?)
    });
}

/// Faults in the signature lines of a good note, and cosignatures.
fn note_signatures(good: &str, input: &dyn Fn(&str) -> Value) -> Vec<Case> {
    let changed = |change: fn(&mut NoteSignature)| {
        let mut note = Note::parse(good).unwrap();
        change(&mut note.signatures[0]);
        input(&note.to_string())
    };
    let added = |change: fn(&mut NoteSignature)| {
        let mut note = Note::parse(good).unwrap();
        let mut line = note.signatures[0].clone();
        change(&mut line);
        note.signatures.push(line);
        input(&note.to_string())
    };
    let (private, witness) = key(2, "witness.example", NoteAlgorithm::CosignatureV1);
    let sign = |bytes: &[u8]| private.sign(bytes).to_bytes();
    let at = Timestamp::parse("2026-11-23T14:04:15Z").unwrap();
    let mut note = Note::parse(&signed(&checkpoint_text()).0).unwrap();
    note.signatures.push(cosign(&note.text, &witness, at, &sign));
    let cosigned = json!({ "note": note.to_string(), "vkey": witness.to_string() });
    note.signatures[1].bytes[7] ^= 1;
    let at_other_time = with(&cosigned, "note", note.to_string());
    let (refuted, missing) = ("signature_refuted", "signature_missing");
    vec![
        case("note_good_with_unknown_name", "ok", added(|line| line.name.push('2'))),
        case("note_good_with_unknown_key_id", "ok", added(|line| line.key_id[0] ^= 1)),
        case("note_good_cosigned", "ok", cosigned),
        case("note_cosignature_time_changed", refuted, at_other_time),
        case("note_signature_bit_flipped", refuted, changed(|line| line.bytes[0] ^= 1)),
        case("note_signature_cut_short", refuted, changed(|line| line.bytes.truncate(63))),
        case("note_signature_too_long", refuted, changed(|line| line.bytes.push(0))),
        case("note_second_signature_of_key_bad", refuted, added(|line| line.bytes[9] ^= 1)),
        case("note_key_name_unknown", missing, changed(|line| line.name.push('2'))),
        case("note_key_id_unknown", missing, changed(|line| line.key_id[0] ^= 1)),
    ]
}

fn checkpoint_text() -> String {
    let root = tree_of(70).root();
    Checkpoint { origin: ORIGIN.to_owned(), size: 70, root }.to_text()
}

#[test]
fn checkpoint() {
    const MALFORMED: &str = "malformed_checkpoint";
    let good = checkpoint_text();
    let input = |text: &str| {
        let (note, vkey) = signed(text);
        json!({ "note": note, "vkey": vkey, "origin": ORIGIN })
    };
    let empty = Checkpoint { origin: ORIGIN.to_owned(), size: 0, root: empty_root() }.to_text();
    let (root, short) = (tree_of(70).root().to_string(), to_base64(&[7; 31]));
    let edits = [
        ("checkpoint_good", "ok", "", ""),
        ("checkpoint_good_of_empty_log", "ok", &good, &empty),
        ("checkpoint_origin_case_differs", "origin_mismatch", "tasdiq", "Tasdiq"),
        ("checkpoint_origin_empty", MALFORMED, ORIGIN, ""),
        ("checkpoint_with_extension_line", MALFORMED, "=\n", "=\nextension\n"),
        ("checkpoint_with_empty_fourth_line", MALFORMED, "=\n", "=\n\n"),
        ("checkpoint_without_size", MALFORMED, "\n70\n", "\n"),
        ("checkpoint_size_with_leading_zero", MALFORMED, "\n70\n", "\n070\n"),
        ("checkpoint_size_negative", MALFORMED, "\n70\n", "\n-70\n"),
        ("checkpoint_size_with_plus_sign", MALFORMED, "\n70\n", "\n+70\n"),
        ("checkpoint_size_above_64_bits", MALFORMED, "\n70\n", "\n18446744073709551616\n"),
        ("checkpoint_size_zero_with_other_root", MALFORMED, "\n70\n", "\n0\n"),
        ("checkpoint_root_of_31_bytes", MALFORMED, &root, &short),
        ("checkpoint_root_without_padding", MALFORMED, "=\n", "\n"),
    ];
    let mut cases = edited(&good, &edits, &input);
    let good = input(&good);
    let forged = with(&good, "note", text(&good, "note").replace("\n70\n", "\n71\n"));
    let elsewhere = with(&good, "origin", OTHER_ORIGIN);
    cases.extend([
        case("checkpoint_size_changed_after_signing", "signature_refuted", forged),
        case("checkpoint_of_another_log", "origin_mismatch", elsewhere),
    ]);
    check("checkpoint", &cases, |input| {
        let key = NoteKey::parse(text(input, "vkey"))?;
        verify_checkpoint(text(input, "note"), &key, text(input, "origin")).map(|_| ())
    });
}

#[test]
fn inclusion() {
    let tree = tree_of(70);
    let input = |index: u64, size: u64| {
        let (leaf, root) = (tree.leaf(index), tree.root_at(size));
        let proof = tree.inclusion(index, size).unwrap();
        json!({ "leaf": leaf, "index": index, "size": size, "proof": proof, "root": root })
    };
    let (good, only, last) = (input(42, 70), input(0, 1), input(69, 70));
    let proof = tree.inclusion(42, 70).unwrap();
    let (mut bad_hash, mut swapped) = (proof.clone(), proof.clone());
    bad_hash[3] = flip(bad_hash[3]);
    swapped.swap(0, 1);
    let longer = [&proof[..], &[empty_root()]].concat();
    let refuted = "inclusion_refuted";
    let cases = [
        case("inclusion_good", "ok", good.clone()),
        case("inclusion_good_of_last_leaf", "ok", last.clone()),
        case("inclusion_good_of_only_leaf", "ok", only.clone()),
        case("inclusion_index_off_by_one", refuted, with(&good, "index", 43)),
        case("inclusion_size_smaller", refuted, with(&good, "size", 64)),
        case("inclusion_size_larger", refuted, with(&good, "size", 129)),
        case("inclusion_size_off_by_one", refuted, with(&last, "size", 71)),
        case("inclusion_root_of_other_size", refuted, with(&good, "root", tree.root_at(69))),
        case("inclusion_root_bit_flipped", refuted, with(&good, "root", flip(tree.root()))),
        case("inclusion_leaf_of_other_index", refuted, with(&good, "leaf", tree.leaf(43))),
        case("inclusion_leaf_without_prefix", refuted, with(&good, "leaf", Hash::sha256(b"42"))),
        case("inclusion_hash_bit_flipped", refuted, with(&good, "proof", bad_hash)),
        case("inclusion_hashes_swapped", refuted, with(&good, "proof", swapped)),
        case("inclusion_proof_too_short", refuted, with(&good, "proof", &proof[..6])),
        case("inclusion_proof_too_long", refuted, with(&good, "proof", longer)),
        case("inclusion_of_only_leaf_with_a_hash", refuted, with(&only, "proof", [empty_root()])),
        case("inclusion_index_equals_size", "index_out_of_range", with(&good, "index", 70)),
        case("inclusion_in_empty_tree", "index_out_of_range", with(&only, "size", 0)),
    ];
    check("inclusion", &cases, |input| {
        let (leaf, root) = (hash(input, "leaf"), hash(input, "root"));
        let (index, size) = (number(input, "index"), number(input, "size"));
        verify_inclusion(&leaf, index, size, &hashes(input, "proof"), &root)
    });
}

#[test]
fn consistency() {
    let tree = tree_of(70);
    let input = |old: u64, new: u64| {
        let (old_root, new_root) = (tree.root_at(old), tree.root_at(new));
        let proof = tree.consistency(old, new).unwrap();
        json!({ "old": old, "new": new, "oldRoot": old_root, "newRoot": new_root, "proof": proof })
    };
    let (good, same, start) = (input(42, 70), input(70, 70), input(0, 70));
    let proof = tree.consistency(42, 70).unwrap();
    let mut bad_hash = proof.clone();
    bad_hash[0] = flip(bad_hash[0]);
    let longer = [&proof[..], &[empty_root()]].concat();
    let none: [Hash; 0] = [];
    let (refuted, root, root_69) = ("consistency_refuted", tree.root(), tree.root_at(69));
    let cases = [
        case("consistency_good", "ok", good.clone()),
        case("consistency_good_from_power_of_two", "ok", input(64, 70)),
        case("consistency_good_from_empty", "ok", start.clone()),
        case("consistency_good_between_equal_sizes", "ok", same.clone()),
        case("consistency_old_size_off_by_one", refuted, with(&good, "old", 41)),
        case("consistency_new_size_larger", refuted, with(&good, "new", 129)),
        case("consistency_old_root_changed", refuted, with(&good, "oldRoot", root)),
        case("consistency_new_root_changed", refuted, with(&good, "newRoot", flip(root))),
        case("consistency_new_root_of_other_size", refuted, with(&good, "newRoot", root_69)),
        case("consistency_hash_bit_flipped", refuted, with(&good, "proof", bad_hash)),
        case("consistency_proof_empty", refuted, with(&good, "proof", none)),
        case("consistency_proof_too_short", refuted, with(&good, "proof", &proof[1..])),
        case("consistency_proof_too_long", refuted, with(&good, "proof", longer)),
        case("consistency_same_size_other_root", refuted, with(&same, "oldRoot", flip(root))),
        case("consistency_same_size_with_a_hash", refuted, with(&same, "proof", [root])),
        case("consistency_from_empty_with_a_hash", refuted, with(&start, "proof", [root])),
        case("consistency_from_empty_other_root", refuted, with(&start, "oldRoot", root)),
        case("consistency_sizes_reversed", "size_out_of_range", with(&good, "new", 41)),
    ];
    check("consistency", &cases, |input| {
        let (old, new) = (number(input, "old"), number(input, "new"));
        let (old_root, new_root) = (hash(input, "oldRoot"), hash(input, "newRoot"));
        verify_consistency(old, new, &old_root, &new_root, &hashes(input, "proof"))
    });
}

#[test]
fn tile() {
    const MALFORMED: &str = "malformed_tile_path";
    const BEYOND: &str = "tile_out_of_range";
    const CUT: &str = "malformed_entry_bundle";
    let tree = tree_of(300);
    let paths = [
        ("tile_good_long_path", "ok", "tile/entries/x001/x234/067", 315_921_408),
        ("tile_good_full_of_70000", "ok", "tile/0/272", 70_000),
        ("tile_good_partial_of_earlier_size", "ok", "tile/0/001.p/3", 300),
        ("tile_width_zero", MALFORMED, "tile/0/000.p/0", 300),
        ("tile_width_256", MALFORMED, "tile/0/000.p/256", 300),
        ("tile_width_leading_zero", MALFORMED, "tile/0/000.p/017", 300),
        ("tile_level_leading_zero", MALFORMED, "tile/00/000", 300),
        ("tile_level_64", MALFORMED, "tile/64/000", 300),
        ("tile_index_not_padded", MALFORMED, "tile/0/0", 300),
        ("tile_index_superfluous_group", MALFORMED, "tile/0/x000/001", 300),
        ("tile_index_group_without_x", MALFORMED, "tile/0/001/067", 300_000),
        ("tile_index_above_64_bits", MALFORMED, "tile/0/x018/x446/x744/x073/x709/x551/616", 300),
        ("tile_path_with_height", MALFORMED, "tile/8/0/000", 300),
        ("tile_path_data_for_entries", MALFORMED, "tile/data/000", 300),
        ("tile_full_where_partial", BEYOND, "tile/0/001", 300),
        ("tile_partial_wider_than_size", BEYOND, "tile/0/001.p/45", 300),
        ("tile_level_not_reached", BEYOND, "tile/2/000.p/1", 65_535),
    ];
    let mut cases: Vec<Case> = paths
        .map(|(name, expect, path, size)| case(name, expect, json!({ "path": path, "size": size })))
        .into();
    let tile = |path: &str| {
        let bytes = tree.tile(&TilePath::parse(path).unwrap(), 300).unwrap();
        json!({ "path": path, "size": 300, "tile": to_base64(&bytes) })
    };
    let bundle = |bytes: &[u8]| json!({ "bundle": to_base64(bytes) });
    let two = with(&bundle(b"\x00\x02{}\x00\x00"), "entries", ["{}", ""]);
    cases.extend([
        case("tile_good_hashes_of_partial", "ok", tile("tile/0/001.p/44")),
        case("tile_good_hashes_of_second_level", "ok", tile("tile/1/000.p/1")),
        case("bundle_good", "ok", two),
        case("bundle_length_cut_short", CUT, bundle(b"\x00\x02{}\x00")),
        case("bundle_entry_cut_short", CUT, bundle(b"\x00\x03{}")),
        case("bundle_empty", CUT, bundle(b"")),
        case("bundle_of_257", CUT, bundle(&[0, 0].repeat(257))),
    ]);
    check("tile", &cases, run_tile);
}

fn run_tile(input: &Value) -> Result<(), LogError> {
    if input.get("bundle").is_some() {
        let bytes = from_base64(text(input, "bundle")).unwrap();
        let entries = entries_of(&bytes)?;
        let expected: Vec<String> = serde_json::from_value(input["entries"].clone()).unwrap();
        assert_eq!(entries, expected.iter().map(String::as_bytes).collect::<Vec<_>>());
        return Ok(());
    }
    let (path, size) = (TilePath::parse(text(input, "path"))?, number(input, "size"));
    path.check(size)?;
    if input.get("tile").is_some() {
        let bytes = from_base64(text(input, "tile")).unwrap();
        assert_eq!(tree_of(size).tile(&path, size), Some(bytes));
    }
    Ok(())
}

#[test]
fn tlog_proof() {
    const MALFORMED: &str = "malformed_proof_file";
    const REFUTED: &str = "inclusion_refuted";
    let tree = tree_of(70);
    let (checkpoint, vkey) = signed(&checkpoint_text());
    let file = ProofFile { index: 42, proof: tree.inclusion(42, 70).unwrap(), checkpoint };
    let good = file.to_string();
    let input = |file: &str| json!({ "file": file, "leaf": "42", "vkey": vkey, "origin": ORIGIN });
    let (head, _) = good.split_once("\n\n").unwrap();
    let (_, signature) = good.split_once('\u{2014}').unwrap();
    let long = ProofFile { proof: vec![empty_root(); 65], ..file.clone() }.to_string();
    let first = format!("{}\n", file.proof[0]);
    let edits = [
        ("tlog_proof_good", "ok", "", ""),
        ("tlog_proof_good_with_extra", "ok", "index", "extra YQ==\nindex"),
        ("tlog_proof_index_off_by_one", REFUTED, "index 42", "index 43"),
        ("tlog_proof_hash_missing", REFUTED, &first, ""),
        ("tlog_proof_hash_repeated", REFUTED, &first, &first.repeat(2)),
        ("tlog_proof_index_beyond_size", "index_out_of_range", "index 42", "index 70"),
        ("tlog_proof_checkpoint_forged", "signature_refuted", "\n70\n", "\n71\n"),
        ("tlog_proof_version_2", MALFORMED, "@v1", "@v2"),
        ("tlog_proof_index_with_leading_zero", MALFORMED, "index 42", "index 042"),
        ("tlog_proof_without_index", MALFORMED, "index 42\n", ""),
        ("tlog_proof_extra_not_base64", MALFORMED, "index", "extra YQ\nindex"),
        ("tlog_proof_of_65_hashes", MALFORMED, &good, &long),
        ("tlog_proof_without_checkpoint", MALFORMED, &good, head),
        ("tlog_proof_hash_without_padding", "malformed_hash", "=\n", "\n"),
        ("tlog_proof_index_twice", "malformed_hash", "index 42", "index 42\nindex 42"),
        ("tlog_proof_checkpoint_unsigned", "malformed_note", signature, ""),
    ];
    let mut cases = edited(&good, &edits, &input);
    // A path binds the size where the size changes its shape: here at the last leaf.
    let (checkpoint, _) = signed(&checkpoint_text().replace("\n70\n", "\n71\n"));
    let last = ProofFile { index: 69, proof: tree.inclusion(69, 70).unwrap(), checkpoint };
    let wrong_size = with(&input(&last.to_string()), "leaf", "69");
    let good = input(&good);
    let elsewhere = with(&good, "origin", OTHER_ORIGIN);
    cases.extend([
        case("tlog_proof_leaf_changed", REFUTED, with(&good, "leaf", "43")),
        case("tlog_proof_checkpoint_of_wrong_size", REFUTED, wrong_size),
        case("tlog_proof_of_another_log", "origin_mismatch", elsewhere),
    ]);
    check("tlog_proof", &cases, |input| {
        let key = NoteKey::parse(text(input, "vkey"))?;
        let leaf = leaf_hash(text(input, "leaf").as_bytes());
        let file = ProofFile::parse(text(input, "file"))?;
        file.verify(&leaf, &key, text(input, "origin")).map(|_| ())
    });
}

#[test]
fn leaf() {
    const MALFORMED: &str = "malformed_leaf";
    let at = Timestamp::parse("2026-11-23T14:04:15Z").unwrap();
    let statement = r#"{"id":"urn:uuid:1","name":"زيت"}"#;
    let bytes = encode_leaf(0, at, &genesis_prev(ORIGIN), statement.as_bytes());
    let good = String::from_utf8(bytes).unwrap();
    let long = format!("{{\"a\":\"{}\"}}", "a".repeat(65_535));
    let (prev, short) = (genesis_prev(ORIGIN).to_string(), to_base64(&[7; 31]));
    let edits = [
        ("leaf_good_largest_index", "ok", ":0,", ":9007199254740991,"),
        ("leaf_index_above_53_bits", MALFORMED, ":0,", ":9007199254740992,"),
        ("leaf_index_leading_zero", MALFORMED, ":0,", ":00,"),
        ("leaf_index_negative", MALFORMED, ":0,", ":-1,"),
        ("leaf_index_as_text", MALFORMED, ":0,", ":\"0\","),
        ("leaf_space_after_colon", MALFORMED, "loggedAt\":", "loggedAt\": "),
        ("leaf_member_misspelt", MALFORMED, "loggedAt", "logged_at"),
        ("leaf_time_with_fraction", MALFORMED, "15Z", "15.0Z"),
        ("leaf_time_with_offset", MALFORMED, "15Z", "15+00:00"),
        ("leaf_time_of_day_that_is_not", MALFORMED, "11-23", "11-31"),
        ("leaf_statement_is_array", MALFORMED, statement, "[]"),
        ("leaf_statement_missing", MALFORMED, statement, ""),
        ("leaf_trailing_newline", MALFORMED, "}}", "}}\n"),
        ("leaf_unknown_member", MALFORMED, ",\"statement\"", ",\"size\":1,\"statement\""),
        ("leaf_prev_not_canonical_base64", "malformed_hash", "=\",", "\","),
        ("leaf_prev_of_31_bytes", "malformed_hash", &prev, &short),
        ("leaf_above_65535_bytes", "leaf_too_large", statement, &long),
    ];
    let first = json!({
        "leaf": good, "origin": ORIGIN, "statement": statement, "hash": leaf_hash(good.as_bytes()),
    });
    let mut cases = vec![case("leaf_good_first_of_log", "ok", first)];
    cases.extend(edited(&good, &edits, &|leaf| json!({ "leaf": leaf })));
    check("leaf", &cases, |input| {
        let leaf = Leaf::parse(text(input, "leaf").as_bytes())?;
        if input.get("origin").is_some() {
            assert_eq!(leaf.prev, genesis_prev(text(input, "origin")));
            assert_eq!(leaf.statement, text(input, "statement").as_bytes());
            assert_eq!(leaf_hash(text(input, "leaf").as_bytes()), hash(input, "hash"));
        }
        Ok(())
    });
}

/// The checkpoint signed by the log alone, by one witness too, by all, and with a forged line.
fn cosigned(witnesses: &[(SigningKey, NoteKey)]) -> [String; 4] {
    let (log, _) = signed(&checkpoint_text());
    let mut note = Note::parse(&log).unwrap();
    for (at, (secret, public)) in (1..).zip(witnesses) {
        let sign = |bytes: &[u8]| secret.sign(bytes).to_bytes();
        let at = Timestamp::from_seconds(at * 1_000);
        note.signatures.push(cosign(&note.text, public, at, &sign));
    }
    let lone = Note { signatures: note.signatures[..2].to_vec(), ..note.clone() };
    let mut forged = note.clone();
    forged.signatures[3].bytes[20] ^= 1;
    [log, lone.to_string(), note.to_string(), forged.to_string()]
}

/// A policy over three witnesses and a checkpoint they signed at 1,000, 2,000 and 3,000 seconds.
/// `at` is when the quorum was complete. An unmet quorum reads as `signature_missing`.
#[test]
fn policy() {
    let witnesses: Vec<_> =
        (1..=3).map(|n| key(n, &format!("w{n}.example"), NoteAlgorithm::CosignatureV1)).collect();
    let line = |n: usize| format!("witness w{} {}\n", n + 1, witnesses[n].1);
    let lines: String = (0..3).map(line).collect();
    let [log, lone, all, forged] = cosigned(&witnesses);
    let good = format!("{lines}group g 2 w1 w2 w3\nquorum g\n");
    let input = |text: &str| json!({ "policy": text, "note": all, "at": 2_000 });
    const MISSING: &str = "signature_missing";
    const MALFORMED: &str = "malformed_policy";
    let nested = format!("{lines}group a any w1 w2\ngroup b all a w3\nquorum b\n");
    let mut cases = edited(
        &good,
        &[
            ("policy_good", "ok", "", ""),
            ("policy_with_comment_and_tabs", "ok", "group g", "# two of three\n\n\t group \t g"),
            ("policy_without_quorum", MALFORMED, "quorum g\n", ""),
            ("policy_two_quorums", MALFORMED, "quorum g\n", "quorum g\nquorum g\n"),
            ("policy_unknown_member", MALFORMED, "w2 w3", "w2 w4"),
            ("policy_member_twice", MALFORMED, "w2 w3", "w2 w2"),
            ("policy_threshold_zero", MALFORMED, "group g 2", "group g 0"),
            ("policy_threshold_above_members", MALFORMED, "group g 2", "group g 4"),
            ("policy_threshold_with_leading_zero", MALFORMED, "group g 2", "group g 02"),
            ("policy_name_taken", MALFORMED, "group g 2", "group w1 2"),
            ("policy_name_none", MALFORMED, "group g 2", "group none 2"),
            ("policy_carriage_return", MALFORMED, "quorum g\n", "quorum g\r\n"),
            ("policy_unknown_word", MALFORMED, "quorum g", "quota g"),
            (
                "policy_key_of_a_log",
                MALFORMED,
                "quorum",
                &format!("log {}\nquorum", witnesses[0].1),
            ),
            ("policy_key_id_wrong", "malformed_verifier_key", "example+", "exemple+"),
        ],
        &input,
    );
    let with_note =
        |policy: &str, note: &str, at: u64| json!({ "policy": policy, "note": note, "at": at });
    cases.extend([
        case("policy_all_of_three", "ok", with_note(&good.replace("g 2", "g all"), &all, 1_000)),
        case("policy_any_of_three", "ok", with_note(&good.replace("g 2", "g any"), &all, 3_000)),
        case("policy_groups_in_groups", "ok", with_note(&nested, &all, 2_000)),
        case("policy_one_witness", "ok", with_note(&format!("{lines}quorum w3\n"), &all, 3_000)),
        case("policy_none", "ok", with_note("quorum none\n", &log, 0)),
        case("policy_one_of_two_signed", MISSING, with_note(&good, &lone, 0)),
        case("policy_nobody_signed", MISSING, with_note(&good, &log, 0)),
        case("policy_forged_line", "signature_refuted", with_note(&good, &forged, 0)),
    ]);
    check("policy", &cases, |input| {
        let policy = WitnessPolicy::parse(text(input, "policy"))?;
        let quorum = policy.evaluate(&Note::parse(text(input, "note"))?);
        if let Some(name) = quorum.refuted.into_iter().next() {
            return Err(LogError::Signature { name });
        }
        if !quorum.met {
            return Err(LogError::Unsigned { name: quorum.missing.join(", ") });
        }
        let at = quorum.at.map_or(0, |at| at.seconds().unsigned_abs());
        assert_eq!(at, number(input, "at"));
        Ok(())
    });
}
