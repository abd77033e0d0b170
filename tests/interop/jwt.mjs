// Verifies a certificate's vc+jwt with panva's jose and no network: `jwt.mjs JWS DID CREDENTIAL`.
// Exit code 0: it verifies under the JsonWebKey that the issuer's DID document lists for its kid, is
// of the type UNTP asks for, and says what the credential says; 1: it does not.
import {readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {compactVerify, importJWK} from 'jose';

const [jwsFile, didFile, credentialFile] = process.argv.slice(2);
const jws = readFileSync(jwsFile, 'utf8').trim();
const did = JSON.parse(readFileSync(didFile, 'utf8'));
const {proof, ...credential} = JSON.parse(readFileSync(credentialFile, 'utf8'));

// The same key is listed twice: as Multikey for the proof, as JsonWebKey under the kid.
async function keyOf({kid}) {
  const method = did.verificationMethod.find(({id}) => id === kid);
  if (method?.type !== 'JsonWebKey' || !did.assertionMethod.includes(method.id)) {
    throw new Error(`${kid} is no key for assertions of ${did.id}`);
  }
  return importJWK(method.publicKeyJwk);
}

try {
  const {payload, protectedHeader} = await compactVerify(jws, keyOf, {algorithms: ['EdDSA']});
  const {typ, cty, kid} = protectedHeader;
  if (typ !== 'vc+jwt' || cty !== 'vc' || kid !== `${proof.verificationMethod}-jwk`) {
    throw new Error(`the header is ${JSON.stringify(protectedHeader)}`);
  }
  if (!isDeepStrictEqual(JSON.parse(new TextDecoder().decode(payload)), credential)) {
    throw new Error('it says something else than the credential');
  }
  console.log(`${credential.id} verifies under ${kid}`);
} catch (error) {
  console.log(`${error.code ?? error.name}: ${error.message}`);
  process.exit(1);
}
