package webhooks_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

func TestAttempts(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, target string
		backend      *httpapitest.Backend
		want         string
	}{
		{"no attempts", "/v1/job/" + httpapitest.JobID + "/attempts", httpapitest.NewBackend(), `{"attempts":[]}`},
		{"attempts", "/v1/job/" + httpapitest.JobID + "/attempts", httpapitest.NewFull(), `{"attempts":[` +
			`{"eventId":"` + httpapitest.JobID + `_1","status":"scheduled","attempt":1,"at":"2026-05-01T10:00:00.020Z","outcome":"retry","code":503,"answer":"busy","dnsMs":0.5,"connectMs":1,"tlsMs":2,"firstByteMs":3,"totalMs":4.25,"nextAt":"2026-05-01T10:00:05.000Z"},` +
			`{"eventId":"` + httpapitest.JobID + `_1","status":"scheduled","attempt":2,"at":"2026-05-01T10:00:05.000Z","outcome":"dead","error":"connection refused","dnsMs":0,"connectMs":0,"tlsMs":0,"firstByteMs":0,"totalMs":0}]}`},
	}
	for query, n := range map[string]int{"?status=scheduled": 2, "?status=completed": 0, "?outcome=dead": 1, "?outcome=retry&status=scheduled": 1, "?outcome=in_flight": 0, "?outcome=cut_short": 0, "?outcome=&status=": 2} {
		got := httpapitest.Serve(httpapitest.NewFull().API(httpapi.Options{}), httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID+"/attempts"+query, ""))
		httpapitest.WantStatus(t, got, 200)
		if found := strings.Count(got.Body.String(), `"eventId"`); found != n {
			t.Errorf("%s: %d attempts, want %d: %s", query, found, n, got.Body)
		}
	}
	for query, want := range map[string]string{
		"?status=done":                    `\"status\" must be one of scheduled, in_progress, completed, failed`,
		"?outcome=lost":                   `\"outcome\" must be one of delivered, retry, dead, in_flight, cut_short`,
		"?outcome=dead&outcome=delivered": `\"outcome\"`,
	} {
		got := httpapitest.Serve(httpapitest.NewFull().API(httpapi.Options{}), httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID+"/attempts"+query, ""))
		httpapitest.WantStatus(t, got, 400)
		if !strings.Contains(got.Body.String(), want) {
			t.Errorf("%s: %s, want %s", query, got.Body, want)
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			api := tt.backend.API(httpapi.Options{})
			got := httpapitest.Serve(api, httpapitest.Request("GET", tt.target, ""))
			httpapitest.WantStatus(t, got, 200)
			if got.Body.String() != tt.want {
				t.Errorf("got\n%s, want\n%s", got.Body, tt.want)
			}
			head := httpapitest.Serve(api, httpapitest.Request("HEAD", tt.target, ""))
			httpapitest.WantStatus(t, head, 200)
			if n := head.Header().Get("Content-Length"); n != strconv.Itoa(len(tt.want)) {
				t.Errorf("HEAD: Content-Length %s, want %d", n, len(tt.want))
			}
		})
	}
}
