/** What paths are made of. Each run of it is taken whole, so that a long text costs no more than its length. */
const RUNS = /[\p{L}\p{N}_@.*/-]+/gu;
/** A name without a folder is a path only with an ending like those of files. */
const HAS_ENDING = /\.[a-z][a-z0-9]{0,9}$/iu;
/** Nobody writes longer ones by hand. */
const MAX_LENGTH = 1024;

/** Documents, and everything in a text that looks like a path, from the root of the repository on. */
export function pathsIn(prose: string, documents: readonly string[]): string[] {
  const runs = prose.replaceAll('\\', '/').match(RUNS) ?? [];
  const named = runs.filter((run) => run.length <= MAX_LENGTH).map(fromRoot);
  const paths = named.filter((name) => name.includes('/') || HAS_ENDING.test(name));
  return [...new Set([...documents.flatMap((each) => [each, fromRoot(each)]), ...paths])];
}

/** Without what marks its place or its end in a sentence: `./a/b.ts`, `**a/b.ts**`, `a/b.ts.` */
function fromRoot(run: string): string {
  return run.replace(/^\**(?:\.{0,2}\/)*/u, '').replace(/[*.]{1,3}$/u, '');
}
