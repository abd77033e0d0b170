// The log's tree (RFC 6962): leaves and their hashes, and proofs that a leaf stands in a tree.
// Not here: who signed the tree (`note`), what a leaf's statement says.
import { concat, hashOf, need, same, sha256 } from './bytes.js';
import { count, isObject, jcs } from './canonical.js';
import { isTime } from './time.js';

const LEAF_BYTES_MAX = 65535;

export const leafHash = (bytes) => sha256(concat(Uint8Array.of(0), bytes));
const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/** A leaf's canonical bytes; throws unless it has exactly the members of one. */
export function leafBytes(leaf) {
  const named =
    isObject(leaf) && Object.keys(leaf).sort().join() === 'index,loggedAt,prev,statement';
  need(named && count(leaf.index) && isTime(leaf.loggedAt), 'malformed_leaf');
  need(hashOf(leaf.prev) && isObject(leaf.statement), 'malformed_leaf');
  const bytes = jcs(leaf);
  need(bytes.length <= LEAF_BYTES_MAX, 'leaf_too_large');
  return bytes;
}

/**
 * Whether the leaf with this hash stands at `index` in the tree of `size` leaves with this root
 * (RFC 9162 section 2.1.3.2). `index` is a number, `size` a BigInt.
 */
export async function isIncluded(leaf, index, size, proof, root) {
  let [node, last] = [BigInt(index), size - 1n];
  if (node > last) return false;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      hash = await nodeHash(sibling, hash);
      while (!(node & 1n) && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(hash, root);
}
