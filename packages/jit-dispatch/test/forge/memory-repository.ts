/** A label as a server keeps it. */
export interface MemoryLabel {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

/** A pull request's own part of an issue. */
export interface MemoryPull {
  readonly head: string;
  readonly base: string;
  readonly isDraft: boolean;
  mergedAt: string | null;
  /** What stood at its head when it was last looked at while it was open. */
  commit?: string;
}

/** An issue, or a pull request, as a server keeps it. */
export interface MemoryIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  stateReason: string | null;
  /** Ids of labels. */
  labels: number[];
  assignees: string[];
  readonly author: string;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  readonly pull: MemoryPull | null;
}

/** A comment as a server keeps it. */
export interface MemoryComment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** A run of a workflow as a server keeps it. */
export interface MemoryRun {
  readonly id: number;
  readonly workflow: string;
  readonly title: string;
  readonly branch: string;
  readonly inputs: Readonly<Record<string, string>>;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** A workflow that can be started. */
export interface MemoryWorkflow {
  readonly inputs: readonly string[];
  /** What `run-name` of the workflow makes of them. */
  readonly runName: (inputs: Readonly<Record<string, string>>) => string;
}

/** What is given of an issue to be; labels by name, made where they are missing. */
export type NewIssue = Partial<
  Pick<MemoryIssue, 'title' | 'body' | 'assignees' | 'author' | 'pull'>
> & { readonly labels?: readonly string[] };

/** What the repository of a test server holds: tests look into it, and change it as people would. */
export interface MemoryRepository {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly issues: MemoryIssue[];
  readonly comments: MemoryComment[];
  readonly labels: MemoryLabel[];
  /** Of the organisation that owns it; only Gitea has such. */
  readonly organisationLabels: MemoryLabel[];
  /** Names and commits. */
  readonly branches: Map<string, string>;
  /** Who may be assigned. */
  readonly people: Set<string>;
  readonly workflows: Map<string, MemoryWorkflow>;
  readonly runs: MemoryRun[];
  hasIssues: boolean;
  now(): string;
  nextId(): number;
  addIssue(facts?: NewIssue): MemoryIssue;
  findIssue(number: number): MemoryIssue | undefined;
  addComment(issue: number, author: string, body: string): MemoryComment;
  addLabel(name: string, color?: string, description?: string): MemoryLabel;
  /** The labels that an issue has. */
  labelsOf(issue: MemoryIssue): MemoryLabel[];
  /** What a person does who takes a label off. */
  unlabel(issue: MemoryIssue, name: string): void;
  addBranch(name: string): void;
  /** What stands at the head of a pull request; of a finished one, what stood there when it was last asked for. */
  headCommitOf(issue: MemoryIssue): string;
}

export function createMemoryRepository(repository: string): MemoryRepository {
  const [owner = '', name = ''] = repository.split('/');
  let ids = 1000;
  const nextId = () => {
    ids += 1;
    return ids;
  };
  // Forges count in seconds.
  const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const issues: MemoryIssue[] = [];
  const comments: MemoryComment[] = [];
  const labels: MemoryLabel[] = [];
  const organisationLabels: MemoryLabel[] = [];
  const addLabel = (label: string, color = 'ededed', description = ''): MemoryLabel => {
    const made = { id: nextId(), name: label, color, description };
    labels.push(made);
    return made;
  };
  const labelsOf = (issue: MemoryIssue): MemoryLabel[] =>
    [...labels, ...organisationLabels].filter(({ id }) => issue.labels.includes(id));
  const branches = new Map([['main', sha(0)]]);
  return {
    owner,
    name,
    defaultBranch: 'main',
    issues,
    comments,
    labels,
    organisationLabels,
    branches,
    people: new Set(['robot', 'ann', 'bob']),
    workflows: new Map(),
    runs: [],
    hasIssues: true,
    now,
    nextId,
    labelsOf,
    unlabel(issue, label) {
      const ids = labelsOf(issue)
        .filter((each) => each.name === label)
        .map(({ id }) => id);
      issue.labels = issue.labels.filter((id) => !ids.includes(id));
      issue.updatedAt = now();
    },
    addIssue({ labels: names = [], ...facts } = {}) {
      const number = issues.length + 1;
      const issue: MemoryIssue = {
        number,
        title: `Issue ${number}`,
        body: '',
        state: 'open',
        stateReason: null,
        labels: names.map((each) => {
          const known = labels.find((label) => label.name === each);
          return (known ?? addLabel(each)).id;
        }),
        assignees: [],
        author: 'ann',
        createdAt: now(),
        updatedAt: now(),
        closedAt: null,
        pull: null,
        ...facts,
      };
      issues.push(issue);
      return issue;
    },
    findIssue: (number) => issues.find((issue) => issue.number === number),
    addComment(issue, author, body) {
      const at = now();
      const comment = { id: nextId(), issue, author, body, createdAt: at, updatedAt: at };
      comments.push(comment);
      return comment;
    },
    addLabel,
    headCommitOf({ state, pull }) {
      if (pull === null) return '';
      if (state === 'open') pull.commit = branches.get(pull.head) ?? pull.commit ?? sha(0);
      return pull.commit ?? branches.get(pull.head) ?? sha(0);
    },
    addBranch(branch) {
      branches.set(branch, sha(branches.size));
    },
  };
}

function sha(number: number): string {
  return number.toString(16).padStart(40, '0');
}
