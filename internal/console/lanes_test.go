package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// broken is an analyzer that fails.
type broken struct{}

func (broken) Analyze(context.Context, jobs.Task) (analysis.Result, error) {
	return analysis.Result{}, errors.New("the <b>model</b> is away")
}

// A lane in trouble is listed with why, goes on when somebody says so, and is then in
// trouble no more.
func TestLanes(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	ann := f.cookie("ann")
	r, err := f.jobs.Submit(t.Context(), jobs.Append{
		Account: "ann", Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann"}, Text: "Hello."}},
	})
	if err != nil {
		t.Fatal(err)
	}
	healthy := f.runner
	f.runner = jobs.NewRunner(f.store, broken{}, noDoorbell{}, jobs.RunnerOptions{})
	f.work()

	page := f.do(ann, "GET", "/console/a/ann/lanes", nil).Body.String()
	for _, want := range []string{r.ConversationID, "/console/a/ann/jobs/" + r.JobID, "failing", "the &lt;b&gt;model&lt;/b&gt; is away", "/lanes/" + r.ConversationID + "/retry"} {
		if !strings.Contains(page, want) {
			t.Errorf("the lanes lack %q:\n%s", want, page)
		}
	}
	if got := f.do(ann, "GET", "/console/a/ann/lanes?state=held", nil).Body.String(); strings.Contains(got, r.ConversationID) {
		t.Errorf("a failing lane is among those held")
	}
	if got := f.do(ann, "GET", "/console/a/ann/lanes?state=lost", nil); got.Code != http.StatusBadRequest {
		t.Errorf("an unknown state is %d, want 400", got.Code)
	}

	retry := "/console/a/ann/lanes/" + r.ConversationID + "/retry"
	if got := f.do(ann, "POST", retry, url.Values{}); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/console/a/ann/lanes?done=laneretried" {
		t.Fatalf("retry was answered %d %v", got.Code, got.Header())
	}
	f.runner = healthy
	f.work()
	if job, err := f.deps.Control.Show(t.Context(), "ann", r.JobID); err != nil || job.Status != jobs.Completed {
		t.Errorf("after the retry the job is %s, %v; want completed", job.Status, err)
	}
	if got := f.do(ann, "POST", retry, url.Values{}); got.Code != http.StatusConflict || !strings.Contains(got.Body.String(), "not in trouble") {
		t.Errorf("a second retry is %d, want 409: %s", got.Code, got.Body)
	}
	if line := f.log.String(); !strings.Contains(line, `action="retry lane" by="account ann" account=ann subject="lane `+r.ConversationID) {
		t.Errorf("the log lacks the action:\n%s", line)
	}
}
