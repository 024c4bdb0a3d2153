/**
 * Everything that people can be told of by `[[notify]]`: what became of a run, what asks for a person,
 * and how the dispatcher does.
 */
export const NOTIFY_EVENTS = [
  /** The agent of a run is at work. */
  'started',
  'completed',
  'failed',
  'timed_out',
  /** It was stopped because it was silent for too long. */
  'stalled',
  'canceled',
  /** Its claim, or its processes, were lost. */
  'lost',
  /** It has been silent for `stall.notify_secs`. */
  'silent',
  /** A person has to look at an issue. */
  'escalated',
  /** The work of a run is a pull request. */
  'pull_request_opened',
  /** Its pull request was given up. */
  'pull_request_failed',
  /** Nothing is given to an agent until a time. */
  'agent_resting',
  /** The health check of an agent fails. */
  'agent_unhealthy',
  'agent_paused',
  'agent_well',
  /** Nothing at all is started, by a person's word. */
  'paused',
  'resumed',
  /** A changed configuration is not used. */
  'config_refused',
  'config_accepted',
  /** A cycle failed, for instance because the tracker does not answer. */
  'cycle_failed',
  'cycle_recovered',
] as const;
export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];
