package redisconn

import (
	"context"
	"fmt"
	"strings"
)

// Diagnose adds to an error of the first contact with the Redis of a URL what
// its cause is, in a sentence for the operator. It may connect to find out,
// for two seconds at most.
func Diagnose(ctx context.Context, rawURL string, err error) error {
	sentence, answered := explain(err)
	t, bad := parse(rawURL)
	if bad == nil && !strings.HasPrefix(rawURL, "unix:") {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		switch {
		case t.kind == sentinel:
			sentence = t.explainConnection(ctx, sentence, answered)
		case !answered:
			sentence = t.listens(ctx, "Redis", t.addrs)
		}
	}
	return fmt.Errorf("%s (%w)", sentence, err)
}

// explainConnection distinguishes trouble with the Sentinels from trouble with the
// master that they name. If that master answered, said is its answer.
func (t target) explainConnection(ctx context.Context, said string, answered bool) string {
	found := t.askSentinels(ctx)
	switch {
	case found.master != "" && answered:
		return said
	case found.master != "":
		return t.listens(ctx, "Redis", []string{found.master})
	case found.complaint != "":
		return found.complaint
	default:
		return t.listens(ctx, "Sentinel", t.addrs)
	}
}

// scheme returns the one of a URL for the same kind of Redis.
func (t target) scheme(encrypted bool) string {
	s := "redis"
	if encrypted {
		s = "rediss"
	}
	switch t.kind {
	case sentinel:
		s += "+sentinel"
	case cluster:
		s += "+cluster"
	case single:
	}
	return s + "://"
}
