package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// The conversations of a page come in its order, each with its members, however many these
// are. One that was deleted meanwhile does not come.
func TestWithMembers(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var all []conversation.Conversation
		for n, size := range []int{0, 3, 1200, 1, 249, 251, 600, 2, 5000, 4} {
			c := conversation.Conversation{ID: fmt.Sprintf("10000000000000%02d", n), Start: time.UnixMilli(int64(1000 + n)), End: time.UnixMilli(2000)}
			for i := range size {
				c.Members = append(c.Members, conversation.Member{ID: fmt.Sprintf("%d-%d", n, i), UserID: fmt.Sprint(i, " of ", n), Since: int64(i)})
			}
			all = append(all, c)
		}
		put(t, f.rdb, shards, all)
		page, err := f.List(t.Context(), account, query.Query{Limit: 100})
		if err != nil || len(page.Conversations) != len(all) {
			t.Fatalf("List = %d conversations, %v; want %d", len(page.Conversations), err, len(all))
		}
		for n := range page.Conversations {
			if n%2 == 0 { // miniredis has read all
				page.Conversations[n].Members = nil
			}
		}
		const deleted = 6
		f.rdb.Del(t.Context(), f.keys("tw:{*}:l:"+account+":"+all[deleted].ID)...)
		want := append(all[:deleted:deleted], all[deleted+1:]...)
		for c, err := range f.WithMembers(t.Context(), account, page.Conversations) {
			if err != nil || len(want) == 0 || c.ID != want[0].ID || len(c.Members) != len(want[0].Members) {
				t.Fatalf("conversation %s with %d members, %v; %d are left", c.ID, len(c.Members), err, len(want))
			}
			for i, m := range c.Members {
				if m != want[0].Members[i] {
					t.Errorf("member %d of %s is %+v, want %+v", i, c.ID, m, want[0].Members[i])
				}
			}
			want = want[1:]
		}
		equal(t, "conversations that did not come", len(want), 0)

		gone, cancel := context.WithCancel(t.Context())
		cancel()
		for _, err := range f.WithMembers(gone, account, page.Conversations) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("a caller who has gone gets %v", err)
			}
		}
	})
}
