package edge_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// Addresses as clients write them, and those that others' APIs have.
func TestAddresses(t *testing.T) {
	t.Parallel()

	const id = httpapitest.ConversationPath
	api := httpapitest.NewInterview().API(httpapi.Options{})
	for target, want := range map[string]struct {
		status int
		has    string
	}{
		"GET " + id + "/":                       {200, `"id":"` + httpapitest.ConversationID},
		"GET " + id + "/messages/":              {200, `{"messages":[`},
		"GET /v1/conversations/?limit=1":        {200, `{"conversations":[`},
		"GET /v2/conversations/":                {200, `{"data":[`},
		"GET " + id + "//":                      {404, "There is nothing at this address."},
		"GET " + id + "%2F":                     {404, "The conversationId is either invalid or does not exist."},
		"GET /v1/":                              {404, "There is nothing at this address."},
		"GET /":                                 {404, "There is nothing at this address."},
		"GET " + id + "/lm-insights":            {404, "not offered by Turnwise"},
		"GET " + id + "/callscore/status/":      {404, "not offered by Turnwise"},
		"GET /v2/users":                         {404, "not offered by Turnwise"},
		"GET /v2/conversations/upload-url":      {404, "not offered by Turnwise"},
		"GET /v2/conversations/17/participants": {404, "not offered by Turnwise"},
		"GET /v2/scorecards":                    {404, "not offered by Turnwise"},
		"POST /v1/process/audio/url":            {404, "not offered by Turnwise"},
		"GET /v2/conversations/17":              {404, "The conversationId is either invalid or does not exist."},
		"POST /v2/users":                        {404, "There is nothing at this address."},
	} {
		method, path, _ := strings.Cut(target, " ")
		got := httpapitest.Serve(api, httpapitest.Request(method, path, ""))
		if got.Code != want.status || !strings.Contains(got.Body.String(), want.has) {
			t.Errorf("%s: %d %.200s, want %d with %s", target, got.Code, got.Body, want.status, want.has)
		}
		if got.Code == 404 && got.Header().Get("Allow") != "" {
			t.Errorf("%s: Allow %s beside 404", target, got.Header().Get("Allow"))
		}
	}
}

func TestParametersOfAnyCase(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewInterview().API(httpapi.Options{})
	const id = httpapitest.ConversationPath
	for _, tt := range []struct{ target, has string }{
		{id + "/messages?SENTIMENT=1", `"sentiment":{`},
		{id + "/messages?Verbose=True", `"words":[`},
		{"/v2/conversations?PAGE%5BSize%5D=7", `"pageSize":7`},
	} {
		got := httpapitest.Serve(api, httpapitest.Request("GET", tt.target, ""))
		if got.Code != 200 || !strings.Contains(got.Body.String(), tt.has) || got.Header().Get("Warning") != "" {
			t.Errorf("%s: %d %v %.300s, want %s", tt.target, got.Code, got.Header()["Warning"], got.Body, tt.has)
		}
	}
	got := httpapitest.Serve(api, httpapitest.Request("GET", id+"/messages?limit=1&LIMIT=2", ""))
	httpapitest.WantRefusal(t, got, 400, `"limit" is given more than once`)
	got = httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations?Limit=-1", ""))
	httpapitest.WantRefusal(t, got, 400, `"limit" must be greater than or equal to 0`)
}

func TestUnknownParametersAreNamed(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewInterview().API(httpapi.Options{})
	for target, want := range map[string][]string{
		"/v2/conversations?from_date=2026-01-01":           {`299 turnwise "the parameter from_date is not known and was passed over; did you mean fromDateTime?"`},
		"/v2/conversations?per_page=5&page=1":              {`299 turnwise "the parameter per_page is not known and was passed over; did you mean page?"`},
		"/v1/conversations?x=1":                            {`299 turnwise "the parameter x is not known and was passed over"`},
		"/v1/job/" + httpapitest.JobID + "?%22%C3%A9%0d=1": {`299 turnwise "the parameter \"\u00e9\r is not known and was passed over"`},
		"/v1/conversations?a=&b&c=1&d&e&f&g":               nil, // five of them
	} {
		got := httpapitest.Serve(api, httpapitest.Request("GET", target, "")).Header()["Warning"]
		if want == nil && len(got) == 5 {
			continue
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: Warning %q, want %q", target, got, want)
		}
	}
}
