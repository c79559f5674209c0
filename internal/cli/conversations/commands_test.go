package conversations_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// TestCommands checks what each command sends and prints.
func TestCommands(t *testing.T) {
	t.Parallel()

	const id = clitest.ConversationID
	const group = "group        g-1\nname         Johns\ndescription  of John\ncriteria     conversation.metadata.agentId==johndoe\n"
	clitest.Check(t, []clitest.Case{
		{
			Name: "conversation", Args: []string{"conversation", id},
			Stdout: `conversation  5815170693595136
name          Release
from          2026-03-01 10:00:00.000Z
to            2026-03-01 10:00:09.500Z
messages      2
etag          "2-0"
member        Ana   ana@example.com  m-1
metadata      a     1
metadata      b     2
label         team  blue
`,
		},
		{
			Name: "conversation for programs", Args: []string{"-o", "json", "conversation", id},
			Stdout: `{"endTime":"2026-03-01T10:00:09.500Z","etag":"\"2-0\"","id":"5815170693595136","labels":{"team":"blue"},"members":[{"id":"m-1","name":"Ana","email":"ana@example.com"}],` +
				`"messageCount":2,"metadata":{"b":"2","a":"1"},"name":"Release","startTime":"2026-03-01T10:00:00.000Z","type":"meeting"}` + "\n",
		},
		{
			Name: "conversation by the name of its group of commands", Args: []string{"-o", "json", "conversations", "get", id},
			Stdout: `{"endTime":"2026-03-01T10:00:09.500Z","etag":"\"2-0\"","id":"5815170693595136","labels":{"team":"blue"},"members":[{"id":"m-1","name":"Ana","email":"ana@example.com"}],` +
				`"messageCount":2,"metadata":{"b":"2","a":"1"},"name":"Release","startTime":"2026-03-01T10:00:00.000Z","type":"meeting"}` + "\n",
		},
		{
			Name: "messages, their control characters taken out", Args: []string{"messages", id},
			Stdout: "2026-03-01 10:00:00.000Z  Ana: Hello.\n2026-03-01 10:00:01.000Z  Hi  [2J there.\n",
		},
		{
			Name: "list", Args: []string{"conversations", "list", "--limit", "2", "--offset", "1"}, Bodies: []string{"limit=2&offset=1"},
			Stdout: "ID   START                     END                       NAME    MEMBERS\n" +
				"101  2026-03-01 10:00:00.000Z  2026-03-01 10:00:09.500Z  Call 1  Ana, b@x.org\n" +
				"102  2026-03-01 10:00:00.000Z  2026-03-01 10:00:09.500Z  Call 2  Ana, b@x.org\n",
			Stderr: "enqueue: there may be more: --offset 3 goes on, and --all lists all of them\n",
		},
		{
			Name: "list with everything", Args: []string{
				"conversations", "list", "--sort", "-conversation.name", "--order", "desc",
				"--since", "2026-03-01", "--until", "2026-03-02T10:00:00+01:00", "--filter", "none", "-o", "json",
			},
			Bodies: []string{"endTime=2026-03-02T09%3A00%3A00Z&filter=none&order=desc&sort=-conversation.name&startTime=2026-03-01T00%3A00%3A00Z"},
			Stdout: `{"conversations":[]}` + "\n",
		},
		{
			Name: "list nothing", Args: []string{"conversations", "list", "--filter", "none"}, Bodies: []string{"filter=none"},
			Stdout: "no conversations\n",
		},
		{
			Name: "list the week that is over", Args: []string{"conversations", "list", "--offset", "25"}, Bodies: []string{"offset=25"},
			Stdout: "no conversations\n", Stderr: "enqueue: there is nothing in the last seven days; --since and --all look further back\n",
		},
		{
			Name: "conversations of a group", Args: []string{"groups", "conversations", "g-1", "--limit", "1", "--offset", "99", "-o", "json"}, Bodies: []string{"limit=1&offset=99"},
			Stdout: `{"conversations":[]}` + "\n",
		},
		{
			Name: "delete", Args: []string{"conversations", "delete", id, "--yes"}, Stdout: "deleted the conversation 5815170693595136\n",
		},
		{
			Name: "delete for programs", Args: []string{"conversations", "delete", id, "-y", "-o", "json"},
			Stdout: `{"message":"successfully deleted the conversation"}` + "\n",
		},
		{
			Name: "members", Args: []string{"members", id},
			Stdout: "ID   NAME  EMAIL\nm-1  Ana   ana@example.com\nm-3  Ben   -\n",
		},
		{
			Name: "members by the longer name", Args: []string{"members", "list", id, "-o", "json"},
			Stdout: clitest.MembersDocument + "\n",
		},
		{
			Name: "update of a member", Args: []string{"members", "update", id, "m-3", "--name", "Ben Ode", "--email", "ben@x.org"},
			Bodies: []string{`{"id":"m-3","name":"Ben Ode","email":"ben@x.org"}`}, Stdout: "updated the member m-3\n",
		},
		{
			Name: "update of an address alone", Args: []string{"members", "update", id, "m-1", "--email", "a@x.org", "-o", "json"},
			Bodies: []string{`{"id":"m-1","name":"Ana","email":"a@x.org"}`}, Stdout: `{"message":"Member updated"}` + "\n",
		},
		{
			Name: "insights", Args: []string{"insights", id},
			Stdout: "TYPE         SCORE  ASSIGNEE  DUE         TEXT\nquestion     0.98   -         -           Who ?\naction_item  0.70   Ana       2026-03-02  Ana calls.\n",
		},
		{Name: "insights for programs", Args: []string{"insights", id, "-o", "json"}, Stdout: clitest.InsightsDocument + "\n"},
		{Name: "topics", Args: []string{"topics", id}, Stdout: "SCORE  MESSAGES  TEXT\n0.78   2         release notes\n"},
		{Name: "summary", Args: []string{"summary", id}, Stdout: "2026-03-01 10:00:00.000Z  Ana calls.\n"},
		{
			Name: "transcript", Args: []string{"transcript", id, "--paragraphs"},
			Bodies: []string{`{"contentType":"text/markdown","createParagraphs":true}`}, Stdout: "Ana: Hello.\n\nBen: Hi  [2J.\n",
		},
		{
			Name: "transcript for programs", Args: []string{"transcript", id, "--format", "srt", "--speakers", "-o", "json"},
			Bodies: []string{`{"contentType":"text/srt","showSpeakerSeparation":true}`}, Stdout: clitest.TranscriptDocument + "\n",
		},
		{Name: "groups", Args: []string{"groups", "list"}, Stdout: "ID   NAME   CRITERIA\ng-1  Johns  conversation.metadata.agentId==johndoe\n"},
		{Name: "groups for programs", Args: []string{"groups", "list", "-o", "json"}, Stdout: clitest.GroupsDocument + "\n"},
		{Name: "group", Args: []string{"groups", "get", "g-1"}, Stdout: group},
		{
			Name: "new group", Args: []string{"groups", "create", "Johns", "--criteria", "a==b"},
			Bodies: []string{`{"name":"Johns","criteria":"a==b"}`}, Stdout: group,
		},
		{
			Name: "another group", Args: []string{"groups", "update", "g-1", "--description", ""},
			Bodies: []string{`{"id":"g-1","name":"Johns","criteria":"conversation.metadata.agentId==johndoe"}`}, Stdout: group,
		},
		{Name: "delete of a group", Args: []string{"groups", "delete", "g-1", "-y", "-o", "json"}, Stdout: `{"id":"g-1","type":"group","deleted":true}` + "\n"},
	})
}

// TestListAll checks that all pages are listed.
func TestListAll(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	for _, args := range [][]string{{"conversations", "list"}, {"groups", "conversations", "g-1"}} {
		got := f.Run(t, "", append(args, "--all", "-o", "json", "--order", "desc")...)
		if lines := strings.Count(got.Stdout, "\n"); got.Code != exit.OK || lines != 25 || !strings.HasPrefix(got.Stdout, `{"id":"100","name":"Call 0","startTime":"2026-03-01T10:00:00.000Z"`) {
			t.Errorf("enqueue %q = %+v, want 25 documents of the API", args, got)
		}
	}
	if got := f.Run(t, "", "conversations", "list", "--all"); strings.Count(got.Stdout, "\n") != 26 || got.Stderr != "" {
		t.Errorf("got %+v, want a table of 25", got)
	}
	if want := "cursor=&limit=1000&order=desc&startTime=1900-01-01T00%3A00%3A00Z"; f.Bodies[0] != want {
		t.Errorf("asked for %q, want %q", f.Bodies[0], want)
	}
}

// TestConversationUpdate checks that fields without a flag do not change, and
// that concurrent changes are not lost.
func TestConversationUpdate(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		args    string
		changes int // that others make meanwhile
		bodies  []string
		code    int
	}{
		{name: "the name", args: "--name N", changes: 1, bodies: []string{`{"name":"N"}`}},
		{name: "no name", args: "--name=", bodies: []string{`{"name":""}`}},
		{name: "the times", args: "--start 2026-03-01 --end 2026-03-02", bodies: []string{`{"startTime":"2026-03-01T00:00:00Z","endTime":"2026-03-02T00:00:00Z"}`}},
		{name: "the metadata", args: "--metadata a=x=y --unset-metadata b --metadata c=", bodies: []string{`{"metadata":{"a":"x=y","c":""}}`}},
		{name: "the metadata while others change it", args: "--metadata a=3", changes: 2, bodies: []string{`{"metadata":{"a":"3","b":"2"}}`}},
		{name: "the metadata while others never stop", args: "--metadata a=3", changes: 100, code: exit.Refused},
		{name: "what it was", args: `--name N --if-match "2-0"`, bodies: []string{`{"name":"N"}`}},
		{name: "what it was no longer", args: `--name N --if-match "1-0"`, code: exit.Refused},
		{name: "metadata that it had no longer", args: `--metadata a=3 --if-match "1-0"`, code: exit.Refused},
		{name: "labels", args: "--label a=b --unset-label x", bodies: []string{`{"labels":{"a":"b","team":"blue"}}`}},
		{name: "both", args: "--name N --unset-label team", bodies: []string{`{"name":"N"}`, `{"labels":{}}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := clitest.NewAPI(t)
			f.Changes = tt.changes
			got := f.Run(t, "", append([]string{"conversations", "update", clitest.ConversationID}, strings.Fields(tt.args)...)...)
			if got.Code != tt.code || (got.Code == exit.OK) != strings.HasPrefix(got.Stdout, "conversation  "+clitest.ConversationID) {
				t.Errorf("got %+v, want code %d", got, tt.code)
			}
			if !slices.Equal(f.Bodies, tt.bodies) {
				t.Errorf("sent %q, want %q", f.Bodies, tt.bodies)
			}
		})
	}
}

func TestMessagesForPrograms(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	got := f.Run(t, "", "messages", clitest.ConversationID, "-o", "json")
	if want := (clitest.Result{Code: exit.OK, Stdout: strings.ReplaceAll(f.Messages[0], "\u001b", `\u001b`) + "\n", Stderr: ""}); got != want {
		t.Errorf("got %+v, want the document of the API: %+v", got, want)
	}
}
