// Package redisconn connects to the Redis that the operator names and finds
// out what it promises.
//
// [Open] turns a URL into a client, for one server, for Sentinel or for a
// Cluster, with timeouts that make a dead Redis an error within two seconds
// instead of a request that hangs. A client of Sentinel or of a Cluster follows
// a failover: it notices a node that does not answer and asks the others, so
// that the new master is found within two seconds after its promotion.
//
// [Inspect] reads how Redis is set up: a [Report] says whether it may throw
// keys away, which the service must refuse, and whether what it acknowledges is
// on disk.
//
// Nothing here prints a password: errors say what is wrong with a URL without
// repeating it, and [Redact] makes one fit for logs.
//
// The package knows nothing of the keys that the service keeps.
package redisconn
