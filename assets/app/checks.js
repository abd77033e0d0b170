// The table that checks are laid on, the policies, and the report drawn from it: any failure fails,
// anything missing leaves it undecided (docs/FORMAT.md section 7). Not here: the checks.
import { secondsOf, SKEW } from './time.js';

const DAY = 86400;
export const POLICIES = { shop: 7 * DAY, customs: 2 * DAY, audit: DAY };
const AUDIT_ONLY = ['statement-profile', 'statement-signature', 'inclusion', 'checkpoint'];
const NOT_SHOP = ['non-withdrawal', 'witness-quorum'];
const NEVER = ['serial-issued', 'inherited-status', 'origin', 'custody', 'mass-balance'];
/** What speaks of fitness, and so never makes a thing not genuine. */
const FITNESS = [
  'certificate-status',
  'lot-status',
  'inherited-status',
  'label-expiry',
  'non-withdrawal',
];

function requires(policy, check) {
  if (AUDIT_ONLY.includes(check)) return policy === 'audit';
  if (NOT_SHOP.includes(check)) return policy !== 'shop';
  return !NEVER.includes(check);
}

export class Checks {
  constructor(trust, book, now, policy, kinds) {
    Object.assign(this, { trust, book, now, policy, kinds, subject: '', checks: [], item: [] });
    this.reading = { leftOut: [], foreignHost: null };
    Object.assign(this, { fitness: null, claims: null, trace: null, verdict: null, mute: false });
    /** What was looked at on the way, for people who want to look themselves. */
    this.exhibits = {};
  }

  /** Puts a check on the table that decides nothing by itself. */
  lay(check, result, evidence = '') {
    this.checks.push({ check, result, required: requires(this.policy, check), evidence });
  }

  age(seconds) {
    if (this.checks.length > 0) this.checks.at(-1).dataAgeSeconds = seconds;
  }

  pass(check, evidence) {
    this.lay(check, 'pass', evidence);
  }

  /** A check that refutes: the first one names the sub-indication. */
  fail(check, why, evidence) {
    this.lay(check, 'fail', evidence);
    if (!FITNESS.includes(check)) this.indicate('TOTAL_FAILED', why);
  }

  /** Refutes even where a plain failure would only speak of fitness. */
  refute(check, why, evidence) {
    this.lay(check, 'fail', evidence);
    this.indicate('TOTAL_FAILED', why);
  }

  absent(check, why, evidence) {
    this.miss(check, 'absent', why, evidence);
  }

  stale(check, why, evidence) {
    this.miss(check, 'stale', why, evidence);
  }

  miss(check, result, why, evidence) {
    this.lay(check, result, evidence);
    if (requires(this.policy, check)) this.indicate('INDETERMINATE', why);
  }

  skip(check, evidence) {
    this.lay(check, 'not-run', evidence);
  }

  /** A check that this evidence must carry, whatever the policy. */
  require(check, result, evidence) {
    this.lay(check, result, evidence);
    this.checks.at(-1).required = true;
    if (result === 'fail' && !FITNESS.includes(check))
      this.indicate('TOTAL_FAILED', 'HASH_FAILURE');
    if (result !== 'fail' && result !== 'pass') this.indicate('INDETERMINATE', 'TRY_LATER');
  }

  /** A failure of form so deep that nobody is accused. */
  unreadable(check, evidence) {
    this.mute = true;
    this.fail(check, 'FORMAT_FAILURE', evidence);
  }

  /** Checks that were not reached; why is on the table already. */
  notRun(checks) {
    for (const check of checks) {
      this.lay(check, 'not-run');
      if (requires(this.policy, check) && this.verdict === null)
        this.indicate('INDETERMINATE', 'NO_POE');
    }
  }

  signal(word) {
    if (!this.item.includes(word)) this.item.push(word);
  }

  /** A failure outranks what is missing; among equals the first stands. */
  indicate(indication, why) {
    const worse = this.verdict?.[0] === 'INDETERMINATE' && indication === 'TOTAL_FAILED';
    if (this.verdict === null || worse) this.verdict = [indication, why];
  }

  /** The trust snapshot was verified when it was opened: says how old it is. */
  trustData() {
    const age = secondsOf(this.now) - secondsOf(this.trust.issuedAt);
    const told = `log size ${this.trust.sequence}`;
    if (!this.trust.pinned) {
      this.absent('trust-snapshot', 'ROOT_NOT_PINNED', this.trust.root);
    } else if (age < -SKEW) {
      this.stale('trust-snapshot', 'STATUS_STALE', `${told}; made ${-age} s after now`);
    } else {
      this.pass('trust-snapshot', told);
    }
    this.age(age);
  }

  /** The book was verified when it was opened: how old it is, and who saw its checkpoint. */
  async statusData() {
    const { book } = this;
    if (!book) {
      this.absent('pack', 'TRY_LATER');
      this.absent('status-freshness', 'TRY_LATER');
      return;
    }
    const older = book.covers < this.trust.sequence ? '; older than the trust snapshot' : '';
    this.pass('pack', `covers ${book.covers} log entries${older}`);
    const counted = await countedOf(this.trust, book.checkpoint);
    const since = (at) => secondsOf(this.now) - secondsOf(at);
    const age = since(book.asOf(timeOfQuorum(counted)));
    this.age(age);
    this.freshness(age, since(book.issuedAt));
    this.layQuorum(counted);
  }

  /** Status data must be of late and not from the future. `stated` is how old it says it is. */
  freshness(age, stated) {
    const limit = POLICIES[this.policy];
    const future = Math.min(stated, age) < -SKEW;
    const told = `${age} s old; the policy allows ${limit} s`;
    if (age >= -SKEW && age <= limit && !future) this.pass('status-freshness', told);
    else
      this.stale(
        'status-freshness',
        'STATUS_STALE',
        future ? `made ${-Math.min(stated, age)} s after now` : told,
      );
    this.age(age);
  }

  layQuorum(counted) {
    const [name, why] = ['witness-quorum', 'WITNESS_QUORUM_MISSING'];
    if (counted.reason !== undefined) {
      this.absent(name, why, counted.reason);
      return;
    }
    const signed = counted.signed.map((one) => one.join(' ')).join(', ');
    if (counted.refuted.length > 0) {
      this.fail(
        name,
        'SIG_CRYPTO_FAILURE',
        `the cosignature of ${counted.refuted.join(', ')} does not verify`,
      );
    } else if (counted.met) {
      this.pass(name, signed);
      this.age(secondsOf(this.now) - secondsOf(counted.at));
    } else {
      this.absent(
        name,
        why,
        `signed by ${signed || 'nobody'}; missing: ${counted.missing.join(', ')}`,
      );
    }
  }

  /** Damage met on the way outranks every other finding: what was not found may have been there. */
  damaged() {
    const damage = this.book?.damage;
    if (!damage) return;
    this.checks = this.checks.filter((laid) => laid.check !== 'pack');
    this.verdict = null;
    this.fail('pack', 'TRUST_FAILURE', damage);
  }

  report() {
    this.damaged();
    const [indication, subIndication] = this.verdict ?? ['TOTAL_PASSED', null];
    const genuine = indication !== 'TOTAL_FAILED';
    const fitness = genuine ? this.fitness : null;
    return {
      subject: this.subject,
      policy: this.policy,
      validationTime: this.now,
      authenticity: { indication, subIndication },
      fitness,
      item: this.item,
      reading: this.reading,
      claims: genuine ? this.claims : null,
      checks: this.checks,
      exitCode: this.exitCode(indication, fitness),
      exhibits: { ...this.exhibits, trust: this.trust },
    };
  }

  exitCode(indication, fitness) {
    if (indication === 'TOTAL_FAILED') return this.mute ? 2 : 1;
    if (indication === 'INDETERMINATE') return 3;
    const failed = this.checks.some((laid) => laid.result === 'fail');
    return (fitness ? !fitness.fit : failed) ? 4 : 0;
  }
}

/** Counts the cosignatures of a checkpoint; `reason` says why nobody can be counted. */
export async function countedOf(trust, note) {
  try {
    return await trust.quorum(note);
  } catch (fault) {
    if (!fault.code) throw fault;
    return { reason: fault.detail || fault.message };
  }
}

/** When the quorum that was counted had seen the checkpoint; null while none is known. */
export const timeOfQuorum = (counted) =>
  counted.reason === undefined && counted.refuted.length === 0 ? counted.at : null;
