"""The log: signed notes, checkpoints, Merkle proofs, tiles, proof files, leaves.
Sources: RFC 6962; C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof."""

import base64
import re

from common import Fault, decimal, is_time, need, sha, signed, point_ok, unbase64, unhash


def vkey(text):
    """(name, key id, type, public key) of a verifier key."""
    bad = "malformed_verifier_key"
    parts = text.split("+", 2)
    need(len(parts) == 3, bad)
    key = unbase64(parts[2], bad)
    need(key, bad)
    need(key[0] in (1, 4), "key_type_not_understood")
    identity = sha(parts[0].encode() + b"\n" + key)[:4]
    need(len(key) == 33 and parts[0] and parts[1] == identity.hex() and point_ok(key[1:]), bad)
    return parts[0], identity, key[0], key[1:]


def verify_note(note, key):
    """The text of a signed note; every line of a known key must be good, lines of others are not
    looked at."""
    bad = "malformed_note"
    need(not re.search(r"[\x00-\x09\x0b-\x1f]", note) and "\n\n" in note, bad)
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    need(lines.endswith("\n"), bad)
    name, identity, kind, public = vkey(key)
    known = []
    lines = lines[:-1].split("\n")
    need(len(lines) <= 64, bad)
    for line in lines:
        found = re.fullmatch("\u2014 ([^ +]+) ([^ ]+)", line)
        need(found, bad)
        data = unbase64(found[2], bad)
        need(len(data) > 4, bad)
        if found[1] == name and data[:4] == identity:
            known.append(data[4:])
    need(known, "signature_missing")
    for signature in known:
        message = text
        if kind == 4:
            need(len(signature) == 72, "signature_refuted")
            seconds = int.from_bytes(signature[:8], "big")
            message, signature = f"cosignature/v1\ntime {seconds}\n{text}", signature[8:]
        need(signed(public, signature, message.encode()), "signature_refuted")
    return text


def verify_checkpoint(note, key, origin):
    bad = "malformed_checkpoint"
    text = verify_note(note, key)
    lines = text.split("\n")
    need(len(lines) == 4 and lines[0], bad)
    size, root = decimal(lines[1], bad), unhash(lines[2], bad)
    need(size or root == sha(b""), bad)
    need(lines[0] == origin, "origin_mismatch")
    return size, root


def node(left, right):
    return sha(b"\x01" + left + right)


def tree_root(leaves):
    """RFC 6962 section 2.1, as it stands there."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(tree_root(leaves[:split]), tree_root(leaves[split:]))


def root_from(leaf, index, size, proof):
    """Root that an inclusion proof leads to (RFC 6962 section 2.1.1, read from the top down)."""
    if size == 1:
        return leaf if not proof else None
    if not proof:
        return None
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        below = root_from(leaf, index, split, proof[:-1])
        return below and node(below, proof[-1])
    below = root_from(leaf, index - split, size - split, proof[:-1])
    return below and node(proof[-1], below)


def verify_inclusion(leaf, index, size, proof, root):
    need(index < size, "index_out_of_range")
    need(root_from(leaf, index, size, proof) == root, "inclusion_refuted")


def roots_from(old, new, proof, old_root, whole):
    """(old root, new root) that a consistency proof leads to (RFC 6962 section 2.1.2)."""
    if old == new:
        if whole:
            return (old_root, old_root) if not proof else (None, None)
        return (proof[0], proof[0]) if len(proof) == 1 else (None, None)
    if not proof:
        return None, None
    split = 1 << (new - 1).bit_length() - 1
    if old <= split:
        first, second = roots_from(old, split, proof[:-1], old_root, whole)
        return (first, node(second, proof[-1])) if first else (None, None)
    first, second = roots_from(old - split, new - split, proof[:-1], old_root, False)
    return (node(proof[-1], first), node(proof[-1], second)) if first else (None, None)


def verify_consistency(old, new, old_root, new_root, proof):
    need(old <= new, "size_out_of_range")
    if old == 0:
        good = not proof and old_root == sha(b"") and (new > 0 or new_root == old_root)
    else:
        good = roots_from(old, new, proof, old_root, True) == (old_root, new_root)
    need(good, "consistency_refuted")


def tile_path(path):
    """(level or None for entries, index, width)."""
    bad = "malformed_tile_path"
    level = r"entries|0|[1-5]?[1-9]|[1-6]0|6[0-3]"
    form = rf"tile/({level})/((?:x\d{{3}}/)*)(\d{{3}})(?:\.p/([1-9]\d{{0,2}}))?"
    found = re.fullmatch(form, path, re.ASCII)
    need(found and (not found[1].isdigit() or int(found[1]) < 64), bad)
    index = int((found[2] + found[3]).replace("x", "").replace("/", ""))
    width = int(found[4] or 256)
    need(index < 2**64 and not found[2].startswith("x000") and (not found[4] or width < 256), bad)
    return (None if found[1] == "entries" else int(found[1])), index, width


def run_tile(case):
    if "bundle" in case:
        need(entries(base64.b64decode(case["bundle"])) == [e.encode() for e in case["entries"]]
             if "entries" in case else entries(base64.b64decode(case["bundle"])), "bundle_differs")
        return
    level, index, width = tile_path(case["path"])
    need(index * 256 + width <= case["size"] >> 8 * (level or 0), "tile_out_of_range")
    if "tile" in case:
        step = 256**level
        leaves = [sha(b"\0" + str(i).encode()) for i in range(case["size"])]
        hashes = [tree_root(leaves[i * step:(i + 1) * step])
                  for i in range(index * 256, index * 256 + width)]
        need(b"".join(hashes) == base64.b64decode(case["tile"]), "tile_differs")


def entries(bundle):
    found = []
    while bundle:
        size = int.from_bytes(bundle[:2], "big")
        need(len(bundle) >= 2 + size, "malformed_entry_bundle")
        found.append(bundle[2:2 + size])
        bundle = bundle[2 + size:]
    need(0 < len(found) <= 256, "malformed_entry_bundle")
    return found


def run_proof_file(case):
    bad = "malformed_proof_file"
    head, empty, checkpoint = case["file"].partition("\n\n")
    lines = head.split("\n")
    need(empty and lines.pop(0) == "c2sp.org/tlog-proof@v1", bad)
    if lines and lines[0].startswith("extra "):
        unbase64(lines.pop(0)[6:], bad)
    need(lines and lines[0].startswith("index "), bad)
    index = decimal(lines.pop(0)[6:], bad)
    need(len(lines) <= 64, bad)
    proof = [unhash(line) for line in lines]
    size, root = verify_checkpoint(checkpoint, case["vkey"], case["origin"])
    verify_inclusion(sha(b"\0" + case["leaf"].encode()), index, size, proof, root)


def run_leaf(case):
    bad = "malformed_leaf"
    data = case["leaf"].encode()
    need(len(data) <= 65_535, "leaf_too_large")
    form = (r'\{"index":(0|[1-9]\d*),"loggedAt":"([^"]*)","prev":"([^"]*)","statement":'
            r'(\{.*\})\}')
    found = re.fullmatch(form, case["leaf"], re.ASCII | re.DOTALL)
    need(found and int(found[1]) < 2**53 and is_time(found[2]), bad)
    prev = unhash(found[3])
    if "origin" in case:
        need(prev == sha(case["origin"].encode() + b"\n"), "prev_differs")
        need(sha(b"\0" + data) == unhash(case["hash"]), "hash_differs")
        need(found[4] == case["statement"], "statement_differs")


def hashes(case, *members):
    return [[unhash(h) for h in case[m]] if isinstance(case[m], list) else unhash(case[m])
            for m in members]


def run_inclusion(case):
    leaf, proof, root = hashes(case, "leaf", "proof", "root")
    verify_inclusion(leaf, case["index"], case["size"], proof, root)


def run_consistency(case):
    old, new, proof = hashes(case, "oldRoot", "newRoot", "proof")
    verify_consistency(case["old"], case["new"], old, new, proof)


def policy_of(text):
    """(members by name in order, quorum): a witness is its key, a group (threshold, members)."""
    bad = "malformed_policy"
    members, used, quorum, logs = {}, set(), [], []
    for line in text.split("\n"):
        need(not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line), bad)
        items = [item for item in re.split(r"[ \t]+", line) if item]
        if not items or items[0].startswith("#"):
            continue
        word, rest = items[0], items[1:]
        if word == "log" and len(rest) in (1, 2):
            key = vkey(rest[0])
            need(key[2] == 1 and key[3] not in logs, bad)
            logs.append(key[3])
        elif word == "witness" and len(rest) in (2, 3):
            need(rest[0] != "none" and rest[0] not in members, bad)
            key = vkey(rest[1])
            same = [m for m in members.values() if isinstance(m, str) and vkey(m)[3] == key[3]]
            need(key[2] == 4 and not same, bad)
            members[rest[0]] = rest[1]
        elif word == "group" and len(rest) > 2:
            need(rest[0] != "none" and rest[0] not in members, bad)
            for name in rest[2:]:
                need(name in members and name not in used, bad)
                used.add(name)
            count = {"all": str(len(rest) - 2), "any": "1"}.get(rest[1], rest[1])
            need(re.fullmatch("[1-9][0-9]*", count, re.ASCII), bad)
            need(int(count) <= len(rest) - 2, bad)
            members[rest[0]] = (int(count), rest[2:])
        elif word == "quorum" and len(rest) == 1 and not quorum:
            need(rest[0] == "none" or rest[0] in members, bad)
            quorum.append(rest[0])
        else:
            need(False, bad)
    need(quorum, bad)
    return members, quorum[0]


def quorum_of(policy, note):
    """When each member had seen a note, the quorum's name, whether a cosignature is bad: a group had
    seen it at the k-th newest time of its members."""
    members, quorum = policy_of(policy)
    times, refuted = {}, False
    for name, member in members.items():
        if isinstance(member, str):
            try:
                verify_note(note, member)
                times[name] = cosigned_at(note, member)
            except Fault as fault:
                refuted |= fault.args[0] == "signature_refuted"
        else:
            seen = sorted((times[n] for n in member[1] if n in times), reverse=True)
            if len(seen) >= member[0]:
                times[name] = seen[member[0] - 1]
    return times, quorum, refuted


def run_policy(case):
    times, quorum, refuted = quorum_of(case["policy"], case["note"])
    need(not refuted, "signature_refuted")
    need(quorum == "none" or quorum in times, "signature_missing")
    need(times.get(quorum, 0) == case["at"], "time_differs")


def cosigned_at(note, key):
    name, identity, _, _ = vkey(key)
    lines = note.rpartition("\n\n")[2].strip().split("\n")
    data = [unbase64(line.split(" ")[2], "x") for line in lines if line.split(" ")[1] == name]
    return max(int.from_bytes(d[4:12], "big") for d in data if d[:4] == identity)


RUN = {
    "policy": run_policy,
    "note": lambda case: verify_note(case["note"], case["vkey"]),
    "checkpoint": lambda case: verify_checkpoint(case["note"], case["vkey"], case["origin"]),
    "inclusion": run_inclusion,
    "consistency": run_consistency,
    "tile": run_tile,
    "tlog_proof": run_proof_file,
    "leaf": run_leaf,
}
