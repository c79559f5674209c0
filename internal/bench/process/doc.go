// Package process runs the product as it is delivered, for the benches that measure it
// from outside: a worker in a process of its own, with its default settings, its
// redis-server and configured accounts.
//
//	worker.go    starts and ends it
//	usage.go     its processor time, its memory, and the slow steps of its Redis
//	clock*.go    what the system tells of another process's time
//	own_*.go     what this process uses, and exact waits
//	priority*.go who goes first on a machine that others use as well
package process
