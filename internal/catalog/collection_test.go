package catalog_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/jobs"
)

func unwrap(err error) error { return errors.Unwrap(err) }

// trackers returns n trackers, each with its own name.
func trackers(n int) []catalog.Tracker {
	all := make([]catalog.Tracker, n)
	for i := range all {
		all[i] = catalog.Tracker{Name: fmt.Sprint("tracker ", i), Vocabulary: []string{"a"}}
	}
	return all
}

func TestAtMost500Items(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	for _, refused := range []int{501, 1000} {
		_, err := c.Trackers.CreateAll(t.Context(), account, trackers(refused))
		if e, full := errors.AsType[*catalog.LimitError](err); !full || e.Of != catalog.Items || e.Limits.Items != 500 {
			t.Errorf("creating %d trackers: %v", refused, err)
		}
	}
	if created, err := c.Trackers.CreateAll(t.Context(), account, trackers(500)); len(created) != 500 || err != nil {
		t.Fatalf("created %d trackers: %v", len(created), err)
	}
	_, err := c.Trackers.Create(t.Context(), account, catalog.Tracker{Name: "one more", Vocabulary: []string{"a"}})
	if _, full := errors.AsType[*catalog.LimitError](err); !full {
		t.Errorf("creating the 501st tracker: %v", err)
	}
	if all, err := c.Trackers.All(t.Context(), account); len(all) != 500 || err != nil {
		t.Errorf("%d trackers are saved, want 500: %v", len(all), err)
	}
	create(t, c.Groups, catalog.Group{Name: "a", Criteria: "conversation.name==a"}) // is not counted with them
}

func TestAtMost8MiB(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	values := make([]string, 1000)
	for i := range values {
		values[i] = fmt.Sprint(i, " ", strings.Repeat("🙂", 250))
	}
	var err error
	for n := 0; err == nil && n < 10; n++ {
		_, err = c.Entities.Create(t.Context(), account, catalog.Entity{Type: fmt.Sprint(n), Values: values})
	}
	if e, full := errors.AsType[*catalog.LimitError](err); !full || e.Of != catalog.Bytes {
		t.Errorf("10 entities of 1 MB: %v", err)
	}
	if all, err := c.Entities.All(t.Context(), account); len(all) != 8 || err != nil {
		t.Errorf("%d entities of 1 MB are saved, want 8: %v", len(all), err)
	}
}

func TestAtMost1MiBOfTrackers(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	terms := make([]string, 1000)
	for i := range terms {
		terms[i] = fmt.Sprint("a", i, strings.Repeat("b", 200))
	}
	var err error
	for n := 0; err == nil && n < 10; n++ {
		_, err = c.Trackers.Create(t.Context(), account, catalog.Tracker{Name: fmt.Sprint(n), Vocabulary: terms})
	}
	if e, full := errors.AsType[*catalog.LimitError](err); !full || e.Of != catalog.Bytes || e.Limits.Bytes != 1<<20 {
		t.Errorf("10 trackers of 200 kB: %v", err)
	}
	if all, err := c.Trackers.All(t.Context(), account); len(all) != 5 || err != nil {
		t.Errorf("%d trackers of 200 kB are saved, want 5: %v", len(all), err)
	}
}

// TestOneWriterAtATime has somebody else hold the lock.
func TestOneWriterAtATime(t *testing.T) {
	t.Parallel()

	c, s := newCatalog(t)
	ctx := t.Context()
	saved := create(t, c.Trackers, before)
	other := trackers(1)[0]
	if err := s.LockItems(ctx, account, catalog.TrackerKind, "other"); err != nil {
		t.Fatal(err)
	}
	write := func(account string) map[string]error {
		_, create := c.Trackers.Create(ctx, account, other)
		_, replace := c.Trackers.Replace(ctx, account, saved.ID, other)
		_, patch := c.Trackers.Patch(ctx, account, saved.ID, ops{op("add", "/categories", "z")})
		return map[string]error{"create": create, "replace": replace, "patch": patch}
	}
	for step, err := range write(account) {
		if _, busy := errors.AsType[*catalog.BusyError](err); !busy {
			t.Errorf("%s while another request writes: %v", step, err)
		}
	}
	for step, err := range write("another") {
		if _, busy := errors.AsType[*catalog.BusyError](err); busy {
			t.Errorf("%s in another account: %v", step, err)
		}
	}
	if err := s.UnlockItems(ctx, account, catalog.TrackerKind, "other"); err != nil {
		t.Fatal(err)
	}
	for step, err := range write(account) {
		if err != nil && step != "replace" { // which asks for the name that create has taken
			t.Errorf("%s after the other request: %v", step, err)
		}
	}
}

// TestNoLostUpdates lets many patch one tracker: every patch that was not
// refused must be there.
func TestNoLostUpdates(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	saved := create(t, c.Trackers, catalog.Tracker{Name: "n", Vocabulary: []string{"a"}})
	var mu sync.Mutex
	want := map[string]bool{"a": true}
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 10 {
				term := fmt.Sprint(n, " ", i)
				_, err := c.Trackers.Patch(t.Context(), account, saved.ID, ops{op("add", "/vocabulary", term)})
				if _, busy := errors.AsType[*catalog.BusyError](err); err != nil && !busy {
					t.Error(err)
				}
				mu.Lock()
				want[term] = err == nil
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	got, err := c.Trackers.Get(t.Context(), account, saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for term := range want {
		found[term] = false
	}
	for _, term := range got.Vocabulary {
		found[term] = true
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("terms (-acknowledged +saved):\n%s", diff)
	}
}

// TestStaleVersion changes a tracker between the look of a patch and its
// write, as a holder can do whose hold has run out.
func TestStaleVersion(t *testing.T) {
	t.Parallel()

	_, s := newCatalog(t)
	c := catalog.New(concurrentStore{s})
	saved := create(t, c.Trackers, before)
	_, err := c.Trackers.Patch(t.Context(), account, saved.ID, ops{op("add", "/vocabulary", "z")})
	if _, busy := errors.AsType[*catalog.BusyError](err); !busy {
		t.Errorf("patch of a tracker that has changed meanwhile: %v", err)
	}
	if _, err := c.Trackers.Replace(t.Context(), account, saved.ID, before); err != nil {
		t.Errorf("a replacement does not look before it writes: %v", err)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	ctx := t.Context()
	saved := create(t, c.Trackers, before)
	for _, at := range []struct{ account, id string }{{"another", saved.ID}, {account, "1"}, {account, ""}} {
		_, one := c.Trackers.Get(ctx, at.account, at.id)
		_, replace := c.Trackers.Replace(ctx, at.account, at.id, before)
		_, patch := c.Trackers.Patch(ctx, at.account, at.id, ops{op("add", "/vocabulary", "z")})
		_, otherKind := c.Groups.Get(ctx, account, saved.ID)
		for step, err := range map[string]error{
			"one": one, "replace": replace, "patch": patch, "other kind": otherKind, "delete": c.Trackers.Delete(ctx, at.account, at.id),
		} {
			if _, missing := errors.AsType[*catalog.NotFoundError](err); !missing {
				t.Errorf("%s of tracker %q of account %s: %v", step, at.id, at.account, err)
			}
		}
	}
}

func TestStoreAway(t *testing.T) {
	t.Parallel()

	c := catalog.New(unavailableStore{})
	ctx := t.Context()
	_, create := c.Trackers.Create(ctx, account, before)
	_, all := c.Trackers.All(ctx, account)
	_, one := c.Trackers.Get(ctx, account, "1")
	for step, err := range map[string]error{"create": create, "all": all, "one": one} {
		if !errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("%s while the store is unavailable: %v", step, err)
		}
	}
}

// TestAtMost25000Terms saves as many terms of trackers as an account may have, and
// one more in each way that it can be tried.
func TestAtMost25000Terms(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	terms := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprint(i))
		}
		return all
	}
	all := trackers(25)
	for i := range all {
		all[i].Vocabulary, all[i].ExcludeVocabulary = terms(400), terms(600)
	}
	all[24].Vocabulary = terms(399)
	created, err := c.Trackers.CreateAll(t.Context(), account, all)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(err error) {
		t.Helper()
		if e, full := errors.AsType[*catalog.LimitError](err); !full || e.Of != catalog.Values || e.Limits.Values != 25_000 {
			t.Errorf("more than 25000 terms are saved: %v", err)
		}
	}
	_, err = c.Trackers.Create(t.Context(), account, catalog.Tracker{Name: "two more", Vocabulary: terms(1), ExcludeVocabulary: terms(1)})
	refused(err)
	_, err = c.Trackers.Patch(t.Context(), account, created[24].ID, []catalog.Op{{Op: "add", Path: "/vocabulary", Values: []string{"x", "y"}}})
	refused(err)
	if _, err = c.Trackers.Patch(t.Context(), account, created[24].ID, []catalog.Op{{Op: "add", Path: "/vocabulary", Values: []string{"x"}}}); err != nil {
		t.Errorf("the last term that there may be: %v", err)
	}
	if err := c.Trackers.Delete(t.Context(), account, created[0].ID); err != nil {
		t.Fatal(err)
	}
	create(t, c.Trackers, catalog.Tracker{Name: "in its place", Vocabulary: terms(1000)})
}
