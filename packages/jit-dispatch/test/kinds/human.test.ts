import { describeKind } from './describe-kind.ts';
import { openHumanWorld } from './human-world.ts';

describeKind('human', openHumanWorld, {
  // A tracker of one's own: nobody refuses a comment or asks for patience, and who gives up gives back.
  troubles: ['refuse', 'forbid', 'limit'],
  fail: true,
});
