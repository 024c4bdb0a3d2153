import { describeKind } from './describe-kind.ts';
import { openWorkflowWorld } from './forge-worlds.ts';

describeKind('github-actions, where a start tells its run', () => openWorkflowWorld(true));
describeKind('github-actions, where it does not', () => openWorkflowWorld(false));
