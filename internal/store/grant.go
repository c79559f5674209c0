package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// granted reads a grant of jobs, as lib/jobs.lua describes it. A claim of which the
// rest of a job cannot be read is left for the next one that asks.
func (s *Store) granted(ctx context.Context, r reply, step string, shard int) ([]*jobs.Claim, lane.Wake, error) {
	switch r.word() {
	case "stale":
		return nil, lane.Wake{}, lane.ErrStale
	case "mended":
		wake := lane.Wake{Append: r.number(3) == 1, Deliver: r.number(4) == 1}
		return nil, wake, &lane.MendedError{Lane: r.text(1), Failed: r.text(2)}
	case "granted":
	default:
		return nil, lane.Wake{}, r.unexpected(step)
	}
	lanes := r.list(5)
	claims := make([]*jobs.Claim, 0, len(lanes))
	for n := range lanes {
		c, err := s.claim(ctx, lanes.list(n), r.text(1), shard, r.time(2))
		if err != nil {
			s.noteUnconfirmed(place{lane.Append, shard}, r.text(1), err)
			continue
		}
		claims = append(claims, c)
	}
	return claims, lane.Wake{Append: r.number(3) == 1, Deliver: r.number(4) == 1}, nil
}

// grantedOne reads a grant of one lane at most.
func (s *Store) grantedOne(ctx context.Context, r reply, step string, shard int) (*jobs.Claim, lane.Wake, error) {
	claims, wake, err := s.granted(ctx, r, step, shard)
	if err != nil || len(claims) == 0 {
		return nil, wake, err
	}
	return claims[0], wake, nil
}

// claim reads what a grant says of one lane. Its error is [jobs.ErrUnavailable].
func (s *Store) claim(ctx context.Context, r reply, id string, shard int, at time.Time) (*jobs.Claim, error) {
	account, key := splitMember(r.text(0))
	items := r.list(4)
	c := &jobs.Claim{
		Claim: lane.Claim{
			Kind: lane.Append, Shard: shard, Account: account, Key: key, ID: id, Attempt: int(r.number(1)),
		},
		At:              at,
		ConversationEnd: r.time(2),
		MembersVersion:  int(r.number(3)),
		MembersKept:     int(r.number(5)),
		Jobs:            make([]jobs.Work, len(items)),
	}
	for n := range items {
		var err error
		rest := func() (string, error) { return s.restOfBody(ctx, shard, account, items.list(n).text(0)) }
		c.Jobs[n] = items.list(n).work(account, key, rest)
		if w := &c.Jobs[n]; w.Unreadable == nil && items.list(n).list(4).text(0) == unread {
			w.Members, err = s.membersOf(ctx, keysOf(shard).members(r.text(0)), speakerKeys(w.Utterances))
			w.Unreadable = asMembers(err)
		}
		if errors.Is(c.Jobs[n].Unreadable, jobs.ErrUnavailable) {
			return nil, c.Jobs[n].Unreadable
		}
	}
	return c, nil
}

// asMembers returns the error of reading members as [jobs.ErrMembers], unless Redis
// itself is to blame.
func asMembers(err error) error {
	if err == nil || errors.Is(err, jobs.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", jobs.ErrMembers, err)
}

// work reads one job of a grant. What cannot be read fails that job, not the
// claim.
func (r reply) work(account, conversationID string, rest func() (string, error)) jobs.Work {
	w := jobs.Work{
		Job: jobs.Job{
			ID: r.text(0), Account: account, ConversationID: conversationID,
			Sequence: r.number(1), AcceptedAt: r.time(2), Status: jobs.Scheduled,
		},
		Members: map[string]conversation.Member{},
	}
	_, body, _ := strings.Cut(r.text(3), "\n")
	if body, w.Unreadable = joinBody(body, rest); w.Unreadable == nil {
		w.Unreadable = decodeBody(body, &w.Job)
	}
	if w.Unreadable != nil {
		return w
	}
	known := r.list(4)
	for n := 0; n+1 < len(known); n += 2 {
		var m conversation.Member
		if told, err := strconv.Atoi(known.text(n + 1)); err == nil {
			w.Members[known.text(n)] = w.Members[known.text(2*told-2)]
			continue
		}
		if err := json.Unmarshal([]byte(known.text(n+1)), &m); err != nil {
			w.Unreadable = fmt.Errorf("%w: decode one of conversation %s: %w", jobs.ErrMembers, conversationID, err)
			return w
		}
		w.Members[known.text(n)] = m
	}
	return w
}

// unread stands in a grant in place of the members whom many speakers may be.
const unread = "?"

// restOfBody returns the part of a job's body that does not stand in its lane. It is
// read outside of the scripts, which would copy it.
func (s *Store) restOfBody(ctx context.Context, shard int, account, id string) (string, error) {
	key, rest := keysOf(shard).body(member(account, id)), ""
	for {
		some, err := retry.Value(ctx, func(ctx context.Context) (string, error) {
			from := int64(len(rest))
			return s.rdb.GetRange(ctx, key, from, from+bodyPortion-1).Result()
		})
		if err != nil {
			return "", fault("read the text of job "+id, err)
		}
		if rest += some; len(some) < bodyPortion {
			break
		}
	}
	if rest == "" {
		return "", fmt.Errorf("the text of job %s is no longer stored", id)
	}
	return rest, nil
}

// bodyPortion is how many bytes of a body are read at once.
const bodyPortion = 256 << 10
