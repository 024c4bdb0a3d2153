import { describeRuns } from './describe-runs.ts';
import { openLabelWorld, openWorkflowWorld } from './forge-worlds.ts';
import { openHttpWorld } from './http-world.ts';
import { openSessionWorld } from './session-world.ts';

describeRuns('http', () => openHttpWorld('callback'), [
  'the envoy',
  'the keeper',
  'the envoy and its keeper',
  'the dispatcher',
]);
describeRuns('gitea-label', () => openLabelWorld('gitea'), ['the keeper']);
describeRuns('github-actions', () => openWorkflowWorld(true), ['the keeper']);
describeRuns('copilot-sdk', openSessionWorld, ['the keeper']);
