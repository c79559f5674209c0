package webhooks_test

import (
	"strconv"
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
