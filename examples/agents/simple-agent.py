#!/usr/bin/env python3
"""An agent in Python: finds its issue, works, and says how it went with its exit code.

The issue is the one in JIT_ISSUE_ID. Without it, the agent asks the tracker what was claimed for the
name in its first argument and takes the first: `simple-agent.py copilot-1`.
"""

import json
import os
import subprocess
import sys


def jit(*args):
    """Runs `jit ... --json`. Returns the exit code and the document, also for an error."""
    done = subprocess.run(["jit", *args, "--json"], stdout=subprocess.PIPE, text=True)
    return done.returncode, json.loads(done.stdout)


def find_issue(agent):
    if "JIT_ISSUE_ID" in os.environ:
        return os.environ["JIT_ISSUE_ID"]
    code, issues = jit("query", "assignee", agent)
    if code != 0:
        sys.exit(issues["error"]["message"])
    claimed = [issue["id"] for issue in issues if issue["claim"]]
    return claimed[0] if claimed else None


def work(issue):
    """Your work goes here. True: it is done."""
    print(f"{issue['id']}: {issue['title']}")
    for criterion in issue["acceptance_criteria"]:
        print(f"  - {criterion}")
    return True


def main():
    agent = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("JIT_AGENT_ID", "")
    issue_id = find_issue(agent)
    if issue_id is None:
        print(f"nothing is claimed for {agent}")
        return 0
    code, issue = jit("issue", "show", issue_id)
    if code != 0 or not work(issue):
        return 1
    code, answer = jit("issue", "update", issue_id, "--state", "done")
    if code == 4:  # an exit gate is open: the work is done, the gates decide the rest
        print(answer["error"]["message"])
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
