import { cleanEnv } from '@jit/testkit/processes';
import { createJitCli } from '../../src/tracker/jit-cli.ts';
import { describeTracker } from '../describe-tracker.ts';
import { KINDS, shareForge } from './open-tracker.ts';
import { programFor } from './program.ts';

for (const kind of KINDS) {
  describeTracker(`issues of ${kind} within the dispatcher`, async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ title: 'One', labels: ['ai'] });
    const { tracker } = await open();
    return { tracker, issue: '1' };
  });

  describeTracker(`issues of ${kind} over a process for each call`, async () => {
    const { server } = await shareForge(kind);
    server.repository.addIssue({ title: 'One', labels: ['ai'] });
    const environment = { ...cleanEnv(), FORGE_TOKEN: 'token-of-robot' };
    const options = {
      program: programFor(kind, server),
      environment,
      timeoutMs: 60_000,
      actor: 'x',
    };
    return { tracker: createJitCli(options), issue: '1' };
  });
}
