import { describeKind } from './describe-kind.ts';
import { openSessionWorld } from './session-world.ts';

describeKind('copilot-sdk', openSessionWorld, {
  takeBack: true,
  // What is sent to an own process arrives as a whole or not at all, and all work is taken.
  troubles: ['refuse', 'lose_answer', 'half_answer'],
});
