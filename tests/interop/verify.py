"""Verifies a credential with openvc and no network: `verify.py CREDENTIAL [DID]`.
Exit code 0: the proof verifies under a key of the controller's document; 1: it does not. With a DID
document the whole credential is verified too: issuer, dates, form."""

import json
import sys

from openvc.did.base import DidResolverRegistry
from openvc.did.did_key import DidKeyResolver
from openvc.did.did_web import DidWebResolver
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.verify import VerificationPolicy, verify_credential


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


credential, *did = [read(path) for path in sys.argv[1:]]
web = [DidWebResolver(lambda url: document) for document in did]
resolver = DidResolverRegistry([DidKeyResolver(), *web])
try:
    EddsaJcsProofSuite().verify(credential, resolver=resolver, check_temporal=False)
    if did:
        policy = VerificationPolicy(require_status=False)
        verify_credential(credential, resolver=resolver, policy=policy)
except Exception as fault:  # The library raises many kinds; each is a refusal.
    print(type(fault).__name__, fault)
    sys.exit(1)
