package diagnosis

import (
	"cmp"
	"context"
	"strings"

	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

const (
	startRedis = "start Redis, or correct the address; the worker's log and /readyz say what it meets"
	keepOnDisk = "set appendonly yes and appendfsync always in redis.conf: then no accepted job is lost when the machine stops"
	askRedis   = "--redis-url asks Redis itself, where it can be reached"
)

// examineRedis asks Redis, or takes the API's word for it.
func examineRedis(ctx context.Context, inv *session.Invocation, reached bool) []finding {
	address := cmp.Or(inv.RedisURL(), inv.Tryout().RedisURL)
	if address == "" {
		redis := finding{"redis", unknown, "the API does not say", askRedis}
		if reached {
			redis = finding{"redis", well, "the API reaches it", ""}
		}
		return []finding{redis, {"durability", unknown, "the API does not say", askRedis}}
	}
	rdb, err := redisconn.Open(address)
	if err != nil {
		return []finding{because("redis", startRedis, "the address is wrong: %v", err)}
	}
	defer rdb.Close() //nolint:errcheck // it was only asked
	report, err := redisconn.Inspect(ctx, rdb)
	if err != nil {
		return []finding{because("redis", startRedis, "%v", redisconn.Diagnose(ctx, address, err))}
	}
	redis := finding{"redis", well, "it answers at " + redisconn.Redact(address), strings.Join(report.Warnings(), "; ")}
	switch d := report.Durability(); d {
	case redisconn.Disk:
		return []finding{redis, {"durability", well, "what is accepted is on disk", ""}}
	case redisconn.Fast:
		return []finding{redis, {"durability", well, "what is accepted is on disk within a second or two", ""}}
	case redisconn.Memory:
		redis.Fix = ""
		return []finding{redis, because("durability", keepOnDisk, "what is accepted is in memory only")}
	case redisconn.Unknown:
	}
	return []finding{redis, {"durability", unknown, "Redis does not let itself be asked", "allow INFO and CONFIG GET to its user"}}
}
