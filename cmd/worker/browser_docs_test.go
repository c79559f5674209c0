package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// TestBrowserDocs opens the description of the API as a newcomer would: lines to paste
// come first, with the address of this worker, then the operations, those that are known
// by other names last and folded away.
func TestBrowserDocs(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	w := startWorker(t, "REDIS_URL="+server.URL(), "ROLES=api")
	b := newTab(t, w.api)
	b.open(w.api + "/docs")
	text := func(script string) string {
		t.Helper()
		return get(b, script, chromedp.Evaluate[string](script))
	}
	await(t, "the operations are shown", func() bool { return text(`String(document.querySelectorAll(".opblock").length > 50)`) == "true" })
	await(t, "other spellings are folded away", func() bool {
		return text(`String(document.querySelector('[data-tag="Other spellings"]').dataset.isOpen)`) == "false"
	})
	if got := text(`String(document.querySelector('[data-tag="Text"]').dataset.isOpen)`); got != "true" {
		t.Errorf("the operations on text are open: %s, want true", got)
	}
	if got := text(`document.getElementById("submit").textContent`); !strings.Contains(got, "curl -s "+w.api+"/v1/process/text") {
		t.Errorf("the first lines to paste are %q, want those for %s", got, w.api)
	}
	if got := text(`String(document.getElementById("start").compareDocumentPosition(document.querySelector(".opblock")) & 4)`); got != "4" {
		t.Error("the quick start does not come before the operations")
	}
	if got := text(`String(document.querySelector(".operation-filter-input") !== null)`); got != "true" {
		t.Error("there is no filter")
	}
	b.click(`button[data-copy="submit"]`)
	await(t, "the lines are copied, or selected", func() bool {
		got := text(`document.querySelector('button[data-copy="submit"]').textContent`)
		return got == "Copied" || got == "Selected"
	})
	b.checkTroubles()
}
