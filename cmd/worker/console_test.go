package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
)

// The key of sessions follows from the configuration: processes that have the same one
// know each other's, and all others do not.
func TestConsoleKey(t *testing.T) {
	t.Parallel()

	entries := func(id, token string) []account.Entry {
		return []account.Entry{{Account: account.Account{ID: id}, TokenHashes: []string{account.HashToken(token)}}}
	}
	key := consoleKey(entries("a", "x"), []string{"k"}, "o")
	if again := consoleKey(entries("a", "x"), []string{"k"}, "o"); again != key {
		t.Error("the same configuration has two keys")
	}
	for name, other := range map[string][32]byte{
		"account": consoleKey(entries("b", "x"), []string{"k"}, "o"), "token": consoleKey(entries("a", "y"), []string{"k"}, "o"),
		"key of tokens": consoleKey(entries("a", "x"), []string{"l"}, "o"), "operator": consoleKey(entries("a", "x"), []string{"k"}, ""),
	} {
		if other == key {
			t.Errorf("another %s has the same key", name)
		}
	}
}

// The root leads to the console, which has what is below its address, and the API all
// else.
func TestWithConsole(t *testing.T) {
	t.Parallel()

	answer := func(status int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	}
	h := withConsole(answer(http.StatusAccepted), answer(http.StatusTeapot))
	for target, want := range map[string]int{
		"GET /": http.StatusSeeOther, "GET /console": http.StatusSeeOther, "POST /": http.StatusTeapot,
		"GET /console/": http.StatusAccepted, "POST /console/a/x/": http.StatusAccepted,
		"GET /v1/conversations": http.StatusTeapot, "GET /consoles": http.StatusTeapot,
	} {
		method, path, _ := strings.Cut(target, " ")
		got := httptest.NewRecorder()
		h.ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), method, path, nil))
		if got.Code != want {
			t.Errorf("%s is answered %d, want %d", target, got.Code, want)
		}
	}
}

func TestOpener(t *testing.T) {
	t.Parallel()

	const url = "http://127.0.0.1:8080/console/sign-in?ticket=X"
	for system, want := range map[string]string{"linux": "xdg-open", "freebsd": "xdg-open", "darwin": "open", "windows": "rundll32"} {
		name, args := opener(system, url)
		if name != want || !slices.Contains(args, url) {
			t.Errorf("opener(%s) = %s %v, want %s with the address", system, name, args, want)
		}
	}
}

// Without the console there is nothing at its address.
func TestConsoleOff(t *testing.T) {
	t.Parallel()

	for setting, want := range map[string]int{"CONSOLE=true": http.StatusOK, "CONSOLE=false": http.StatusNotFound} {
		w := startWorker(t, "EMBEDDED=memory", setting)
		got, err := newClient(w).send(t.Context(), http.MethodGet, "/console/sign-in", "")
		if err != nil || got.status != want {
			t.Errorf("%s: the form is answered %d, %v; want %d", setting, got.status, err, want)
		}
	}
}
