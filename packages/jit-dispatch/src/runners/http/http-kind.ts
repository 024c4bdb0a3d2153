import { JitError } from '@jit/contract/errors';
import type { HttpSettings } from '../../config/agent-kinds.ts';
import { fillPlaceholders } from '../../config/placeholders.ts';
import { createTokenReader } from '../../forge/token-reader.ts';
import { showIssue } from '../ask-tracker.ts';
import { issueSight } from '../issue-sight.ts';
import { type Assignment, failed, going, type Kind, type Means, type Sight } from '../kind.ts';
import type { Task } from '../task.ts';
import { type Answer, ask, inShort } from './ask.ts';
import { type Callback, type EarlierCallback, openCallback } from './callback-server.ts';
import { payloadOf } from './payload.ts';
import { isOver, readReport, refusalIn } from './read-report.ts';

/** How often in a row an agent may not know its work until it counts as lost there. */
const UNKNOWN_TIMES = 3;
const NO_CODES: readonly number[] = [404, 410];

/** An agent behind an address: the work is posted, the end comes by a callback, by asking, or is the issue's. */
export const httpKind: Kind<HttpSettings> = {
  async open(settings, task, means) {
    const callback = settings.callback
      ? await openCallback(means.key, {
          earlier: earlierCallback(means),
          onReport: means.wake,
          secrets: means.secrets,
        })
      : null;
    return httpAssignment(settings, task, means, callback);
  },
};

function httpAssignment(
  settings: HttpSettings,
  task: Task,
  means: Means,
  callback: Callback | null,
): Assignment {
  const { key, environment, secrets } = means;
  const tokens = settings.token && createTokenReader(settings.token, environment);
  let unknown = 0;

  const readToken = async (): Promise<string | undefined> => {
    const token = await tokens?.read();
    if (token !== undefined) secrets.add(token);
    return token;
  };

  const request = async (
    method: 'GET' | 'POST' | 'DELETE',
    template: string,
    body?: string,
  ): Promise<Answer> => {
    const token = await readToken();
    try {
      return await send(method, template, { body, token });
    } catch (error) {
      if (!(error instanceof JitError) || error.code !== 'AGENT_FORBIDDEN') throw error;
      // It may have been replaced since it was read.
      tokens?.forget();
      const fresh = await readToken();
      if (fresh === token) throw error;
      return send(method, template, { body, token: fresh });
    }
  };

  const send = async (
    method: 'GET' | 'POST' | 'DELETE',
    template: string,
    { body, token }: { readonly body: string | undefined; readonly token: string | undefined },
  ): Promise<Answer> => {
    const headers = {
      'idempotency-key': key,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const timeoutMs = settings.timeoutSecs * 1000;
    const url = fillAddress(template, task, key);
    return ask({ method, url, headers, timeoutMs, body }, means);
  };

  const look = async (): Promise<Sight> => {
    const told = callback?.verdict();
    if (told != null) return told;
    if (settings.pollUrl === null)
      return callback === null ? issueSight(await showIssue(task, environment), task) : going();
    const answer = await request('GET', settings.pollUrl);
    unknown = NO_CODES.includes(answer.status) ? unknown + 1 : 0;
    if (unknown >= UNKNOWN_TIMES)
      return failed(
        'agent',
        'unknown_there',
        `the agent does not know the work any more${inShort(answer.text)}`,
      );
    if (answer.status >= 400) return going();
    const problem = problemIn(answer);
    if (problem === null) return readReport(answer.json);
    throw new JitError(
      'external',
      'AGENT_ANSWER',
      `the agent answered ${answer.status}${problem}`,
      {
        hint: 'see what its poll_url answers',
        retryable: true,
      },
    );
  };

  return {
    pollMs: settings.pollSecs * 1000,
    async begin() {
      const isStanding = means.earlier?.is === 'standing';
      // One who was told another address says nothing here: it is told anew, under the same key.
      const isReachable = callback === null || callback.port === earlierCallback(means)?.port;
      if (isStanding && isReachable) return look();
      const ref = callback === null ? {} : { port: callback.port, token: callback.token };
      means.keep('asked', ref);
      const answer = await request(
        'POST',
        settings.url,
        payloadOf(task, key, callback, environment),
      );
      const sight = judge(answer, settings);
      if (sight.is === 'going' || sight.is === 'done') {
        means.keep('standing', ref);
        means.say(`taken: ${answer.status}${inShort(answer.text)}`);
      }
      return sight;
    },
    look,
    async withdraw() {
      if (settings.cancelUrl === null)
        return 'nothing tells the agent to stop: there is no cancel_url';
      const answer = await request('DELETE', settings.cancelUrl);
      return `the agent was told to stop: it answered ${answer.status}${inShort(answer.text)}`;
    },
    close: async () => callback?.close(),
  };
}

/** Whether the work was taken; one that answers at once may be done already. */
function judge({ status, text, json }: Answer, { accept }: HttpSettings): Sight {
  if (!accept.includes(status))
    return failed('agent', 'refused', `the agent answered ${status}${inShort(text)}`);
  const refusal = refusalIn(json);
  if (refusal !== null)
    return failed('agent', 'refused', `the agent answered ${status} and refused: ${refusal}`);
  // "success" and its like may say that the work was taken.
  return isOver(json) ? readReport(json) : going();
}

/** Why an answer says nothing of the work; null where it does. */
function problemIn({ text, json }: Answer): string | null {
  if (json === undefined) return text.trim() === '' ? null : ` and no JSON${inShort(text)}`;
  const report = readReport(json);
  const error = report.is === 'going' ? refusalIn(json) : null;
  return error === null ? null : ` and an error: ${error}`;
}

function earlierCallback({ earlier }: Means): EarlierCallback | null {
  const { port, token } = (earlier?.ref ?? {}) as Partial<EarlierCallback>;
  return typeof port === 'number' && typeof token === 'string' ? { port, token } : null;
}

/** An address with its placeholders filled in: each is one part of it, whatever it holds. */
function fillAddress(template: string, { issue, agent }: Task, key: string): string {
  return fillPlaceholders(template, {
    issue_id: encodeURIComponent(issue),
    agent_id: encodeURIComponent(agent),
    run_id: encodeURIComponent(key),
  });
}
