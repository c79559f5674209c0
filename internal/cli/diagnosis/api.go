package diagnosis

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const (
	startServer = "start the worker, for instance with worker --demo, or name the address of another one with --api or TURNWISE_API"
	passToken   = "pass the token of your account with --token or TURNWISE_TOKEN; a try-out on this machine is found by itself"
	setClock    = "have both clocks set by NTP: webhooks that are signed at another time are refused by receivers"
)

// mostSkew is how far a clock may be from another one. The API says its time in whole
// seconds, and took a while to.
const mostSkew = 5 * time.Second

// examineAPI asks the API for something that every account has, and reports whether
// it answered as it should, for which it asked Redis.
func examineAPI(ctx context.Context, inv *session.Invocation) (found []finding, reached bool) {
	s, err := inv.Connect(ctx)
	if err != nil {
		return []finding{because("server", startServer, "%v", err)}, false
	}
	began := time.Now()
	answer, err := s.API.Do(ctx, client.Request{Method: http.MethodGet, Path: []string{"v1", "conversations"}, Query: url.Values{"limit": {"1"}}})
	if err != nil {
		return explain(inv, err), false
	}
	return []finding{
		{"server", well, "it answers in " + time.Since(began).Round(100*time.Microsecond).String(), ""},
		{"token", well, "the API takes it", ""},
		clock(answer.Header.Get("Date"), time.Now()),
	}, true
}

// explain tells from an error what is not well.
func explain(inv *session.Invocation, err error) []finding {
	answer, answered := errors.AsType[*client.Error](err)
	_, lost := errors.AsType[*client.ConnectionError](err)
	err = inv.Explain(err)
	switch {
	case lost, !answered:
		return []finding{because("server", startServer, "%v", err)}
	case exit.Code(err) == exit.Unauthorized:
		return []finding{{"server", well, "it answers", ""}, because("token", passToken, "%s", answer.Message)}
	default:
		return []finding{because("server", "look at what /readyz of the worker says, and at its log", "%v", err)}
	}
}

// clock compares the time of an answer with that of this machine.
func clock(date string, now time.Time) finding {
	at, err := http.ParseTime(date)
	if err != nil {
		return finding{"clock", unknown, "the answer says no time", ""}
	}
	skew := now.Sub(at).Truncate(time.Second)
	switch {
	case skew > mostSkew:
		return because("clock", setClock, "the clock here is %s ahead of that of the server", skew)
	case skew < -mostSkew:
		return because("clock", setClock, "the clock here is %s behind that of the server", -skew)
	}
	return finding{"clock", well, "that of the server says the same", ""}
}
