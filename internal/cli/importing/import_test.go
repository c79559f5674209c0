package importing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/store"
)

// A service is a Redis whose jobs are worked, as by a worker.
type service struct {
	t   *testing.T
	env clitest.Environment
}

type quiet struct{}

func (quiet) Ring(context.Context, int, lane.Wake) {}

// start starts a service that ends with the test.
func start(t *testing.T) *service {
	t.Helper()
	url := "redis://" + miniredis.RunT(t).Addr()
	rdb, err := redisconn.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() {
		runner := jobs.NewRunner(store.New(rdb, store.Options{}), jobs.Local{}, quiet{}, jobs.RunnerOptions{})
		for ctx.Err() == nil {
			for shard := range 16 {
				_, _ = runner.Drain(ctx, shard) // the test sees what is missing
			}
			time.Sleep(time.Millisecond)
		}
	})
	t.Cleanup(func() {
		stop()
		working.Wait()
		_ = rdb.Close()
	})
	return &service{t, clitest.Environment{"TURNWISE_REDIS_URL": url, "TURNWISE_DATA_DIR": t.TempDir()}}
}

func (s *service) run(args ...string) clitest.Result {
	s.t.Helper()
	return clitest.Run(s.t, s.env, "", args...)
}

// said returns what is stored of a conversation: the names and the texts.
func (s *service) said(id string) []string {
	s.t.Helper()
	got := s.run("messages", id)
	var all []string
	for line := range strings.Lines(got.Stdout) {
		_, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		all = append(all, text)
	}
	return all
}

// file writes a file and returns its path.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// chatOf returns a chat with so many messages, and what is said in it.
func chatOf(n int) (text string, said []string) {
	var b strings.Builder
	for i := range n {
		who := [...]string{"Ana", "Ben"}[i%2]
		fmt.Fprintf(&b, "%02d/%02d/2024, %02d:%02d - %s: Message number %d\n", 13+i/1440%10, 1+i/14400%12, i/60%24, i%60, who, i)
		said = append(said, fmt.Sprintf("%s: Message number %d", who, i))
	}
	return b.String(), said
}

func first(s string) string { return strings.Fields(s + " -")[0] }

// TestSecondRunAddsNothing imports a chat of 1,500 messages, imports it again, and
// then a later export of it, in which there is more, from another time zone.
func TestSecondRunAddsNothing(t *testing.T) {
	t.Parallel()

	s := start(t)
	text, said := chatOf(1500)
	path := file(t, "WhatsApp Chat with Ana.txt", text)
	got := s.run("import", path, "--timezone", "UTC")
	id := first(got.Stdout)
	want := id + "  1,500 messages  Ana\nimported 1 conversation with 1,500 messages\n" +
		path + ": a chat of WhatsApp, 1 conversation, 1,500 messages\n  times without a zone were taken as those of UTC (--timezone)\n"
	if got != (clitest.Result{Code: exit.OK, Stdout: want}) {
		t.Fatalf("import = %+v, want %q", got, want)
	}
	if stored := s.said(id); !slices.Equal(stored, said) {
		t.Fatalf("stored %d messages, want the %d of the chat", len(stored), len(said))
	}
	if got := s.run("import", path); got.Code != exit.OK || !strings.HasPrefix(got.Stdout, id+"  0 messages  Ana\nimported 1 conversation with 0 messages; 1,500 messages there already\n") {
		t.Errorf("the second import = %+v, want that nothing was added", got)
	}
	text, said = chatOf(2600)
	later := file(t, "WhatsApp Chat with Ana (1).txt", text)
	if got := s.run("import", later, "--timezone", "Asia/Tokyo"); got.Code != exit.OK || !strings.HasPrefix(got.Stdout, id+"  1,100 messages  Ana\n") {
		t.Errorf("the import of the later export = %+v, want 1,100 messages more in %s", got, id)
	}
	if stored := s.said(id); !slices.Equal(stored, said) {
		t.Errorf("stored %d messages, want the %d of the later export", len(stored), len(said))
	}
}

// TestChangedChat imports a chat in which something was edited since.
func TestChangedChat(t *testing.T) {
	t.Parallel()

	s := start(t)
	text, _ := chatOf(3)
	s.run("import", file(t, "chat.txt", text))
	path := file(t, "chat.txt", strings.Replace(text, "number 1", "number one", 1))
	got := s.run("import", path)
	if want := "not imported: chat: the conversation has messages of this chat that are otherwise in the file: they were edited or deleted, or are read with other flags. Nothing was added; --as-new makes another conversation of it\n"; got.Code != exit.Usage || !strings.HasSuffix(got.Stdout, want) || got.Stderr != "enqueue: 1 conversation not imported as a whole; see above\n" {
		t.Errorf("import = %+v, want code %d and %q", got, exit.Usage, want)
	}
	first := s.run("import", path, "--as-new")
	again := s.run("import", path, "--as-new")
	if first.Code != exit.OK || again.Code != exit.OK || !strings.Contains(first.Stdout, "with 3 messages\n") || !strings.Contains(again.Stdout, "with 0 messages; 3 messages there already\n") {
		t.Errorf("--as-new = %+v and %+v, want one conversation more", first, again)
	}
}

// TestTimesAndSenders checks that times, names, addresses and metadata arrive.
func TestTimesAndSenders(t *testing.T) {
	t.Parallel()

	s := start(t)
	path := file(t, "call.vtt", "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ana Lima>Shall we?</v>\n\n00:03.000 --> 00:04.000\n<v Ben>Yes.</v>\n")
	got := s.run("import", path, "--start", "2024-01-01T10:00:00Z", "-o", "json")
	var made struct {
		ID string `json:"conversationId"`
	}
	line, _, _ := strings.Cut(got.Stdout, "\n")
	if err := json.Unmarshal([]byte(line), &made); err != nil || got.Code != exit.OK {
		t.Fatalf("import = %+v, want a conversation", got)
	}
	stored := s.run("messages", made.ID).Stdout
	if want := "2024-01-01 10:00:01.000Z  Ana Lima: Shall we?\n2024-01-01 10:00:03.000Z  Ben: Yes.\n"; stored != want {
		t.Errorf("stored %q, want %q", stored, want)
	}
	if shown := s.run("conversation", made.ID).Stdout; !strings.Contains(shown, "importFormat") || !strings.Contains(shown, "importMessages  2\n") {
		t.Errorf("the conversation is %q, want metadata of the import", shown)
	}
	mail := file(t, "a.eml", "From: Ana <Ana@x.test>\nDate: Mon, 1 Jan 2024 10:00:00 +0200\nSubject: Re: Plan\nMessage-ID: <1@x.test>\nMIME-Version: 1.0\n\nShip it.\n")
	if got := s.run("import", mail); !strings.Contains(got.Stdout, "1 message  Plan\n") || !strings.Contains(s.run("conversation", first(got.Stdout)).Stdout, "ana@x.test") {
		t.Errorf("import = %+v, want the mail with its sender", got)
	}
}

// TestRefusedFiles checks the words for files that cannot be imported. There is no
// API: nothing is sent before all was read.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, file, content, want string }{
		{"truncated", "a.jsonl", "{\"role\":\"user\",\"content\":\"hi\"}\n{\"role\":\"us", "FILE, line 2: the file ends in the middle, where an object, one a line, was expected; it is not whole. Nothing was sent"},
		{"undecidable", "a.txt", "3/4/18, 1:55 PM - Ana: a\n", "FILE, line 1: the dates may have the day or the month first, and none of the file tells; say which with --date-order dmy or --date-order mdy. Nothing was sent"},
		{"encoding", "a.txt", "Ana: a\nBen: caf\xe9\n", "FILE, line 2: the text is not UTF-8; name its encoding with --encoding, such as windows-1252 or gb18030. Nothing was sent"},
		{"JSON", "a.json", `[{"a":1}]`, "FILE: it is JSON in no format that is known; name one with --format"},
		{"empty", "a.txt", "", "FILE: the file is empty"},
		{"no captions", "a.srt", "hello\n", "FILE, line 1: there is no line with the times of a caption, such as 00:00:01.000 --> 00:00:02.000. Nothing was sent"},
		{"HTML", "messages.html", `<!DOCTYPE html><div class="page_wrap">`, "FILE: it is an export of Telegram as HTML; export the chat as JSON (machine-readable)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			path := file(t, tt.file, tt.content)
			env := clitest.Environment{"TURNWISE_API": "http://127.0.0.1:1", "TURNWISE_TOKEN": "t", "TURNWISE_DATA_DIR": t.TempDir()}
			got := clitest.Run(t, env, "", "import", path)
			if want := (clitest.Result{Code: exit.Usage, Stderr: "enqueue: " + strings.ReplaceAll(tt.want, "FILE", path) + "\n"}); got != want {
				t.Errorf("import = %+v, want %+v", got, want)
			}
		})
	}
}

// TestFlags checks the words for flags that cannot be right.
func TestFlags(t *testing.T) {
	t.Parallel()

	path := file(t, "a.txt", "Ana: hi\n")
	tests := []struct {
		args []string
		want string // a part of it
	}{
		{[]string{"--format", "fax"}, `--format: "fax" is no format that can be imported, want one of whatsapp, slack, `},
		{[]string{"--encoding", "x"}, `--encoding: "x" is no known encoding, want one such as windows-1252`},
		{[]string{"--date-order", "ydm"}, `--date-order: "ydm" is no order of dates, want dmy, mdy or ymd`},
		{[]string{"--timezone", "Mars"}, `--timezone is "Mars", want a name such as Europe/Lisbon or UTC`},
		{[]string{"--columns", "what=1"}, `--columns: "what=1" is no mapping of a column, want one such as text=Body or time=1`},
		{[]string{"--start", "soon"}, `--start is "soon", want a time such as `},
		{[]string{"missing.txt"}, `missing.txt: no such file or directory`},
	}
	for _, tt := range tests {
		t.Run(tt.args[0], func(t *testing.T) {
			t.Parallel()

			got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}, "", append([]string{"import", path}, tt.args...)...)
			if got.Code != exit.Usage || !strings.Contains(got.Stderr, tt.want) {
				t.Errorf("import %q = %+v, want code %d and %q", tt.args, got, exit.Usage, tt.want)
			}
		})
	}
}

// TestDryRun checks that nothing is sent, and that it is shown what would be.
func TestDryRun(t *testing.T) {
	t.Parallel()

	env := clitest.Environment{"TURNWISE_API": "http://127.0.0.1:1", "TURNWISE_DATA_DIR": t.TempDir()}
	got := clitest.Run(t, env, "Ana: hello\nBen: ho\n", "import", "-", "--dry-run")
	want := "-  Ana: hello\n-  Ben: ho\nwould import 1 conversation with 2 messages\nstandard input: text with names, 1 conversation, 2 messages\n"
	if got != (clitest.Result{Code: exit.OK, Stdout: want}) {
		t.Errorf("import --dry-run = %+v, want %q", got, want)
	}
	got = clitest.Run(t, env, "Ana: hello\n", "import", "-", "--dry-run", "-o", "json")
	if !strings.Contains(got.Stdout, `"messages":[{"payload":{"content":"hello"},"from":{"name":"Ana"}}]}`) || !strings.Contains(got.Stdout, `"dryRun":true`) {
		t.Errorf("import --dry-run -o json = %+v, want the message and the summary", got)
	}
}

// TestFormatsAreCompleted checks what a shell offers for --format.
func TestFormatsAreCompleted(t *testing.T) {
	t.Parallel()

	got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}, "", "__complete", "import", "--format", "")
	for _, want := range []string{"whatsapp\ta chat of WhatsApp\n", "aws\ta transcript of AWS Transcribe\n"} {
		if !strings.Contains(got.Stdout, want) {
			t.Errorf("completions are %q, want %q among them", got.Stdout, want)
		}
	}
}
