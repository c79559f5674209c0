package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// What one page looks at, at most, if its query has a condition that the index has no
// order for. The page ends there, with a cursor.
const (
	lookedAtInIndex = 20_000 // to find those of a conversation
	lookedAtInFull  = 1000   // to find those with a text
	lookAtOnce      = 1000
)

// Jobs returns a page of the jobs of accounts that a query selects, in one order, or
// [jobs.ErrBadCursor]. Each account makes a page cost a command more for each shard and
// status.
//
// A job that changes its status meanwhile changes its place: it may be seen twice, or,
// if it moves to a page that was read, not at all. What is final stays where it is.
func (s *Store) Jobs(ctx context.Context, accounts []string, q jobs.Query) (page jobs.Page, err error) {
	var after *jobEntry
	if q.Cursor != "" {
		at, err := parseIndexed(q.Cursor)
		if err != nil {
			return page, err
		}
		after = &at
	}
	if q.ConversationID != "" && !conversation.ValidID(q.ConversationID) ||
		q.Message != "" && q.Status != "" && q.Status != jobs.Failed {
		return page, nil // none has both
	}
	r, left := s.jobRange(accounts, q), lookedAtInIndex
	if q.Message != "" && q.ConversationID == "" {
		left = lookedAtInFull
	}
	for {
		count := q.Limit - len(page.Jobs)
		if q.ConversationID != "" || q.Message != "" {
			count = min(max(4*count, lookAtOnce), left)
		}
		found, more, err := s.next(ctx, r, after, count)
		if err != nil {
			return page, err
		}
		used, err := s.take(ctx, q, found, &page)
		if err != nil {
			return page, err
		}
		if used > 0 {
			after = &found[used-1]
		}
		if left -= used; used == len(found) && !more {
			return page, nil
		}
		if len(page.Jobs) == q.Limit || left <= 0 {
			page.Cursor = after.cursor()
			return page, nil
		}
	}
}

// take appends those of the jobs to a page that the query selects, until it is full. It
// returns how many it has looked at.
func (s *Store) take(ctx context.Context, q jobs.Query, found []jobEntry, page *jobs.Page) (used int, err error) {
	var wanted []int // indexes of found
	for n, x := range found {
		if _, conversationID := x.job(); q.ConversationID == "" || conversationID == q.ConversationID {
			wanted = append(wanted, n)
		}
	}
	part := strings.ToLower(q.Message)
	for len(wanted) > 0 {
		some := wanted[:min(len(wanted), max(q.Limit-len(page.Jobs), lookAtOnce/10))]
		records, err := s.readRecords(ctx, found, some)
		if err != nil {
			return 0, err
		}
		for i, record := range records {
			listed, ok := found[some[i]].listed(record)
			if !ok || q.Status != "" && listed.Status != q.Status || !strings.Contains(strings.ToLower(listed.Message), part) {
				continue
			}
			if page.Jobs = append(page.Jobs, listed); len(page.Jobs) == q.Limit {
				return some[i] + 1, nil
			}
		}
		wanted = wanted[len(some):]
	}
	return len(found), nil
}

// readRecords reads the records of some of the jobs.
func (s *Store) readRecords(ctx context.Context, found []jobEntry, some []int) ([]map[string]string, error) {
	reads := make([]*redis.MapStringStringCmd, len(some))
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for i, n := range some {
			id, _ := found[n].job()
			if _, shard, ok := jobs.ParseID(id); ok {
				reads[i] = pipe.HGetAll(ctx, keysOf(shard).job(member(found[n].account, id)))
			}
		}
		if pipe.Len() == 0 {
			return nil
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fault("read the jobs of a list", err)
	}
	records := make([]map[string]string, len(some))
	for i, read := range reads {
		if read != nil {
			records[i] = read.Val()
		}
	}
	return records, nil
}

// listed returns the job with its record, unless that is gone. What is final says the
// record, and what is in progress the index.
func (x jobEntry) listed(record map[string]string) (jobs.Listed, bool) {
	if len(record) == 0 {
		return jobs.Listed{}, false
	}
	id, _ := x.job()
	l := jobs.Listed{Job: jobOf(x.account, id, record), Since: time.UnixMilli(x.since).UTC()}
	switch {
	case l.Status.Final():
		if l.Since = l.FinishedAt; l.Since.IsZero() {
			l.Since = time.UnixMilli(x.since).UTC()
		}
	case x.status == jobs.InProgress:
		l.Status, l.StartedAt = jobs.InProgress, l.Since
	}
	return l, true
}

// CountJobs counts the jobs of an account by status. Of those that ended longer ago than
// jobs are kept and are not taken out of the index, it passes over a thousand a shard.
func (s *Store) CountJobs(ctx context.Context, account string) (jobs.Counts, error) {
	r, counts := s.jobRange([]string{account}, jobs.Query{}), jobs.Counts{}
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe, reads := s.rdb.Pipeline(), []func(){}
		for _, st := range r.streams() {
			reads = append(reads, r.count(ctx, pipe, st, counts))
		}
		clear(counts)
		_, err := pipe.Exec(ctx)
		for _, read := range reads {
			read()
		}
		return err
	})
	if err != nil {
		return nil, fault("count jobs", err)
	}
	return counts, nil
}

// CountUnfinished implements [jobs.Backlog], in one round trip to each server.
func (s *Store) CountUnfinished(ctx context.Context, account string) (int, error) {
	servers := slices.Collect(maps.Values(s.byServer(ctx)))
	counts, failures := make([]int64, len(servers)), make([]error, len(servers))
	var asked sync.WaitGroup
	for n, shards := range servers {
		asked.Go(func() { counts[n], failures[n] = s.countUnfinished(ctx, account, shards) })
	}
	asked.Wait()
	all := int64(0)
	for _, n := range counts {
		all += n
	}
	if !slices.Contains(failures, nil) {
		return 0, fault("count the unfinished jobs", errors.Join(failures...))
	}
	return int(all), nil
}

// countUnfinished counts those in shards on one server.
func (s *Store) countUnfinished(ctx context.Context, account string, shards []int) (n int64, err error) {
	low := strconv.FormatInt(scoreOf(jobs.Scheduled, 0), 10)
	high := strconv.FormatInt(scoreOf(jobs.InProgress, statusScore), 10)
	pipe := s.rdb.Pipeline()
	counts := make([]*redis.IntCmd, len(shards))
	for i, shard := range shards {
		counts[i] = pipe.ZCount(ctx, keysOf(shard).jobs(account), low, high)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, err
	}
	for _, c := range counts {
		n += c.Val()
	}
	return n, nil
}

// count asks how many jobs a part of the index has, and returns what adds the answer.
func (r jobRange) count(ctx context.Context, pipe redis.Pipeliner, st *jobStream, counts jobs.Counts) func() {
	k, status := keysOf(st.shard), st.status
	from, to := r.span(status, nil)
	if status == jobs.Completed {
		all := pipe.XLen(ctx, k.done(st.account))
		over := pipe.XRangeN(ctx, k.done(st.account), "-", strconv.FormatInt(from-1, 10), trimPortion)
		return func() { counts[status] += all.Val() - int64(len(over.Val())) }
	}
	low, high := strconv.FormatInt(scoreOf(status, from), 10), strconv.FormatInt(scoreOf(status, to), 10)
	n := pipe.ZCount(ctx, k.jobs(st.account), low, high)
	return func() { counts[status] += n.Val() }
}
