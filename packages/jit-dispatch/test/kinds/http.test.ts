import { describeKind } from './describe-kind.ts';
import { openHttpWorld } from './http-world.ts';

describeKind('http, which is asked', () => openHttpWorld('poll'));
describeKind('http, which calls back', () => openHttpWorld('callback'));
