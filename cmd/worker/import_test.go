package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/importer"
)

// enqueueProgram builds enqueue and returns its path.
func enqueueProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "enqueue")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "../enqueue").CombinedOutput(); err != nil {
		t.Fatalf("build enqueue: %v\n%s", err, out)
	}
	return path
}

// TestImportGoesOnAfterKill kills an import of long files in all formats again and
// again in the middle, until one comes to its end. Nothing is missing then, and nothing
// is there twice.
func TestImportGoesOnAfterKill(t *testing.T) {
	t.Parallel()

	w := startWorker(t)
	enqueue, dir := enqueueProgram(t), t.TempDir()
	mails, threads := mailbox(40)
	files, formats := map[string]string{"mails.mbox": mails}, exports()
	for _, format := range importer.Formats() {
		e, ok := formats[format]
		if !ok && format != importer.Mail {
			t.Errorf("there is no file in the format %s", string(format))
		}
		if ok { // more than fits into one append
			files[e.file], threads[e.name] = e.written(1100)
		}
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kills, pause := 0, 150*time.Millisecond
	for ; ; pause += pause / 4 {
		if killed(t, enqueue, w, dir, pause) {
			kills++
			continue
		}
		break
	}
	if kills < 3 {
		t.Errorf("the import was killed %d times, want some", kills)
	}
	c, err := api.New(w.api, testToken, api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for conversation, err := range c.Conversations(t.Context(), api.ConversationQuery{Since: time.Unix(0, 0)}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := found[conversation.Name]; twice {
			t.Errorf("there are two conversations called %q", conversation.Name)
		}
		messages, err := c.Messages(t.Context(), conversation.ID, api.MessageOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			found[conversation.Name] = append(found[conversation.Name], m.From.Name+": "+m.Text)
		}
	}
	if len(found) != len(threads) {
		t.Errorf("there are %d conversations, want %d", len(found), len(threads))
	}
	for name, want := range threads {
		if !slices.Equal(found[name], want) {
			t.Errorf("%q has %d messages, want %d; killed %d times", name, len(found[name]), len(want), kills)
		}
	}
}

// killed runs the import and kills it after a while. It reports false if it has
// come to its end before.
func killed(t *testing.T, enqueue string, w *workerProcess, dir string, after time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	if after > waitLimit {
		t.Fatalf("the import does not end within %s", waitLimit)
	}
	cmd := exec.CommandContext(ctx, enqueue, "import", dir, "--timezone", "UTC") // which is killed with SIGKILL
	cmd.Env = append(os.Environ(), "TURNWISE_API="+w.api, "TURNWISE_TOKEN="+testToken, "TURNWISE_DATA_DIR="+t.TempDir())
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ctx.Err() != nil && err != nil {
		return true
	}
	if err != nil {
		t.Fatalf("import: %v\n%s", err, out.String())
	}
	return false
}

func mailbox(threads int) (mbox string, said map[string][]string) {
	var b strings.Builder
	said = map[string][]string{}
	for i := range threads {
		for k := range 3 {
			fmt.Fprintf(&b, "From p%d@x.test Mon Jan  1 10:00:00 2024\nFrom: Person %d <p%d@x.test>\nDate: Mon, 1 Jan 2024 1%d:00:00 +0000\nSubject: Thread %d\nMessage-ID: <%d.%d@x.test>\nReferences: <%d.0@x.test>\n\nMail %d of %d\n\n", k, k, k, k, i, i, k, i, k, i)
			name := fmt.Sprintf("Thread %d", i)
			said[name] = append(said[name], fmt.Sprintf("Person %d: Mail %d of %d", k, k, i))
		}
	}
	return b.String(), said
}
