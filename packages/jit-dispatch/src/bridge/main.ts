import { carry } from './carry.ts';

// Built as one CommonJS file, like the keeper: it starts once for each run.
void carry({
  environment: process.env,
  cwd: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  onStop: (callback) => {
    // It waits for the object's last word; the keeper has the patience, and the last signal.
    process.on('SIGTERM', callback).on('SIGINT', callback);
  },
}).then((exit) => {
  process.exitCode = exit;
});
