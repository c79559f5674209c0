package jobs_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
)

// TestLists checks what the commands of lists send and print.
func TestLists(t *testing.T) {
	t.Parallel()

	const lane = "LANE  STATE  SINCE                     WAITING  HEAD JOB                              FAILED  NEXT ATTEMPT  REASON\n" +
		"7     held   2026-03-01T10:00:00.000Z  3        9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d  5       -             no luck\n"
	clitest.Check(t, []clitest.Case{
		{Name: "lanes", Args: []string{"lanes", "list", "--state", "held", "--webhooks", "--limit", "1"}, Stdout: lane + "more: --cursor c\n"},
		{Name: "retry a lane", Args: []string{"lanes", "retry", "7"}, Stdout: lane},
		{Name: "resume a lane", Args: []string{"lanes", "resume", "7"}, Stdout: lane},
		{Name: "skip the head of a lane", Args: []string{"lanes", "skip", "7"}, Stdout: lane},
		{
			Name: "list", Args: []string{"jobs", "list", "--status", "failed", "--limit", "1", "--oldest", "--counts"},
			Stdout: "SCHEDULED  IN PROGRESS  COMPLETED  FAILED\n0          1            912        2\n" +
				"JOB                                   CONVERSATION      STATUS  SINCE                     REASON\n" +
				"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d  5815170693595136  failed  2026-03-01T10:00:00.012Z  the analyzer  [2Jsaid no\n" +
				"more: --cursor c\n",
		},
		{
			Name: "cancel", Args: []string{"jobs", "cancel", clitest.JobID},
			Stdout: "job           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d\nstatus        scheduled\nconversation  7\naccepted      -\nstarted       -\nfinished      -\n" +
				"it was cancelled at 2026-03-01T10:00:00.012Z\n",
		},
		{
			Name: "retry", Args: []string{"jobs", "retry", clitest.JobID},
			Stdout: "conversation  7\njob           1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11\n",
		},
		{
			Name: "show", Args: []string{"jobs", "show", clitest.JobID},
			Stdout: "job           9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d\nstatus        in_progress\nconversation  5815170693595136\n" +
				"accepted      2026-03-01 10:00:00.000Z\nstarted       2026-03-01 10:00:00.004Z\nfinished      -\n" +
				"0 jobs of the conversation are before it, 2 behind it\n1 attempts failed, the next one is at 2026-03-01T10:00:05.000Z\n" +
				"ATTEMPT FAILED            REASON\n2026-03-01T10:00:00.012Z  no luck\n" +
				"EVENT  STATUS     STATE     WHEN                      ATTEMPTS  LAST ERROR\n1      scheduled  retrying  2026-03-01T10:00:09.000Z  1         refused\n",
		},
	})
}

// TestListsOfAllAccounts checks that the operator is told whose jobs and lanes they are.
func TestListsOfAllAccounts(t *testing.T) {
	t.Parallel()

	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"jobs":[{"account":"acme","id":"j","conversationId":"7","status":"failed"}],"lanes":[{"account":"acme","id":"7","state":"held"}],"accounts":["acme"]}`))
	}))
	t.Cleanup(api.Close)
	env := clitest.Environment{"TURNWISE_API": api.URL, "TURNWISE_TOKEN": "the-operator-has-this", "TURNWISE_DATA_DIR": t.TempDir()}
	for args, want := range map[string]string{
		"jobs":  "ACCOUNT  JOB  CONVERSATION  STATUS  SINCE  REASON\nacme     j    7             failed  -      -\n",
		"lanes": "ACCOUNT  LANE  STATE  SINCE  WAITING  HEAD JOB  FAILED  NEXT ATTEMPT  REASON\nacme     7     held   -      0        -         0       -             -\n",
	} {
		if got := clitest.Run(t, env, "", args, "list"); got.Stdout != want {
			t.Errorf("enqueue %s list = %+v, want %q", args, got, want)
		}
	}
}
