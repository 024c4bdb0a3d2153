import { foldName } from '../assessing/issue-text.ts';
import type { Candidate, Slot } from './candidate.ts';
import { isReservedFor } from './reservation.ts';
import type { Subject } from './subject.ts';

/** How ended runs of an agent at one kind of work ended. */
export interface Track {
  readonly completed: number;
  readonly failed: number;
}

/** The parts of a match, each 0 to 1. */
export interface MatchParts {
  /** The part of what labels name and agents offer that this one offers. */
  readonly tags: number;
  /** 1: best at this kind of work; 0.5: it names no strengths; 0: at others. */
  readonly strengths: number;
  /** 1: exactly who this is for; 0.5: may do it, too. */
  readonly class: number;
  /** How its runs at this kind of work ended; 0.5 where nothing is known. */
  readonly affinity: number;
  /** The free part of its capacity. */
  readonly load: number;
}

/** How well an agent fits an issue. */
export interface Match {
  /** The weighted mean of the parts, 0 to 1. */
  readonly score: number;
  readonly parts: MatchParts;
}

/**
 * How well an agent fits, as things stand in the plan now.
 * @param wanted what labels name and agents offer, see `wantedOf`
 */
export function matchOf(subject: Subject, slot: Slot, wanted: ReadonlySet<string>): Match {
  const { assessment, rules } = subject;
  const { name } = assessment.taskType;
  const parts: MatchParts = {
    tags: tagsPart(subject, slot, wanted),
    strengths: strengthsPart(name, slot),
    class: classPart(subject, slot),
    affinity: affinityPart(slot.tracks.get(name)),
    load: slot.capacity > 0 ? Math.max(0, slot.free) / slot.capacity : 0,
  };
  const names = Object.keys(parts) as (keyof MatchParts)[];
  const total = names.reduce((sum, each) => sum + rules.match[each], 0);
  const sum = names.reduce((most, each) => most + rules.match[each] * parts[each], 0);
  const score = total === 0 ? 0 : round(sum / total);
  return { score: isReservedFor(subject, slot.id) ? 1 : score, parts };
}

/** The tags, capabilities and skills that a label names, as a whole (`rust`) or by its value (`lang:rust`). */
export function matches(
  labels: readonly string[],
  { tags, capabilities, skills }: Pick<Candidate, 'tags' | 'capabilities' | 'skills'>,
): string[] {
  const named = namesIn(labels);
  const offers = new Set([...tags, ...capabilities, ...skills]);
  return [...offers].filter((offer) => named.has(foldName(offer)));
}

/** What an issue asks for, as far as any agent offers it or it needs it. */
export function wantedOf(
  { issue, assessment }: Subject,
  slots: readonly Slot[],
): ReadonlySet<string> {
  const offered = slots.flatMap((each) => matches(issue.labels, each)).map(foldName);
  return new Set([...offered, ...assessment.needs]);
}

function namesIn(labels: readonly string[]): ReadonlySet<string> {
  return new Set(
    labels.flatMap((label) => [label, label.slice(label.indexOf(':') + 1)]).map(foldName),
  );
}

function tagsPart({ issue }: Subject, slot: Slot, wanted: ReadonlySet<string>): number {
  if (wanted.size === 0) return 1;
  const own = new Set(matches(issue.labels, slot).map(foldName));
  return own.size / wanted.size;
}

function strengthsPart(taskType: string, { strengths, tags }: Slot): number {
  if ([...strengths, ...tags].some((each) => foldName(each) === taskType)) return 1;
  return strengths.length === 0 ? 0.5 : 0;
}

function classPart({ assessment: { classed } }: Subject, slot: Slot): number {
  if (classed?.is !== 'classed' || classed.classification.isUnsure) return 1;
  return classed.classification.class === slot.class ? 1 : 0.5;
}

/** With one success and one failure added: a single run says little. */
function affinityPart(track: Track | undefined): number {
  const { completed, failed } = track ?? { completed: 0, failed: 0 };
  return (completed + 1) / (completed + failed + 2);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
