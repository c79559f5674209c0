package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// TestBrowserAllAccounts goes through the pages of all accounts as an operator would who
// does not know whose job has failed: finds it, sees another one come by itself, goes from
// a lane that is held to its account, and has it go on there.
func TestBrowserAllAccounts(t *testing.T) {
	t.Parallel()

	analyzer := newAnalyzer(t, func(_ context.Context, asked call) (int, string) {
		if asked.Messages[0].Text == refused {
			return http.StatusUnprocessableEntity, `{"message":"Nobody can analyse this."}`
		}
		return nothing()
	})
	owners := []string{"harbour", "orchard", "quarry"}
	content := "accounts:\n"
	for _, owner := range owners {
		content += fmt.Sprintf("  - {id: %s, token_hashes: [%q], webhook_secrets: [%q], on_failure: %s}\n",
			owner, account.HashToken("tw_"+owner), testSecret, map[bool]string{true: "hold", false: "continue"}[owner == "quarry"])
	}
	file := filepath.Join(t.TempDir(), "turnwise.yaml")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	server := redistest.Server(t)
	w := startWorker(t, "TOKEN=", "CONFIG="+file, "REDIS_URL="+server.URL(), "ANALYZER_URL="+analyzer.url, "CONSOLE_OPERATOR_TOKEN=the-operator-has-this")
	c := newClient(w)
	send := func(owner, text string) {
		t.Helper()
		a, err := c.submit(t.Context(), "", body(text, ""), "Authorization", "Bearer tw_"+owner)
		if err != nil || a.status != http.StatusCreated {
			t.Fatalf("an append of %s: %d %s, %v", owner, a.status, a.body, err)
		}
	}
	for n, owner := range []string{"harbour", "orchard", "quarry", "orchard"} {
		send(owner, []string{"Hello.", refused}[n%2])
	}
	send("quarry", refused)

	b := newTab(t, w.api)
	b.look(1180, 800, "light")
	b.open(w.api + "/")
	b.do("send the operator's token", chromedp.SendKeys("#token", "the-operator-has-this\r"))
	b.say("h1", "Jobs") // of all accounts, where an operator begins
	b.say(".counts", "failed 2")
	b.say("td", "orchard")
	b.mark()
	send("harbour", refused)
	b.say(".counts", "failed 3")
	b.say("td", "harbour")
	if !b.marked() {
		t.Error("the list was loaded anew")
	}
	b.checkPages(map[string]string{"all-jobs": w.api + "/console/all/jobs", "all-lanes": w.api + "/console/all/lanes", "lanes": w.api + "/console/a/quarry/lanes"})
	b.look(1180, 800, "light")
	b.open(w.api + "/console/all/lanes")
	b.say("td", "held")
	b.click("tbody td a") // whose it is
	b.say("h1", "Lanes")
	b.say("td", "held")
	b.click("form[action$='/skip'] button")
	b.say(".notice", "given up")
	b.say(".empty", "No lane is in trouble")
	b.checkTroubles()
}
