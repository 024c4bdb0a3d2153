import type { GateStage } from '@jit/contract/vocabulary';

/** A gate as a preset has it; without a command a person decides it. */
export interface PresetGate {
  readonly key: string;
  readonly title: string;
  readonly stage: GateStage;
  readonly command: string | null;
}

/** Gates for a common stack. */
export interface GatePreset {
  readonly name: string;
  readonly title: string;
  readonly gates: readonly PresetGate[];
}

const exit = (key: string, title: string, command: string): PresetGate => ({
  key,
  title,
  stage: 'done',
  command,
});

const tests = (command: string) => exit('tests', 'The tests pass', command);
const lint = (command: string) => exit('lint', 'The linter finds nothing', command);
const types = (command: string) => exit('types', 'The types fit', command);
const format = (command: string) => exit('format', 'The code is formatted', command);
const build = (command: string) => exit('build', 'It builds', command);

/** Every preset. Commands only look: none installs or changes anything. */
export const GATE_PRESETS: readonly GatePreset[] = [
  {
    name: 'node',
    title: 'JavaScript with npm',
    gates: [tests('npm test'), lint('npm run lint')],
  },
  {
    name: 'typescript',
    title: 'TypeScript with npm',
    gates: [tests('npm test'), types('npx --no-install tsc --noEmit'), lint('npm run lint')],
  },
  {
    name: 'rust',
    title: 'Rust with cargo',
    gates: [
      tests('cargo test --quiet'),
      lint('cargo clippy --quiet --all-targets -- -D warnings'),
      format('cargo fmt --check'),
    ],
  },
  {
    name: 'python',
    title: 'Python with pytest, ruff and mypy',
    gates: [
      tests('python3 -m pytest -q'),
      lint('ruff check .'),
      format('ruff format --check .'),
      types('mypy .'),
    ],
  },
  {
    name: 'go',
    title: 'Go',
    gates: [
      tests('go test ./...'),
      lint('go vet ./...'),
      format('files=$(gofmt -l .) && echo "$files" && test -z "$files"'),
    ],
  },
  {
    name: 'java-maven',
    title: 'Java with Maven',
    gates: [build('mvn -q -B -DskipTests package'), tests('mvn -q -B test')],
  },
  {
    name: 'java-gradle',
    title: 'Java with the Gradle wrapper',
    gates: [build('./gradlew --quiet assemble'), tests('./gradlew --quiet test')],
  },
  {
    name: 'review',
    title: 'People look at it before and after',
    gates: [
      { key: 'design', title: 'Somebody agrees with the plan', stage: 'ready', command: null },
      { key: 'review', title: 'Somebody has read the change', stage: 'done', command: null },
    ],
  },
];
