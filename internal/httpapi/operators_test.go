package httpapi_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// The token of the operator opens jobs and lanes of the account that the query names,
// and nothing else.
func TestWhatTheOperatorOpens(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	objects := createObjects(service)
	opened := []string{
		"GET /v1/jobs", "GET /v1/jobs/{jobId}", "POST /v1/jobs/{jobId}/cancel", "POST /v1/jobs/{jobId}/retry",
		"GET /v1/lanes", "POST /v1/lanes/{laneId}/retry", "POST /v1/lanes/{laneId}/resume", "POST /v1/lanes/{laneId}/skip",
	}
	ofAll := []string{"GET /v1/jobs", "GET /v1/lanes"}
	ask := func(pattern, query string) (int, string) {
		method, _, _ := strings.Cut(pattern, " ")
		target, body, _ := fill(t, pattern, objects.anns)
		separator := "?"
		if strings.Contains(target, "?") {
			separator = "&"
		}
		got := service.Do(method, target+separator+query, body, "Authorization", httpapitest.OperatorToken)
		return got.Code, got.Body.String()
	}
	for _, pattern := range service.Patterns() {
		if slices.Contains(public(), pattern) {
			continue
		}
		if !slices.Contains(opened, pattern) {
			if code, body := ask(pattern, "account=ann"); code != http.StatusUnauthorized {
				t.Errorf("%s with the token of the operator: status %d, %s; want 401", pattern, code, body)
			}
			continue
		}
		queries := []string{"account=", "account=eve", "account=ann&account=bob", "account=ann&Account=bob"}
		if !slices.Contains(ofAll, pattern) {
			queries = append(queries, "")
		} else if code, body := ask(pattern, ""); code != http.StatusOK || !strings.Contains(body, `"accounts":["ann","bob"]`) {
			t.Errorf("%s of all accounts: status %d, %s; want 200", pattern, code, body)
		}
		for _, query := range queries {
			code, body := ask(pattern, query)
			if code != http.StatusBadRequest || !strings.Contains(body, `\"account\" must be the id of an account`) {
				t.Errorf("%s?%s of the operator: status %d, %s; want 400", pattern, query, code, body)
			}
		}
		// Found, though there may be nothing to be done about it; and not found where
		// bob is named.
		if code, body := ask(pattern, "account=ann"); code != http.StatusOK && code != http.StatusConflict {
			t.Errorf("%s about ann: status %d, %s", pattern, code, body)
		}
		if code, body := ask(pattern, "ACCOUNT=bob"); strings.Contains(pattern, "{") && code != http.StatusNotFound || strings.Contains(body, objects.anns["job"]) {
			t.Errorf("%s about bob: status %d, %s; want nothing of ann's", pattern, code, body)
		}
	}
}

// Who has the token of an account may name that one alone.
func TestAnAccountNamesNoOther(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	for query, want := range map[string]int{"account=ann": http.StatusOK, "account=bob": http.StatusForbidden, "account=": http.StatusForbidden, "Account=bob": http.StatusForbidden} {
		got := service.Do(http.MethodGet, "/v1/jobs?"+query, "")
		httpapitest.WantStatus(t, got, want)
		if want == http.StatusForbidden && !strings.Contains(got.Body.String(), `\"account\" is another account than that of the token.`) {
			t.Errorf("%s: %s", query, got.Body)
		}
	}
}

// A token of an account opens the lists of that alone, and tells of no other: neither a
// job or a lane, nor whose they are, nor how many.
func TestListsOfAllAccountsAreTheOperatorsAlone(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	const text = `{"messages":[{"payload":{"content":"Hello."}}]}`
	for token, jobs := range map[string]int{"ann": 3, "bob": 2} {
		for range jobs {
			httpapitest.WantStatus(t, service.Do(http.MethodPost, "/v1/process/text", text, "Authorization", token), http.StatusCreated)
		}
	}
	type listed struct {
		Jobs, Lanes []struct{ Account, ConversationID, ID string }
		Accounts    []string
		NextCursor  string
		Counts      map[string]int
	}
	read := func(target, token string) (l listed) {
		t.Helper()
		got := service.Do(http.MethodGet, target, "", "Authorization", token)
		httpapitest.WantStatus(t, got, http.StatusOK)
		if err := json.Unmarshal(got.Body.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	all, mine := read("/v1/jobs?counts=true&limit=3", httpapitest.OperatorToken), read("/v1/jobs?counts=true&account=bob", "bob")
	if len(all.Jobs) != 3 || all.Counts["scheduled"] != 5 || all.NextCursor == "" {
		t.Errorf("the operator is shown %+v, want the first 3 of 5 jobs", all)
	}
	rest := read("/v1/jobs?limit=3&cursor="+all.NextCursor, httpapitest.OperatorToken)
	owners := map[string]int{}
	for _, j := range append(all.Jobs, rest.Jobs...) {
		owners[j.Account]++
	}
	if !maps.Equal(owners, map[string]int{"ann": 3, "bob": 2}) || rest.NextCursor != "" {
		t.Errorf("the operator is shown the jobs of %v, want 3 of ann and 2 of bob", owners)
	}
	if len(mine.Jobs) != 2 || mine.Counts["scheduled"] != 2 || mine.Accounts != nil || mine.Jobs[0].Account != "" {
		t.Errorf("bob is shown %+v, want 2 jobs and no account", mine)
	}
	if got := service.Do(http.MethodGet, "/v1/jobs?cursor="+all.NextCursor, "", "Authorization", "bob"); got.Code != http.StatusBadRequest {
		t.Errorf("with the operator's cursor bob is answered %d, %s", got.Code, got.Body)
	}
	lanes, own := read("/v1/lanes?state=waiting", httpapitest.OperatorToken), read("/v1/lanes?state=waiting", "bob")
	if both := []string{"ann", "bob"}; !slices.Equal(all.Accounts, both) || !slices.Equal(lanes.Accounts, both) {
		t.Errorf("jobs of all are of %v, and lanes of %v; want %v", all.Accounts, lanes.Accounts, both)
	}
	if len(lanes.Lanes) != 5 || lanes.Lanes[0].Account == "" || len(own.Lanes) != 2 || own.Lanes[0].Account != "" || own.Accounts != nil {
		t.Errorf("lanes of all are %+v, and bob's %+v; want 5 and 2", lanes, own)
	}
	if named := read("/v1/lanes?state=waiting&account=bob", httpapitest.OperatorToken); len(named.Lanes) != 2 || named.Lanes[0].Account != "bob" || named.Accounts != nil {
		t.Errorf("of bob's lanes the operator is shown %+v, want 2", named)
	}
	if named := read("/v1/jobs?account=bob", httpapitest.OperatorToken); len(named.Jobs) != 2 || named.Jobs[0].Account != "bob" || named.Accounts != nil {
		t.Errorf("of bob the operator is shown %+v, want 2 jobs", named)
	}
}

// What an operator does is logged, and does not use up the requests of the account.
func TestOperatorIsLogged(t *testing.T) {
	t.Parallel()

	directory, err := account.NewDirectory(account.Entry{
		Account:     account.Account{ID: "ann", MaxRequestRate: 1, WebhookSecrets: []string{httpapitest.AnnsSecret}},
		TokenHashes: []string{account.HashToken("ann")},
	})
	if err != nil {
		t.Fatal(err)
	}
	service := httpapitest.NewService(t)
	deps := service.Deps()
	deps.Accounts = directory
	var out bytes.Buffer
	api := httpapi.New(deps, slog.New(slog.NewTextHandler(&out, nil)), httpapi.Options{Operators: account.NewOperator(directory, httpapitest.OperatorToken)})
	for range 3 {
		got := httpapitest.Serve(api, httpapitest.Request(http.MethodPost, "/v1/lanes/4711/retry?account=ann", "", "Authorization", httpapitest.OperatorToken))
		httpapitest.WantStatus(t, got, http.StatusNotFound)
	}
	if n := strings.Count(out.String(), "account=ann "); n != 3 || strings.Count(out.String(), "by=operator") != 3 {
		t.Errorf("the log has %d lines of the account, want 3 by the operator:\n%s", n, out.String())
	}
}
