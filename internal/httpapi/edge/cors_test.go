package edge_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

func TestCORS(t *testing.T) {
	t.Parallel()

	const page = "https://app.example.com"
	tests := []struct {
		name    string
		origins []string
		origin  string
		allowed string
	}{
		{"off", nil, page, ""},
		{"named", []string{"http://localhost:3000", page}, page, page},
		{"not named", []string{page}, "https://evil.example.com", ""},
		{"longer than named", []string{page}, page + ".evil.com", ""},
		{"all", []string{"*"}, page, "*"},
		{"no page", []string{page}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			api := httpapitest.NewBackend().API(httpapi.Options{Origins: tt.origins})
			asked := httpapitest.Serve(api, httpapitest.Request("OPTIONS", "/v1/process/text", "", "Authorization", "", "Origin", tt.origin,
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type,idempotency-key"))
			httpapitest.WantStatus(t, asked, http.StatusNoContent)
			read := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "", "Origin", tt.origin))
			refused := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "", "Origin", tt.origin, "Authorization", ""))
			httpapitest.WantStatus(t, refused, http.StatusUnauthorized)
			for _, h := range []http.Header{asked.Header(), read.Header(), refused.Header()} {
				if got := h.Get("Access-Control-Allow-Origin"); got != tt.allowed {
					t.Errorf("Access-Control-Allow-Origin is %q, want %q", got, tt.allowed)
				}
				if got := h.Get("Access-Control-Allow-Credentials"); got != "" {
					t.Errorf("Access-Control-Allow-Credentials is %q, want none ever", got)
				}
			}
			headers := strings.ToLower(asked.Header().Get("Access-Control-Allow-Headers"))
			exposed := strings.ToLower(read.Header().Get("Access-Control-Expose-Headers"))
			if got := strings.Contains(headers, "idempotency-key") && strings.Contains(exposed, "retry-after"); got != (tt.allowed != "") {
				t.Errorf("a page may send %q and read %q", headers, exposed)
			}
			if vary := asked.Header().Values("Vary"); slices.ContainsFunc(vary, func(v string) bool { return strings.Contains(v, "Origin") }) != (tt.origins != nil) {
				t.Errorf("Vary is %q", vary)
			}
		})
	}
}
