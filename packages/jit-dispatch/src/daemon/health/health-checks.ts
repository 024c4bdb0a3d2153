import { isDeepStrictEqual } from 'node:util';
import type { AgentConfig } from '../../config/config.ts';
import type { HealthCheck } from '../../config/operating.ts';
import { askHealth, type HealthAnswer, type HealthQuestion } from '../../runners/ask-health.ts';
import { askedEnvironment } from '../asked-environment.ts';
import type { Dispatcher } from '../dispatcher.ts';

const TICK_MS = 1_000;
/** So many checks at a time beside the loop. */
const AT_ONCE = 8;
/** What a check may be late by before what was said last counts no longer. */
const MARGIN_MS = 10_000;

/** Checks that are made beside the loop. */
export interface HealthChecks {
  close(): Promise<void>;
}

interface Asked {
  readonly check: HealthCheck;
  readonly question: HealthQuestion | null;
  /** Uptime at which the last one ended. */
  readonly endedAtMs: number;
}

/**
 * Checks the health of agents, each after its interval, and keeps in every repository's ledger what was
 * said. An agent whose last check is too old counts as not checked, as does one that has a new check.
 * @param list the dispatchers of all repositories, at least one, as they are now
 */
export function startHealthChecks(
  list: () => readonly Dispatcher[],
  onChange: () => void,
): HealthChecks {
  const asked = new Map<string, Asked>();
  let isOpen = true;
  for (const each of list()) quietly(() => forgetStale(each));

  const ask = (dispatcher: Dispatcher, agent: AgentConfig, check: HealthCheck): void => {
    const question = begin(dispatcher, agent, check);
    asked.set(agent.id, { check, question, endedAtMs: 0 });
    void question.answer.then((answer) => {
      if (!isOpen || asked.get(agent.id)?.question !== question) return;
      asked.set(agent.id, { check, question: null, endedAtMs: dispatcher.uptimeMs() });
      if (keep(list(), agent.id, answer)) onChange();
    });
  };
  const look = (): void => {
    const [first] = list();
    if (first === undefined) return;
    const { agents } = first.config;
    for (const [id, { question }] of asked) {
      if (agents.some((agent) => agent.id === id && agent.health !== null)) continue;
      question?.cancel();
      asked.delete(id);
      for (const { ledger } of list()) quietly(() => ledger.forgetHealthCheck(id));
    }
    let free = AT_ONCE - [...asked.values()].filter(({ question }) => question !== null).length;
    for (const agent of agents) {
      const { id, health } = agent;
      if (health === null) continue;
      const last = asked.get(id);
      const isNew = last === undefined || !isDeepStrictEqual(last.check, health);
      const isDue =
        isNew ||
        (last.question === null && first.uptimeMs() - last.endedAtMs >= health.intervalSecs * 1000);
      if (!isDue || free <= 0) continue;
      free -= 1;
      last?.question?.cancel();
      if (isNew && last !== undefined)
        for (const { ledger } of list()) quietly(() => ledger.forgetHealthCheck(id));
      ask(first, agent, health);
    }
  };
  look();
  const stop = list()[0]?.timers.every(TICK_MS, look);
  return {
    async close() {
      isOpen = false;
      stop?.();
      const open = [...asked.values()].flatMap(({ question }) => question ?? []);
      for (const question of open) question.cancel();
      await Promise.all(open.map(({ answer }) => answer));
    },
  };
}

/** Checks all agents once, at the same time: each takes no longer than its limit. */
export async function checkHealthOnce(list: readonly Dispatcher[]): Promise<void> {
  const [first] = list;
  if (first === undefined) return;
  await Promise.all(
    first.config.agents.map(async (agent) => {
      if (agent.health === null) return;
      keep(list, agent.id, await begin(first, agent, agent.health).answer);
    }),
  );
}

/** A check gets what the agent itself would get. */
function begin(dispatcher: Dispatcher, agent: AgentConfig, check: HealthCheck): HealthQuestion {
  const environment = askedEnvironment(dispatcher, agent);
  return askHealth(check, { cwd: dispatcher.place.cwd, environment });
}

/** Keeps an answer; true if it is another one than before. Said once per change. */
function keep(list: readonly Dispatcher[], agent: string, answer: HealthAnswer): boolean {
  const { isWell, detail } = answer;
  let isOther = false;
  for (const [index, { ledger, log, now }] of list.entries()) {
    // A full disk: the agent counts as not checked when what is known gets too old.
    quietly(() => {
      const before = ledger.healthChecks().find((each) => each.agent === agent);
      const at = now().toISOString();
      const isSame = before !== undefined && (before.is_well !== 0) === isWell;
      const since = isSame ? before.since : at;
      ledger.keepHealthCheck({ agent, is_well: isWell ? 1 : 0, detail, since, at });
      if (isSame) return;
      isOther = true;
      if (index > 0 || (isWell && before === undefined)) return;
      const message = isWell ? 'it is well again' : `it is not well: ${detail}`;
      log({ level: isWell ? 'info' : 'warn', event: 'health', message, agent });
    });
  }
  return isOther;
}

/** What was said too long ago, or of a check that is no more. */
function forgetStale({ ledger, config, now }: Dispatcher): void {
  for (const { agent, at } of ledger.healthChecks()) {
    const health = config.agents.find(({ id }) => id === agent)?.health ?? null;
    const age = Math.abs(now().getTime() - Date.parse(at));
    const longest = health === null ? 0 : (health.intervalSecs + health.timeoutSecs) * 1000;
    if (health === null || !(age <= longest + MARGIN_MS)) ledger.forgetHealthCheck(agent);
  }
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The cycle meets the same failure, and says so.
  }
}
