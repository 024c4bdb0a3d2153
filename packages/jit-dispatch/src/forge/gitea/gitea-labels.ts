import type { CreateLabelOption, IssueLabelsOption } from 'gitea-js';
import { z } from 'zod';
import type { Forge } from '../forge.ts';
import { expectStatus, parseReply } from '../reply.ts';
import { LabelAnswer } from './gitea-answers.ts';
import type { GiteaClient } from './gitea-client.ts';

type LabelCalls = Pick<Forge, 'listLabels' | 'addLabel' | 'removeLabel'>;

/** Labels on Gitea: known by ids, of the repository or of the organisation that owns it. */
export function giteaLabels(client: GiteaClient): LabelCalls {
  const labels = [...client.repository, 'labels'];
  const pathOf = (number: number, ...more: string[]) => [
    ...client.repository,
    'issues',
    String(number),
    'labels',
    ...more,
  ];
  const readLabels = () => client.readAll(labels, LabelAnswer, { what: 'labels' });

  /** The oldest one of that name: whoever looks finds the same. */
  const findInRepository = async (name: string): Promise<number | null> =>
    oldestOf(await readLabels(), name);
  const findInOrganisation = async (name: string): Promise<number | null> => {
    const path = ['orgs', client.owner, 'labels'];
    const reply = await client.ask('GET', path, { query: { limit: '1' } });
    // The owner is a person, or the token is for repositories only.
    if (reply.status === 404 || reply.status === 403) return null;
    expectStatus(reply, 200);
    return oldestOf(await client.readAll(path, LabelAnswer, { what: 'labels' }), name);
  };

  return {
    async listLabels() {
      const found = await readLabels();
      return found.map(({ name, color, description }) => ({ name, color, description }));
    },
    async addLabel(number, { name, color, description }) {
      let id = (await findInRepository(name)) ?? (await findInOrganisation(name));
      if (id === null) {
        const body: CreateLabelOption = { name, color: `#${color}`, description };
        const reply = await client.ask('POST', labels, { body });
        const made = parseReply(LabelAnswer, expectStatus(reply, 201));
        // Somebody may have made one of the same name at the same time.
        id = (await findInRepository(name)) ?? made.id;
      }
      const body: IssueLabelsOption = { labels: [id] };
      const reply = await client.ask('POST', pathOf(number), { body });
      parseReply(z.array(LabelAnswer), expectStatus(reply, 200));
    },
    async removeLabel(number, name) {
      const reply = expectStatus(await client.ask('GET', pathOf(number)), 200);
      const on = parseReply(z.array(LabelAnswer).nullable(), reply) ?? [];
      for (const { id } of on.filter((label) => label.name === name)) {
        const removed = await client.ask('DELETE', pathOf(number, String(id)));
        // 422: the label itself was deleted meanwhile.
        if (removed.status !== 422 && !(await client.isAbsent(removed))) expectStatus(removed, 204);
      }
    },
  };
}

function oldestOf(
  labels: readonly { readonly id: number; readonly name: string }[],
  name: string,
): number | null {
  const ids = labels.filter((label) => label.name === name).map(({ id }) => id);
  return ids.length === 0 ? null : Math.min(...ids);
}
