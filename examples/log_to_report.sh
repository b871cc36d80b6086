#!/bin/sh
# From a log of queries to an SLA report: as it would have been under a limit of 60 a minute, and as it was.
# Each report ends with 1 where the SLA was breached.
aurora simulate examples/service-log.jsonl --rpm 60 --store replay.db -o replay.txt
aurora sla-report --store replay.db --window all

aurora metrics import examples/service-log.jsonl --store log.db
aurora sla-report --store log.db --window all --format html -o report.html
