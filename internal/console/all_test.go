package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// The operator's session sees the jobs and lanes of all accounts, with whose they are,
// and chooses one; for every other session there is no such page.
func TestListsOfAllAccounts(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	ids := map[string]jobs.Receipt{}
	for _, owner := range []string{"ann", "bob"} {
		r, err := f.jobs.Submit(t.Context(), jobs.Append{Account: owner, Utterances: []analysis.Utterance{{Text: "Hello."}}})
		if err != nil {
			t.Fatal(err)
		}
		ids[owner] = r
	}
	bob, operator := f.cookie("bob"), f.cookie(operatorToken)
	nothing := f.do(bob, "GET", "/console/a/bob/nothing", nil).Body.String()
	for _, path := range []string{"/jobs", "/jobs?account=bob", "/jobs/live", "/lanes", "/lanes?account=ann", "/lanes/live"} {
		if got := f.do(bob, "GET", "/console/all"+path, nil); got.Code != http.StatusNotFound || got.Body.String() != nothing {
			t.Fatalf("%s of all accounts is %d to bob, want 404 as for nothing", path, got.Code)
		}
		if got := f.do(nil, "GET", "/console/all"+path, nil); got.Code != http.StatusSeeOther || !strings.HasPrefix(got.Header().Get("Location"), "/console/sign-in") {
			t.Errorf("%s of all accounts is %d without a session, want the way to the form", path, got.Code)
		}
	}
	for path, part := range map[string]string{"/jobs": "jobs/", "/lanes?state=waiting": "conversations/"} {
		page := f.do(operator, "GET", "/console/all"+path, nil).Body.String()
		for owner, r := range ids {
			id := r.JobID
			if part != "jobs/" {
				id = r.ConversationID
			}
			for _, want := range []string{`href="/console/a/` + owner + "/" + part + id, `<option value="` + owner + `">`, ">" + owner + "</a></td>"} {
				if !strings.Contains(page, want) {
					t.Errorf("%s of all accounts lacks %s:\n%s", path, want, page)
				}
			}
		}
	}
	if page := f.do(operator, "GET", "/console/all/jobs", nil).Body.String(); !strings.Contains(page, "scheduled <strong>2</strong>") {
		t.Errorf("the jobs of all accounts are not counted together:\n%s", page)
	}
	for target, want := range map[string]string{
		"/console/all/jobs?account=bob&status=failed": "/console/a/bob/jobs?status=failed",
		"/console/all/lanes?account=ann&state=held":   "/console/a/ann/lanes?state=held",
		"/console/": "/console/all/jobs",
	} {
		if got := f.do(operator, "GET", target, nil); got.Code != http.StatusSeeOther || got.Header().Get("Location") != want {
			t.Errorf("%s is answered %d %s, want the way to %s", target, got.Code, got.Header().Get("Location"), want)
		}
	}
	if got := f.do(operator, "GET", "/console/all/jobs?account=carol", nil); got.Code != http.StatusNotFound {
		t.Errorf("the filter by an account that does not exist is %d", got.Code)
	}
	if page := f.do(operator, "GET", "/console/a/bob/jobs", nil).Body.String(); !strings.Contains(page, `<option value="bob" selected>`) || strings.Contains(page, ids["ann"].JobID) {
		t.Errorf("the jobs of bob are:\n%s", page)
	}
	if page := f.do(bob, "GET", "/console/a/bob/jobs", nil).Body.String(); strings.Contains(page, "ann") || strings.Contains(page, "/console/all") {
		t.Errorf("bob is told of others:\n%s", page)
	}
}
