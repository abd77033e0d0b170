// Verifies a credential with Digital Bazaar's libraries and no network: `verify.mjs CREDENTIAL [DID]`.
// Exit code 0: the proof verifies for assertion by a key of the controller's document; 1: it does not.
import {readFileSync} from 'node:fs';
import jsigs from 'jsonld-signatures';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {contexts} from '@digitalbazaar/credentials-context';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const [credentialFile, didFile] = process.argv.slice(2);
const read = file => JSON.parse(readFileSync(file, 'utf8'));
const credential = read(credentialFile);
const documents = new Map(contexts);

// A controller's document is found under its own name, each of its keys under the key's.
function add(controller) {
  documents.set(controller.id, controller);
  for (const method of controller.verificationMethod) {
    documents.set(method.id, {'@context': MULTIKEY, ...method});
  }
}

// did:key carries its document in its name.
function controllerOfKey(did) {
  const multibase = did.slice('did:key:'.length);
  const id = `${did}#${multibase}`;
  const method = {id, type: 'Multikey', controller: did, publicKeyMultibase: multibase};
  const context = ['https://www.w3.org/ns/did/v1', MULTIKEY];
  return {'@context': context, id: did, verificationMethod: [method], assertionMethod: [id]};
}

if (didFile) {
  add(read(didFile));
} else {
  add(controllerOfKey(credential.proof.verificationMethod.split('#')[0]));
}

async function documentLoader(url) {
  if (!documents.has(url)) {
    throw new Error(`not at hand: ${url}`);
  }
  return {documentUrl: url, document: structuredClone(documents.get(url))};
}

const result = await jsigs.verify(credential, {
  suite: new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()}),
  purpose: new jsigs.purposes.AssertionProofPurpose(),
  documentLoader,
});
if (!result.verified) {
  console.log((result.error?.errors ?? [result.error]).map(error => error?.message).join('\n'));
}
process.exit(result.verified ? 0 : 1);
