package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// bind binds deal-7 for a request and wants what becomes of it.
func (f *fixture) bind(fingerprint string, want error) (id string) {
	f.t.Helper()
	id, err := f.BindExternalID(f.t.Context(), account, "deal-7", fingerprint)
	if !errors.Is(err, want) {
		f.t.Fatalf("BindExternalID(%q) = %q, %v; want %v", fingerprint, id, err, want)
	}
	return id
}

// make makes a conversation under the id.
func (f *fixture) make(id string) {
	f.t.Helper()
	f.queue(id, jobs.Terms{Create: true}, nil)
}

// queue submits a job of the conversation.
func (f *fixture) queue(id string, terms jobs.Terms, wantErr error) {
	f.t.Helper()
	job := jobs.Job{ID: jobs.NewID(lane.ShardOf(id, shards)), Account: account, ConversationID: id}
	if _, _, err := f.Accept(f.t.Context(), job, terms); !errors.Is(err, wantErr) {
		f.t.Fatalf("Accept with %+v: %v, want %v", terms, err, wantErr)
	}
}

// letTimePass takes the binding for one of long ago.
func (f *fixture) letTimePass() {
	f.t.Helper()
	keys, err := f.rdb.Keys(f.t.Context(), "tw:{x:*}:"+account).Result()
	if err != nil || len(keys) != 1 {
		f.t.Fatalf("keys of external ids: %v, %v", keys, err)
	}
	if err := f.rdb.HIncrBy(f.t.Context(), keys[0], "since", -10_000).Err(); err != nil {
		f.t.Fatal(err)
	}
}

func TestExternalID(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		lookup := func(account, externalID, wantID string, wantErr error) {
			t.Helper()
			if id, err := f.ByExternalID(t.Context(), account, externalID); id != wantID && wantErr == nil || !errors.Is(err, wantErr) {
				t.Errorf("ByExternalID(%q, %q) = %q, %v; want %q, %v", account, externalID, id, err, wantID, wantErr)
			}
		}
		lookup(account, "deal-7", "", jobs.ErrUnknownConversation)
		id := f.bind("one", nil)
		if !conversation.ValidID(id) {
			t.Errorf("the id %q has not the form of one", id)
		}
		lookup(account, "deal-7", "", jobs.ErrUnknownConversation) // it was not made yet
		if again := f.bind("one", nil); again != id {
			t.Errorf("the same request got %q, then %q", id, again)
		}
		f.make(id)
		lookup(account, "deal-7", id, nil)
		lookup(account, "deal-8", "", jobs.ErrUnknownConversation)
		lookup("other", "deal-7", "", jobs.ErrUnknownConversation)
		if again := f.bind("one", nil); again != id {
			t.Errorf("once made, the same request got %q, want %q", again, id)
		}
		f.letTimePass()
		f.bind("two", edit.ErrExternalIDTaken)
	})
}

// TestExternalIDOfNothing binds one for a conversation that never comes to be.
func TestExternalIDOfNothing(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		lost := f.bind("one", nil)
		f.bind("two", edit.ErrContended)
		f.letTimePass()
		if again := f.bind("one", nil); again != lost {
			t.Errorf("the request came back and got %q, want %q as before", again, lost)
		}
		f.bind("two", edit.ErrContended) // the time starts anew
		f.letTimePass()
		taken := f.bind("two", nil)
		if taken == lost {
			t.Error("another request got the same conversation, which the first may yet make")
		}
		f.bind("one", edit.ErrContended)
		f.make(taken)
		f.bind("one", edit.ErrExternalIDTaken)
	})
}

func TestExternalIDIsBoundOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var all sync.Map
		var wg sync.WaitGroup
		for n := range 16 {
			wg.Go(func() {
				id, err := f.BindExternalID(t.Context(), account, "deal-7", string(rune('a'+n%2)))
				switch {
				case err == nil:
					all.Store(id, true)
				case !errors.Is(err, edit.ErrContended):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n := 0
		all.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d ids were bound, want 1", n)
		}
	})
}

// TestExternalIDOfADeletedConversation imports it again: under the id that it
// had, once the jobs of the deleted one are out of the way.
func TestExternalIDOfADeletedConversation(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.bind("one", nil)
		f.make(id)
		for range 200 { // more than one step fails
			f.queue(id, jobs.Terms{}, nil)
		}
		if _, err := f.Delete(t.Context(), edit.Target{Account: account, ID: id}); err != nil {
			t.Fatal(err)
		}
		if again := f.bind("one", nil); again != id {
			t.Errorf("the same request got %q, want %q", again, id)
		}
		f.queue(id, jobs.Terms{Create: true}, jobs.ErrIDTaken) // jobs wait to be failed
		for left := int64(1); left > 0; left = f.rdb.Exists(t.Context(), fmt.Sprintf("tw:{%d}:q:%s:%s", lane.ShardOf(id, shards), account, id)).Val() {
			if _, _, err := f.ClaimOne(t.Context(), lane.ShardOf(id, shards), 1); err != nil {
				t.Fatal(err)
			}
		}
		f.make(id)
	})
}
