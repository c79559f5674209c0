package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
)

// open accepts a job of a new conversation in the shard, and returns both ids.
func (f *fixture) open() (conversation, job string) {
	f.t.Helper()
	for n := 1_000_000_000_000_000; ; n++ {
		conversation = fmt.Sprint(n)
		if lane.ShardOf(conversation, shards) != shard {
			continue
		}
		job = jobs.NewID(shard)
		_, _, err := f.Accept(f.t.Context(), jobs.Job{
			ID: job, Account: account, ConversationID: conversation, Utterances: []analysis.Utterance{{Text: "Hi."}},
		}, jobs.Terms{Create: true})
		if errors.Is(err, jobs.ErrIDTaken) {
			continue
		}
		if err != nil {
			f.t.Fatal(err)
		}
		return conversation, job
	}
}

// Each state lists its lanes alone, none lists those in trouble, and a lane tells why it
// is in trouble, and when it is attempted again if it is by itself.
func TestLanesByState(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		trouble := func(failure jobs.Failure) string {
			t.Helper()
			conversation, job := f.open()
			failure.JobID, failure.Reason = job, "no luck with "+conversation
			f.fail(f.claim(1), failure, store.Next{})
			return conversation
		}
		held, failing := trouble(jobs.Failure{Final: true, Hold: true}), []string{trouble(jobs.Failure{Delay: time.Hour}), trouble(jobs.Failure{Delay: time.Hour})}
		waiting, _ := f.open()
		stale := redis.Z{Score: 1, Member: account + ":" + waiting} // it got well while the list was read
		f.rdb.ZAdd(t.Context(), fmt.Sprintf("tw:{%d}:trouble:%s", shard, account), stale)
		for _, tt := range []struct {
			state lane.State
			want  []string // in any order
		}{
			{lane.StateHeld, []string{held}},
			{lane.StateFailing, failing},
			{lane.StateWaiting, []string{waiting}},
			{"", append([]string{held}, failing...)},
		} {
			listed := map[string]lane.View{}
			for q := (lane.Query{Kind: lane.Append, State: tt.state, Limit: 2}); ; {
				page, err := f.Lanes(t.Context(), []string{account}, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range page.Lanes {
					listed[v.ID] = v
				}
				if q.Cursor = page.Cursor; q.Cursor == "" {
					break
				}
			}
			if len(listed) != len(tt.want) {
				t.Errorf("state %q lists %v, want %v", tt.state, listed, tt.want)
			}
			for _, id := range tt.want {
				v, found := listed[id]
				reason := "no luck with " + id
				if id == waiting {
					reason = ""
				}
				again := v.State == lane.StateFailing
				if !found || v.Reason != reason || v.Waiting != 1 || v.NextAt.IsZero() == again || again && time.Until(v.NextAt) < 50*time.Minute {
					t.Errorf("state %q lists %s as %+v", tt.state, id, v)
				}
			}
		}
		for _, cursor := range []string{"x", "####", "LTEgYQ"} {
			if _, err := f.Lanes(t.Context(), []string{account}, lane.Query{Kind: lane.Append, Limit: 2, Cursor: cursor}); !errors.Is(err, jobs.ErrBadCursor) {
				t.Errorf("cursor %q: %v, want ErrBadCursor", cursor, err)
			}
		}
	})
}
