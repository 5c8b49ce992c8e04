"""Any proxy against any work: two tasks, their logs, a table of scores, other tools' exports."""
