package client_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/client"
)

func midnight() time.Time { return time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC) }

// result keeps the value beside the error, for tables.
func result[A any](a A, err error) (any, error) { return a, err }

// TestMethods checks of each method what it sends and what it makes of the
// answer.
func TestMethods(t *testing.T) {
	t.Parallel()

	day, name := midnight(), "N"
	ana := client.Member{ID: "m", Name: "Ana", Email: "ana@x.org"}
	insight := client.Insight{ID: "i", Type: "question", Text: "So?", Score: 0.9, MessageIDs: []string{"1"}}
	const insightJSON = `[{"id":"i","type":"question","text":"So?","score":0.9,"messageIds":["1"]}]`
	tracker := client.Tracker{ID: "t", Name: "N", Vocabulary: []string{"a"}}
	const trackerJSON = `{"id":"t","name":"N","vocabulary":["a"]}`
	group := client.Group{ID: "g", Name: "N", Criteria: "a==b"}
	entity := client.Entity{ID: "e", Type: "T", SubType: "S", Values: []string{"v"}}
	const entityJSON = `{"id":"e","type":"T","subType":"S","values":["v"]}`
	tests := []struct {
		name   string
		call   func(ctx context.Context, c *client.Client) (any, error)
		sent   string // method, path and query
		body   string
		answer string
		want   any
	}{
		{
			"SubmitText", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.SubmitText(ctx, client.Append{
					Messages: []client.NewMessage{{Content: "Hi.", From: client.Speaker{Name: "Ana"}, Start: day}, {Content: "So."}},
					Name:     "Call", Trackers: []client.Tracker{{ID: "t"}}, DetectPhrases: true,
				}))
			},
			"POST /v1/process/text",
			`{"messages":[{"payload":{"content":"Hi."},"from":{"name":"Ana"},"duration":{"startTime":"2026-03-01T00:00:00Z"}},{"payload":{"content":"So."}}],` +
				`"name":"Call","detectPhrases":true,"trackers":[{"id":"t"}]}`,
			`{"conversationId":"c","jobId":"j"}`,
			client.Receipt{ConversationID: "c", JobID: "j"},
		},
		{
			"AppendText", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.AppendText(ctx, "c", client.Append{}))
			},
			"PUT /v1/process/text/c", `{"messages":null}`, `{"conversationId":"c","jobId":"j"}`,
			client.Receipt{ConversationID: "c", JobID: "j"},
		},
		{
			"Job", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Job(ctx, "j")) },
			"GET /v1/job/j", "", `{"id":"j","status":"scheduled","acceptedAt":"2026-03-01T00:00:00.000Z"}`,
			client.Job{ID: "j", Status: client.Scheduled, AcceptedAt: day},
		},
		{
			"Job that is completed", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Job(ctx, "j")) },
			"GET /v1/job/j", "", `{"id":"j","status":"completed","analyzers":["local","chat"]}`,
			client.Job{ID: "j", Status: client.Completed, Analyzers: []string{"local", "chat"}},
		},
		{
			"UpdateConversation", func(ctx context.Context, c *client.Client) (any, error) {
				got, err := c.UpdateConversation(ctx, "c", client.ConversationUpdate{Name: &name, End: &day, Metadata: map[string]string{}})
				return got.Name, err
			},
			"PUT /v1/conversations/c", `{"name":"N","endTime":"2026-03-01T00:00:00Z","metadata":{}}`, `{"id":"c","name":"N"}`, "N",
		},
		{
			"DeleteConversation", func(ctx context.Context, c *client.Client) (any, error) { return nil, c.DeleteConversation(ctx, "c") },
			"DELETE /v1/conversations/c", "", `{"message":"successfully deleted the conversation"}`, nil,
		},
		{
			"Labels", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Labels(ctx, "c")) },
			"GET /v2/conversations/c", "", `{"attributes":{"labels":{"a":"b"}}}`,
			map[string]string{"a": "b"},
		},
		{
			"SetLabels", func(ctx context.Context, c *client.Client) (any, error) { return result(c.SetLabels(ctx, "c", nil)) },
			"PUT /v2/conversations/c", `{"labels":{}}`, `{"attributes":{"labels":{}}}`,
			map[string]string{},
		},
		{
			"Messages", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.Messages(ctx, "c", client.MessageOptions{Words: true, Sentiment: true}))
			},
			"GET /v1/conversations/c/messages?sentiment=true&verbose=true", "",
			`{"messages":[{"id":"1","text":"Hi.","from":{"id":"m","name":"Ana","email":"ana@x.org"},"timeOffset":1.5,"words":[{"word":"Hi"}]}]}`,
			[]client.Message{{ID: "1", Text: "Hi.", From: ana, TimeOffset: 1.5, Words: []client.Word{{Word: "Hi"}}}},
		},
		{
			"Members", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Members(ctx, "c")) },
			"GET /v1/conversations/c/members", "", `{"members":[{"id":"m","name":"Ana","email":"ana@x.org"}]}`,
			[]client.Member{ana},
		},
		{
			"UpdateMember", func(ctx context.Context, c *client.Client) (any, error) { return nil, c.UpdateMember(ctx, "c", ana) },
			"PUT /v1/conversations/c/members/m", `{"id":"m","name":"Ana","email":"ana@x.org"}`, `{"message":"done"}`, nil,
		},
		{
			"SetSpeakers", func(ctx context.Context, c *client.Client) (any, error) {
				return nil, c.SetSpeakers(ctx, "c", []client.SpeakerEvent{{User: ana, Offset: 1500 * time.Millisecond}, {Stopped: true, Offset: time.Minute}})
			},
			"PUT /v1/conversations/c/speakers",
			`{"speakerEvents":[{"type":"started_speaking","user":{"id":"m","name":"Ana","email":"ana@x.org"},"offset":{"seconds":1,"nanos":500000000}},` +
				`{"type":"stopped_speaking","user":{},"offset":{"seconds":60,"nanos":0}}]}`, `{"message":"done"}`, nil,
		},
		{
			"Transcript", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.Transcript(ctx, "c", client.TranscriptOptions{Paragraphs: true, Speakers: true}))
			},
			"POST /v1/conversations/c/transcript", `{"contentType":"text/markdown","createParagraphs":true,"showSpeakerSeparation":true}`,
			`{"transcript":{"payload":"Ana: Hi.","contentType":"text/markdown"}}`,
			client.Transcript{Payload: "Ana: Hi.", Format: client.Markdown},
		},
		{
			"Analytics", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Analytics(ctx, "c")) },
			"GET /v1/conversations/c/analytics", "",
			`{"metrics":[{"type":"total_silence","percent":25,"seconds":2}],"members":[{"id":"m","talkTime":{"percentage":75,"seconds":6}}]}`,
			client.Analytics{
				Metrics: []client.Metric{{Type: "total_silence", Percent: 25, Seconds: 2}},
				Members: []client.MemberAnalytics{{ID: "m", TalkTime: client.Share{Percentage: 75, Seconds: 6}}},
			},
		},
		{
			"Insights", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Insights(ctx, "c")) },
			"GET /v1/conversations/c/insights", "", `{"insights":` + insightJSON + `}`,
			[]client.Insight{insight},
		},
		{
			"Questions", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Questions(ctx, "c")) },
			"GET /v1/conversations/c/questions", "", `{"questions":` + insightJSON + `}`,
			[]client.Insight{insight},
		},
		{
			"ActionItems", func(ctx context.Context, c *client.Client) (any, error) { return result(c.ActionItems(ctx, "c")) },
			"GET /v1/conversations/c/action-items", "", `{"actionItems":` + insightJSON + `}`,
			[]client.Insight{insight},
		},
		{
			"FollowUps", func(ctx context.Context, c *client.Client) (any, error) { return result(c.FollowUps(ctx, "c")) },
			"GET /v1/conversations/c/follow-ups", "", `{"followUps":` + insightJSON + `}`,
			[]client.Insight{insight},
		},
		{
			"Topics", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.Topics(ctx, "c", client.TopicOptions{Parents: true, Vocabulary: []string{"price", "end date"}}))
			},
			"GET /v1/conversations/c/topics?customTopicVocabulary=price&customTopicVocabulary=end+date&parentRefs=true", "", `{"topics":[{"id":"1","text":"price","score":0.5}]}`,
			[]client.Topic{{ID: "1", Text: "price", Score: 0.5}},
		},
		{
			"DetectedEntities", func(ctx context.Context, c *client.Client) (any, error) { return result(c.DetectedEntities(ctx, "c")) },
			"GET /v1/conversations/c/entities", "", `{"entities":[{"type":"person","text":"Ana","start":null,"end":"2026-11-27","messageRefs":[{"id":"1","offset":4,"startTime":"2026-11-23T02:02:17.000Z"}]}]}`,
			[]client.DetectedEntity{{Type: "person", Text: "Ana", End: "2026-11-27", MessageRefs: []client.MessageRef{{ID: "1", Offset: 4, Start: time.Date(2026, 11, 23, 2, 2, 17, 0, time.UTC)}}}},
		},
		{
			"DetectedTrackers", func(ctx context.Context, c *client.Client) (any, error) { return result(c.DetectedTrackers(ctx, "c")) },
			"GET /v1/conversations/c/trackers-detected", "", `[{"id":"t","matches":[{"value":"a","messageRefs":[{"id":"1","offset":-1}],"insightRefs":[{"id":"2","type":"question"}]}]}]`,
			[]client.DetectedTracker{{ID: "t", Matches: []client.TrackerMatch{{
				Value: "a", MessageRefs: []client.MessageRef{{ID: "1", Offset: -1}}, InsightRefs: []client.InsightRef{{ID: "2", Type: "question"}},
			}}}},
		},
		{
			"Summary", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Summary(ctx, "c")) },
			"GET /v1/conversations/c/summary", "", `{"summary":[{"id":"1","text":"All is well."}]}`,
			[]client.SummaryItem{{ID: "1", Text: "All is well."}},
		},
		{
			"CreateTracker", func(ctx context.Context, c *client.Client) (any, error) { return result(c.CreateTracker(ctx, tracker)) },
			"POST /v1/manage/tracker", `{"name":"N","vocabulary":["a"]}`, `{"tracker":` + trackerJSON + `}`, tracker,
		},
		{
			"CreateTrackers", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.CreateTrackers(ctx, []client.Tracker{tracker}))
			},
			"POST /v1/manage/trackers", `[{"name":"N","vocabulary":["a"]}]`, `{"trackers":[` + trackerJSON + `]}`,
			[]client.Tracker{tracker},
		},
		{
			"Trackers", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Trackers(ctx, "")) },
			"GET /v1/manage/trackers", "", `{"trackers":[` + trackerJSON + `]}`,
			[]client.Tracker{tracker},
		},
		{
			"Trackers of a name", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Trackers(ctx, "A & B")) },
			"GET /v1/manage/trackers?name=A+%26+B", "", `{"trackers":[]}`,
			[]client.Tracker{},
		},
		{
			"Tracker", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Tracker(ctx, "t")) },
			"GET /v1/manage/tracker/t", "", `{"tracker":` + trackerJSON + `}`, tracker,
		},
		{
			"UpdateTracker", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.UpdateTracker(ctx, "t", client.TrackerUpdate{Name: &name, Vocabulary: []string{"a"}, Categories: []string{}}))
			},
			"PATCH /v1/manage/trackers/t",
			`[{"op":"replace","path":"/name","value":"N"},{"op":"replace","path":"/categories","value":[]},{"op":"replace","path":"/vocabulary","value":["a"]}]`,
			`{"tracker":` + trackerJSON + `}`, tracker,
		},
		{
			"DeleteTracker", func(ctx context.Context, c *client.Client) (any, error) { return nil, c.DeleteTracker(ctx, "t") },
			"DELETE /v1/manage/tracker/t", "", `{"id":"t","type":"tracker","deleted":true}`, nil,
		},
		{
			"CreateGroup", func(ctx context.Context, c *client.Client) (any, error) { return result(c.CreateGroup(ctx, group)) },
			"POST /v1/manage/group", `{"name":"N","criteria":"a==b"}`, `{"group":{"id":"g","name":"N","criteria":"a==b"}}`, group,
		},
		{
			"Groups", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Groups(ctx)) },
			"GET /v1/manage/groups", "", `{"groups":[{"id":"g","name":"N","criteria":"a==b"}]}`,
			[]client.Group{group},
		},
		{
			"Group", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Group(ctx, "g")) },
			"GET /v1/manage/group/g", "", `{"group":{"id":"g","name":"N","criteria":"a==b"}}`, group,
		},
		{
			"UpdateGroup", func(ctx context.Context, c *client.Client) (any, error) { return result(c.UpdateGroup(ctx, group)) },
			"PUT /v1/manage/group/g", `{"id":"g","name":"N","criteria":"a==b"}`, `{"group":{"id":"g","name":"N","criteria":"a==b"}}`, group,
		},
		{
			"DeleteGroup", func(ctx context.Context, c *client.Client) (any, error) { return nil, c.DeleteGroup(ctx, "g") },
			"DELETE /v1/manage/group/g", "", `{"id":"g","type":"group","deleted":true}`, nil,
		},
		{
			"GroupConversations", func(ctx context.Context, c *client.Client) (any, error) {
				var ids []string
				for conv, err := range c.GroupConversations(ctx, "g", client.ConversationQuery{Filter: "a==b"}) {
					if err != nil {
						return nil, err
					}
					ids = append(ids, conv.ID)
				}
				return ids, nil
			},
			"GET /v1/groups/g/conversations?cursor=&filter=a%3D%3Db&limit=100", "", `{"conversations":[{"id":"c"}]}`,
			[]string{"c"},
		},
		{
			"CreateEntities", func(ctx context.Context, c *client.Client) (any, error) {
				return result(c.CreateEntities(ctx, []client.Entity{{Type: "T", SubType: "S", Values: []string{"v"}}}))
			},
			"POST /v1/manage/entities/bulk", `[{"type":"T","subType":"S","values":["v"]}]`, `{"entities":[` + entityJSON + `]}`,
			[]client.Entity{entity},
		},
		{
			"Entities", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Entities(ctx, "S")) },
			"GET /v1/manage/entities?subType=S", "", `{"entities":[` + entityJSON + `]}`,
			[]client.Entity{entity},
		},
		{
			"Entity", func(ctx context.Context, c *client.Client) (any, error) { return result(c.Entity(ctx, "e")) },
			"GET /v1/manage/entities/e", "", `{"entity":` + entityJSON + `}`, entity,
		},
		{
			"UpdateEntity", func(ctx context.Context, c *client.Client) (any, error) { return result(c.UpdateEntity(ctx, entity)) },
			"PUT /v1/manage/entities/e", entityJSON, `{"entity":` + entityJSON + `}`, entity,
		},
		{
			"DeleteEntity", func(ctx context.Context, c *client.Client) (any, error) { return nil, c.DeleteEntity(ctx, "e") },
			"DELETE /v1/manage/entities/e", "", `{"id":"e","type":"entity","deleted":true}`, nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			s := &script{answers: []answer{ok(tt.answer)}}
			got, err := tt.call(t.Context(), s.client(t, client.Options{}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("the result differs (-want +got):\n%s", diff)
			}
			sent := s.calls[0]
			if line := strings.Replace(sent.line, " /base/", " /", 1); line != tt.sent || sent.body != tt.body {
				t.Errorf("sent %q %s, want %q %s", line, sent.body, tt.sent, tt.body)
			}
			if got, want := sent.header.Get("Authorization"), "Bearer tok"; got != want {
				t.Errorf("sent as %q, want %q", got, want)
			}
		})
	}
}

// TestConversation checks what comes beside the members of the document.
func TestConversation(t *testing.T) {
	t.Parallel()

	const document = `{"id":"c","type":"meeting","name":"N","startTime":"2026-03-01T00:00:00.000Z","members":[],"metadata":{"a":"b"},"more":1}`
	found := ok(document)
	found.header = map[string][]string{"Etag": {`"3-1"`}}
	s := &script{answers: []answer{found, refused(412, "The conversation has changed.")}}
	c := s.client(t, client.Options{})
	got, err := c.Conversation(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	want := client.Conversation{
		ID: "c", Type: "meeting", Name: "N", Start: midnight(), Members: []client.Member{},
		Metadata: map[string]string{"a": "b"}, ETag: `"3-1"`, Document: []byte(document),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the conversation differs (-want +got):\n%s", diff)
	}
	if _, err := c.UpdateConversation(t.Context(), "c", client.ConversationUpdate{IfMatch: got.ETag}); err == nil {
		t.Error("UpdateConversation = nil, want that it has changed")
	}
	if sent := s.calls[1]; sent.header.Get("If-Match") != `"3-1"` || sent.body != "{}" {
		t.Errorf("sent %+v, want the ETag and nothing to change", sent)
	}
}
