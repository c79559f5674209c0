package cli_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// complete returns what a shell is offered behind a command line.
func complete(t *testing.T, env clitest.Environment, line ...string) (offered []string) {
	t.Helper()
	got := clitest.Run(t, env, "", append([]string{"__complete"}, line...)...)
	lines := strings.Split(strings.TrimSuffix(got.Stdout, "\n"), "\n")
	if last := lines[len(lines)-1]; last != ":4" { // no names of files
		t.Errorf("%v: the shell is told %q, want :4", line, last)
	}
	return lines[:len(lines)-1]
}

// A shell offers the ids that a command takes, with what they are of, and nothing
// where it cannot know any.
func TestShellOffersIDs(t *testing.T) {
	t.Parallel()

	env := clitest.Environment{"TURNWISE_REDIS_URL": "redis://" + miniredis.RunT(t).Addr(), "TURNWISE_DATA_DIR": t.TempDir()}
	ok := func(stdin, line string) []string {
		got := clitest.Run(t, env, stdin, strings.Fields(line)...)
		if got.Code != exit.OK {
			t.Fatalf("enqueue %s = %+v", line, got)
		}
		return strings.Fields(got.Stdout)
	}
	receipt := ok("Ana: Hello.", "text --name Kick-off")
	conversation, job := receipt[1], receipt[3]
	ok("", "trackers create Prices --vocabulary price")
	ok("", "groups create Calls --criteria conversation.type==meeting")
	tests := []struct {
		line string // the last word is what is completed
		want string // with ID for any; empty if nothing is offered
	}{
		{"job ", job + "\tscheduled"},
		{"jobs show ", job + "\tscheduled"},
		{"jobs cancel " + job[:5], job + "\tscheduled"},
		{"jobs cancel x", ""},
		{"messages ", conversation + "\tKick-off"},
		{"conversations update ", conversation + "\tKick-off"},
		{"conversations delete ", conversation + "\tKick-off"},
		{"members update " + conversation + " ", ""},
		{"lanes skip ", ""},
		{"trackers get ", "ID\tPrices"},
		{"groups get ", "ID\tCalls"},
		{"job --api http://127.0.0.1:1 ", ""},
	}
	for _, tt := range tests {
		got := strings.Join(complete(t, env, strings.Split(tt.line, " ")...), "|")
		if want := regexp.MustCompile("^" + strings.ReplaceAll(tt.want, "ID", `\d{16}`) + "$"); !want.MatchString(got) {
			t.Errorf("%q: offered %q, want %q", tt.line, got, tt.want)
		}
	}
}
