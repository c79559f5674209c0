package script_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/redis/script"
)

const (
	base = `local seen = 0

local function count(n)
  seen = seen + n
  return seen
end
`
	counting = `-- counting sets a key to the sum of its arguments.
for n = 1, #ARGV do
  count(ARGV[n])
end
redis.call("SET", KEYS[1], seen)
return { "sum", seen }
`
	removing = `-- removing is granted even when the memory is full.
redis.call("DEL", KEYS[1])
return redis.call("SET", KEYS[1], "1")
`
)

// set returns a set of these scripts, the first of which differs by its version.
func set(version string) (all *script.Set, count, remove *script.Script) {
	all = script.NewSet(fstest.MapFS{
		"lua/counting.lua": {Data: []byte("local version = " + version + "\n" + counting)},
		"lua/removing.lua": {Data: []byte(removing)},
		"lua/lib/base.lua": {Data: []byte(base)},
	}, "lua")
	return all, all.Script("counting", "base"), all.Script("removing", "base")
}

// sum runs the script that counts and wants this sum.
func sum(t *testing.T, r *script.Runner, s *script.Script, want int64, args ...any) {
	t.Helper()
	got, err := r.Run(t.Context(), s, []string{"sum"}, args...).Slice()
	if err != nil || len(got) != 2 || got[1] != want {
		t.Errorf("sum of %v = %v, %v, want %d", args, got, err, want)
	}
}

// calls returns how often Redis ran a command.
func calls(t *testing.T, rdb redis.UniversalClient, command string) string {
	t.Helper()
	for line := range strings.Lines(rdb.Info(t.Context(), "commandstats").Val()) {
		if rest, ok := strings.CutPrefix(line, "cmdstat_"+command+":calls="); ok {
			count, _, _ := strings.Cut(rest, ",")
			return count
		}
	}
	return "0"
}

func functions(t *testing.T, rdb redis.UniversalClient) (names []string) {
	t.Helper()
	all, err := rdb.FunctionList(t.Context(), redis.FunctionListQuery{}).Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		names = append(names, l.Name)
	}
	slices.Sort(names)
	return names
}

// Nothing is kept from one call to the next, whether there are functions or not.
func TestRun(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		all, count, _ := set("1")
		r := script.NewRunner(rdb, all, slog.New(slog.DiscardHandler))
		sum(t, r, count, 3, 1, 2)
		sum(t, r, count, 4, 4)
		sum(t, r, count, 0)
	})
}

// A library is loaded once, again after it was lost, and by one of many callers.
func TestRunLoadsTheFunction(t *testing.T) {
	t.Parallel()
	rdb := redistest.Real(t)
	all, count, _ := set("1")
	r := script.NewRunner(rdb, all, slog.New(slog.DiscardHandler))
	for range 3 {
		sum(t, r, count, 3, 1, 2)
	}
	if n := calls(t, rdb, "function|load"); n != "1" {
		t.Errorf("the library was loaded %s times, want once", n)
	}
	if err := rdb.FunctionFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { sum(t, r, count, 3, 1, 2) })
	}
	wg.Wait()
	if n := calls(t, rdb, "evalsha"); n != "0" {
		t.Errorf("%s scripts were run, want none", n)
	}
}

// The functions of other versions are deleted by Tidy, and a process of that version
// goes on.
func TestTidy(t *testing.T) {
	t.Parallel()
	rdb := redistest.Real(t)
	older, olderCount, _ := set("1")
	newer, newerCount, _ := set("2")
	before, after := script.NewRunner(rdb, older, slog.New(slog.DiscardHandler)), script.NewRunner(rdb, newer, slog.New(slog.DiscardHandler))
	foreign := "#!lua name=foreign\nredis.register_function('foreign', function() return 1 end)"
	if err := rdb.FunctionLoad(t.Context(), foreign).Err(); err != nil {
		t.Fatal(err)
	}
	sum(t, before, olderCount, 1, 1)
	sum(t, after, newerCount, 1, 1)
	if names := functions(t, rdb); len(names) != 3 {
		t.Errorf("functions = %v, want those of both versions", names)
	}
	after.Tidy(t.Context())
	if names := functions(t, rdb); len(names) != 2 || names[0] != "foreign" {
		t.Errorf("functions = %v, want a foreign one and that of the newer version", names)
	}
	sum(t, before, olderCount, 1, 1)
	sum(t, after, newerCount, 1, 1)
	if n := calls(t, rdb, "evalsha"); n != "0" {
		t.Errorf("%s scripts were run, want none", n)
	}
}

// A user who may not call functions, or not load them, runs scripts, and the log says so
// once.
func TestRunWithoutPermission(t *testing.T) {
	t.Parallel()
	for _, denied := range []string{"-fcall", "-function|load", "-function"} {
		t.Run(denied, func(t *testing.T) {
			t.Parallel()
			server := redistest.Server(t)
			admin := server.Client()
			if err := admin.Do(t.Context(), "ACL", "SETUSER", "u", "on", "nopass", "~*", "+@all", denied).Err(); err != nil {
				t.Fatal(err)
			}
			rdb := redis.NewClient(&redis.Options{Addr: server.Addr, Username: "u", Password: "any"})
			t.Cleanup(func() { _ = rdb.Close() })
			all, count, _ := set("1")
			var log bytes.Buffer
			r := script.NewRunner(rdb, all, slog.New(slog.NewTextHandler(&log, nil)))
			r.Tidy(t.Context())
			sum(t, r, count, 3, 1, 2)
			sum(t, r, count, 4, 4)
			if n := strings.Count(log.String(), "each call sends a script"); n != 1 {
				t.Errorf("the log says it %d times, want once:\n%s", n, &log)
			}
		})
	}
}

// A function that Redis does not take is tried once, and the log says why.
func TestRunWhatIsNoFunction(t *testing.T) {
	t.Parallel()
	rdb := redistest.Real(t)
	many, sum := "", "return { \"sum\", 0"
	for n := range 70 { // a function may use 60 variables from outside
		many += fmt.Sprintf("local v%d = %d\n", n, n)
		sum += fmt.Sprintf(" + v%d", n)
	}
	all := script.NewSet(fstest.MapFS{"lua/many.lua": {Data: []byte(many + sum + " }\n")}}, "lua")
	var log bytes.Buffer
	r := script.NewRunner(rdb, all, slog.New(slog.NewTextHandler(&log, nil)))
	s := all.Script("many")
	for range 3 {
		if got, err := r.Run(t.Context(), s, []string{"sum"}).Slice(); err != nil || got[1] != int64(2415) {
			t.Errorf("sum = %v, %v, want 2415", got, err)
		}
	}
	if n := calls(t, rdb, "function|load"); n != "1" || strings.Count(log.String(), "upvalues") != 1 {
		t.Errorf("the function was tried %s times, want once, and the log says why once:\n%s", n, &log)
	}
}

// A full Redis refuses what needs memory at its first write, and grants the rest.
func TestRunOnAFullRedis(t *testing.T) {
	t.Parallel()
	rdb := redistest.Real(t)
	all, count, remove := set("1")
	r := script.NewRunner(rdb, all, slog.New(slog.DiscardHandler))
	sum(t, r, count, 1, 1)
	full := func(bytes string) {
		if err := rdb.ConfigSet(context.WithoutCancel(t.Context()), "maxmemory", bytes).Err(); err != nil {
			t.Fatal(err)
		}
	}
	full("1")
	if err := r.Run(t.Context(), count, []string{"sum"}, 1).Err(); !redis.HasErrorPrefix(err, "OOM ") {
		t.Errorf("error = %v, want that the memory is full", err)
	}
	if err := r.Run(t.Context(), remove, []string{"sum"}).Err(); err != nil {
		t.Errorf("error = %v of a script that begins with a DEL", err)
	}
	full("0")
	before := calls(t, rdb, "evalsha")
	sum(t, r, count, 1, 1)
	if after := calls(t, rdb, "evalsha"); before != after {
		t.Error("a script was run once there was room, want its function")
	}
}

// Each master of a Cluster gets the functions that are called there.
func TestRunOnACluster(t *testing.T) {
	t.Parallel()
	rdb, _ := redistest.Cluster(t)
	older, olderCount, _ := set("1")
	newer, newerCount, _ := set("2")
	before, after := script.NewRunner(rdb, older, slog.New(slog.DiscardHandler)), script.NewRunner(rdb, newer, slog.New(slog.DiscardHandler))
	for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
		for range 2 {
			for r, s := range map[*script.Runner]*script.Script{before: olderCount, after: newerCount} {
				if err := r.Run(t.Context(), s, []string{key}, 1).Err(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	after.Tidy(t.Context())
	err := rdb.(*redis.ClusterClient).ForEachMaster(t.Context(), func(_ context.Context, node *redis.Client) error {
		if names := functions(t, node); len(names) != 1 {
			t.Errorf("functions of a master = %v, want one", names)
		}
		if n := calls(t, node, "evalsha"); n != "0" {
			t.Errorf("%s scripts were run, want none", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
