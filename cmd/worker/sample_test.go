package main

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
)

// samplePost and samplePut are requests as the documents of the Async Text API
// show them.
const (
	samplePost = `{
  "name": "Business Meeting",
  "confidenceThreshold": 0.6,
  "detectPhrases": true,
  "messages": [
    {
      "payload": {"content": "Hello there. Shall we begin?"},
      "from": {"userId": "natalia@example.com", "name": "Natalia"}
    }
  ]
}`
	samplePut = `{
  "detectPhrases": "true",
  "messages": [
    {
      "payload": {
        "content": "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it!"
      },
      "from": {
        "userId": "natalia@example.com",
        "name": "Natalia"
      },
      "duration":{
        "startTime":"2020-07-21T16:02:19.01Z",
        "endTime":"2020-07-21T16:04:19.99Z"
      }
    },
    {
      "payload": {
        "content": "Hey Natalia, thanks for reaching out. I am connecting you with Steve who handles recruitments for us."
      },
      "from": {
        "userId": "mike@abccorp.com",
        "name": "Mike"
      },
      "duration":{
        "startTime":"2020-07-21T16:04:19.99Z",
        "endTime":"2020-07-21T16:04:20.99Z"
      }
    }
  ]
}`
)

func TestSample(t *testing.T) {
	t.Parallel()

	hooks := newReceiver(t, healthy)
	c := newClient(startWorker(t))
	query := "?webhookUrl=" + url.QueryEscape(hooks.url)
	begun := sample(t, c, http.MethodPost, "/v1/process/text"+query, samplePost)
	added := sample(t, c, http.MethodPut, "/v1/process/text/"+begun.ConversationID+query, samplePut)
	if added.ConversationID != begun.ConversationID || added.JobID == begun.JobID {
		t.Errorf("receipts %v and %v, want two jobs of one conversation", begun, added)
	}

	checkTurns(t, hooks.checkLives(t, jobs.Completed, begun, added))
	for _, job := range []receipt{begun, added} {
		if got := c.job(job.JobID); got.Status != jobs.Completed || got.ID != job.JobID {
			t.Errorf("GET of job %s = %+v, want it completed", job.JobID, got)
		}
	}
	checkSampleMessages(t, c, begun.ConversationID)
}

func sample(t *testing.T, c *client, method, path, body string) receipt {
	t.Helper()
	a, err := c.send(t.Context(), method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.receipt()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func checkSampleMessages(t *testing.T, c *client, conversation string) {
	t.Helper()
	const natalia, mike = "natalia@example.com", "mike@abccorp.com"
	want := []struct{ email, text string }{
		{natalia, "Hello there."},
		{natalia, "Shall we begin?"},
		{natalia, "Hi Mike, Natalia here."},
		{natalia, "Hope you don’t mind me reaching out."},
		{natalia, "Who would be the best possible person to discuss internships and student recruitment at ABC Corp?"},
		{natalia, "Would you mind pointing me toward the right person and the best way to reach them?"},
		{natalia, "Thanks in advance for your help, I really appreciate it!"},
		{mike, "Hey Natalia, thanks for reaching out."},
		{mike, "I am connecting you with Steve who handles recruitments for us."},
	}
	got := c.messages(conversation)
	if len(got) != len(want) {
		t.Fatalf("%d messages, want %d: %+v", len(got), len(want), got)
	}
	ids := map[string]string{}
	for i, m := range got {
		if m.Text != want[i].text || m.From.Email != want[i].email {
			t.Errorf("message %d is %q by %s, want %q by %s", i, m.Text, m.From.Email, want[i].text, want[i].email)
		}
		ids[m.From.Email] = m.From.ID
	}
	if first, last := got[2].StartTime, got[8].EndTime; first != "2020-07-21T16:02:19.010Z" || last != "2020-07-21T16:04:20.990Z" {
		t.Errorf("the messages last from %s to %s, want the times of the request", first, last)
	}

	var whole struct {
		Name    string
		Members []struct{ ID, Name, Email string }
	}
	c.get("/v1/conversations/"+conversation, &whole)
	members := []struct{ ID, Name, Email string }{{ids[natalia], "Natalia", natalia}, {ids[mike], "Mike", mike}}
	if whole.Name != "Business Meeting" || !slices.Equal(whole.Members, members) {
		t.Errorf("the conversation is %+v, want the name and the members %v", whole, members)
	}
}
