package store_test

import (
	"errors"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

var (
	editTarget = edit.Target{Account: account, ID: talk}
	editStep   = edit.Step{
		Change:        edit.Change{Name: new("Review")},
		MemberChanges: edit.MemberChanges{Members: []conversation.Member{{ID: "x", Name: "Eve"}}, Keys: map[string]string{"n:eve": "x"}},
	}
)

// A Redis whose memory is full refuses edits, half-writes nothing, and still
// deletes.
func TestFullRedisStillDeletes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, redistest.Real(t))
	job := f.accept("One.", true)
	before, err := f.Conversation(t.Context(), account, talk)
	if err != nil {
		t.Fatal(err)
	}
	memory := func(size string) {
		if err := f.rdb.ConfigSet(t.Context(), "maxmemory", size).Err(); err != nil {
			t.Fatal(err)
		}
	}
	memory("1")
	if _, err := f.Edit(t.Context(), editTarget, editStep); !errors.Is(err, jobs.ErrUnavailable) {
		t.Fatalf("Edit by a full Redis = %v, want ErrUnavailable", err)
	}
	after, err := f.Conversation(t.Context(), account, talk)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "conversation after the refusal", after, before)
	if _, err := f.Delete(t.Context(), editTarget); err != nil {
		t.Fatalf("Delete by a full Redis: %v", err)
	}
	equal(t, "status", f.status(job.ID), "failed")
}

// The scripts about edits stay within one slot of a Cluster.
func TestEditsOnACluster(t *testing.T) {
	t.Parallel()
	rdb, _ := redistest.Cluster(t)
	f := newFixture(t, rdb)
	job := f.accept("One.", true)
	c, err := f.Edit(t.Context(), editTarget, editStep)
	if err != nil || c.Name != "Review" || len(c.Members) != 1 {
		t.Errorf("Edit = %+v, %v; want the name Review, and Eve", c, err)
	}
	if wake, err := f.Delete(t.Context(), editTarget); err != nil || wake.Append {
		t.Errorf("Delete = %+v, %v; want no ring, and no error", wake, err)
	}
	equal(t, "status", f.status(job.ID), "failed")
}
