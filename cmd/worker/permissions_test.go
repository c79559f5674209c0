package main

import (
	"os"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A user of Redis with the permissions that docs/operations.md has, and no more, is
// enough for all that a job needs, and for asynq.
func TestDocumentedPermissions(t *testing.T) {
	t.Parallel()

	doc, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(doc), "\nACL SETUSER turnwise on >secret ")
	rules, _, _ := strings.Cut(rest, "\n")
	if !found {
		t.Fatal("docs/operations.md has no line that makes a user of Redis")
	}
	server := redistest.Server(t)
	command := []any{"ACL", "SETUSER", "turnwise", "on", ">secret"}
	for rule := range strings.FieldsSeq(rules) {
		command = append(command, rule)
	}
	if err := server.Client().Do(t.Context(), command...).Err(); err != nil {
		t.Fatal(err)
	}
	hooks := newReceiver(t, healthy)
	w := startWorker(t, "REDIS_URL=redis://turnwise:secret@"+server.Addr+"/0")
	w.awaitReady("the start")
	hooks.checkLives(t, jobs.Completed, newClient(w).append("", "Shall we ship on Friday?", hooks.url))
	for line := range strings.Lines(w.log.String()) {
		if strings.Contains(line, "NOPERM") || strings.Contains(line, "ermission") {
			t.Errorf("the log says %q", line)
		}
	}
	denied, err := server.Client().Do(t.Context(), "ACL", "LOG").Slice()
	if err != nil || len(denied) > 0 {
		t.Errorf("Redis denied %v, %v; want nothing", denied, err)
	}
}
