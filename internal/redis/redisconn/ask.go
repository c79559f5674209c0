package redisconn

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// A sentinelAnswer is the address of the master, or what a Sentinel has
// against telling it, in a sentence. It is empty if nothing came back.
type sentinelAnswer struct{ master, complaint string }

// askSentinels asks all Sentinels of a URL for the master, and returns the
// best of the answers: the one that names it, else one that says why not.
func (t target) askSentinels(ctx context.Context) sentinelAnswer {
	answers := make([]sentinelAnswer, len(t.addrs))
	var asked sync.WaitGroup
	for i, addr := range t.addrs {
		asked.Go(func() { answers[i] = t.askSentinel(ctx, addr) })
	}
	asked.Wait()
	var best sentinelAnswer
	for _, a := range answers {
		if a.master != "" {
			return a
		}
		if best.complaint == "" {
			best = a
		}
	}
	return best
}

func (t target) askSentinel(ctx context.Context, addr string) sentinelAnswer {
	o := &redis.Options{
		Addr: addr, Username: t.sentinelUser, Password: t.sentinelPass,
		ContextTimeoutEnabled: true, DialTimeout: step, ReadTimeout: step, WriteTimeout: step,
		MaxRetries: -1, DialerRetries: 1, DisableIdentity: true,
	}
	if t.tls {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	c := redis.NewSentinelClient(o)
	defer c.Close() //nolint:errcheck // it only served to ask
	master, err := c.GetMasterAddrByName(ctx, t.master).Result()
	if err == nil && len(master) == 2 {
		return sentinelAnswer{master: net.JoinHostPort(master[0], master[1])}
	}
	return sentinelAnswer{complaint: t.complaint(addr, err)}
}

// complaint puts what a Sentinel replied into a sentence.
func (t target) complaint(addr string, err error) string {
	if errors.Is(err, redis.Nil) {
		return "The Sentinels know no master named " + t.master + "; correct the name, which follows the addresses in TURNWISE_REDIS_URL."
	}
	text, answered := replied(err)
	switch {
	case !answered:
		return ""
	case strings.HasPrefix(text, "NOAUTH"):
		return "The Sentinels want a password (NOAUTH); put it into TURNWISE_REDIS_URL, as in ?sentinel_password=… at its end."
	case strings.HasPrefix(text, "WRONGPASS"):
		return "The Sentinels refuse the user or the password (WRONGPASS); correct sentinel_user and sentinel_password in TURNWISE_REDIS_URL, with special characters percent-encoded."
	case strings.HasPrefix(text, "NOPERM"):
		return "The Sentinels do not permit their user SENTINEL GET-MASTER-ADDR-BY-NAME (NOPERM); grant it, or name another one as sentinel_user in TURNWISE_REDIS_URL."
	case strings.HasPrefix(text, "ERR unknown command"):
		return "Redis at " + addr + " is no Sentinel; name the Sentinels in TURNWISE_REDIS_URL, whose port is mostly 26379, or use " +
			target{tls: t.tls}.scheme(t.tls) + " with the address of the server."
	default:
		return "The Sentinel at " + addr + " does not say who the master is; the rest of this message has what it said."
	}
}
