package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

const kind = catalog.TrackerKind

var roomy = catalog.Limits{Items: 100, Bytes: 1 << 20}

// add adds items of the keys, each with its key for a body.
func (f *fixture) add(account string, limits catalog.Limits, keys ...string) ([]catalog.Record, error) {
	records := make([]catalog.Record, len(keys))
	for i, key := range keys {
		records[i] = catalog.Record{Key: key, Body: []byte(key)}
	}
	return f.AddItems(f.t.Context(), account, kind, records, limits)
}

func (f *fixture) mustAdd(account string, keys ...string) []catalog.Record {
	f.t.Helper()
	added, err := f.add(account, roomy, keys...)
	if err != nil {
		f.t.Fatalf("add %q: %v", keys, err)
	}
	return added
}

// wantItems compares what is saved, and that it can be found by its keys: a
// key that is free can be added, and one that is not cannot.
func (f *fixture) wantItems(account string, want ...catalog.Record) {
	f.t.Helper()
	got, err := f.Items(f.t.Context(), account, kind)
	if err != nil {
		f.t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Concat([]catalog.Record{}, want), got, cmp.Comparer(bytes.Equal)); diff != "" {
		f.t.Errorf("items of %s (-want +got):\n%s", account, diff)
	}
	names, err := f.rdb.HGetAll(f.t.Context(), "tw:{"+account+"}:keys:tracker").Result()
	if err != nil {
		f.t.Fatal(err)
	}
	delete(names, "") // no key, but the number of the last item
	byKey := map[string]string{}
	for _, r := range want {
		byKey[r.Key] = r.ID
	}
	if diff := cmp.Diff(byKey, names); diff != "" {
		f.t.Errorf("keys of %s (-want +got):\n%s", account, diff)
	}
}

func TestItems(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first := f.mustAdd(account, "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
		last := f.mustAdd(account, "with a\ttab")
		theirs := f.mustAdd("other", "one")
		f.wantItems(account, slices.Concat(first, last)...)
		f.wantItems("other", theirs...)

		found, err := f.ItemsByID(t.Context(), account, kind, []string{last[0].ID, "1", theirs[0].ID, first[0].ID})
		if diff := cmp.Diff([]catalog.Record{last[0], first[0]}, found); diff != "" || err != nil {
			t.Errorf("items by id: %v (-want +got):\n%s", err, diff)
		}
		if first[0].Version != 1 || first[0].Created.IsZero() || !first[0].Created.Equal(first[0].Updated) {
			t.Errorf("a new item is %+v", first[0])
		}
	})
}

func TestAddItemsAllOrNone(t *testing.T) {
	tests := []struct {
		name   string
		limits catalog.Limits
		keys   []string
		want   error
	}{
		{"taken", roomy, []string{"a", "b", "there"}, &catalog.ItemError{Index: 2, Err: &catalog.TakenError{Kind: kind}}},
		{"twice", roomy, []string{"a", "b", "a"}, &catalog.ItemError{Index: 2, Err: &catalog.TakenError{Kind: kind}}},
		{"too many", catalog.Limits{Items: 3, Bytes: 1 << 20}, []string{"a", "b", "c"}, &catalog.LimitError{Kind: kind, Limits: catalog.Limits{Items: 3, Bytes: 1 << 20}}},
		{"too large", catalog.Limits{Items: 4, Bytes: 60}, []string{"a", "b", "a long name"}, &catalog.LimitError{Kind: kind, Limits: catalog.Limits{Items: 4, Bytes: 60}, Of: catalog.Bytes}},
		{"as many as may be", catalog.Limits{Items: 4, Bytes: 1 << 20}, []string{"a", "b", "c"}, nil},
		{"in other case", roomy, []string{"There", "THERE"}, nil},
	}
	each(t, func(t *testing.T, f *fixture) {
		for i, tt := range tests {
			account := fmt.Sprintf("acme-%d", i)
			saved := f.mustAdd(account, "there")
			added, err := f.add(account, tt.limits, tt.keys...)
			if diff := cmp.Diff(tt.want, err); diff != "" {
				t.Errorf("%s: error (-want +got):\n%s", tt.name, diff)
			}
			f.wantItems(account, slices.Concat(saved, added)...)
		}
	})
}

func TestReplaceItem(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		saved := f.mustAdd(account, "a", "b", "c")
		replace := func(want error, r catalog.Record, limits catalog.Limits) catalog.Record {
			t.Helper()
			got, err := f.ReplaceItem(t.Context(), account, kind, r, limits)
			if diff := cmp.Diff(want, err); diff != "" {
				t.Errorf("replace %+v: error (-want +got):\n%s", r, diff)
			}
			return got
		}
		item := func(id string, version int64, key string) catalog.Record {
			return catalog.Record{ItemMeta: catalog.ItemMeta{ID: id, Version: version}, Key: key, Body: []byte("new\nbody")}
		}
		tight := catalog.Limits{Items: 1, Bytes: 100}
		replace(&catalog.NotFoundError{Kind: kind}, item("7", 0, "d"), roomy)
		replace(&catalog.TakenError{Kind: kind}, item(saved[0].ID, 0, "b"), roomy)
		replace(&catalog.BusyError{Kind: kind}, item(saved[0].ID, 2, "d"), roomy)
		replace(&catalog.LimitError{Kind: kind, Limits: tight, Of: catalog.Bytes}, item(saved[0].ID, 0, "d"), tight)
		f.wantItems(account, saved...)

		saved[0] = replace(nil, item(saved[0].ID, 1, "d"), roomy)
		saved[1] = replace(nil, item(saved[1].ID, 0, "b"), roomy)
		replace(&catalog.BusyError{Kind: kind}, item(saved[1].ID, 1, "b"), roomy)
		f.wantItems(account, saved...)
		if got := saved[0]; got.Version != 2 || got.Created.IsZero() || got.Updated.Before(got.Created) {
			t.Errorf("a replaced item is %+v", got)
		}
		f.mustAdd(account, "a") // the key is free again
	})
}

func TestDeleteItem(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		saved := f.mustAdd(account, "a", "b")
		theirs := f.mustAdd("other", "a")
		for _, id := range []string{theirs[0].ID, "7", ""} {
			if _, missing := errors.AsType[*catalog.NotFoundError](f.DeleteItem(t.Context(), account, kind, id)); !missing {
				t.Errorf("deleting the item %q, which is not there, went well", id)
			}
		}
		if err := f.DeleteItem(t.Context(), account, kind, saved[0].ID); err != nil {
			t.Fatal(err)
		}
		f.wantItems(account, saved[1])
		f.wantItems("other", theirs...)
		f.mustAdd(account, "a")
	})
}

// TestKeysAreUnique lets several clients create, rename and delete items at
// once: whatever comes of it, no key has two items, and no item is lost or
// half saved.
func TestKeysAreUnique(t *testing.T) {
	t.Parallel()

	rdb, round := redistest.Real(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		f, account := newFixture(t, rdb), fmt.Sprintf("acme-%d", round)
		key := rapid.SampledFrom([]string{"a", "b", "c", "d", "e"})
		plans := rapid.SliceOfN(rapid.SliceOfN(rapid.SliceOfN(key, 1, 3), 1, 4), 2, 4).Draw(rt, "keys by client and request")

		var mu sync.Mutex
		alive := map[string]string{} // key by id
		var wg sync.WaitGroup
		for _, plan := range plans {
			wg.Go(func() {
				for _, keys := range plan {
					added, err := f.add(account, roomy, keys...)
					if err != nil {
						continue
					}
					renamed, err := f.ReplaceItem(t.Context(), account, kind, catalog.Record{ItemMeta: added[0].ItemMeta, Key: keys[0] + "'"}, roomy)
					mu.Lock()
					for _, r := range added {
						alive[r.ID] = r.Key
					}
					if err == nil {
						alive[renamed.ID] = renamed.Key
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()

		got, err := f.Items(t.Context(), account, kind)
		if err != nil {
			rt.Fatal(err)
		}
		found, keys := map[string]string{}, map[string]bool{}
		for _, r := range got {
			if keys[r.Key] {
				rt.Errorf("two items have the key %s", r.Key)
			}
			keys[r.Key], found[r.ID] = true, r.Key
		}
		if diff := cmp.Diff(alive, found); diff != "" {
			rt.Errorf("items (-acknowledged +saved):\n%s", diff)
		}
	})
}

func TestLockItems(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		hold := func(account string, kind catalog.Kind, holder string, free bool) {
			t.Helper()
			_, busy := errors.AsType[*catalog.BusyError](f.LockItems(ctx, account, kind, holder))
			if busy == free {
				t.Errorf("%s may hold the %ss of %s: %t, want %t", holder, kind, account, !busy, free)
			}
		}
		hold(account, kind, "x", true)
		hold(account, kind, "y", false)
		hold("other", kind, "y", true)
		hold(account, catalog.GroupKind, "y", true)
		for _, holder := range []string{"y", "x"} { // y does not hold it
			if err := f.UnlockItems(ctx, account, kind, holder); err != nil {
				t.Fatal(err)
			}
			hold(account, kind, "z", holder == "x")
		}
	})
}

// TestLockOfItemsExpires lets a holder die.
func TestLockOfItemsExpires(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := store.New(redistest.New(t), store.Options{Shards: shards})
		if err := s.LockItems(t.Context(), account, kind, "dead"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(9 * time.Second)
		if err := s.LockItems(t.Context(), account, kind, "next"); err == nil {
			t.Error("a held shelf was free after 9s")
		}
		time.Sleep(2 * time.Second)
		if err := s.LockItems(t.Context(), account, kind, "next"); err != nil {
			t.Errorf("11s after its holder died, the shelf is not free: %v", err)
		}
	})
}

// TestItemsVersion has each change of an account's items of a kind make a version
// that there was not before, and nothing else make one.
func TestItemsVersion(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		seen := map[string]bool{}
		version := func() string {
			v, err := f.ItemsVersion(t.Context(), account, kind)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		changed := func(what string) {
			t.Helper()
			if v := version(); seen[v] {
				t.Errorf("%s leaves version %q", what, v)
			} else {
				seen[v] = true
			}
		}
		changed("nothing")
		added := f.mustAdd(account, "a", "b")
		changed("to add items")
		if _, err := f.ReplaceItem(t.Context(), account, kind, catalog.Record{ItemMeta: added[0].ItemMeta, Key: "c", Body: []byte("c")}, roomy); err != nil {
			t.Fatal(err)
		}
		changed("to replace an item")
		if err := f.DeleteItem(t.Context(), account, kind, added[1].ID); err != nil {
			t.Fatal(err)
		}
		changed("to delete an item")
		before := version()
		f.mustAdd("other", "a")
		if _, err := f.AddItems(t.Context(), account, catalog.GroupKind, []catalog.Record{{Key: "a", Body: []byte("a")}}, roomy); err != nil {
			t.Fatal(err)
		}
		if _, err := f.add(account, catalog.Limits{}, "d"); err == nil {
			t.Error("an item was added that there was no room for")
		}
		if after := version(); after != before {
			t.Errorf("version %q, want %q still after changes of others", after, before)
		}
	})
}

// TestItemsInPortions reads items of which one step may only read a part.
func TestItemsInPortions(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var records []catalog.Record
		for n := range 230 {
			records = append(records, catalog.Record{Key: fmt.Sprint(n), Body: bytes.Repeat([]byte("x"), 2<<10)})
		}
		records[7].Body = bytes.Repeat([]byte("y"), 300<<10) // more than a portion
		limits := catalog.Limits{Items: 500, Bytes: 8 << 20}
		added, err := f.AddItems(t.Context(), account, kind, records, limits)
		if err != nil {
			t.Fatal(err)
		}
		f.wantItems(account, added...)
		known, err := f.KnownItems(t.Context(), account, kind, []string{added[3].ID, "7", added[229].ID})
		if diff := cmp.Diff([]string{added[3].ID, added[229].ID}, known); diff != "" || err != nil {
			t.Errorf("known items: %v (-want +got):\n%s", err, diff)
		}
	})
}
