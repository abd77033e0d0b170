"""What every file that proves itself has in common: its form, the trust snapshot inside, the signed
manifest, the checkpoint, entries with proofs and signatures; and how findings make a verdict.
Source: docs/FORMAT.md sections 6.1, 6.3 and 7. Not here: what the entries say (dossier, way_back,
consignment)."""

import base64
import copy
from collections import namedtuple
from datetime import datetime, timezone

import log
from common import Fault, need, sha, signed, unhash, unmultikey
from log import verify_checkpoint, verify_inclusion
from statement import jcs, parse, read_proof, verify

SKEW = 300
# How old status may be, by policy.
AGE_SECONDS = {"shop": 7 * 86_400, "customs": 2 * 86_400, "audit": 86_400}
# What is no JSON document that all readers read alike (section 7).
UNREADABLE = {"too_large", "not_utf8", "not_json", "too_deep", "duplicate_key",
              "number_not_integer", "not_nfc"}


class Undecided(Exception):
    """Not enough is known."""


def seconds(text):
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return int(at.replace(tzinfo=timezone.utc).timestamp())


def document(data, most=4_000_000):
    return parse(data[:-1] if data.endswith(b"\n") else data, most)


def exactly(value, members):
    need(isinstance(value, dict) and set(value) == members, "shape")


def statement_of(value, host, public):
    """A statement and its digest, once it keeps to the profile and verifies."""
    verify(jcs(value), host, public)
    bare = {name: member for name, member in value.items() if name != "proof"}
    return bare, sha(jcs(bare))


# --- the trust snapshot (6.1)

class Trust:
    def __init__(self, value, root):
        value = copy.deepcopy(value)
        message, signature, method = read_proof(value)
        edition = value.get("edition", 0)
        version = 1 if edition == 0 else 2 if edition < 2 else 3
        need((value["type"], value["version"]) == ("TasdiqTrust", version), "trust_form")
        later = any({"names", "contact"} & set(party) for party in value["parties"])
        need(version == 3 or not later, "trust_form")
        need(root == value["root"] and "genesisRoot" not in value, "trust_root")
        self.value, self.host = value, value["host"]
        founded, public = {}, unmultikey(root)
        name = "did:web:" + self.host.replace(":", "%3A") + "#root"
        for one in value["founding"]:
            need(one["proof"]["verificationMethod"] == name, "trust_signature")
            subject = statement_of(one, self.host, public)[0]["credentialSubject"]
            if subject.get("keyChange") == "key-added":
                key = unmultikey(subject["publicKeyMultibase"])
                founded[subject["verificationMethod"]] = subject["purpose"], key
        purpose, service = founded.get(method, (None, None))
        need(purpose == "service" and signed(service, signature, message), "trust_signature")
        log_key = base64.b64decode(value["logKey"].split("+", 2)[2])[1:]
        need(("log", log_key) in founded.values(), "trust_signature")
        size, self.root = self.checkpoint(value["checkpoint"])
        need(size == value["sequence"], "trust_form")

    def checkpoint(self, note):
        return verify_checkpoint(note, self.value["logKey"], self.host + "/log")

    def party(self, slug):
        return next((party for party in self.value["parties"] if party["party"] == slug), None)

    def key(self, method):
        keys = (key for party in self.value["parties"] for key in party["keys"])
        return next((key for key in keys if key["verificationMethod"] == method), None)


def standing(key, at):
    """What a key was worth at log time (FORMAT section 4)."""
    lost = key.get("compromised")
    if lost and (at > lost["recorded"]["loggedAt"] or at > lost["knownAt"]):
        return "nothing"
    if lost and at >= lost["since"]:
        return "suspect"
    retired = key.get("retired", {}).get("loggedAt", at)
    good = max(key["added"]["loggedAt"], key.get("countsFrom", "")) <= at <= min(retired, key.get("notAfter", at))
    return "good" if good else "nothing"



# --- the verdict (7)

class Verdict:
    """What was found so far: a failure outranks what is missing; among equals the first stands."""

    def __init__(self, policy):
        self.policy, self.failed, self.missing, self.unfit = policy, None, None, False

    def fail(self, why):
        self.failed = self.failed or why

    def miss(self, why):
        self.missing = self.missing or why

    def end(self):
        """(exit code, sub-indication)."""
        if self.failed or self.missing:
            return (1, self.failed) if self.failed else (3, self.missing)
        return (4 if self.unfit else 0), None


def under(why, run, *arguments):
    """A fault of what is run has this sub-indication, if it has none of its own."""
    try:
        return run(*arguments)
    except Fault as fault:
        raise Fault(*fault.args, *([why] if len(fault.args) < 2 else [])) from None


def ended(fault):
    """What a file comes to that was not opened."""
    unreadable = fault.args[0] in UNREADABLE and fault.args[1] == "FORMAT_FAILURE"
    return 2 if unreadable else 1, fault.args[1]


def fresh(verdict, opened, now, stated):
    """Trust snapshot and status are of late, and witnesses saw the checkpoint: `stated` is the
    instant that the file itself counts from, until a quorum of witnesses says another."""
    trust, note = opened.trust, opened.value["checkpoint"]
    if seconds(now) - seconds(trust.value["issuedAt"]) < -SKEW:
        verdict.miss("STATUS_STALE")
    seen, refuted = witnessed(trust, note)
    age = seconds(now) - (seen or seconds(stated))
    if not -SKEW <= age <= AGE_SECONDS[verdict.policy]:
        verdict.miss("STATUS_STALE")
    if refuted:
        verdict.fail("SIG_CRYPTO_FAILURE")
    elif seen is None and verdict.policy != "shop":
        verdict.miss("WITNESS_QUORUM_MISSING")
    return age


def witnessed(trust, note):
    """When the quorum of the snapshot's policy had seen a checkpoint, and whether one lied."""
    policy = trust.value.get("witnessPolicy")
    if policy is None:
        return None, False
    times, quorum, refuted = log.quorum_of(policy, note)
    return times.get(quorum), refuted


# --- the file (6.3)

# `hashed` are the members that the manifest names by the hash of their JCS, `manifest` its kind and
# members, `places` what looks at the rest of its form.
Form = namedtuple("Form", "kind version members optional hashed manifest_kind manifest most places")
HEAD = {"@context", "checkpoint", "entries", "manifest", "trust", "type", "version"}
SIGNED = {"@context", "host", "issuedAt", "members", "proof", "sequence", "type", "version"}


class Opened:
    """A file of which form, manifest, checkpoint and proofs are good. `entries` come when they are
    read."""

    def __init__(self, data, trust_file, root, form):
        known = Trust(document(trust_file), root)
        self.form = form
        self.value = under("FORMAT_FAILURE", self.formed, data)
        self.trust, fault = known, None
        try:
            own = Trust(self.value["trust"], root)
            if own.value["sequence"] > known.value["sequence"]:
                self.trust = own
        except Fault as found:
            fault = found
        self.manifest = self.signed_manifest()
        need(fault is None, "trust", "TRUST_FAILURE")
        under("LOG_PROOF_FAILURE", self.prove)

    def formed(self, data):
        form, value = self.form, document(data, self.form.most)
        exactly(value, HEAD | form.members | (form.optional & set(value)))
        need(all(value[name] for name in form.optional & set(value)), "shape")
        manifest = value["manifest"]
        exactly(manifest, SIGNED | form.manifest)
        need(isinstance(value["trust"], dict) and isinstance(value["entries"], list), "shape")
        need(isinstance(value["checkpoint"], str), "shape")
        version = form.version(value)
        need((value["type"], value["version"]) == (form.kind, version), "shape")
        need((manifest["type"], manifest["version"]) == (form.manifest_kind, version), "shape")
        need(manifest["@context"] == value["@context"], "shape")
        for entry in value["entries"]:
            exactly(entry, {"leaf", "proof"})
        form.places(value)
        return value

    def members(self):
        value = self.value
        found = {"checkpoint": sha(value["checkpoint"].encode())}
        hashed = self.form.hashed | {"trust"}
        for name in hashed & set(value):
            found[name] = sha(jcs(value[name]))
        for entry in value["entries"]:
            name = f"entries/{entry['leaf']['index']}"
            need(name not in found, "member_twice")
            found[name] = sha(jcs(entry))
        return found

    def signed_manifest(self):
        manifest = copy.deepcopy(self.value["manifest"])
        message, signature, method = under("FORMAT_FAILURE", read_proof, manifest)
        need(manifest["host"] == self.trust.host, "host", "TRUST_FAILURE")
        key = self.trust.key(method)
        need(key and key["purpose"] == "service", "manifest_key", "TRUST_FAILURE")
        public = unmultikey(key["publicKeyMultibase"])
        need(signed(public, signature, message), "manifest_signature", "SIG_CRYPTO_FAILURE")
        need("compromised" not in key, "manifest_key", "REVOKED")
        good = standing(key, manifest["issuedAt"]) == "good"
        need(good, "manifest_key", "AUTHORITY_FAILURE")
        named = {name: unhash(text) for name, text in manifest["members"].items()}
        need(named == under("HASH_FAILURE", self.members), "member_differs", "HASH_FAILURE")
        return manifest

    def prove(self):
        """The checkpoint is the log's, and each leaf is in its tree, in the order of the log."""
        size, tree = self.trust.checkpoint(self.value["checkpoint"])
        need(size == self.manifest["sequence"], "checkpoint")
        need(size != self.trust.value["sequence"] or tree == self.trust.root, "fork")
        last = -1
        for entry in self.value["entries"]:
            leaf = entry["leaf"]
            exactly(leaf, {"index", "loggedAt", "prev", "statement"})
            need(last < leaf["index"], "entry_order")
            last = leaf["index"]
            proof = [unhash(text) for text in entry["proof"]]
            verify_inclusion(sha(b"\0" + jcs(leaf)), last, size, proof, tree)

    def read(self, own=()):
        """The statements, each signed by a key that counted; `own` are certificates whose keys are
        judged with their own checks."""
        entries = [Entry(entry["leaf"], self.trust, own) for entry in self.value["entries"]]
        self.entries = {entry.index: entry for entry in entries}
        return self.entries


class Entry:
    def __init__(self, leaf, trust, own):
        self.index, self.at, self.leaf = leaf["index"], leaf["loggedAt"], leaf
        self.method = leaf["statement"]["proof"]["verificationMethod"]
        key = trust.key(self.method)
        need(key, "key_unknown")
        self.key = key
        public = unmultikey(key["publicKeyMultibase"])
        self.value, self.digest = statement_of(leaf["statement"], trust.host, public)
        self.subject = self.value["credentialSubject"]
        self.kind = next(word for word in self.value["type"] if word != "VerifiableCredential")
        self.mark = {"index": self.index, "loggedAt": self.at}
        lists = ("BitstringStatusListCredential", "StatusIndex", "LabelIssue")
        purposes = {"assertion", "root"} | ({"service"} if self.kind in lists else set())
        need(key["purpose"] in purposes, "key_purpose")
        # The certificate's own key is judged with its own checks.
        if self.index not in own:
            worth = standing(key, self.at)
            need(worth == "good" or worth == "suspect" and self.kind != "Reconfirmation",
                 "key_worth")

    @property
    def issuer(self):
        """The party's short name."""
        return (self.value["issuer"]["id"].split(":parties:") + ["authority"])[1]
