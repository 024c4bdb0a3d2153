/**
 * The state table of the contract, once more and as plainly as possible: what each step may do, and
 * with which exit code it is refused. The real operations are compared with it step by step.
 */

export type ModelState = 'open' | 'in_progress' | 'gated' | 'done' | 'rejected' | 'archived';
export type ModelGate = 'pending' | 'passed' | 'failed';

/** One claim: its number names the token. */
export interface ModelClaim {
  readonly token: number;
  readonly by: string;
  readonly ttl: number | null;
  until: number | null;
  /** How it ended. */
  ended: 'done' | 'released' | 'rejected' | 'expired' | 'other' | null;
}

export interface ModelIssue {
  state: ModelState;
  needs: Set<number>;
  entry: ModelGate | null;
  exit: ModelGate | null;
  attempt: number;
  assignee: string | null;
  /** The latest claim, live or ended. */
  claim: ModelClaim | null;
  until: number | null;
}

/** What a step comes to: an exit code, and whether something changed. */
export interface Verdict {
  readonly exit: number;
  readonly changed: boolean;
}

const CHANGED: Verdict = { exit: 0, changed: true };
const SAME: Verdict = { exit: 0, changed: false };
const refused = (exit: number): Verdict => ({ exit, changed: false });

export class StateModel {
  now = 0;
  readonly issues: ModelIssue[] = [];

  add(entry: boolean, exit: boolean, needs: readonly number[]): void {
    this.issues.push({
      state: 'open',
      needs: new Set(needs),
      entry: entry ? 'pending' : null,
      exit: exit ? 'pending' : null,
      attempt: 0,
      assignee: null,
      claim: null,
      until: null,
    });
  }

  at(index: number): ModelIssue {
    const issue = this.issues[index];
    if (issue === undefined) throw new Error(`the model has no issue ${index}`);
    return issue;
  }

  isFinished({ state }: ModelIssue): boolean {
    return state === 'done' || state === 'rejected' || state === 'archived';
  }

  isBlocked(issue: ModelIssue): boolean {
    return (
      [...issue.needs].some((need) => !this.isFinished(this.at(need))) ||
      (issue.entry !== null && issue.entry !== 'passed') ||
      (issue.until !== null && issue.until > this.now)
    );
  }

  shown(issue: ModelIssue): string {
    return issue.state === 'open' && !this.isBlocked(issue) ? 'ready' : issue.state;
  }

  isHeld({ claim }: ModelIssue): boolean {
    return claim !== null && claim.ended === null;
  }

  /** What every write does first and last: leases that are over end, gated issues that are free become done. */
  settle(): void {
    for (const issue of this.issues) {
      const { claim } = issue;
      const over = claim?.ended === null && claim.until !== null && claim.until <= this.now;
      if (claim === null || !over) continue;
      claim.ended = 'expired';
      issue.assignee = null;
      if (issue.state === 'in_progress') issue.state = 'open';
    }
    this.advance();
  }

  private advance(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const issue of this.issues) {
        const open = issue.exit !== null && issue.exit !== 'passed';
        if (issue.state !== 'gated' || open || this.isBlocked(issue)) continue;
        issue.state = 'done';
        if (issue.claim?.ended === null) issue.claim.ended = 'done';
        moved = true;
      }
    }
  }

  /** Whether a token may write: `go`, `last` (its claim ended by its own doing) or an exit code. */
  private token(issue: ModelIssue, token: number | null): 'go' | 'last' | number {
    const { claim } = issue;
    if (token === null) return 'go';
    if (claim === null || claim.token !== token) return 7;
    if (claim.ended === null) return 'go';
    return ['done', 'released', 'rejected'].includes(claim.ended) ? 'last' : 7;
  }

  private owner(issue: ModelIssue, token: number | null): 'go' | 'last' | number {
    const allowed = this.token(issue, token);
    if (allowed !== 'go' || token !== null) return allowed;
    return this.isHeld(issue) && issue.claim?.ttl !== null ? 6 : 'go';
  }

  claim(index: number, by: string, ttl: number | null, token: number): Verdict {
    const issue = this.at(index);
    const { claim } = issue;
    if (claim?.ended === null) {
      return claim.token === token && claim.by === by ? SAME : refused(6);
    }
    if (claim?.token === token) return refused(7);
    if (issue.state !== 'open' || this.isBlocked(issue)) return refused(4);
    if (issue.assignee !== null && issue.assignee !== by) return refused(6);
    this.hold(issue, by, ttl, token);
    // Its rest is over; one that begins during a claim survives a reassignment.
    issue.until = null;
    issue.state = 'in_progress';
    return CHANGED;
  }

  private hold(issue: ModelIssue, by: string, ttl: number | null, token: number): void {
    issue.attempt += 1;
    issue.assignee = by;
    issue.claim = { token, by, ttl, until: ttl === null ? null : this.now + ttl, ended: null };
    if (issue.exit !== null) issue.exit = 'pending';
  }

  heartbeat(index: number, token: number): Verdict {
    const issue = this.at(index);
    const { claim } = issue;
    if (claim === null || claim.token !== token) return refused(7);
    if (claim.ended !== null && claim.ended !== 'expired') return refused(7);
    if (claim.ttl === null) return refused(2);
    if (claim.ended === null) {
      claim.until = this.now + claim.ttl;
      return CHANGED;
    }
    if (issue.state !== 'open' && issue.state !== 'gated') return refused(4);
    if (issue.assignee !== null && issue.assignee !== claim.by) return refused(7);
    claim.ended = null;
    claim.until = this.now + claim.ttl;
    issue.assignee = claim.by;
    if (issue.state === 'open') issue.state = 'in_progress';
    return CHANGED;
  }

  release(index: number, token: number | null): Verdict {
    const issue = this.at(index);
    const allowed = this.owner(issue, token);
    if (typeof allowed === 'number') return refused(allowed);
    if (allowed === 'last' || (!this.isHeld(issue) && issue.state !== 'in_progress')) {
      if (issue.state === 'open' || issue.state === 'gated') return SAME;
      return refused(allowed === 'last' ? 7 : 4);
    }
    if (issue.claim !== null) issue.claim.ended = 'released';
    issue.assignee = null;
    if (issue.state === 'in_progress') issue.state = 'open';
    return CHANGED;
  }

  done(index: number, token: number | null, force: boolean): Verdict {
    const issue = this.at(index);
    const allowed = this.owner(issue, token);
    if (typeof allowed === 'number') return refused(allowed);
    if (issue.state === 'done') return SAME;
    if (allowed === 'last') return refused(7);
    if (this.isFinished(issue)) return refused(4);
    if (!force && this.isBlocked(issue)) return refused(4);
    if (!force && issue.exit !== null && issue.exit !== 'passed') {
      const changed = issue.state !== 'gated';
      issue.state = 'gated';
      return { exit: 4, changed };
    }
    this.end(issue, 'done');
    return CHANGED;
  }

  private end(issue: ModelIssue, state: 'done' | 'rejected'): void {
    issue.state = state;
    if (issue.claim?.ended === null) issue.claim.ended = state;
    this.advance();
  }

  reject(index: number, token: number | null): Verdict {
    const issue = this.at(index);
    const allowed = this.owner(issue, token);
    if (typeof allowed === 'number') return refused(allowed);
    if (issue.state === 'rejected') return SAME;
    if (allowed === 'last') return refused(7);
    if (this.isFinished(issue)) return refused(4);
    this.end(issue, 'rejected');
    return CHANGED;
  }

  reopen(index: number): Verdict {
    const issue = this.at(index);
    if (issue.state === 'open') return SAME;
    if (issue.state !== 'done' && issue.state !== 'rejected') return refused(4);
    issue.state = 'open';
    issue.assignee = null;
    if (issue.exit !== null) issue.exit = 'pending';
    return CHANGED;
  }

  archive(index: number): Verdict {
    const issue = this.at(index);
    if (issue.state === 'archived') return SAME;
    if (issue.state !== 'done' && issue.state !== 'rejected') return refused(4);
    issue.state = 'archived';
    return CHANGED;
  }

  decide(index: number, gate: 'entry' | 'exit', status: 'passed' | 'failed'): Verdict {
    const issue = this.at(index);
    const before = issue[gate];
    if (before === null) return refused(3);
    if (this.isFinished(issue)) return refused(4);
    const back = gate === 'exit' && status === 'failed' && issue.state === 'gated';
    if (before === status && !back) return SAME;
    issue[gate] = status;
    if (back) {
      issue.state = this.isHeld(issue) ? 'in_progress' : 'open';
    }
    this.advance();
    return CHANGED;
  }

  depend(index: number, target: number): Verdict {
    const issue = this.at(index);
    if (issue.needs.has(target)) return SAME;
    if (this.isFinished(issue) || this.at(target).state === 'archived') return refused(4);
    if (index === target || this.reaches(target, index)) return refused(4);
    issue.needs.add(target);
    return CHANGED;
  }

  private reaches(from: number, to: number): boolean {
    return [...this.at(from).needs].some((next) => next === to || this.reaches(next, to));
  }

  undepend(index: number, target: number): Verdict {
    if (!this.at(index).needs.delete(target)) return SAME;
    this.advance();
    return CHANGED;
  }

  defer(index: number, until: number | null): Verdict {
    const issue = this.at(index);
    if (issue.until === until) return SAME;
    issue.until = until;
    this.advance();
    return CHANGED;
  }

  assign(index: number, to: string | null): Verdict {
    const issue = this.at(index);
    if (issue.assignee === to) return SAME;
    if (this.isHeld(issue)) return refused(6);
    if (this.isFinished(issue)) return refused(4);
    issue.assignee = to;
    return CHANGED;
  }

  reassign(index: number, to: string, token: number | null, next: number): Verdict {
    const issue = this.at(index);
    const allowed = this.owner(issue, token);
    if (typeof allowed === 'number') return refused(allowed);
    if (allowed === 'last') return refused(7);
    if (!this.isHeld(issue)) return refused(4);
    this.hold(issue, to, issue.claim?.ttl ?? null, next);
    return CHANGED;
  }
}
