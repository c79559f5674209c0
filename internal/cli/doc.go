// Package cli is the command line of Turnwise. [Run] runs one command line with
// the streams and variables it is given, so that tests need no process.
//
// A family of commands is a package below: jobs, conversations, manage,
// webhooks, benchmark. Each has a function Commands that lists what it adds to
// the root. Families know session, output, exit and command, and not each
// other:
//
//	cmd/enqueue → cli ─┬→ jobs, conversations, manage, webhooks, benchmark
//	                   └→ session → inprocess → httpapi → jobs → store → Redis
//	                         └────→ client → network → worker
//
// To add a command, write it in a file of its family, name it in the Commands
// of the family, and describe its flags in docs/cli.md.
package cli
