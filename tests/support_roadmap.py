"""The roadmap as published, and a small one to break."""

from __future__ import annotations

import re

# Per phase: title, subtitle, level and weeks, topics, and its key tools without spaces between.
PUBLISHED = """\
Systems Coding (Python/C++)
Not LeetCode — systems-flavored coding
Foundation 6–8 weeks
• File I/O, process management, signal handling in code
• Socket programming — TCP client/server
• Parsing log files and structured data at scale
• Implementing system utilities (find, grep, top)
• Threading and concurrency patterns
• LeetCode easy-medium with systems twist (not pure algorithms)
= PythonC/C++LeetCode

Linux Internals
PE interviews go deep on OS knowledge
Intermediate 4–6 weeks
• Boot sequence — firmware → bootloader → kernel → init
• Process lifecycle — states, scheduling, context switching
• Memory — virtual memory, page faults, OOM killer, cgroups
• Storage — block devices, file systems, RAID, LVM
• Signals — SIGTERM vs SIGKILL, signal handling
• Performance tools — top, vmstat, iostat, sar, perf
= straceltraceperfsarvmstat

Networking
L2 through L7 — Meta operates massive networks
Intermediate 3–4 weeks
• TCP/IP stack — every layer in detail
• DNS — recursive resolution, TTL, failover
• HTTP/1.1 vs HTTP/2 vs HTTP/3
• TLS handshake and certificate chains
• Load balancing — L4 (IPVS) vs L7 (proxies)
• BGP basics — how Meta routes traffic globally
• Network debugging — packet captures, latency analysis
= tcpdumpWiresharkcurlopenssl

System Design
Design for Meta-scale (billions of users)
Advanced 6–8 weeks
• Design a news feed system (Facebook's core product)
• Design a messaging system (WhatsApp/Messenger scale)
• Design a content delivery network
• Design a monitoring and alerting system
• Capacity estimation — QPS, storage, bandwidth
• Tradeoffs — consistency vs availability vs partition tolerance
• Caching at scale — Memcached, TAO (Meta's graph cache)
= ExcalidrawSystem Design Interview book

Troubleshooting & Debugging
Meta PEs debug production issues daily
Advanced 3–4 weeks
• Web request lifecycle — DNS → TCP → TLS → HTTP → App
• Diagnosing slow endpoints — is it CPU, memory, disk, network?
• Database performance — slow queries, connection pools, locks
• Container/service debugging — logs, metrics, traces
• Incident response — triage, mitigate, root cause, prevention
• Real-time troubleshooting scenarios (interview format)
= stracegdbperfPrometheustcpdump

Meta Culture & Behavioral
Move Fast — Meta's engineering culture
Expert 2–3 weeks
• Meta's core values — Move Fast, Be Bold, Be Open, Build Social Value
• PE vs SRE vs DevOps — understand the PE role specifically
• Infrastructure at Meta — Chef, Tupperware (container orchestration)
• How Meta handles deployments at scale
• Behavioral prep — STAR format, impact-driven answers
• Talk about past incidents and what you learned
= Meta Engineering BlogGlassdoor
"""

# Questions and answers in turn.
FREQUENTLY_ASKED = """\
What is a Meta Production Engineer?
Production Engineering at Meta combines software engineering and systems engineering. PEs build and maintain the infrastructure that powers Facebook, Instagram, and WhatsApp at massive scale — billions of users.
How is Meta PE different from SRE?
Meta PEs write more production code than traditional SREs. They're expected to contribute to service code, build internal tools, and solve infrastructure problems with software — not just operational excellence.
What does the Meta PE interview involve?
Meta PE interviews include: coding (2 rounds, LeetCode medium), system design (distributed systems at scale), production engineering (Linux, networking, troubleshooting), and behavioral (Meta's values).
What is the Meta PE salary in 2026?
Meta PE E4 (entry): $200K–$250K TC, E5 (senior): $320K–$420K TC, E6 (staff): $450K–$600K+ TC. Meta is known for competitive RSU packages.
What skills does Meta look for in PEs?
Strong coding (Python/C++), Linux systems internals, networking (TCP/IP, DNS, BGP), capacity planning, monitoring at scale, incident management, and the ability to work on infrastructure serving billions.
"""  # noqa: E501

SMALL = """\
schema = 1
id = "small"
title = "A small roadmap"
window_months = [1, 2]
reference_hours_per_week = 12

[[rounds]]
id = "talk"
title = "Talk"
count = 1

[[phases]]
id = "first"
title = "First"
weeks = [1, 2]
order = ["two", "one"]

[[phases.topics]]
id = "one"
title = "One — of two"
weight = 40
priority = 1
kind = "lab"
rounds = ["talk"]
requires = ["two"]

[[phases.topics]]
id = "two"
title = "Two"
weight = 60
priority = 2
kind = "lab"
resources = [{ title = "Page", url = "https://example.org/a", checked = 2026-01-31 }]

[[phases]]
id = "second"
title = "Second"
weeks = [1, 1]

[[phases.topics]]
id = "three"
title = "Three"
weight = 100
priority = 3
kind = "lab"
requires = ["one"]
learn = "Some lines."

[[questions]]
question = "Why?"
answer = "Because."
"""

# What is taken from the small roadmap, what is put in its place (⏎ is a line's end, {3 x} is xxx),
# and the one problem that follows.
REFUSED = r"""
- weight = 40
+ weight = 'two'
! phases[0].topics[0].weight: expected a whole number from 1 to 100, got 'two'; write digits without quotes
- priority = 2
+ priority = true
! phases[0].topics[1].priority: expected a whole number from 1 to 3, got true; write digits without quotes
- priority = 2
+ priority = 4
! phases[0].topics[1].priority: expected a whole number from 1 to 3, got 4; choose another
- priority = 2⏎
+
! phases[0].topics[1].priority: missing, expected a whole number from 1 to 3; write digits without quotes
- hours_per_week = 12
+ hours_per_week = 12.5
! reference_hours_per_week: expected a whole number from 1 to 80, got 12.5; write digits without quotes
- count = 1
+ count = 0x{5000 f}
! rounds[0].count: expected a whole number from 1 to 9, got a huge number; choose another
- weeks = [1, 2]
+ weeks = [2, 1]
! phases[0].weeks: expected two whole numbers from 1 to 104, the least first, got [2, 1]; write weeks = [6, 8], say
- weeks = [1, 2]
+ weeks = 2
! phases[0].weeks: expected two whole numbers from 1 to 104, the least first, got 2; write weeks = [6, 8], say
- months = [1, 2]
+ months = [2, 2]
! window_months: expected two whole numbers from 1 to 300, the smaller first, got [2, 2]; write window_months = [6, 8], say
- kind = "lab"
+ kind = "lab"⏎alongside = "yes"
! phases[0].topics[0].alongside: expected true or false, got 'yes'; write it in small letters, without quotes
- checked = 2026-01-31
+ checked = 2026-01-31T10:00:00
! phases[0].topics[1].resources[0].checked: expected a date, got a date with a time; write checked = 2026-01-31, without quotes, or leave it out
- rounds = ["talk"]
+ rounds = "talk"
! phases[0].topics[0].rounds: expected a list of texts, got 'talk'; write rounds = ["…", "…"]
- rounds = ["talk"]
+ rounds = ["talk", 7]
! phases[0].topics[0].rounds[1]: expected a text, got 7; write it in quotes
- rounds = ["talk"]
+ rounds = ["talk", "talk"]
! phases[0].topics[0].rounds[1]: 'talk' is listed twice; take one out
- [{ title = "Page", url = "https://example.org/a", checked = 2026-01-31 }]
+ [1]
! phases[0].topics[1].resources[0]: expected a table, got 1
- [{ title = "Page", url = "https://example.org/a", checked = 2026-01-31 }]
+ "x"
! phases[0].topics[1].resources: expected a list of tables, got 'x'; begin each with [[phases.topics.resources]]
- "Second"
+ ""
! phases[1].title: expected a text, got an empty one; write a few words
- "Second"
+ " "
! phases[1].title: expected a text, got an empty one; write a few words
- "Second"
+ "{201 x}"
! phases[1].title: expected at most 200 characters, got 201; shorten it
- "Some lines."
+ "{4001 x}"
! phases[1].topics[0].learn: expected at most 4000 characters, got 4001; shorten it
- "Second"
+ "a\nb"
! phases[1].title: holds the control character U+000A at position 1; write it on one line
- "Some lines."
+ "a\nb\u001b[31m"
! phases[1].topics[0].learn: holds the control character U+001B at position 3; take it out
- id = "second"
+ id = "Second"
! phases[1].id: expected an id, got 'Second'; an id has 1 to 40 of a-z, 0-9 and -, and begins with no -
- id = "second"
+ id = "{41 s}"
! phases[1].id: expected an id, got '{39 s}…'; an id has 1 to 40 of a-z, 0-9 and -, and begins with no -
- id = "second"
+ id = "all"
! phases[1].id: 'all' means every phase at once; choose another id
- id = "second"
+ id = "two"
! phases[1].id: 'two' is taken by phases[0].topics[1]; choose another id
- id = "three"
+ id = "first"
! phases[1].topics[0].id: 'first' is taken by phases[0]; choose another id
- schema = 1
+ schema = 1⏎sumary = ''
! sumary: no such key here; did you mean 'summary'?
- schema = 1
+ schema = 1⏎"a\u001bb" = 1
! a\x1bb: no such key here; use one of: id, phases, questions, reference_hours_per_week, rounds, schema, summary, title, window_months
- schema = 1
+ schema = 2
! schema: 2 is newer than what this version reads (1); upgrade pe-plan
- schema = 1
+ schema = 0
! schema: expected 1, got 0; choose another
- weight = 40
+ weight = 39
! phases[0]: the weights of its topics add up to 99; weights are percentages of the phase: make it 100
- rounds = ["talk"]
+ rounds = ["tlak"]
! phases[0].topics[0].rounds: there is no round 'tlak'; did you mean 'talk'?
- requires = ["one"]
+ requires = ["onne"]
! phases[1].topics[0].requires: there is no topic 'onne'; did you mean 'one'?
- requires = ["two"]
+ requires = ["three"]
! phases[0].topics[0].requires: 'three' is in a later phase, phases[1]; take it out, or move one of the two
- kind = "lab"⏎resources
+ kind = "lab"⏎requires = ["one"]⏎resources
! phases[0].topics: a circle of requirements: 'one' → 'two' → 'one'; take one of them out
- requires = ["two"]
+ requires = ["one"]
! phases[0].topics: a circle of requirements: 'one' → 'one'; take one of them out
- order = ["two", "one"]
+ order = ["one", "two"]
! phases[0].order: 'one' stands before 'two', which it requires; put 'two' first
- order = ["two", "one"]⏎
+
! phases[0].order: 'one' stands before 'two', which it requires; put 'two' first
- order = ["two", "one"]
+ order = ["two"]
! phases[0].order: leaves out 'one'; name every topic of the phase once
- order = ["two", "one"]
+ order = ["two", "one", "three"]
! phases[0].order[2]: there is no topic 'three' in this phase; name a topic of this phase by its id
- requires = ["two"]
+ requires = ["two"]⏎alongside = true
! phases[0].topics[0].requires: this topic runs alongside the whole phase, so 'two' cannot come first; take it out, or take alongside out
- title = "Two"
+ title = "Two"⏎alongside = true
! phases[0].topics[0].requires: 'two' runs alongside the whole phase, so 'two' cannot come first; take it out, or take alongside out
"""  # noqa: E501


def one_mistake_each() -> list[tuple[str, ...]]:
    """What is taken from the small roadmap, what is put there, and the problem, for each case."""
    text = re.sub(r"\{(\d+) (.)\}", lambda found: found[2] * int(found[1]), REFUSED)
    lines = [line[2:].replace("⏎", "\n") for line in text.strip().splitlines()]
    return list(zip(lines[::3], lines[1::3], lines[2::3], strict=True))


# Many at once, and what is told of them, in this order.
MISTAKES = """\
months = [1, 2] => months = [12, 6]
count = 1 => count = 10
id = "first" => id = "fi rst"
weeks = [1, 2] => weeks = [1, "2"]
weight = 60 => weight = 61
https://example.org/a => javascript:alert(1)
id = "second" => id = "one"
requires = ["one"] => requires = ["thre", "two"]⏎learns = "x"
answer = "Because." => # no answer
"""

TOLD_AT_ONCE = """\
window_months: expected two whole numbers from 1 to 300, the smaller first, got [12, 6]; write window_months = [6, 8], say
rounds[0].count: expected a whole number from 1 to 9, got 10; choose another
phases[0].id: expected an id, got 'fi rst'; an id has 1 to 40 of a-z, 0-9 and -, and begins with no -
phases[0].weeks: expected two whole numbers from 1 to 104, the least first, got [1, '2']; write weeks = [6, 8], say
phases[0].topics[1].resources[0].url: expected a web address, got 'javascript:alert(1)'; it begins with https:// or http:// and a host, and has no spaces
phases[1].topics[0].learns: no such key here; did you mean 'learn'?
questions[0].answer: missing, expected a text; write answer = "…"
phases[1].id: 'one' is taken by phases[0].topics[0]; choose another id
phases[1].topics[0].requires: there is no topic 'thre'; did you mean 'three'?
phases[0]: the weights of its topics add up to 101; weights are percentages of the phase: make it 100
"""  # noqa: E501

NO_ADDRESSES = r"""javascript:alert(1)
ftp://example.org/
https://
https:///path
example.org
https://example.org/a b
https://user@example.org/
https://example.org/\u202egpj
https://example.org/\u0007
https://example.org/\"onclick
https://example.org/<b>"""
