package edge_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

// An outage of the store is in the log when it begins and when it is over,
// however many requests it refuses and although others go well meanwhile.
func TestAnOutageIsLoggedTwice(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		backend := httpapitest.NewBackend()
		api := backend.APIWithLog(slog.NewTextHandler(&out, nil), httpapi.Options{})
		read := func() {
			httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "")), 200)
		}
		wantLog := func(when string, parts ...string) {
			t.Helper()
			lines := strings.SplitAfter(out.String(), "\n")
			if len(lines) != len(parts)+1 {
				t.Fatalf("%s the log has\n%s\nwant %d lines", when, out.String(), len(parts))
			}
			for i, part := range parts {
				if !strings.Contains(lines[i], part) {
					t.Errorf("%s line %d is %s, which lacks %s", when, i, lines[i], part)
				}
			}
			out.Reset()
		}
		for _, cause := range []string{"OOM command not allowed", "dial tcp: connection refused"} {
			refused := 0
			for range 30 { // seconds
				for range 64 {
					backend.Err = fmt.Errorf("submit: %w: %s", jobs.ErrUnavailable, cause)
					httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)), 503)
					refused++
				}
				backend.Err = nil
				read()
				time.Sleep(time.Second)
			}
			wantLog("during the outage", `level=ERROR msg="request answered"`)
			time.Sleep(5 * time.Second)
			read()
			wantLog("shortly after")
			time.Sleep(5 * time.Second)
			read()
			read()
			wantLog("after the outage", fmt.Sprintf(`level=INFO msg="requests are no longer refused" refused=%d lasted=29s`, refused))
		}
	})
}

// What one request met by itself is no outage.
func TestRefusalsThatAreNoOutage(t *testing.T) {
	t.Parallel()

	for name, err := range map[string]error{"contended": edit.ErrContended, "a bug": fmt.Errorf("WRONGTYPE")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var out bytes.Buffer
			backend := httpapitest.NewBackend()
			backend.Err = err
			api := backend.APIWithLog(slog.NewTextHandler(&out, nil), httpapi.Options{})
			for range 3 {
				httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello))
			}
			if n := strings.Count(out.String(), "level=ERROR"); n != 3 {
				t.Errorf("%d of 3 requests were logged as errors", n)
			}
		})
	}
}
