package redisconn

import (
	"crypto/tls"
	"fmt"
	"runtime"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// timeout bounds each of dialling, reading and writing. The deadline of a
// context may end them sooner.
const timeout = 2 * time.Second

// Open returns a client of the Redis that the URL names. It does not connect.
//
//	redis://[[user]:password@]host[:6379][/db]
//	unix://[[user]:password@]/path/to/socket[?db=n]
//	redis+sentinel://[[user]:password@]host1,host2[:26379]/master[/db][?sentinel_password=…]
//	redis+cluster://[[user]:password@]host1,host2[:6379]
//
// With rediss instead of redis, connections are encrypted and certificates
// are checked. A password for the Sentinels themselves, where they have one,
// is a parameter, because it is rarely that of the servers.
//
// A call ends with the deadline of its context, or after two seconds if that
// has none. A client of one server, or of Sentinel, repeats nothing by itself:
// a step whose answer got lost may have taken effect, and only its caller
// knows whether it may be done again. A client of a Cluster follows the slots
// and does repeat commands, see openCluster.
func Open(rawURL string) (redis.UniversalClient, error) {
	t, err := parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("read the Redis URL %s: %w", Redact(rawURL), err)
	}
	switch t.kind {
	case cluster:
		return openCluster(t.options()), nil
	case sentinel:
		return openSentinel(t.options()), nil
	case single:
	}
	c := redis.NewClient(t.options().Simple())
	c.AddHook(deadlineHook{})
	return c, nil
}

// Validate says what is wrong with a URL that [Open] would refuse.
func Validate(rawURL string) error {
	_, err := parse(rawURL)
	return err
}

func (t target) options() *redis.UniversalOptions {
	o := &redis.UniversalOptions{
		Addrs:            t.addrs,
		IsClusterMode:    t.kind == cluster,
		MasterName:       t.master,
		DB:               t.db,
		Username:         t.user,
		Password:         t.password,
		SentinelUsername: t.sentinelUser,
		SentinelPassword: t.sentinelPass,

		ContextTimeoutEnabled: true,
		DialTimeout:           timeout,
		ReadTimeout:           timeout,
		WriteTimeout:          timeout,
		MaxRetries:            -1,
		DialerRetries:         1, // the client's name for attempts

		// Room for 64 deliveries, the lanes and the API at once. Connections
		// are made when they are needed.
		PoolSize:         max(128, 16*runtime.GOMAXPROCS(0)),
		PipelinePoolSize: 64,
		PoolTimeout:      timeout,

		// Neither is of use here, and both put a handshake that some servers
		// refuse before the first command.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if t.tls {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12} // the name is that of the host dialled
	}
	return o
}
