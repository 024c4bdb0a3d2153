import { describeForge } from './describe-forge.ts';
import { FORGES } from './open-forges.ts';

describeForge('GitHub', () => FORGES.github());
describeForge('GitHub Enterprise Server', () => FORGES.github({ prefix: '/api/v3' }));
describeForge('Gitea', () => FORGES.gitea());
describeForge('Gitea below a path that gives few at a time', () =>
  FORGES.gitea({ path: '/git/sub', mostItems: 20 }),
);
