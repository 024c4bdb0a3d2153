import { describeKind } from './describe-kind.ts';
import { openLabelWorld } from './forge-worlds.ts';

describeKind('github-label', () => openLabelWorld('github'));
describeKind('gitea-label', () => openLabelWorld('gitea'), { fail: true });
