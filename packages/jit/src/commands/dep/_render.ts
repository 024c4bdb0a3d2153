import type { Style } from '@jit/cli-kit/style';
import type { DependencyChangeOutput } from '@jit/contract/outputs/dependency';

/** One line that says which edges were added or removed, and where the issue stands now. */
export function renderDependencyChange(data: DependencyChangeOutput, style: Style): string {
  const { short_id, state, added, removed } = data;
  const did = [
    added.length === 0 ? '' : `${short_id} depends on ${added.join(', ')}`,
    removed.length === 0 ? '' : `${short_id} no longer depends on ${removed.join(', ')}`,
  ].filter((part) => part !== '');
  return `${style.bold(did.join('; ') || `${short_id} unchanged`)} · ${state}`;
}
