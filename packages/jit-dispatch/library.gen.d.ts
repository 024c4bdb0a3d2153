// Made from the sources by scripts/declarations.mjs.

/**
 * A dispatcher for programs. Nothing is read before one of its methods is called.
 * @param config path of the configuration, default `dispatch.toml`; or an object with the same keys, whose
 * `agents` may be objects that do the work themselves
 */
declare function createDispatcher(config?: string | DispatcherConfig, options?: DispatcherOptions): JitDispatcher;

/** Numbers that other programs know errors of dispatching by, and whether the same call may succeed later. */
declare const DISPATCH_CODES: {
    /** No agent may have the issue. */
    readonly NO_SUITABLE_AGENT: {
        readonly number: "E13301";
        readonly retryable: true;
    };
    /** It is not known who the issue is for. */
    readonly CLASSIFICATION_FAILED: {
        readonly number: "E13302";
        readonly retryable: true;
    };
    /** What the agent should be given could not be made. */
    readonly CONTEXT_BUILD_FAILED: {
        readonly number: "E13303";
        readonly retryable: true;
    };
    /** Nothing was decided in time. */
    readonly DISPATCH_TIMEOUT: {
        readonly number: "E13304";
        readonly retryable: true;
    };
    /** Those that may have it are full, rest, are not well or are paused, or can't be started. */
    readonly AGENT_UNAVAILABLE: {
        readonly number: "E13305";
        readonly retryable: true;
    };
    readonly ALREADY_DISPATCHED: {
        readonly number: "E13306";
        readonly retryable: false;
    };
    readonly INVALID_REQUEST: {
        readonly number: "E13307";
        readonly retryable: false;
    };
};

/** A word for a wish that can't be followed. */
type DispatchErrorCode = "NO_SUITABLE_AGENT" | "CLASSIFICATION_FAILED" | "CONTEXT_BUILD_FAILED" | "DISPATCH_TIMEOUT" | "AGENT_UNAVAILABLE" | "ALREADY_DISPATCHED" | "INVALID_REQUEST";

/**
 * An error that a user can meet. `code` is the stable word for machines, `kind` decides the exit
 * code. Anything else that is thrown is a bug.
 */
declare class JitError extends Error {
    readonly kind: ErrorKind;
    readonly code: string;
    readonly hint: string | undefined;
    readonly retryable: boolean;
    readonly details: Readonly<Record<string, unknown>>;
    readonly excerpt: string | undefined;
    constructor(kind: ErrorKind, code: string, message: string, facts?: ErrorFacts);
}

type DispatchStatsOutput = {
    per_hour: number | null;
    agents: {
        total: number;
        live: number;
        completed: number;
        failed: number;
        failed_by_class: Partial<Record<"tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate", number>>;
        canceled: number;
        reassigned: number;
        lost: number;
        run_secs: {
            mean: number;
            p50: number;
            p95: number;
            p99: number;
        } | null;
        dispatch_ms: {
            mean: number;
            p50: number;
            p95: number;
            p99: number;
        } | null;
        agent: string;
    }[];
    by_class: {
        human: {
            total: number;
            completed: number;
            failed: number;
        };
        ai: {
            total: number;
            completed: number;
            failed: number;
        };
        hybrid: {
            total: number;
            completed: number;
            failed: number;
        };
        unknown: {
            total: number;
            completed: number;
            failed: number;
        };
    };
    states: Partial<Record<"completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost", number>>;
    total: number;
    live: number;
    completed: number;
    failed: number;
    failed_by_class: Partial<Record<"tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate", number>>;
    canceled: number;
    reassigned: number;
    lost: number;
    run_secs: {
        mean: number;
        p50: number;
        p95: number;
        p99: number;
    } | null;
    dispatch_ms: {
        mean: number;
        p50: number;
        p95: number;
        p99: number;
    } | null;
    since: string | null;
    until: string;
};

type DrainedOutput = {
    drained: boolean;
    holds: {
        scope: string;
        reason: string;
        who: string;
        since: string;
        until: string | null;
    }[];
    runs: {
        run: string;
        repository: string | null;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
    }[];
};

type HoldsOutput = {
    changed: boolean;
    scope: string;
    holds: {
        scope: string;
        reason: string;
        who: string;
        since: string;
        until: string | null;
    }[];
    running: number;
};

type IssueEndOutput = {
    issue: string;
    repository: string;
    title: string;
    state: "in_progress" | "gated" | "ready" | "open" | "done" | "rejected" | "archived";
    outcome: "timed_out" | "done" | "rejected" | "archived" | "escalated" | "held";
    reason: string | null;
    run: string | null;
    agent: string | null;
};

type IssueHistoryOutput = {
    repository: string;
    issue: string;
    title: string;
    state: "in_progress" | "gated" | "ready" | "open" | "done" | "rejected" | "archived";
    counts: {
        runs: number;
        claims: number;
        failures: number;
        escalations: number;
        holds: number;
        reassignments: number;
    };
    entries: {
        at: string;
        from: "tracker" | "here";
        what: string;
        actor: string | null;
        agent: string | null;
        run: string | null;
        attempt: number | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        detail: string;
    }[];
};

type OrderOutput = {
    order: string | null;
    kind: "cancel" | "reassign" | "retry_pull";
    repository: string;
    issue: string;
    run: string | null;
    agent: string | null;
    changed: boolean;
    outcome: string | null;
    detail: string;
    left_to: {
        pid: number;
        since: string;
    } | null;
};

type RunDetailsOutput = {
    repository: string;
    run: {
        run: string;
        repository: string | null;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
    };
    workspace: string | null;
    folder: string;
    time_line: {
        at: string;
        type: string;
        data: Record<string, unknown>;
    }[];
    gate_tries: {
        try: number;
        folder: string;
        reason: string | null;
        exit_code: number | null;
    }[];
    output_end: string | null;
    left_out: boolean;
};

type StopOutput = {
    pid: number;
    since: string;
    stopped: boolean;
    now: boolean;
};

type CycleOutput = {
    dry_run: boolean;
    ready: number;
    decisions: {
        repository: string | null;
        issue: string;
        title: string;
        priority: "critical" | "high" | "normal" | "low";
        effective_priority: "critical" | "high" | "normal" | "low";
        action: "wait" | "start" | "escalate";
        agent: string | null;
        stolen_from: string | null;
        reason: string;
        detail: string;
        record: {
            strategy: string;
            seed: number;
            task_type: {
                name: string;
                by: "default" | "label" | "wish" | "keyword";
                detail: string;
            };
            role: string | null;
            needs: string[];
            class: {
                class: "human" | "hybrid" | "ai";
                confidence: number;
                by: "keywords" | "command" | "label" | "wish";
                unsure: boolean;
                detail: string;
            } | null;
            unclassified: {
                reason: "classifying" | "classification_failed";
                detail: string;
            } | null;
            risk: {
                score: number;
                threshold: number;
                high: boolean;
                by: "default" | "label" | "path" | "keyword" | "unread";
                detail: string;
            } | null;
            wishes: {
                to: string | null;
                prefer: string | null;
                exclude: string[];
                token_budget: number | null;
                max_attempts: number | null;
                problems: string[];
            };
            text_tokens: number;
            agent: string | null;
            alternatives: string[];
            agents: {
                agent: string;
                standing: "chosen" | "free" | "not_asked" | "unsuitable" | "excluded" | "paused" | "unhealthy" | "resting" | "full";
                detail: string;
                tags: string[];
                score: number;
                parts: {
                    tags: number;
                    strengths: number;
                    class: number;
                    affinity: number;
                    load: number;
                };
            }[];
        } | null;
    }[];
    started: {
        run: string;
        repository: string | null;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
    }[];
    checking: {
        run: string;
        repository: string | null;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
    }[];
    settled: {
        run: string;
        repository: string | null;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
    }[];
    failed: {
        run: string;
        repository: string | null;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
    }[];
    lost: {
        repository: string | null;
        issue: string;
        agent: string;
        code: string;
        message: string;
    }[];
    errors: {
        repository: string;
        code: string;
        message: string;
    }[];
};

type DecisionOutput = {
    repository: string | null;
    issue: string;
    title: string;
    priority: "critical" | "high" | "normal" | "low";
    effective_priority: "critical" | "high" | "normal" | "low";
    action: "wait" | "start" | "escalate";
    agent: string | null;
    stolen_from: string | null;
    reason: string;
    detail: string;
    record: {
        strategy: string;
        seed: number;
        task_type: {
            name: string;
            by: "default" | "label" | "wish" | "keyword";
            detail: string;
        };
        role: string | null;
        needs: string[];
        class: {
            class: "human" | "hybrid" | "ai";
            confidence: number;
            by: "keywords" | "command" | "label" | "wish";
            unsure: boolean;
            detail: string;
        } | null;
        unclassified: {
            reason: "classifying" | "classification_failed";
            detail: string;
        } | null;
        risk: {
            score: number;
            threshold: number;
            high: boolean;
            by: "default" | "label" | "path" | "keyword" | "unread";
            detail: string;
        } | null;
        wishes: {
            to: string | null;
            prefer: string | null;
            exclude: string[];
            token_budget: number | null;
            max_attempts: number | null;
            problems: string[];
        };
        text_tokens: number;
        agent: string | null;
        alternatives: string[];
        agents: {
            agent: string;
            standing: "chosen" | "free" | "not_asked" | "unsuitable" | "excluded" | "paused" | "unhealthy" | "resting" | "full";
            detail: string;
            tags: string[];
            score: number;
            parts: {
                tags: number;
                strengths: number;
                class: number;
                affinity: number;
                load: number;
            };
        }[];
    } | null;
};

type DispatchedOutput = {
    issues: string[];
    left_to: {
        pid: number;
        since: string;
    } | null;
    cycle: {
        dry_run: boolean;
        ready: number;
        decisions: {
            repository: string | null;
            issue: string;
            title: string;
            priority: "critical" | "high" | "normal" | "low";
            effective_priority: "critical" | "high" | "normal" | "low";
            action: "wait" | "start" | "escalate";
            agent: string | null;
            stolen_from: string | null;
            reason: string;
            detail: string;
            record: {
                strategy: string;
                seed: number;
                task_type: {
                    name: string;
                    by: "default" | "label" | "wish" | "keyword";
                    detail: string;
                };
                role: string | null;
                needs: string[];
                class: {
                    class: "human" | "hybrid" | "ai";
                    confidence: number;
                    by: "keywords" | "command" | "label" | "wish";
                    unsure: boolean;
                    detail: string;
                } | null;
                unclassified: {
                    reason: "classifying" | "classification_failed";
                    detail: string;
                } | null;
                risk: {
                    score: number;
                    threshold: number;
                    high: boolean;
                    by: "default" | "label" | "path" | "keyword" | "unread";
                    detail: string;
                } | null;
                wishes: {
                    to: string | null;
                    prefer: string | null;
                    exclude: string[];
                    token_budget: number | null;
                    max_attempts: number | null;
                    problems: string[];
                };
                text_tokens: number;
                agent: string | null;
                alternatives: string[];
                agents: {
                    agent: string;
                    standing: "chosen" | "free" | "not_asked" | "unsuitable" | "excluded" | "paused" | "unhealthy" | "resting" | "full";
                    detail: string;
                    tags: string[];
                    score: number;
                    parts: {
                        tags: number;
                        strengths: number;
                        class: number;
                        affinity: number;
                        load: number;
                    };
                }[];
            } | null;
        }[];
        started: {
            run: string;
            repository: string | null;
            issue: string;
            title: string;
            agent: string;
            state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
            attempt: number | null;
            reason: string | null;
            detail: string | null;
            failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
            exit_code: number | null;
            signal: string | null;
            pid: number | null;
            log: string | null;
            stall: "warned" | "notified" | "stopped" | null;
            silent_since: string | null;
            pull_request: {
                state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
                number: number | null;
                url: string | null;
                error: string | null;
                next_try_at: string | null;
            } | null;
            created_at: string;
            started_at: string | null;
            ended_at: string | null;
        }[];
        checking: {
            run: string;
            repository: string | null;
            issue: string;
            title: string;
            agent: string;
            state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
            attempt: number | null;
            reason: string | null;
            detail: string | null;
            failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
            exit_code: number | null;
            signal: string | null;
            pid: number | null;
            log: string | null;
            stall: "warned" | "notified" | "stopped" | null;
            silent_since: string | null;
            pull_request: {
                state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
                number: number | null;
                url: string | null;
                error: string | null;
                next_try_at: string | null;
            } | null;
            created_at: string;
            started_at: string | null;
            ended_at: string | null;
        }[];
        settled: {
            run: string;
            repository: string | null;
            issue: string;
            title: string;
            agent: string;
            state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
            attempt: number | null;
            reason: string | null;
            detail: string | null;
            failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
            exit_code: number | null;
            signal: string | null;
            pid: number | null;
            log: string | null;
            stall: "warned" | "notified" | "stopped" | null;
            silent_since: string | null;
            pull_request: {
                state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
                number: number | null;
                url: string | null;
                error: string | null;
                next_try_at: string | null;
            } | null;
            created_at: string;
            started_at: string | null;
            ended_at: string | null;
        }[];
        failed: {
            run: string;
            repository: string | null;
            issue: string;
            title: string;
            agent: string;
            state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
            attempt: number | null;
            reason: string | null;
            detail: string | null;
            failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
            exit_code: number | null;
            signal: string | null;
            pid: number | null;
            log: string | null;
            stall: "warned" | "notified" | "stopped" | null;
            silent_since: string | null;
            pull_request: {
                state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
                number: number | null;
                url: string | null;
                error: string | null;
                next_try_at: string | null;
            } | null;
            created_at: string;
            started_at: string | null;
            ended_at: string | null;
        }[];
        lost: {
            repository: string | null;
            issue: string;
            agent: string;
            code: string;
            message: string;
        }[];
        errors: {
            repository: string;
            code: string;
            message: string;
        }[];
    } | null;
    outcomes: {
        repository: string | null;
        issue: string;
        state: "started" | "deferred" | "waits" | "left";
        run: string | null;
        agent: string | null;
        at: string | null;
        code: string | null;
        dispatch_code: string | null;
        retryable: boolean | null;
        message: string | null;
    }[];
};

type DispatcherStoppedOutput = {
    name: string;
    cycles: number;
    started: number;
    settled: number;
    failed: number;
    left: number;
};

type RunLogOutput = {
    run: string;
    state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
    path: string;
    text: string | null;
    truncated: boolean;
    left_out: number;
};

type RunOutput = {
    run: string;
    repository: string | null;
    issue: string;
    title: string;
    agent: string;
    state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
    attempt: number | null;
    reason: string | null;
    detail: string | null;
    failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
    exit_code: number | null;
    signal: string | null;
    pid: number | null;
    log: string | null;
    stall: "warned" | "notified" | "stopped" | null;
    silent_since: string | null;
    pull_request: {
        state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
        number: number | null;
        url: string | null;
        error: string | null;
        next_try_at: string | null;
    } | null;
    created_at: string;
    started_at: string | null;
    ended_at: string | null;
};

type DispatchExplanationOutput = {
    issue: string;
    repository: string;
    title: string;
    state: "in_progress" | "gated" | "ready" | "open" | "done" | "rejected" | "archived";
    priority: "critical" | "high" | "normal" | "low";
    verdict: "running" | "waits" | "starts" | "escalates" | "not_ready" | "finished";
    reason: string;
    summary: string;
    next: string[];
    decision: {
        repository: string | null;
        issue: string;
        title: string;
        priority: "critical" | "high" | "normal" | "low";
        effective_priority: "critical" | "high" | "normal" | "low";
        action: "wait" | "start" | "escalate";
        agent: string | null;
        stolen_from: string | null;
        reason: string;
        detail: string;
        record: {
            strategy: string;
            seed: number;
            task_type: {
                name: string;
                by: "default" | "label" | "wish" | "keyword";
                detail: string;
            };
            role: string | null;
            needs: string[];
            class: {
                class: "human" | "hybrid" | "ai";
                confidence: number;
                by: "keywords" | "command" | "label" | "wish";
                unsure: boolean;
                detail: string;
            } | null;
            unclassified: {
                reason: "classifying" | "classification_failed";
                detail: string;
            } | null;
            risk: {
                score: number;
                threshold: number;
                high: boolean;
                by: "default" | "label" | "path" | "keyword" | "unread";
                detail: string;
            } | null;
            wishes: {
                to: string | null;
                prefer: string | null;
                exclude: string[];
                token_budget: number | null;
                max_attempts: number | null;
                problems: string[];
            };
            text_tokens: number;
            agent: string | null;
            alternatives: string[];
            agents: {
                agent: string;
                standing: "chosen" | "free" | "not_asked" | "unsuitable" | "excluded" | "paused" | "unhealthy" | "resting" | "full";
                detail: string;
                tags: string[];
                score: number;
                parts: {
                    tags: number;
                    strengths: number;
                    class: number;
                    affinity: number;
                    load: number;
                };
            }[];
        } | null;
    } | null;
    place: {
        at: number;
        of: number;
        starts_before: number;
    } | null;
    obstacles: {
        reason: string;
        detail: string;
    }[];
    agents: {
        agent: string;
        standing: "chosen" | "free" | "not_asked" | "unsuitable" | "excluded" | "paused" | "unhealthy" | "resting" | "full";
        detail: string;
        tags: string[];
        score: number;
        parts: {
            tags: number;
            strengths: number;
            class: number;
            affinity: number;
            load: number;
        };
    }[];
    blocked: {
        summary: string;
        roots: {
            words: string;
            next: string;
        }[];
    } | null;
    run: {
        run: string;
        repository: string | null;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
    } | null;
    pull_request: {
        state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
        number: number | null;
        url: string | null;
        error: string | null;
        next_try_at: string | null;
    } | null;
    history: {
        attempts: number;
        waits_in_row: number;
        failures: {
            agent: string;
            failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate";
            attempt: number | null;
            at: string;
            reason: string | null;
        }[];
    } | null;
    last_refusal: {
        at: string;
        code: string;
        message: string;
    } | null;
    last_run: {
        run: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        reason: string;
        detail: string;
        ended_at: string;
    } | null;
    last_decided: {
        reason: string;
        detail: string;
        priority: "critical" | "high" | "normal" | "low";
        since: string;
    } | null;
    daemon: {
        pid: number;
        since: string;
    } | null;
};

type ConfigCheckOutput = {
    file: string;
    ok: boolean;
    problems: {
        line: number | null;
        key: string | null;
        message: string;
    }[];
    warnings: {
        line: number | null;
        key: string | null;
        message: string;
    }[];
    effective: Record<string, unknown> | null;
};

type ConfigWrittenOutput = {
    file: string;
    repository: string | null;
    found: string[];
    next: string[];
};

type DoctorOutput = {
    ok: boolean;
    checks: {
        check: string;
        result: "warning" | "failed" | "ok";
        detail: string;
        next: string | null;
    }[];
};

type DispatchEventOutput = {
    id: string;
    at: string;
    type: string;
    run: string | null;
    issue: string | null;
    agent: string | null;
    repository: string;
    data: unknown;
};

type DispatcherStatusOutput = {
    at: string;
    name: string;
    dir: string;
    daemon: {
        pid: number;
        since: string;
        phase: "running" | "draining" | "stopping";
    } | null;
    tracker: {
        ok: boolean;
        ready: number | null;
        error: string | null;
    };
    repositories: {
        name: string;
        tracker: {
            ok: boolean;
            ready: number | null;
            error: string | null;
        };
        running: number;
        waiting: number;
        last_error: {
            at: string;
            message: string;
        } | null;
        rebuilt: {
            at: string;
            message: string;
        } | null;
    }[];
    agents: {
        id: string;
        title: string | null;
        capacity: number;
        running: number;
        claimed: number | null;
        health: "paused" | "unhealthy" | "resting" | "well" | "trying";
        resting_until: string | null;
        why: string | null;
    }[];
    paused: {
        repository: string;
        scope: string;
        reason: string;
        who: string;
        since: string;
        until: string | null;
    } | null;
    holds: {
        repository: string;
        scope: string;
        reason: string;
        who: string;
        since: string;
        until: string | null;
    }[];
    config_error: {
        at: string;
        message: string;
    } | null;
    last_error: {
        at: string;
        message: string;
    } | null;
    rebuilt: {
        at: string;
        message: string;
    } | null;
    runs: {
        run: string;
        issue: string;
        title: string;
        agent: string;
        state: "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";
        attempt: number | null;
        reason: string | null;
        detail: string | null;
        failed: "tracker" | "rate_limit" | "environment" | "agent" | "no_progress" | "gate" | null;
        exit_code: number | null;
        signal: string | null;
        pid: number | null;
        log: string | null;
        stall: "warned" | "notified" | "stopped" | null;
        silent_since: string | null;
        pull_request: {
            state: "failed" | "queued" | "pushing" | "pushed" | "opening" | "opened" | "linked" | "nothing_to_merge" | "closed";
            number: number | null;
            url: string | null;
            error: string | null;
            next_try_at: string | null;
        } | null;
        created_at: string;
        started_at: string | null;
        ended_at: string | null;
        repository: string;
        short: string;
        last_sign_at: string | null;
    }[];
    waiting: {
        repository: string;
        issue: string;
        title: string;
        priority: "critical" | "high" | "normal" | "low";
        reason: string;
        detail: string;
        since: string;
    }[];
    escalated: {
        repository: string;
        issue: string;
        title: string;
        reason: string;
        detail: string;
        since: string;
    }[];
    workspaces: {
        repository: string;
        issue: string;
        path: string;
        branch: string | null;
        kept_because: string;
        made_at: string;
    }[];
};

type AgentMatchOutput = {
    agent: string;
    title: string | null;
    role: string | null;
    class: "human" | "hybrid" | "ai";
    capabilities: string[];
    skills: string[];
    strengths: string[];
    tags: string[];
    high_risk: boolean;
    capacity: number;
    in_use: number;
    health: "paused" | "unhealthy" | "resting" | "well" | "trying";
    match: {
        agent: string;
        standing: "chosen" | "free" | "not_asked" | "unsuitable" | "excluded" | "paused" | "unhealthy" | "resting" | "full";
        detail: string;
        tags: string[];
        score: number;
        parts: {
            tags: number;
            strengths: number;
            class: number;
            affinity: number;
            load: number;
        };
    } | null;
};

type EstimateOutput = {
    issue: string;
    repository: string;
    title: string;
    state: "in_progress" | "gated" | "ready" | "open" | "done" | "rejected" | "archived";
    recommended: string | null;
    score: number | null;
    classification: "human" | "hybrid" | "ai" | null;
    confidence: number | null;
    task_type: string;
    risk: number | null;
    token_estimate: number;
    token_budget: number;
    alternatives: {
        agent: string;
        score: number;
    }[];
    detail: string;
    record: {
        strategy: string;
        seed: number;
        task_type: {
            name: string;
            by: "default" | "label" | "wish" | "keyword";
            detail: string;
        };
        role: string | null;
        needs: string[];
        class: {
            class: "human" | "hybrid" | "ai";
            confidence: number;
            by: "keywords" | "command" | "label" | "wish";
            unsure: boolean;
            detail: string;
        } | null;
        unclassified: {
            reason: "classifying" | "classification_failed";
            detail: string;
        } | null;
        risk: {
            score: number;
            threshold: number;
            high: boolean;
            by: "default" | "label" | "path" | "keyword" | "unread";
            detail: string;
        } | null;
        wishes: {
            to: string | null;
            prefer: string | null;
            exclude: string[];
            token_budget: number | null;
            max_attempts: number | null;
            problems: string[];
        };
        text_tokens: number;
        agent: string | null;
        alternatives: string[];
        agents: {
            agent: string;
            standing: "chosen" | "free" | "not_asked" | "unsuitable" | "excluded" | "paused" | "unhealthy" | "resting" | "full";
            detail: string;
            tags: string[];
            score: number;
            parts: {
                tags: number;
                strengths: number;
                class: number;
                affinity: number;
                load: number;
            };
        }[];
    };
};

/** What an agent that is an object gets to do. */
interface AgentTask {
    /** The whole issue, as the tracker prints it. */
    readonly issue: {
        readonly id: string;
        readonly title: string;
    } & Readonly<Record<string, unknown>>;
    readonly run: string;
    readonly agent: string;
    /** Which attempt at the issue this is. */
    readonly attempt: number;
    /** What it is told to do, as text. */
    readonly prompt: string;
    /** What earlier tries have shown; null where there is nothing. */
    readonly feedback: string | null;
    /** The token of the claim: calls of `jit` about the issue carry it. */
    readonly token: string;
    /** The folder to work in. */
    readonly dir: string;
    /** The workspace of its own, or null where it works beside `.jit`. */
    readonly workspace: string | null;
}

/** What an agent that is an object works with. */
interface AgentTools {
    /** Aborted when the run is to stop: canceled, over its time, silent for too long, or its claim was lost. */
    readonly signal: AbortSignal;
    /** Adds a line to the log of the run. */
    log(text: string): void;
    /** Says that it is alive, where it has nothing to print. */
    heartbeat(): void;
}

/**
 * The work of an agent that is an object. That it returns ends the run well, unless it returns `done: false`;
 * that it throws ends it as failed, with `exitCode` of the error where that is a number from 1 to 255.
 */
type AgentWork = (task: AgentTask, tools: AgentTools) => unknown;

/** One thing that was decided or happened. */
interface LogEntry {
    readonly level: 'info' | 'warn' | 'error';
    /** A stable word: start, wait, running, settled, lost, error, … */
    readonly event: string;
    readonly message: string;
    /** Where there are several. */
    readonly repository?: string;
    readonly issue?: string;
    readonly agent?: string;
    readonly run?: string;
    readonly reason?: string;
}

/** The keys of an `[[agents]]` table that an agent has which is an object; what each means stands in the schema of dispatch.toml. */
interface AgentKeys {
    readonly id: string;
    readonly title?: string;
    readonly type?: string;
    readonly capacity?: number;
    readonly tags?: readonly string[];
    /** Default `exit`: that `run` returns finishes the issue. `issue`: it finishes the issue itself. */
    readonly completion?: 'exit' | 'issue';
    readonly env?: Readonly<Record<string, string>>;
    readonly time_limit_secs?: number;
    readonly stall?: Readonly<Record<string, number>>;
    readonly account?: string;
    /** Every other key of the table but `command`, `kind`, `prompt` and `issue_json`. */
    readonly [key: string]: unknown;
}

/** An agent that is an object of this program: `run` does the work of one issue. */
interface AgentObject extends AgentKeys {
    readonly run: AgentWork;
}

/** What became of several requests. */
interface BatchResult {
    readonly successful: readonly DispatchResult[];
    readonly failed: readonly {
        readonly request: unknown;
        readonly error: JitError;
    }[];
    readonly total: number;
}

/** What became of a request that succeeded. */
interface DispatchResult {
    readonly issue: string;
    /** Empty where there is only one. */
    readonly repository: string;
    /** Null: it rests until `at`. */
    readonly run: string | null;
    readonly agent: string | null;
    readonly state: RunState | 'deferred';
    /** When it was started, or how long it rests. */
    readonly at: string;
    /** What was decided; null where a running dispatcher decided it. */
    readonly decision: DecisionOutput | null;
}

/** A request, and how long a running dispatcher is waited for. */
interface TimedRequest extends DispatchRequest {
    /** Seconds; default 60. */
    readonly waitSecs?: number | undefined;
}

/** The keys of dispatch.toml; agents may be objects of this program. */
type DispatcherConfig = Omit<WrittenFile, 'agents'> & {
    readonly agents: readonly (WrittenFile['agents'][number] | AgentObject)[];
};

/** What happens, as programs are told it. */
type DispatcherEvent = Notice;

type DispatcherEventName = NotifyEvent;

/** Is called with what happened. What it throws is told as a warning and stops nobody. */
type EventListener<E extends DispatcherEventName = DispatcherEventName> = (event: DispatcherEvent & {
    readonly event: E;
}) => void;

/**
 * A dispatcher, as programs hold it. Nothing is read before a method is called: what is wrong with the
 * configuration is thrown there. Every method rejects with a `JitError`; its `code` is the stable word.
 */
interface JitDispatcher {
    /** Dispatches in this process until it is stopped. Resolves when it can be asked to stop. */
    start(options?: StartOptions): Promise<RunningDispatcher>;
    /** Asks whoever dispatches under this name to stop, and waits until it has. */
    stop(options?: StopOptions): Promise<StopOutput>;
    /** One cycle, or only its plan; agents that it starts go on. */
    once(options?: CycleOptions): Promise<CycleOutput>;
    /**
     * Has an issue worked on: resolves when its run is started, or with `at` when the time is stored. Rejects
     * with one of the `DISPATCH_CODES`; an issue that was admitted and not started stays admitted.
     */
    dispatch(request: string | TimedRequest): Promise<DispatchResult>;
    /** The same for several, with one write for each tracker and one cycle for all; one that is refused stops none of the others. */
    dispatchBatch(requests: readonly (string | TimedRequest)[]): Promise<BatchResult>;
    /** Admits issues, all or none, and leaves their start to a running dispatcher; where there is none, one cycle starts them. */
    admit(requests: readonly (string | DispatchRequest)[], options?: LockPatience): Promise<DispatchedOutput>;
    /** Waits until an issue is finished, escalated or held, or the time is over. Starts nothing. */
    waitFor(issue: string, options?: WaitOptions): Promise<IssueEndOutput>;
    /** Adds an agent that is an object of this program. A running dispatcher has it from its next cycle on. */
    register(agent: AgentObject): void;
    /** Calls back when something happens, in whatever process. Returns what ends that. */
    on<E extends DispatcherEventName>(name: E, listener: EventListener<E>): () => void;
    on(name: '*', listener: EventListener): () => void;
    /** Runs, live and ended, the newest first. */
    sessions(filter?: RunsFilter): Promise<RunOutput[]>;
    /** How many runs are live. */
    activeCount(): Promise<number>;
    /** Stops work on an issue and keeps it from agents. */
    cancel(issue: string, options?: OrderOptions): Promise<OrderOutput>;
    /** Gives an issue to another agent. */
    reassign(issue: string, agent: string, options?: OrderOptions): Promise<OrderOutput>;
    /** Tries again to make the pull request of a run that was given up; does not wait for it. */
    retryPull(run: string, options?: WithinRepository): Promise<OrderOutput>;
    /** Starts nothing new until `resume`; what runs goes on. */
    pause(options?: PauseOptions): Promise<HoldsOutput>;
    /** Ends a pause. */
    resume(options?: ResumeOptions): Promise<HoldsOutput>;
    /** Pauses everything and waits until nothing runs. */
    drain(options?: DrainOptions): Promise<DrainedOutput>;
    /** Who would get an issue if it were its turn now. */
    estimate(issue: string, options?: EstimateOptions): Promise<EstimateOutput>;
    /** The agents; for an issue in the order in which they would get it, with how well each fits. */
    availableAgents(issue?: string, options?: AgentsOptions): Promise<AgentMatchOutput[]>;
    /** Says why an issue is or is not started, and what would change that. */
    explain(issue: string, options?: ExplainOptions): Promise<DispatchExplanationOutput>;
    /** The dispatcher, its agents, what runs and what waits. */
    status(): Promise<DispatcherStatusOutput>;
    /** The status again and again. */
    watchStatus(options?: WatchStatusOptions): Promise<AsyncIterableIterator<DispatcherStatusOutput>>;
    /** The whole status, then everything that happens. */
    watchEvents(options?: WatchEventsOptions): Promise<AsyncIterableIterator<DispatchEventOutput>>;
    /** Runs, the newest first; live ones only, where the filter does not say otherwise. */
    runs(filter?: RunsFilter): Promise<RunOutput[]>;
    /** Everything about one run. */
    show(run: string, options?: ShowOptions): Promise<RunDetailsOutput>;
    /** What the agent of a run printed. */
    logs(run: string, options?: LogOptions): Promise<RunLogOutput>;
    /** The same, and on until the agent has ended. */
    followLogs(run: string, options?: LogOptions): Promise<AsyncIterableIterator<RunLogOutput>>;
    /** What happened to an issue, here and in the tracker. */
    history(issue: string, options?: WithinRepository): Promise<IssueHistoryOutput>;
    /** Runs in figures. */
    stats(options?: StatsOptions): Promise<DispatchStatsOutput>;
    /** Checks everything that dispatching needs. */
    doctor(): Promise<DoctorOutput>;
    /** Writes a first configuration where there is none. */
    init(): Promise<ConfigWrittenOutput>;
    /** Tells what is wrong with the configuration. */
    checkConfig(options?: {
        readonly effective?: boolean | undefined;
    }): Promise<ConfigCheckOutput>;
    /** Ends everything that this object holds open. A dispatcher of this object is stopped first; agents that are programs go on, those that are objects are aborted. */
    close(): Promise<void>;
}

/** What is asked for when an issue is to be worked on. Wishes that are left out stay as they were; an empty one ends it. */
interface DispatchRequest {
    /** Its id or a unique beginning, of several repositories also as `repository/id`. */
    readonly issue: string;
    readonly repository?: string | undefined;
    /** Only this agent gets it, until it is done, escalated or given to another one. */
    readonly to?: string | undefined;
    /** Gets it before others, if it may have it. */
    readonly prefer?: string | undefined;
    /** Don't get it. */
    readonly exclude?: readonly string[] | undefined;
    /** Who the work is for. */
    readonly class?: WorkClass | '' | undefined;
    /** What kind of work it is. */
    readonly taskType?: string | undefined;
    /** Tokens of its prompt; 0: no wish. */
    readonly tokenBudget?: number | undefined;
    /** Attempts until a person has to look; 0: no wish. */
    readonly maxAttempts?: number | undefined;
    /** How urgent the issue is from now on; left out: as it was. */
    readonly priority?: Priority | undefined;
    /** Not before this time (RFC 3339). */
    readonly at?: string | undefined;
}

/** A dispatcher that works in this process. */
interface RunningDispatcher extends Reins {
    /** What it did, once it has stopped. Rejects with what ended it. */
    readonly stopped: Promise<DispatcherStoppedOutput>;
}

/** What a dispatcher is made with, besides its configuration. */
interface DispatcherOptions {
    /** Its name; default as the configuration says, else the host name. */
    readonly name?: string | undefined;
    /** The `.jit` folder, or the one that holds it. */
    readonly dir?: string | undefined;
    /** The folder that paths start in and, for a configuration that is an object, that `.jit-dispatch` lies in; default: the working directory. */
    readonly folder?: string | undefined;
    /** Default: that of this process. */
    readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
    /** Is told what a running dispatcher decides and does; default: nobody is. */
    readonly log?: ((entry: LogEntry) => void) | null | undefined;
    /** Is told what is worth knowing beside the answers; default: nobody is. */
    readonly warn?: ((message: string) => void) | undefined;
}

/** Which of several repositories is meant; all, or the only one that has the issue, where it is left out. */
interface WithinRepository {
    readonly repository?: string | undefined;
}

/** How long another command of the same name is waited for. */
interface LockPatience {
    /** Seconds; default 10. */
    readonly lockTimeoutSecs?: number | undefined;
}

/** What `start` may be told. */
interface StartOptions extends LockPatience {
    /** SIGTERM and SIGINT of this process ask it to stop, the second one stops its agents, too. Default: they end the process. */
    readonly signals?: boolean | undefined;
}

/** What `stop` may be told. */
interface StopOptions {
    /** Stop its agents, too; that is no failure of theirs. */
    readonly now?: boolean | undefined;
    /** Wait at most so long; default: as long as it takes. It goes on stopping. */
    readonly timeoutSecs?: number | undefined;
}

/** What `once` may be told. */
interface CycleOptions extends LockPatience, WithinRepository, Choices {
    /** Look and plan only: nothing is written or started. */
    readonly dryRun?: boolean | undefined;
    /** Start at most so many issues. */
    readonly maxIssues?: number | undefined;
}

/** What `cancel` and `reassign` may be told. */
interface OrderOptions extends LockPatience, WithinRepository {
    /** Why, for whoever looks later. */
    readonly reason?: string | undefined;
    /** Seconds to wait for it to be carried out; default 30, 0: not at all. */
    readonly waitSecs?: number | undefined;
}

/** What `waitFor` may be told. */
interface WaitOptions extends WithinRepository {
    /** Wait at most so long; default 7200. */
    readonly timeoutSecs?: number | undefined;
}

/** What is paused or resumed: everything, or only one agent or one repository. */
interface ScopeOptions extends WithinRepository {
    readonly agent?: string | undefined;
}

/** What `pause` may be told. */
interface PauseOptions extends ScopeOptions {
    /** Why, for whoever looks later. */
    readonly reason?: string | undefined;
    /** It ends by itself then (RFC 3339). */
    readonly until?: string | undefined;
    /** It ends by itself after so many seconds. */
    readonly forSecs?: number | undefined;
}

/** What `resume` may be told. */
interface ResumeOptions extends ScopeOptions {
    /** Every pause. */
    readonly all?: boolean | undefined;
}

/** What `drain` may be told. */
interface DrainOptions {
    /** Why, for whoever looks later. */
    readonly reason?: string | undefined;
    /** Wait at most so long; default: as long as it takes. */
    readonly timeoutSecs?: number | undefined;
}

/** What `explain` may be told. */
interface ExplainOptions extends WithinRepository {
    /** As a cycle would decide that starts at most so many issues. */
    readonly maxIssues?: number | undefined;
}

/** How a status is watched. */
interface WatchStatusOptions {
    /** Seconds between two looks; default 5. */
    readonly intervalSecs?: number | undefined;
    /** Tell it after each look, not only when something changed. */
    readonly isEachTold?: boolean | undefined;
}

/** From where events are watched. */
interface WatchEventsOptions {
    /** The id of the last event that was seen. */
    readonly since?: string | undefined;
}

/** Which runs are asked for. */
interface RunsFilter extends WithinRepository {
    /** Also runs that have ended. */
    readonly all?: boolean | undefined;
    /** All runs of one issue, by its id or a unique beginning. */
    readonly issue?: string | undefined;
    /** All runs of one agent. */
    readonly agent?: string | undefined;
    /** The latest so many. */
    readonly limit?: number | undefined;
}

/** What `show` may be told. */
interface ShowOptions extends WithinRepository {
    /** So many of the last lines of its output; default 10. */
    readonly tail?: number | undefined;
}

/** What `logs` may be told. */
interface LogOptions {
    /** The last so many lines; default: all that was kept. */
    readonly tail?: number | undefined;
}

/** Which runs are counted. */
interface StatsOptions extends ScopeOptions {
    /** Runs created since then (RFC 3339). */
    readonly since?: string | undefined;
    /** Runs of the last so many days. */
    readonly days?: number | undefined;
}

/** The kind of an error decides the exit code. */
type ErrorKind = 'bug' | 'usage' | 'not_found' | 'invalid' | 'blocked' | 'permission' | 'conflict' | 'lost_claim' | 'external' | 'lock_timeout' | 'interrupted';

/** The facts of an error, as far as its thrower knows them. */
interface ErrorFacts {
    /** One safe next step in words. Never a destructive command. */
    readonly hint?: string;
    /** True if the same call may succeed when repeated unchanged. */
    readonly retryable?: boolean;
    /** Facts for machines: holder, blockers, accepted values… */
    readonly details?: Readonly<Record<string, unknown>>;
    /** Lines for people, printed below the message, such as the end of a program's output. Programs find them in `details`. */
    readonly excerpt?: string;
    readonly cause?: unknown;
}

type RunState = "completed" | "failed" | "created" | "dispatched" | "running" | "idle" | "timed_out" | "stalled" | "canceled" | "lost";

type WrittenFile = {
    agents: {
        id: string;
        command?: string | string[] | undefined;
        completion?: "issue" | "exit" | undefined;
        issue_json?: "file" | "stdin" | "env" | undefined;
        prompt?: "file" | "stdin" | "env" | undefined;
        health?: {
            command?: string | string[] | undefined;
            url?: string | undefined;
            interval_secs?: number | undefined;
            timeout_secs?: number | undefined;
        } | undefined;
        env?: Record<string, string> | undefined;
        pass_env?: string[] | undefined;
        redact?: string[] | undefined;
        time_limit_secs?: number | undefined;
        stall?: {
            startup_grace_secs?: number | undefined;
            warn_secs?: number | undefined;
            notify_secs?: number | undefined;
            stop_secs?: number | undefined;
        } | undefined;
        account?: string | undefined;
        rate_limit_exit?: number[] | undefined;
        rate_limit_pattern?: string | undefined;
        role?: string | undefined;
        capabilities?: string[] | undefined;
        skills?: string[] | undefined;
        strengths?: string[] | undefined;
        class?: "human" | "hybrid" | "ai" | undefined;
        high_risk?: boolean | undefined;
        title?: string | undefined;
        type?: string | undefined;
        capacity?: number | undefined;
        max_concurrent?: number | undefined;
        tags?: string[] | undefined;
        kind?: "command" | "human" | "http" | "github-label" | "gitea-label" | "github-actions" | "copilot-sdk" | undefined;
        http?: {
            url: string;
            token_env?: string | undefined;
            token_file?: string | undefined;
            accept?: number[] | undefined;
            callback?: boolean | undefined;
            poll_url?: string | undefined;
            poll_secs?: number | undefined;
            cancel_url?: string | undefined;
            timeout_secs?: number | undefined;
        } | undefined;
        label?: {
            name: string;
            poll_secs?: number | undefined;
        } | undefined;
        workflow?: {
            file: string;
            ref?: string | undefined;
            inputs?: Record<string, string> | undefined;
            run_input?: string | undefined;
            poll_secs?: number | undefined;
        } | undefined;
        session?: {
            module?: string | undefined;
            model?: string | undefined;
            timeout_secs?: number | undefined;
            retries?: number | undefined;
            retry_secs?: number | undefined;
        } | undefined;
        human?: {
            notify?: string | string[] | undefined;
            poll_secs?: number | undefined;
        } | undefined;
    }[];
    pull_request?: {
        on?: "none" | "github" | "gitea" | undefined;
        remote?: string | undefined;
        base?: string | undefined;
        draft?: boolean | undefined;
        title?: string | undefined;
        body?: string | undefined;
        push_timeout_secs?: number | undefined;
        pass_env?: string[] | undefined;
    } | undefined;
    github?: {
        repository?: string | undefined;
        url?: string | undefined;
        token_env?: string | undefined;
        token_file?: string | undefined;
        timeout_secs?: number | undefined;
    } | undefined;
    gitea?: {
        repository?: string | undefined;
        url?: string | undefined;
        token_env?: string | undefined;
        token_file?: string | undefined;
        timeout_secs?: number | undefined;
    } | undefined;
    order?: {
        age_step_hours?: number | undefined;
        age_max_steps?: number | undefined;
        steal_after_secs?: number | undefined;
    } | undefined;
    limits?: {
        max: number;
        label?: string | undefined;
        state?: "in_progress" | "gated" | undefined;
    }[] | undefined;
    admission?: {
        min_free_disk_mb?: number | undefined;
        min_free_disk_percent?: number | undefined;
        max_load_per_cpu?: number | undefined;
    } | undefined;
    workspace?: {
        kind?: "none" | "dir" | "worktree" | undefined;
        root?: string | undefined;
        branch?: string | undefined;
        base?: string | undefined;
        keep_failed_hours?: number | undefined;
        keep_rejected_hours?: number | undefined;
        hooks?: {
            create?: string | string[] | undefined;
            before?: string | string[] | undefined;
            after?: string | string[] | undefined;
            remove?: string | string[] | undefined;
            timeout_secs?: number | undefined;
        } | undefined;
    } | undefined;
    prompt?: {
        template?: string | undefined;
        budget_tokens?: number | undefined;
    } | undefined;
    notify?: {
        hook?: string | string[] | undefined;
        url?: string | undefined;
        events?: string[] | undefined;
        token_env?: string | undefined;
        timeout_secs?: number | undefined;
        attempts?: number | undefined;
    }[] | undefined;
    http?: {
        host?: "127.0.0.1" | "::1" | "localhost" | undefined;
        port?: number | undefined;
    } | undefined;
    repositories?: {
        name: string;
        kind?: "jit" | "github" | "gitea" | undefined;
        repository?: string | undefined;
        dir?: string | undefined;
        command?: string | string[] | undefined;
        weight?: number | undefined;
    }[] | undefined;
    watch?: boolean | undefined;
    lease_secs?: number | undefined;
    stop_grace_secs?: number | undefined;
    drain_secs?: number | undefined;
    history_days?: number | undefined;
    tracker?: {
        kind?: "jit" | "github" | "gitea" | undefined;
        command?: string | string[] | undefined;
        dir?: string | undefined;
        timeout_secs?: number | undefined;
        agent_label?: string | undefined;
        assign?: string | undefined;
        accounts?: string[] | undefined;
    } | undefined;
    stall?: {
        startup_grace_secs?: number | undefined;
        warn_secs?: number | undefined;
        notify_secs?: number | undefined;
        stop_secs?: number | undefined;
    } | undefined;
    retry?: {
        attempts_per_agent?: number | undefined;
        lifetime?: number | undefined;
        first_secs?: number | undefined;
        max_secs?: number | undefined;
    } | undefined;
    breaker?: {
        failures?: number | undefined;
        window_secs?: number | undefined;
        pause_secs?: number | undefined;
        max_pause_secs?: number | undefined;
        reset_secs?: number | undefined;
    } | undefined;
    rate_limit?: {
        pause_secs?: number | undefined;
        max_waits?: number | undefined;
    } | undefined;
    escalation?: {
        hook?: string | string[] | undefined;
        hook_timeout_secs?: number | undefined;
        no_suitable_agent?: boolean | undefined;
        repeat_secs?: number | undefined;
        repeats?: number | undefined;
    } | undefined;
    qa?: {
        gates?: boolean | undefined;
        timeout_secs?: number | undefined;
        attempts_per_agent?: number | undefined;
    } | undefined;
    strategy?: string | undefined;
    seed?: number | undefined;
    label_filter?: string[] | undefined;
    match?: {
        tags?: number | undefined;
        strengths?: number | undefined;
        class?: number | undefined;
        affinity?: number | undefined;
        load?: number | undefined;
    } | undefined;
    task_types?: {
        name: string;
        keywords?: string[] | undefined;
    }[] | undefined;
    classification?: {
        by?: "keywords" | "command" | "none" | undefined;
        command?: string | string[] | undefined;
        timeout_secs?: number | undefined;
        retry_secs?: number | undefined;
        pass_env?: string[] | undefined;
        on_failure?: "keywords" | "wait" | undefined;
        threshold?: number | undefined;
        human?: string[] | undefined;
        hybrid?: string[] | undefined;
        ai?: string[] | undefined;
    } | undefined;
    risk?: {
        map?: string | undefined;
        threshold?: number | undefined;
    } | undefined;
    name?: string | undefined;
    poll_interval_secs?: number | undefined;
    max_concurrent?: number | undefined;
};

/** What people are told, as JSON. Never holds a token. */
interface Notice {
    readonly event: NotifyEvent;
    readonly at: string;
    readonly dispatcher: string;
    /** Empty where there is only one. */
    readonly repository: string;
    readonly issue: string | null;
    readonly title: string | null;
    readonly run: string | null;
    readonly agent: string | null;
    readonly attempt: number | null;
    readonly reason: string | null;
    readonly detail: string | null;
}

type NotifyEvent = "completed" | "failed" | "timed_out" | "stalled" | "canceled" | "lost" | "escalated" | "paused" | "started" | "silent" | "pull_request_opened" | "pull_request_failed" | "agent_resting" | "agent_unhealthy" | "agent_paused" | "agent_well" | "resumed" | "config_refused" | "config_accepted" | "cycle_failed" | "cycle_recovered";

/** What would be wished, were it dispatched. */
interface EstimateOptions {
    readonly repository?: string | undefined;
    readonly prefer?: string | undefined;
    readonly exclude?: readonly string[] | undefined;
    readonly class?: WorkClass | undefined;
    readonly taskType?: string | undefined;
    readonly tokenBudget?: number | undefined;
}

/** Which issue agents are compared for. */
interface AgentsOptions {
    readonly repository?: string | undefined;
}

type WorkClass = "human" | "hybrid" | "ai";

type Priority = "critical" | "high" | "normal" | "low";

/** How a running dispatcher is spoken to from its own process. */
interface Reins {
    /** Asks it to stop: the first time it waits for its agents, the second time it stops them. */
    interrupt(): void;
    /** How far a stop has got. */
    phase(): Phase;
    /** There is something to do: it looks now. */
    wake(): void;
}

/** How one cycle chooses, where it is not as the configuration says. */
interface Choices {
    /** As in `strategy` of dispatch.toml. */
    readonly strategy?: string | undefined;
    readonly seed?: number | undefined;
    /** Only issues with all of these labels. */
    readonly labelFilter?: readonly string[] | undefined;
}

/** How far a stop has got: `draining` waits for running agents, `stopping` ends them. */
type Phase = 'running' | 'draining' | 'stopping';

export { AgentMatchOutput, ConfigCheckOutput, ConfigWrittenOutput, CycleOutput, DISPATCH_CODES, DecisionOutput, DispatchEventOutput, DispatchExplanationOutput, DispatchStatsOutput, DispatchedOutput, DispatcherStatusOutput, DispatcherStoppedOutput, DoctorOutput, DrainedOutput, EstimateOutput, HoldsOutput, IssueEndOutput, IssueHistoryOutput, JitError, OrderOutput, RunDetailsOutput, RunLogOutput, RunOutput, StopOutput, createDispatcher, type AgentKeys, type AgentObject, type AgentTask, type AgentTools, type AgentWork, type BatchResult, type CycleOptions, type DispatchErrorCode, type DispatchRequest, type DispatchResult, type DispatcherConfig, type DispatcherEvent, type DispatcherEventName, type DispatcherOptions, type DrainOptions, type EventListener, type ExplainOptions, type JitDispatcher, type LockPatience, type LogEntry, type LogOptions, type OrderOptions, type PauseOptions, type ResumeOptions, type RunningDispatcher, type RunsFilter, type ScopeOptions, type ShowOptions, type StartOptions, type StatsOptions, type StopOptions, type TimedRequest, type WaitOptions, type WatchEventsOptions, type WatchStatusOptions, type WithinRepository };
