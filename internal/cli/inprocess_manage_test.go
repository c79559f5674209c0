package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// local runs commands with the API in this process, on a Redis with one
// conversation.
type local struct {
	t   *testing.T
	env clitest.Environment
}

// ok runs a command that must succeed, and returns what it printed.
func (r local) ok(stdin string, args ...string) string {
	r.t.Helper()
	got := clitest.Run(r.t, r.env, stdin, args...)
	if got.Code != exit.OK {
		r.t.Fatalf("enqueue %q = %+v, want success", args, got)
	}
	return got.Stdout
}

// prints checks that a command prints each of the fragments.
func (r local) prints(args string, fragments ...string) {
	r.t.Helper()
	printed := r.ok("", strings.Fields(args)...)
	for _, fragment := range fragments {
		if !strings.Contains(printed, fragment) {
			r.t.Errorf("enqueue %s printed %q, want %q in it", args, printed, fragment)
		}
	}
}

// fails checks the exit code of a command.
func (r local) fails(code int, args string) {
	r.t.Helper()
	if got := clitest.Run(r.t, r.env, "", strings.Fields(args)...); got.Code != code {
		r.t.Errorf("enqueue %s = %+v, want code %d", args, got, code)
	}
}

func newLocal(t *testing.T) (r local, conversationID string) {
	t.Helper()
	url := "redis://" + miniredis.RunT(t).Addr()
	r = local{t, clitest.Environment{"TURNWISE_REDIS_URL": url, "TURNWISE_DATA_DIR": t.TempDir()}}
	var receipt client.Receipt
	if err := json.Unmarshal([]byte(r.ok("Ana: Hello there. How are you?\nBen: Fine.", "text", "--name", "Call", "-o", "json")), &receipt); err != nil {
		t.Fatal(err)
	}
	work(t, url)
	return r, receipt.ConversationID
}

// TestManageConversationsForReal reads, changes and deletes a conversation on the
// real API.
func TestManageConversationsForReal(t *testing.T) {
	t.Parallel()

	r, id := newLocal(t)
	r.prints("conversations list", id, "Call", "Ana, Ben")
	r.prints("conversations list --all --filter conversation.name==Call -o json", `"id":"`+id+`"`)
	r.prints("conversations list --filter conversation.name==Other", "no conversations")
	r.fails(exit.Refused, "conversations list --filter conversation.name")
	r.fails(exit.Refused, "conversations list --limit 65537")

	r.prints("conversations update "+id+" --name Talk --metadata stage=review --metadata team=red --label a=b", "name          Talk", "stage", "label")
	r.prints("conversations update "+id+" --metadata stage=done --unset-metadata team -o json", `"metadata":{"stage":"done"}`, `"labels":{"a":"b"}`)
	r.fails(exit.Refused, "conversations update "+id+` --name X --if-match "0-0"`)
	r.fails(exit.Refused, "conversations update "+id+" --start 2026-03-02 --end 2026-03-01")

	var members struct{ Members []client.Member }
	if err := json.Unmarshal([]byte(r.ok("", "members", id, "-o", "json")), &members); err != nil || len(members.Members) != 2 {
		t.Fatalf("members: got %+v, %v; want two", members, err)
	}
	r.prints("members update "+id+" "+members.Members[1].ID+" --email ben@example.com", "updated the member")
	r.prints("members "+id, "Ben", "ben@example.com")
	r.prints("insights "+id, "no insights")
	r.prints("topics "+id, "no topics")
	r.prints("summary "+id, "Hello there.")
	r.prints("transcript "+id+" --speakers", "Ana: Hello there.", "Ben: Fine.")
	r.prints("transcript "+id+" --format srt", "1\n00:00:00,000 --> ", "\nHello there.\n")

	r.prints("conversations delete "+id+" --yes", "deleted the conversation "+id)
	r.fails(exit.NotFound, "conversation "+id)
}

// TestManageTrackersForReal does the same with trackers and groups.
func TestManageTrackersForReal(t *testing.T) {
	t.Parallel()

	r, id := newLocal(t)
	var tracker struct{ Tracker client.Tracker }
	if err := json.Unmarshal([]byte(r.ok("", "trackers", "create", "Discount", "--vocabulary", "lower the price", "-o", "json")), &tracker); err != nil {
		t.Fatal(err)
	}
	r.prints("trackers list --name Discount", tracker.Tracker.ID, "lower the price")
	r.prints("trackers update "+tracker.Tracker.ID+" --vocabulary rebate --description cheap", "rebate", "cheap")
	r.fails(exit.Refused, "trackers create Discount --vocabulary discount")
	r.ok(`[{"name":"One","vocabulary":["one"]},{"name":"Two","vocabulary":["two"]}]`, "trackers", "create", "--file", "-")
	r.prints("trackers list", "Discount", "One", "Two")
	r.prints("trackers delete "+tracker.Tracker.ID+" --yes", "deleted the tracker")
	r.fails(exit.NotFound, "trackers get "+tracker.Tracker.ID)

	var group struct{ Group client.Group }
	if err := json.Unmarshal([]byte(r.ok("", "groups", "create", "Calls", "--criteria", "conversation.name==Other", "-o", "json")), &group); err != nil {
		t.Fatal(err)
	}
	r.prints("groups conversations "+group.Group.ID, "no conversations")
	r.prints("groups update "+group.Group.ID+" --criteria conversation.name==Call", "conversation.name==Call")
	r.prints("groups conversations "+group.Group.ID+" --all -o json", `"id":"`+id+`"`)
	r.fails(exit.Refused, "groups create Bad --criteria conversation.name")
	r.prints("groups delete "+group.Group.ID+" -y", "deleted the group")
	r.fails(exit.NotFound, "groups get "+group.Group.ID)
}
