import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv } from '@jit/testkit/processes';
import { createRepository, type Repository } from '../repository.ts';
import type { KindWorld } from './kind-world.ts';

/** A person with a real tracker. */
export interface HumanWorld extends KindWorld {
  readonly repository: Repository;
  readonly issue: string;
  /** What they were told by the program, one after the other. */
  told(): Record<string, unknown>[];
}

/** The tracker with troubles: `fails` counts down, `loses` says nothing of what was done. */
const SHIM = `#!/bin/sh
[ -f "$JIT_TEST_ROOT/slow" ] && sleep 0.3
n=$(cat "$JIT_TEST_ROOT/fails" 2>/dev/null || echo 0)
if [ "$n" -gt 0 ]; then echo $((n - 1)) > "$JIT_TEST_ROOT/fails"; exit 10; fi
input=$(cat)
case "$input" in *comment*) if [ -f "$JIT_TEST_ROOT/loses" ]; then
  rm "$JIT_TEST_ROOT/loses"; printf '%s\\n' "$input" | jit "$@" > /dev/null; exit 0; fi;; esac
case "$input" in *comment*) if [ -f "$JIT_TEST_ROOT/halves" ]; then
  rm "$JIT_TEST_ROOT/halves"; printf '%s\\n' "$input" | jit "$@" | head -c 20; exit 0; fi;; esac
printf '%s\\n' "$input" | exec jit "$@"
`;

export async function openHumanWorld(): Promise<HumanWorld> {
  const repository = await createRepository();
  const { root } = repository;
  const issue = await repository.create('Sign the release');
  await repository.jit(['issue', 'claim', issue, 'ana']);
  const tracker = repository.script('tracker', SHIM);
  const notify = repository.script('notify', '#!/bin/sh\ncat >> "$JIT_TEST_ROOT/told"\n');
  const put = (file: string, text = '') => writeFileSync(join(root, file), text);
  const told = () => {
    const path = join(root, 'told');
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const comments = async () =>
    (await repository.jit<{ comments: { text: string }[] }>(['issue', 'show', issue])).comments;
  const PATH = `${join(root, 'bin')}:${cleanEnv().PATH}`;
  return {
    repository,
    issue,
    told,
    outside: { kind: 'human', settings: { notify: [notify], pollSecs: 0.05 } },
    facts: {
      issue,
      agent: 'ana',
      cwd: root,
      tracker: { argv: [tracker], suffix: [], cwd: root, env: {} },
      pass_env: ['JIT_TEST_ROOT'],
      finishes_issue: true,
    },
    env: { PATH, JIT_TEST_ROOT: root },
    brought: async () =>
      (await comments()).filter(({ text }) => text.includes('This is for')).length,
    asked: () => 0,
    finish: async () => void (await repository.jit(['issue', 'update', issue, '--state', 'done'])),
    fail: null,
    takeBack: async () => void (await repository.jit(['issue', 'release', issue, 'not me'])),
    isWithdrawn: async () => (await comments()).some(({ text }) => text.includes('was ended')),
    troubles: {
      fail_twice: () => put('fails', '2'),
      lose_answer: () => put('loses'),
      half_answer: () => put('halves'),
      slow: () => put('slow'),
    },
  };
}
