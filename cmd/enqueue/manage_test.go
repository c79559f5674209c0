package main

import (
	"slices"
	"strings"
	"testing"
)

// TestManage checks of each command what it sends and what it prints.
func TestManage(t *testing.T) {
	t.Parallel()

	const id = conversationID
	const tracker = "tracker   t-1\nname      Discount\ncategory  price\nlanguage  en-US\nterm      discount\nterm      lower the price\nupdated   2026-03-01 11:00:00.000Z\n"
	const group = "group        g-1\nname         Johns\ndescription  of John\ncriteria     conversation.metadata.agentId==johndoe\n"
	tests := []struct {
		name   string
		args   []string
		stdin  string
		bodies []string // that were sent
		stdout string
		stderr string
	}{
		{
			name: "list", args: []string{"conversations", "list", "--limit", "2", "--offset", "1"}, bodies: []string{"limit=2&offset=1"},
			stdout: "ID   START                     END                       NAME    MEMBERS\n" +
				"101  2026-03-01 10:00:00.000Z  2026-03-01 10:00:09.500Z  Call 1  Ana, b@x.org\n" +
				"102  2026-03-01 10:00:00.000Z  2026-03-01 10:00:09.500Z  Call 2  Ana, b@x.org\n",
			stderr: "enqueue: there may be more: --offset 3 goes on, and --all lists all of them\n",
		},
		{
			name: "list with everything", args: []string{
				"conversations", "list", "--sort", "-conversation.name", "--order", "desc",
				"--since", "2026-03-01", "--until", "2026-03-02T10:00:00+01:00", "--filter", "none", "-o", "json",
			},
			bodies: []string{"endTime=2026-03-02T09%3A00%3A00Z&filter=none&order=desc&sort=-conversation.name&startTime=2026-03-01T00%3A00%3A00Z"},
			stdout: `{"conversations":[]}` + "\n",
		},
		{
			name: "list nothing", args: []string{"conversations", "list", "--filter", "none"}, bodies: []string{"filter=none"},
			stdout: "no conversations\n",
		},
		{
			name: "list the week that is over", args: []string{"conversations", "list", "--offset", "25"}, bodies: []string{"offset=25"},
			stdout: "no conversations\n", stderr: "enqueue: there is nothing in the last seven days; --since and --all look further back\n",
		},
		{
			name: "conversations of a group", args: []string{"groups", "conversations", "g-1", "--limit", "0", "-o", "json"}, bodies: []string{"limit=0"},
			stdout: `{"conversations":[]}` + "\n",
		},
		{
			name: "delete", args: []string{"conversations", "delete", id, "--yes"}, stdout: "deleted the conversation 5815170693595136\n",
		},
		{
			name: "delete for programs", args: []string{"conversations", "delete", id, "-y", "-o", "json"},
			stdout: `{"message":"successfully deleted the conversation"}` + "\n",
		},
		{
			name: "members", args: []string{"members", id},
			stdout: "ID   NAME  EMAIL\nm-1  Ana   ana@example.com\nm-3  Ben   -\n",
		},
		{
			name: "members by the longer name", args: []string{"members", "list", id, "-o", "json"},
			stdout: membersDocument + "\n",
		},
		{
			name: "update of a member", args: []string{"members", "update", id, "m-3", "--name", "Ben Ode", "--email", "ben@x.org"},
			bodies: []string{`{"id":"m-3","name":"Ben Ode","email":"ben@x.org"}`}, stdout: "updated the member m-3\n",
		},
		{
			name: "update of an address alone", args: []string{"members", "update", id, "m-1", "--email", "a@x.org", "-o", "json"},
			bodies: []string{`{"id":"m-1","name":"Ana","email":"a@x.org"}`}, stdout: `{"message":"Member updated"}` + "\n",
		},
		{
			name: "insights", args: []string{"insights", id},
			stdout: "TYPE         SCORE  ASSIGNEE  DUE         TEXT\nquestion     0.98   -         -           Who ?\naction_item  0.70   Ana       2026-03-02  Ana calls.\n",
		},
		{name: "insights for programs", args: []string{"insights", id, "-o", "json"}, stdout: insightsDocument + "\n"},
		{name: "topics", args: []string{"topics", id}, stdout: "SCORE  MESSAGES  TEXT\n0.78   2         release notes\n"},
		{name: "summary", args: []string{"summary", id}, stdout: "2026-03-01 10:00:00.000Z  Ana calls.\n"},
		{
			name: "transcript", args: []string{"transcript", id, "--paragraphs"},
			bodies: []string{`{"contentType":"text/markdown","createParagraphs":true}`}, stdout: "Ana: Hello.<br/><br/>Ben: Hi  [2J.\n",
		},
		{
			name: "transcript for programs", args: []string{"transcript", id, "--format", "srt", "--speakers", "-o", "json"},
			bodies: []string{`{"contentType":"text/srt","showSpeakerSeparation":true}`}, stdout: transcriptDocument + "\n",
		},
		{
			name: "trackers", args: []string{"trackers", "list"},
			stdout: "ID   NAME      VOCABULARY\nt-1  Discount  discount, lower the price\nt-2  Empty     -\n",
		},
		{name: "trackers for programs", args: []string{"trackers", "list", "--name", "x", "-o", "json"}, stdout: trackersDocument + "\n"},
		{name: "tracker", args: []string{"trackers", "get", "t-1"}, stdout: tracker},
		{
			name: "new tracker", args: []string{"trackers", "create", "Discount", "--vocabulary", "discount", "--vocabulary", "a, b", "--exclude", "c", "--category", "price"},
			bodies: []string{`{"name":"Discount","categories":["price"],"vocabulary":["discount","a, b"],"excludeVocabulary":["c"]}`}, stdout: tracker,
		},
		{
			name: "new trackers from a file", args: []string{"trackers", "create", "--file", "-"}, stdin: ` [{"name":"a"}] `,
			bodies: []string{`[{"name":"a"}]`}, stdout: "ID   NAME      VOCABULARY\nt-1  Discount  discount, lower the price\nt-2  Empty     -\n",
		},
		{
			name: "another tracker", args: []string{"trackers", "update", "t-1", "--name", "N", "--description", "", "--vocabulary", "a"},
			bodies: []string{`[{"op":"replace","path":"/name","value":"N"},{"op":"replace","path":"/description","value":""},{"op":"replace","path":"/vocabulary","value":["a"]}]`},
			stdout: tracker,
		},
		{
			name: "another tracker from a file", args: []string{"trackers", "update", "t-1", "--file", "-", "-o", "json"}, stdin: `{"vocabulary":["a"]}`,
			bodies: []string{`[{"op":"replace","path":"/vocabulary","value":["a"]}]`}, stdout: trackerDocument + "\n",
		},
		{name: "delete of a tracker", args: []string{"trackers", "delete", "t-1", "-y"}, stdout: "deleted the tracker t-1\n"},
		{name: "groups", args: []string{"groups", "list"}, stdout: "ID   NAME   CRITERIA\ng-1  Johns  conversation.metadata.agentId==johndoe\n"},
		{name: "groups for programs", args: []string{"groups", "list", "-o", "json"}, stdout: groupsDocument + "\n"},
		{name: "group", args: []string{"groups", "get", "g-1"}, stdout: group},
		{
			name: "new group", args: []string{"groups", "create", "Johns", "--criteria", "a==b"},
			bodies: []string{`{"name":"Johns","criteria":"a==b"}`}, stdout: group,
		},
		{
			name: "another group", args: []string{"groups", "update", "g-1", "--description", ""},
			bodies: []string{`{"id":"g-1","name":"Johns","criteria":"conversation.metadata.agentId==johndoe"}`}, stdout: group,
		},
		{name: "delete of a group", args: []string{"groups", "delete", "g-1", "-y", "-o", "json"}, stdout: `{"id":"g-1","type":"group","deleted":true}` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := newFakeAPI(t)
			got := f.enqueue(t, tt.stdin, tt.args...)
			if want := (result{exitOK, tt.stdout, tt.stderr}); got != want {
				t.Errorf("enqueue %q =\n%+v\nwant\n%+v", tt.args, got, want)
			}
			if !slices.Equal(f.bodies, tt.bodies) {
				t.Errorf("sent %q, want %q", f.bodies, tt.bodies)
			}
		})
	}
}

// TestListAll checks that all pages come, whatever the limit of one.
func TestListAll(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	for _, args := range [][]string{{"conversations", "list"}, {"groups", "conversations", "g-1"}} {
		got := f.enqueue(t, "", append(args, "--all", "-o", "json", "--order", "desc")...)
		if lines := strings.Count(got.stdout, "\n"); got.code != exitOK || lines != 25 || !strings.HasPrefix(got.stdout, `{"id":"100","name":"Call 0","startTime":"2026-03-01T10:00:00.000Z"`) {
			t.Errorf("enqueue %q = %+v, want 25 documents of the API", args, got)
		}
	}
	if got := f.enqueue(t, "", "conversations", "list", "--all"); strings.Count(got.stdout, "\n") != 26 || got.stderr != "" {
		t.Errorf("got %+v, want a table of 25", got)
	}
	if want := "limit=1000&order=desc&startTime=1900-01-01T00%3A00%3A00Z"; f.bodies[0] != want {
		t.Errorf("asked for %q, want %q", f.bodies[0], want)
	}
}

// TestConversationUpdate checks that what is not named stays, and that what
// others change meanwhile does too.
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
		{name: "the metadata while others never stop", args: "--metadata a=3", changes: 100, code: exitRefused},
		{name: "what it was", args: `--name N --if-match "2-0"`, bodies: []string{`{"name":"N"}`}},
		{name: "what it was no longer", args: `--name N --if-match "1-0"`, code: exitRefused},
		{name: "metadata that it had no longer", args: `--metadata a=3 --if-match "1-0"`, code: exitRefused},
		{name: "labels", args: "--label a=b --unset-label x", bodies: []string{`{"labels":{"a":"b","team":"blue"}}`}},
		{name: "both", args: "--name N --unset-label team", bodies: []string{`{"name":"N"}`, `{"labels":{}}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := newFakeAPI(t)
			f.changes = tt.changes
			got := f.enqueue(t, "", append([]string{"conversations", "update", conversationID}, strings.Fields(tt.args)...)...)
			if got.code != tt.code || (got.code == exitOK) != strings.HasPrefix(got.stdout, "conversation  "+conversationID) {
				t.Errorf("got %+v, want code %d", got, tt.code)
			}
			if !slices.Equal(f.bodies, tt.bodies) {
				t.Errorf("sent %q, want %q", f.bodies, tt.bodies)
			}
		})
	}
}
