package redisconn

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Inspect asks Redis how it is set up; of a Cluster, every master. What it is
// not allowed to ask stays unknown, which is no error.
func Inspect(ctx context.Context, rdb redis.UniversalClient) (Report, error) {
	var (
		mu sync.Mutex
		r  Report
	)
	ask := func(ctx context.Context, c *redis.Client) error {
		n, err := inspectNode(ctx, c)
		if err != nil {
			return err
		}
		n.Addr = c.Options().Addr
		mu.Lock()
		defer mu.Unlock()
		r.Nodes = append(r.Nodes, n)
		return nil
	}
	var err error
	switch c := rdb.(type) {
	case *redis.ClusterClient:
		err = c.ForEachMaster(ctx, ask)
	case *redis.Client:
		err = ask(ctx, c)
	default:
		err = fmt.Errorf("a client of type %T cannot be asked", rdb)
	}
	if err != nil {
		return Report{}, fmt.Errorf("inspect Redis: %w", err)
	}
	return r, nil
}

// inspectNode asks one server. Most of it is in INFO, which managed servers
// that keep CONFIG to themselves still answer.
func inspectNode(ctx context.Context, c *redis.Client) (Node, error) {
	text, err := c.Info(ctx).Result()
	if denied(err) {
		return Node{}, nil
	}
	if err != nil {
		return Node{}, err
	}
	info := fields(text)
	n := Node{
		Version:        info["redis_version"],
		Role:           info["role"],
		EvictionPolicy: info["maxmemory_policy"],
		Persistence:    Unknown,
	}
	if n.Version == "" {
		// Every server says its version; the one in memory that stands in for
		// Redis does not.
		n.Persistence = Memory
		return n, nil
	}
	config := make(map[string]string)
	for _, name := range []string{"appendfsync", "save"} {
		value, err := c.ConfigGet(ctx, name).Result()
		if err != nil && !denied(err) {
			return Node{}, err
		}
		if v, known := value[name]; known {
			config[name] = v
		}
	}
	n.AppendOnly = info["aof_enabled"] == "1"
	n.AppendFsync, n.Save = config["appendfsync"], config["save"]
	n.Persistence = durability(n.AppendOnly, n.AppendFsync)
	return n, nil
}

func durability(appendOnly bool, fsync string) Durability {
	switch {
	case !appendOnly:
		return Memory
	case fsync == "always":
		return Disk
	case fsync == "everysec":
		return Fast
	case fsync == "no":
		return Memory
	default:
		return Unknown
	}
}

// denied reports whether the server does not let us ask, rather than fail. What a
// Sentinel said when it was asked for the server is wrapped, and no denial.
func denied(err error) bool {
	if _, bare := err.(redis.Error); !bare { //nolint:errorlint // see above
		return false
	}
	return redis.IsPermissionError(err) || redis.HasErrorPrefix(err, "unknown command")
}

// fields reads the lines "name:value" of INFO.
func fields(info string) map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(info) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			m[name] = value
		}
	}
	return m
}
