// Verifies a credential with Digital Bazaar's libraries and no network: `verify.mjs CREDENTIAL [DID]`.
// Exit code 0: the proof verifies for assertion by a key of the controller's document; 1: it does not.
// With a DID document the whole credential is verified too.
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
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

const suite = () => new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
const purpose = new jsigs.purposes.AssertionProofPurpose();
const results = [await jsigs.verify(structuredClone(credential), {suite: suite(), purpose, documentLoader})];
if (didFile) {
  // The whole credential: form, dates, issuer. Its status is what `tasdiq verify` answers for.
  const checkStatus = async () => ({verified: true});
  results.push(await vc.verifyCredential({credential, suite: suite(), documentLoader, checkStatus}));
}
for (const {error} of results) {
  if (error) {
    console.log((error.errors ?? [error]).map(fault => fault.message).join('\n'));
  }
}
process.exit(results.every(result => result.verified) ? 0 : 1);
