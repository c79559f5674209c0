// Package attack measures what one account can do to another: a neighbour posts
// "Hi." five times a second, alone and beside each of a list of attacks, and the
// time until it has its 201, and until it is told that the job is completed, must
// not grow.
//
// What is measured is the product as it runs: a worker in a process of its own,
// with its default settings, its redis-server and two configured accounts. The
// attacker is another process, with a lower priority, because attackers have
// machines of their own; it is not measured.
//
//	attack.go      the run: rows one after another
//	scene.go       the worker, and those who call it
//	neighbour.go   who is measured
//	attacker.go    the other process; rows*.go what it does
//	report.go      verdicts, and what is printed
//
// Beside the neighbour's times a row says what it was refused, which steps of
// Redis took 5 ms or more (SLOWLOG), and the peak of the worker's memory.
package attack
