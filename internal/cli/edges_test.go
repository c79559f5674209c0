package cli_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// TestWords checks what people read where something is missing, to the letter.
func TestWords(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name   string
		args   string
		env    clitest.Environment // beside that of the API
		code   int
		stderr string
	}{
		{
			name: "no token", args: "job x", env: clitest.Environment{"TURNWISE_TOKEN": ""}, code: exit.Unauthorized,
			stderr: "enqueue: the API wants a token (401), and there is none: pass that of your account with --token or TURNWISE_TOKEN\n",
		},
		{
			name: "error for programs", args: "job x -o json", code: exit.NotFound,
			stderr: `{"error":"not found: The jobId is either invalid or does not exist.","exitCode":4}` + "\n",
		},
		{
			name: "wrong flag for programs", args: "job -o json --wath x", code: exit.Usage,
			stderr: `{"error":"unknown flag: --wath; see \"enqueue job --help\"","exitCode":2}` + "\n",
		},
		{
			name: "warning for programs", args: "job -o json --token other x", code: exit.Unauthorized,
			stderr: `{"warning":"other users of the machine can see --token; set TURNWISE_TOKEN or TURNWISE_TOKEN_FILE in its place"}` + "\n" +
				`{"error":"the API refused the token (401): Token validation failed for provided token.; pass another one with --token or TURNWISE_TOKEN","exitCode":5}` + "\n",
		},
		{name: "list of nothing", args: "conversations list --limit 0", code: exit.Usage, stderr: "enqueue: --limit is 0, want 1 or more\n"},
		{name: "misspelt command", args: "jbo x", code: exit.Usage, stderr: `enqueue: unknown command "jbo" for "enqueue"; did you mean "job" or "jobs"?; see "enqueue --help"` + "\n"},
		{name: "help of nothing", args: "help nope", code: exit.Usage, stderr: `enqueue: there is no command "nope"; see "enqueue --help"` + "\n"},
		{name: "help of something misspelt", args: "help txet", code: exit.Usage, stderr: `enqueue: there is no command "txet"; did you mean "text"?; see "enqueue --help"` + "\n"},
		{name: "help of a part that is none", args: "help groups nope", code: exit.Usage, stderr: `enqueue: there is no command "groups nope"; see "enqueue --help"` + "\n"},
		{
			name: "address without a scheme", args: "job x", env: clitest.Environment{"TURNWISE_API": "127.0.0.1:8080"}, code: exit.Usage,
			stderr: `enqueue: the address of the API is "127.0.0.1:8080", want it with http:// or https:// in front, such as "http://127.0.0.1:8080"` + "\n",
		},
		{name: "paragraphs of subtitles", args: "transcript 1 --format srt --paragraphs", code: exit.Usage, stderr: "enqueue: --paragraphs is for --format md; subtitles have none\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := clitest.NewAPI(t)
			env := f.Environment(t)
			maps.Copy(env, tt.env)
			got := clitest.Run(t, env, "", strings.Split(tt.args, " ")...)
			if want := (clitest.Result{Code: tt.code, Stderr: tt.stderr}); got != want {
				t.Errorf("enqueue %s =\n%+v\nwant\n%+v", tt.args, got, want)
			}
		})
	}
}

// TestNull checks that the null device is no terminal: nobody is told to type there,
// and nobody is asked.
func TestNull(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	for args, want := range map[string]string{
		"text":                   "enqueue: standard input is empty\n",
		"conversations delete 1": "enqueue: nobody can be asked here; pass --yes to delete\n",
	} {
		null, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		code := cli.Run(t.Context(), strings.Split(args, " "), f.Environment(t).Lookup, session.Streams{In: null, Out: &stdout, Err: &stderr})
		if code != exit.Usage || stderr.String() != want {
			t.Errorf("enqueue %s </dev/null = %d and %q, want %q", args, code, stderr.String(), want)
		}
		_ = null.Close()
	}
}

// TestHelpOfACommand checks that help shows what --help does.
func TestHelpOfACommand(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	for _, name := range []string{"", "text", "groups list"} {
		got := f.Run(t, "", strings.Fields("help "+name)...)
		want := f.Run(t, "", strings.Fields(name+" --help")...)
		if got != want || got.Code != exit.OK {
			t.Errorf("help %s =\n%+v\nwant\n%+v", name, got, want)
		}
	}
}

// waiting is a terminal at which nobody types. It tells that somebody reads.
type waiting struct {
	read chan struct{}
	end  <-chan struct{}
}

func (w waiting) Read([]byte) (int, error) {
	w.read <- struct{}{}
	<-w.end
	return 0, io.EOF
}

// TestInputEnds checks that a command that waits for its input ends at once with a
// signal or with --timeout, wherever an input is read.
func TestInputEnds(t *testing.T) {
	t.Parallel()

	for _, args := range []string{"text", "import -", "trackers create --file -", "trackers update t-1 --file -"} {
		for _, end := range []struct {
			flag string
			code int
			says string
		}{
			{" --timeout=50ms", exit.Timeout, "enqueue: gave up after 50ms (--timeout)\n"},
			{"", exit.Interrupted, "enqueue: interrupted\n"},
		} {
			t.Run(args+end.flag, func(t *testing.T) {
				t.Parallel()

				f := clitest.NewAPI(t)
				ctx, interrupt := context.WithCancel(t.Context())
				in := waiting{make(chan struct{}, 1), t.Context().Done()}
				if end.flag == "" {
					go func() {
						<-in.read
						interrupt()
					}()
				}
				defer interrupt()
				var stdout, stderr bytes.Buffer
				code := cli.Run(ctx, strings.Split(args+end.flag, " "), f.Environment(t).Lookup, session.Streams{In: in, Out: &stdout, Err: &stderr})
				if code != end.code || stderr.String() != end.says || len(f.Bodies) > 0 {
					t.Errorf("enqueue %s%s = %d and %q, want %d and %q", args, end.flag, code, stderr.String(), end.code, end.says)
				}
			})
		}
	}
}
