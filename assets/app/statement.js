// Statements: the strict profile and the proof (eddsa-jcs-2022) of what this ledger's parties sign
// (docs/FORMAT.md sections 1.1 and 1.2). Not here: what a type claims (`claim`), whether its key
// counted when it was logged.
import { concat, need, same, sha256, signatureOf } from './bytes.js';
import { anything, check, isObject, jcs, text, words } from './canonical.js';
import { LEFT_OUT, TYPES } from './claim.js';
import { verifies } from './ed25519.js';
import { isTime } from './time.js';

const STATEMENT_BYTES_MAX = 60000;
/** Of the small types, an undoing among them, with its proof. */
const SMALL_BYTES_MAX = 7900;

const PROOF = {
  '@context': anything,
  created: isTime,
  cryptosuite: words('eddsa-jcs-2022'),
  proofPurpose: words('assertionMethod'),
  proofValue: anything,
  type: words('DataIntegrityProof'),
  verificationMethod: text,
};
const HEAD = {
  id: text,
  issuer: { id: text, name: text, '...': 1 },
  name: text,
  validFrom: isTime,
  'validUntil?': isTime,
  '...': 1,
};
/** Parts a signed document: message, signature, the key's name, and the document without proof. */
export async function split(document) {
  need(isObject(document), 'shape', 'it is no object');
  const { proof, ...rest } = document;
  need(isObject(proof) && 'proofValue' in proof, 'proof_shape');
  const signature = signatureOf(proof.proofValue);
  need(signature, 'proof_value');
  check(proof, PROOF, 'proof_shape');
  need(same(jcs(proof['@context']), jcs(rest['@context'] ?? null)), 'proof_context');
  const { proofValue, ...options } = proof;
  const digest = await sha256(jcs(rest));
  const message = concat(await sha256(jcs(options)), digest);
  return { document: rest, method: proof.verificationMethod, message, signature, digest };
}

/** Whether a document that was parted is signed by this key (32 bytes). */
export const isSignedBy = (signed, key) => verifies(key, signed.message, signed.signature);

/** Reads a statement of one ledger that came as a value under the strict profile. */
export async function statementOf(value, domain) {
  need(jcs(value).length <= STATEMENT_BYTES_MAX, 'too_large');
  const signed = await split(value);
  const { document } = signed;
  check(document, HEAD);
  const issuer = domain.partyOf(document.issuer.id);
  need(issuer !== null, 'inconsistent', 'issuer.id');
  need(signed.method.startsWith(`${document.issuer.id}#`), 'verification_method');
  need(signed.method.length > document.issuer.id.length + 1, 'verification_method');
  check(document.type, [text]);
  const types = document.type.filter((word) => word !== 'VerifiableCredential');
  need(types.length === document.type.length - 1, 'shape', 'type');
  need(!LEFT_OUT.has(types.join()), 'not_read_here', types[0]);
  need(types.length === 1 && Object.hasOwn(TYPES, types[0]), 'unknown_type', types.join());
  const [contexts, closed, reader] = TYPES[types[0]];
  const context = contexts(domain);
  need(same(jcs(document['@context']), jcs(context)), 'context_mismatch');
  need('credentialSubject' in document, 'shape', 'credentialSubject');
  const own = words('@context credentialSubject id issuer name type validFrom validUntil');
  need(!closed || Object.keys(document).every((name) => own.has(name)), 'shape');
  const claim = await reader(document.credentialSubject, document, domain);
  need(claim.kind !== 'void' || jcs(value).length <= SMALL_BYTES_MAX, 'too_large');
  return { ...signed, id: document.id, issuer, claim };
}
