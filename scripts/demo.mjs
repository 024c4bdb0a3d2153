// `npm run demo`: makes the clone ready, then plays the demonstration.
import { setup } from './setup.mjs';

if (await setup()) await import('./demo-run.mjs');
