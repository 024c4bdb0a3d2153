#!/usr/bin/env python3
"""A small orchestrator: a pool of agents, the ready issues of `jit`, and nothing private.

    simple-orchestrator.py --agent rust=2 --agent docs=1 [--once] -- ./agents/echo-agent.sh

Each --agent NAME=CAPACITY works on at most CAPACITY issues at a time, counted by the tracker over
everybody who claims for that name. `jit query ready` gives the order of work. The command runs once
per issue with JIT_ISSUE_ID, JIT_CLAIM (the token of the claim) and JIT_AGENT_ID; exit code 0 makes
the issue done, any other one gives it back. Needs Python 3.8 and nothing else.
"""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import time

NOTHING_TO_DO = (3, 4, 6)  # gone, blocked by now, or somebody else was faster: all of them normal
LOST_CLAIM = 7
TRY_AGAIN = 75


def environment(more=None):
    kept = {k: v for k, v in os.environ.items() if k not in ("JIT_CLAIM", "JIT_ISSUE_ID")}
    return {**kept, **(more or {})}


def jit(*args, claim=None):
    """Runs `jit ... --json`: the exit code and the one document it prints, also for an error."""
    done = subprocess.run(
        ["jit", *args, "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(claim),
        start_new_session=True,  # Ctrl-C is for the orchestrator, not for a `jit` at work
    )
    if done.stdout:
        return done.returncode, json.loads(done.stdout)
    why = f"jit {' '.join(args)} ended with {done.returncode} and said nothing"
    was_killed = done.returncode < 0 or done.returncode > 128
    return TRY_AGAIN if was_killed else done.returncode, {"error": {"message": why}}


class Run:
    """One agent at work on one issue. The token goes by the environment, never by arguments."""

    def __init__(self, issue, agent, claim, command):
        self.issue, self.agent, self.claim = issue, agent, claim
        self.beat = time.monotonic()
        self.lost = False
        env = environment({**claim, "JIT_AGENT_ID": agent})
        # A group of its own, so that what the agent starts can be stopped with it.
        self.process = subprocess.Popen(command, env=env, start_new_session=True)

    def renew(self, ttl):
        if time.monotonic() - self.beat < ttl / 3:
            return
        self.beat = time.monotonic()
        code, _ = jit("issue", "heartbeat", self.issue, claim=self.claim)
        if code == LOST_CLAIM:
            self.lost = True
            self.stop()

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass

    def settle(self, rest):
        """Tells the tracker how it ended. Returns a line for people."""
        exit_code = self.process.returncode
        if self.lost:
            return "lost to somebody else"
        if exit_code != 0:
            why = f"{self.agent}: exit code {exit_code}"
            failed = ("--failed", "agent", "--defer", str(rest))
            jit("issue", "release", self.issue, why, *failed, claim=self.claim)
            return f"given back, exit code {exit_code}"
        code, answer = jit("issue", "update", self.issue, "--state", "done", claim=self.claim)
        if code == 0:
            return "done"
        why = answer["error"]["message"]
        jit("issue", "release", self.issue, why, claim=self.claim)
        return why


class Pool:
    def __init__(self, options):
        self.options = options
        self.runs = []
        self.signals = 0

    def on_signal(self, *_):
        """The first signal takes no new work, the second one stops what runs."""
        self.signals += 1
        if self.signals > 1:
            for run in self.runs:
                run.stop()

    def settle_finished(self):
        """Settles the runs whose process has ended. Returns how many there were."""
        finished = [run for run in self.runs if run.process.poll() is not None]
        for run in finished:
            self.runs.remove(run)
            print(f"{run.issue}  {run.agent}: {run.settle(self.options.rest)}", flush=True)
        return len(finished)

    def room(self):
        """Agents with room, most room first."""
        free = {
            name: capacity - sum(run.agent == name for run in self.runs)
            for name, capacity in self.options.agents.items()
        }
        return sorted((name for name in free if free[name] > 0), key=lambda name: -free[name])

    def start_ready(self):
        """Starts what is ready, in the order of the tracker. Returns whether there was any work."""
        code, issues = jit("query", "ready")
        if code == TRY_AGAIN:
            return True
        if code != 0:
            sys.exit(issues["error"]["message"])
        tried = [self.start(issue) for issue in issues]
        return any(tried)

    def start(self, issue):
        """Starts an issue if an agent has room for it. Returns whether it was tried."""
        for agent in self.room():
            if issue["assignee"] in (None, agent):  # set on a ready issue: it is reserved
                self.claim(issue["id"], agent)
                return True
        return False

    def claim(self, issue, agent):
        claim = {"JIT_ISSUE_ID": issue, "JIT_CLAIM": secrets.token_hex(16)}
        limits = ("--ttl", str(self.options.ttl), "--max-held", str(self.options.agents[agent]))
        code, answer = jit("issue", "claim", issue, agent, *limits, claim=claim)
        if code in (*NOTHING_TO_DO, TRY_AGAIN):
            return
        if code != 0:
            sys.exit(answer["error"]["message"])
        try:
            self.runs.append(Run(issue, agent, claim, self.options.command))
        except OSError as error:
            jit("issue", "release", issue, str(error), "--failed", "environment", claim=claim)
            sys.exit(f"the command can not be started: {error}")
        print(f"{issue}  {agent}: started ({answer['title']})", flush=True)

    def loop(self):
        look_at = 0.0
        while True:
            finished = self.settle_finished()
            for run in self.runs:
                run.renew(self.options.ttl)
            if self.signals:
                if not self.runs:
                    return
            elif finished or time.monotonic() >= look_at:
                idle = not self.runs
                if not self.start_ready() and idle and self.options.once:
                    return
                look_at = time.monotonic() + self.options.poll
            time.sleep(0.1)


def capacity_of(text):
    name, _, capacity = text.partition("=")
    if not name or not (capacity or "1").isdigit() or int(capacity or "1") < 1:
        raise argparse.ArgumentTypeError(f"{text}: NAME=CAPACITY is expected")
    return name, int(capacity or "1")


def main():
    parser = argparse.ArgumentParser(description="Runs a command for each ready issue.")
    parser.add_argument("--agent", action="append", type=capacity_of, required=True)
    parser.add_argument("--once", action="store_true", help="end when nothing is left to do")
    parser.add_argument("--ttl", type=int, default=600, help="length of a lease in seconds")
    parser.add_argument("--rest", type=int, default=60, help="pause of an issue that failed")
    parser.add_argument("--poll", type=float, default=5, help="pause between two looks")
    parser.add_argument("command", nargs="+", help="what to run for an issue, after --")
    options = parser.parse_args()
    options.agents = dict(options.agent)
    pool = Pool(options)
    signal.signal(signal.SIGINT, pool.on_signal)
    signal.signal(signal.SIGTERM, pool.on_signal)
    pool.loop()


if __name__ == "__main__":
    main()
