package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

const slotsKey = "tw:{" + account + "}:slots"

// fillSlots gives slots to so many unfinished jobs, and returns their ids in the order of
// their slots.
func (f *fixture) fillSlots(count int) (ids []string) {
	f.t.Helper()
	for n := range count {
		ids = append(ids, jobs.NewID(n%shards))
	}
	for some := range slices.Chunk(ids, 1000) {
		pipe, slots := f.rdb.Pipeline(), make([]redis.Z, len(some))
		for n, id := range some {
			slots[n] = redis.Z{Score: float64(time.Now().UnixMilli()), Member: id}
			pipe.HSet(f.t.Context(), jobKey(id), "state", "1 7000000000000000 1 0")
		}
		pipe.ZAdd(f.t.Context(), slotsKey, slots...)
		if _, err := pipe.Exec(f.t.Context()); err != nil {
			f.t.Fatal(err)
		}
	}
	ids, err := f.rdb.ZRange(f.t.Context(), slotsKey, 0, -1).Result()
	if err != nil || len(ids) != count {
		f.t.Fatalf("%d slots, %v; want %d", len(ids), err, count)
	}
	return ids
}

func jobKey(id string) string {
	_, at, _ := jobs.ParseID(id)
	return fmt.Sprintf("tw:{%d}:j:%s:%s", at, account, id)
}

// complete ends the jobs.
func (f *fixture) complete(ids ...string) {
	f.t.Helper()
	for _, id := range ids {
		if err := f.rdb.HSet(f.t.Context(), jobKey(id), "state", "3 7000000000000000 1 0 0 0").Err(); err != nil {
			f.t.Fatal(err)
		}
	}
}

func slotsOfManyJobs(f *fixture) func() {
	const limit = 100_000
	ids := f.fillSlots(limit)
	f.complete(ids[40_000:41_000]...)
	return func() {
		for range 20 {
			if _, _, err := f.Unfinished(f.t.Context(), account); err != nil {
				f.t.Error(err)
			}
			f.takeAtLast(limit)
		}
		if err := f.opened().TakeSlot(f.t.Context(), account, jobs.NewID(shard), 2*limit); err != nil {
			f.t.Error(err)
		}
	}
}

// takeAtLast takes a slot, and returns how often it was refused one before.
func (f *fixture) takeAtLast(limit int) (refused int) {
	f.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for f.TakeSlot(f.t.Context(), account, jobs.NewID(shard), limit) != nil {
		refused++
		if time.Now().After(deadline) {
			f.t.Fatal("no slot is found that came free")
		}
		time.Sleep(time.Millisecond)
	}
	return refused
}

// A slot that came free is found at once among a hundred, and in time among many, wherever
// it stands.
func TestASlotIsFoundAmongMany(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct{ slots, free, refused int }{
		{100, 99, 0},
		{10_000, 99, 0},
		{10_000, 4000, 0}, // in the first look
		{10_000, 9999, 60_000},
	} {
		t.Run(fmt.Sprint(tt.free, " of ", tt.slots), func(t *testing.T) {
			t.Parallel()

			f := newFixture(t, redistest.Real(t))
			f.complete(f.fillSlots(tt.slots)[tt.free])
			if refused := f.takeAtLast(tt.slots); refused > tt.refused {
				t.Errorf("refused %d times, want %d at most", refused, tt.refused)
			}
			if err := f.TakeSlot(t.Context(), account, jobs.NewID(shard), tt.slots); err == nil {
				t.Error("a second slot was taken, of which there is none")
			}
			equal(t, "slots", f.rdb.ZCard(t.Context(), slotsKey).Val(), int64(tt.slots))
		})
	}
}

// An account that is refused again and again has all its slots looked at in a small part
// of the time, and the oldest each time.
func TestARefusedSlotIsCheap(t *testing.T) {
	t.Parallel()

	f := newFixture(t, redistest.Real(t))
	const limit, times = 10_000, 200
	f.fillSlots(limit)
	f.rdb.ConfigResetStat(t.Context())
	for range times {
		if err := f.TakeSlot(t.Context(), account, jobs.NewID(shard), limit); err == nil {
			t.Fatal("a slot was taken, of which there is none")
		}
	}
	var looked int
	for line := range strings.Lines(f.rdb.Info(t.Context(), "commandstats").Val()) {
		if rest, found := strings.CutPrefix(line, "cmdstat_hget:calls="); found {
			if _, err := fmt.Sscan(strings.SplitN(rest, ",", 2)[0], &looked); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d jobs were looked up", looked)
	if oldest := 100 * times; looked <= oldest || looked > 5*oldest {
		t.Errorf("%d jobs were looked up in %d refusals, want the oldest each time and the others a few times", looked, times)
	}
}
