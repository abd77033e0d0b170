"""Verifies a credential with openvc and no network: `verify.py CREDENTIAL [DID]`.
Exit code 0: the proof verifies under a key of the controller's document; 1: it does not. With a DID
document the whole credential is verified too: issuer, dates, form."""

import json
import sys

from openvc.did.base import DidResolverRegistry, parse_did_document
from openvc.did.did_key import DidKeyResolver
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.verify import VerificationPolicy, verify_credential


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class AtHand:
    """Resolves one DID from its document. openvc's own did:web resolver refuses IP addresses, which
    a demonstration on this machine has for a host."""

    def __init__(self, document):
        self.document = document

    def supports(self, did):
        return did == self.document["id"]

    def resolve(self, did):
        return parse_did_document(self.document)


credential, *did = [read(path) for path in sys.argv[1:]]
resolver = DidResolverRegistry([DidKeyResolver(), *map(AtHand, did)])
try:
    EddsaJcsProofSuite().verify(credential, resolver=resolver, check_temporal=False)
    if did:
        policy = VerificationPolicy(require_status=False)
        verify_credential(credential, resolver=resolver, policy=policy)
except Exception as fault:  # The library raises many kinds; each is a refusal.
    print(type(fault).__name__, fault)
    sys.exit(1)
