package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	accounts "github.com/turnwise/turnwise/internal/account"
)

// Each connection appends to some conversations of its own, so that the order
// of arrival is known.
const conversationsEach = 4

// An accepting run sends requests to the HTTP API on a Redis with an append-only
// file, which the bench starts for it.
type accepting struct {
	section Section
	server  *server
	each    int // appends to a conversation
	token   string
}

// accepts returns a workload that compares the HTTP API with a bare handler.
func accepts(section Section, fsync string) func(*bench, context.Context) (outcome, error) {
	return func(b *bench, ctx context.Context) (outcome, error) {
		own, err := startServer(ctx, syncs(fsync))
		if errors.Is(err, ErrNoServer) {
			return outcome{}, skip("it needs a redis-server of its own, and " + err.Error())
		}
		if err != nil {
			return outcome{}, err
		}
		defer own.close()
		own.shards = b.opts.Shards
		a := accepting{section: section, server: own, token: accounts.NewToken(), each: b.count(24)}
		var o outcome
		for _, run := range []func(context.Context) (measured, error){a.bare, a.appends, a.begins} {
			if err := own.rdb.FlushAll(ctx).Err(); err != nil {
				return o, fmt.Errorf("empty Redis: %w", err)
			}
			m, err := run(ctx)
			if err != nil {
				return o, err
			}
			m.section = section
			o.runs = append(o.runs, m)
		}
		return o, nil
	}
}

// bare sends as many requests to a handler that does nothing.
func (a accepting) bare(ctx context.Context) (measured, error) {
	calls := make([][]call, connections)
	for c := range calls {
		for n := range conversationsEach * a.each {
			calls[c] = append(calls[c], call{request: request(http.MethodPut, "/", a.token, body(n))})
		}
	}
	took, err := a.timed(ctx, bare(a.server.rdb), calls)
	if err != nil {
		return measured{}, err
	}
	kept, err := a.server.rdb.LLen(ctx, bareList).Result()
	took.Violations = took.Jobs - int(kept)
	return measured{name: "bare handler: decode, RPUSH", baseline: true, Sample: took}, err
}

// appends sends appends to conversations that there are.
func (a accepting) appends(ctx context.Context) (measured, error) {
	s, err := newSystem(ctx, a.server)
	if err != nil {
		return measured{}, err
	}
	defer s.close()
	ids, err := s.submitAll(ctx, batch{conversations: connections * conversationsEach, each: 1})
	if err != nil {
		return measured{}, err
	}
	calls := make([][]call, connections)
	for c := range calls {
		for n := range a.each {
			for _, id := range ids[c*conversationsEach : (c+1)*conversationsEach] {
				calls[c] = append(calls[c], call{request: request(http.MethodPut, "/v1/process/text/"+id, a.token, body(n+1))})
			}
		}
	}
	took, err := a.api(ctx, s, calls)
	if err != nil {
		return measured{}, err
	}
	took.Violations, err = s.workAndCheck(ctx, ids, a.each+1)
	return measured{name: "PUT, existing conversation", Sample: took}, err
}

// begins sends requests each of which begins a conversation.
func (a accepting) begins(ctx context.Context) (measured, error) {
	s, err := newSystem(ctx, a.server)
	if err != nil {
		return measured{}, err
	}
	defer s.close()
	var mu sync.Mutex
	var ids []string
	note := func(answer []byte) error {
		var receipt struct{ ConversationID string }
		err := json.Unmarshal(answer, &receipt)
		mu.Lock()
		defer mu.Unlock()
		ids = append(ids, receipt.ConversationID)
		return err
	}
	calls := make([][]call, connections)
	for c := range calls {
		for range conversationsEach * a.each {
			calls[c] = append(calls[c], call{request(http.MethodPost, "/v1/process/text", a.token, body(0)), note})
		}
	}
	took, err := a.api(ctx, s, calls)
	if err != nil {
		return measured{}, err
	}
	took.Violations, err = s.workAndCheck(ctx, ids, 1)
	return measured{name: "POST, new conversation", Sample: took}, err
}

// api measures calls of the HTTP API.
func (a accepting) api(ctx context.Context, s *system, calls [][]call) (Sample, error) {
	api, err := newAPI(s, a.token)
	if err != nil {
		return Sample{}, err
	}
	return a.timed(ctx, api, calls)
}

// timed measures calls of a server.
func (a accepting) timed(ctx context.Context, server *http.Server, calls [][]call) (took Sample, err error) {
	n := 0
	for _, c := range calls {
		n += len(c)
	}
	err = serve(ctx, server, func(addr string) error {
		watch, err := a.server.start(ctx)
		if err != nil {
			return err
		}
		each, err := load(ctx, addr, calls)
		if err != nil {
			return err
		}
		took, err = watch.stop(ctx, n)
		took.P50, took.P99 = quantiles(each)
		return err
	})
	return took, err
}

// workAndCheck works what was accepted, which is not measured, and counts what
// is wrong with it.
func (s *system) workAndCheck(ctx context.Context, ids []string, messages int) (violations int, err error) {
	err = s.work(ctx, func(ctx context.Context) error { return s.counter.wait(ctx, len(ids)*messages) })
	if err != nil {
		return 0, err
	}
	return s.check(ctx, ids, messages)
}
