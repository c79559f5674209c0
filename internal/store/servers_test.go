package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// Probing leaves nothing behind and, on an append-only file, writes nothing.
func TestProbeChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		before, offset := f.keys("*"), replicated(t, f.rdb)
		for _, room := range []bool{true, false} {
			if err := f.Probe(t.Context(), room); err != nil {
				t.Errorf("Probe(%t) = %v", room, err)
			}
		}
		equal(t, "keys", f.keys("*"), before)
		equal(t, "bytes for replicas and the append-only file", replicated(t, f.rdb), offset)
	})
}

// replicated returns how many bytes of changes Redis has passed on.
func replicated(t *testing.T, rdb redis.UniversalClient) string {
	t.Helper()
	for line := range strings.Lines(rdb.Info(t.Context(), "persistence").Val()) {
		if changes, ok := strings.CutPrefix(line, "rdb_changes_since_last_save:"); ok {
			return changes
		}
	}
	return ""
}

func TestProbe(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name   string
		set    []any // a command that breaks what an append needs
		room   string
		noRoom string
	}{
		{name: "full", set: []any{"CONFIG", "SET", "maxmemory", "1"}, room: "OOM"},
		{name: "replica", set: []any{"REPLICAOF", "127.0.0.1", "1"}, room: "READONLY", noRoom: "READONLY"},
		{name: "too few replicas", set: []any{"CONFIG", "SET", "min-replicas-to-write", "1"}, room: "NOREPLICAS", noRoom: "NOREPLICAS"},
		{name: "no scripts", set: []any{"ACL", "SETUSER", "default", "-@scripting"}, room: "NOPERM", noRoom: "NOPERM"},
		{name: "no keys", set: []any{"ACL", "SETUSER", "default", "resetkeys", "~other:*"}, room: "NOPERM", noRoom: "NOPERM"},
		{name: "no writes", set: []any{"ACL", "SETUSER", "default", "-@write"}, room: "The user executing the script", noRoom: "The user executing the script"},
		{name: "a command missing", set: []any{"ACL", "SETUSER", "default", "-hset"}, room: "may not run HSET", noRoom: "may not run HSET"},
		{name: "keys to read only", set: []any{"ACL", "SETUSER", "default", "resetkeys", "%R~*"}, room: "NOPERM", noRoom: "NOPERM"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, redistest.Real(t))
			if err := f.rdb.Do(t.Context(), tt.set...).Err(); err != nil {
				t.Fatal(err)
			}
			for room, want := range map[bool]string{true: tt.room, false: tt.noRoom} {
				err := f.Probe(t.Context(), room)
				if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("Probe(%t) = %v, want %q", room, err, want)
				}
			}
		})
	}
}

// Of a Cluster every master is asked, and the others do not make up for one
// that is away.
func TestProbeOfACluster(t *testing.T) {
	t.Parallel()
	rdb, nodes := redistest.Cluster(t)
	for _, n := range nodes {
		if err := n.Client().ConfigSet(t.Context(), "cluster-require-full-coverage", "no").Err(); err != nil {
			t.Fatal(err)
		}
	}
	s := store.New(rdb, store.Options{Shards: 16})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Probe(t.Context(), true); err != nil {
		t.Fatalf("Probe = %v", err)
	}
	if err := nodes[1].Client().ConfigSet(context.WithoutCancel(t.Context()), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	part, ok := errors.AsType[*store.PartError](s.Probe(t.Context(), true))
	if !ok || part.Failed != 1 || part.Asked != 3 || !redis.HasErrorPrefix(part, "OOM") {
		t.Errorf("Probe with one master full = %v, want 1 of 3", part)
	}
	if err := s.Probe(t.Context(), false); err != nil {
		t.Errorf("Probe without need of room = %v", err)
	}
	nodes[2].Kill()
	part, ok = errors.AsType[*store.PartError](s.Probe(t.Context(), false))
	if !ok || part.Failed != 1 || part.Asked != 3 || !errors.Is(part, jobs.ErrUnavailable) {
		t.Errorf("Probe with one master dead = %v, want 1 of 3", part)
	}
}

// A master of a Cluster that is silent or dead hides its own lanes only.
func TestLaneStatsOfACluster(t *testing.T) {
	t.Parallel()

	for name, away := range map[string]func(*redistest.Process){"silent": (*redistest.Process).Stop, "dead": (*redistest.Process).Kill} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rdb, nodes := redistest.Cluster(t, "--cluster-require-full-coverage", "no")
			const shards = 16
			s := store.New(rdb, store.Options{Shards: shards})
			for n := range shards {
				for index, member := range map[string]string{"": "a", ":a": "a:1"} {
					if err := rdb.ZAdd(t.Context(), fmt.Sprintf("tw:{%d}:ready:append%s", n, index), redis.Z{Score: 1, Member: member}).Err(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if got, err := s.LaneStats(t.Context(), lane.Append); err != nil || got.Pending != shards || got.Silent != 0 || got.Oldest < time.Hour {
				t.Fatalf("LaneStats = %+v, %v; want %d lanes", got, err, shards)
			}
			held := nodes[1].Client().DBSize(t.Context()).Val() / 2 // two keys each
			if held < 1 || held >= shards {
				t.Fatalf("a master of three has %d of %d shards", held, shards)
			}
			away(nodes[1])
			for range 3 { // the others find out in between, and the client learns of it
				ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
				begun := time.Now()
				got, err := s.LaneStats(ctx, lane.Append)
				cancel()
				if err != nil || got.Pending != shards-held || got.Silent != int(held) || got.Oldest < time.Hour {
					t.Errorf("LaneStats while a master is %s = %+v, %v; want %d lanes and %d shards that do not answer", name, got, err, shards-held, held)
				}
				if took := time.Since(begun); took > 2*time.Second { // a busy machine takes its time
					t.Errorf("LaneStats with 600ms took %v", took)
				}
				time.Sleep(time.Second)
			}
			nodes[0].Kill()
			nodes[2].Kill()
			ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
			defer cancel()
			if got, err := s.LaneStats(ctx, lane.Append); err == nil || got.Silent != shards {
				t.Errorf("LaneStats while all masters are away = %+v, %v; want an error", got, err)
			}
		})
	}
}
