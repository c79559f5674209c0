// Package redistest gives a test a Redis of its own.
//
//	New                miniredis, in memory and without a socket
//	Real               a redis-server process
//	Each               the same test on both
//	Server             a redis-server that the test may kill, stop and restart
//	ClockedServer      the same, with a clock that the test sets
//	Cluster            three masters of a Redis Cluster
//	ReplicatedCluster  the same, each with a replica
//	Sentinel           a master with replicas, under three Sentinels
//	Open               a client of any of them, as the product opens it
//	Link               the way to a Redis, with the faults that a test asks for
//	Fake               what speaks as Redis and answers as the test says
//
// A real server is a process per test, not a database number of a shared one:
// it is ready within some 20 ms, parallel tests cannot see each other's keys,
// scripts, connections or configuration, and a test may crash it. Where
// neither redis-server nor valkey-server is on PATH, tests that need one are
// skipped; in CI, that is with the variable CI set, they fail instead.
//
// Of the product, the package knows only how it connects to Redis, so every
// other package may use it in its tests.
package redistest
