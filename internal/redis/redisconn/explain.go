package redisconn

import (
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"
)

// noAnswer is the reason when nothing came back from Redis at all.
const noAnswer = "Redis does not answer."

// otherCause is the reason when Redis answered with an error of no known code.
const otherCause = "Redis refuses what an append needs; the log has what it said."

// A refusal is an answer of Redis, by how it begins, in words for an operator.
type refusal struct{ code, sentence string }

// refusals say what the codes mean that Redis answers with, and what to do.
func refusals() []refusal {
	return []refusal{
		{"READONLY", "Redis is a replica and refuses writes (READONLY); name the master in TURNWISE_REDIS_URL, or use redis+sentinel:// or redis+cluster://, which follow it."},
		{"OOM", "Redis refuses new jobs because its memory is full (OOM); raise its maxmemory. Jobs that were accepted are worked all the same."},
		{"NOREPLICAS", "Redis refuses writes because too few replicas follow it (NOREPLICAS); bring the replicas back, or lower its min-replicas-to-write."},
		{"MISCONF", "Redis refuses writes because it cannot save to its disk (MISCONF); its own log says why, mostly a full disk."},
		{"NOPERM", Denied("")},
		{"ERR The user executing the script can't", Denied("")},
		{"ERR ACL failure in script", Denied("")},
		{"NOAUTH", "Redis wants a password (NOAUTH); put it into TURNWISE_REDIS_URL, as in redis://:password@host."},
		{"WRONGPASS", "Redis refuses the user or the password (WRONGPASS); correct them in TURNWISE_REDIS_URL, with special characters percent-encoded."},
		{"LOADING", "Redis is loading its data (LOADING); it goes on by itself."},
		{"BUSY", "Redis is busy with a script of another program (BUSY); SCRIPT KILL ends it."},
		{"CLUSTERDOWN", "A part of the Redis Cluster has no master (CLUSTERDOWN); bring a node of it back, or give its slots to others."},
		{"MASTERDOWN", "Redis is a replica that has lost its master (MASTERDOWN); bring the master back."},
		{"TRYAGAIN", "The Redis Cluster moves slots just now (TRYAGAIN); it goes on by itself."},
		{"UNBLOCKED", "Redis became a replica while it was asked (UNBLOCKED); it goes on by itself once there is a master."},
		{"MOVED", "Redis is a node of a Cluster (MOVED); use redis+cluster:// in TURNWISE_REDIS_URL."},
		{"CROSSSLOT", "Redis is a node of a Cluster (CROSSSLOT); use redis+cluster:// in TURNWISE_REDIS_URL."},
		{"DENIED", "Redis is in protected mode and answers nobody from another machine (DENIED); set a password or bind it to an address."},
		{"ERR max number of clients", "Redis takes no more connections; raise its maxclients."},
		{"ERR invalid password", "Redis refuses the password; correct it in TURNWISE_REDIS_URL, with special characters percent-encoded."},
		{"ERR AUTH", "Redis has no password, but TURNWISE_REDIS_URL names one; take it out of the URL."},
		{"ERR Client sent AUTH", "Redis has no password, but TURNWISE_REDIS_URL names one; take it out of the URL."},
		{"ERR DB index", "Redis has no database of that number; correct what follows the last slash of TURNWISE_REDIS_URL."},
		{"ERR This instance has cluster support disabled", "Redis is no Cluster; use redis:// in TURNWISE_REDIS_URL."},
		{"ERR unknown command", "Redis does not know, or does not offer, a command that Turnwise needs; it must be a Redis 7, a Valkey, or a service that lets scripts run."},
	}
}

// Explain says in a sentence, for anybody to read, why Redis did not do what
// was asked and what to do about it. It names no address and no secret.
func Explain(err error) string {
	sentence, _ := explain(err)
	return sentence
}

// Denied says that the user of Redis may not do what Turnwise needs, naming
// the command if it is known.
func Denied(command string) string {
	what := "what Turnwise needs"
	if command != "" {
		what = "the command " + command + ", which Turnwise needs,"
	}
	return "Redis does not permit its user " + what + " (NOPERM); docs/operations.md has the keys and commands for ACL SETUSER."
}

// explain also reports whether Redis answered at all.
func explain(err error) (sentence string, answered bool) {
	text, answered := replied(err)
	if !answered {
		return noAnswer, false
	}
	for _, r := range refusals() {
		// A server of before 7.0 puts what a script met behind a text of its own.
		if strings.HasPrefix(text, r.code) || strings.Contains(text, " -"+r.code+" ") {
			return r.sentence, true
		}
	}
	return otherCause, true
}

// replied returns what Redis replied, if it did.
func replied(err error) (text string, ok bool) {
	if reply, found := errors.AsType[redis.Error](err); found && !errors.Is(err, redis.Nil) {
		return reply.Error(), true
	}
	return "", false
}
