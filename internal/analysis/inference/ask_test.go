package inference_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/inference"
)

type reply struct {
	Count int    `json:"count"`
	Word  string `json:"word"`
}

func question() inference.Question {
	return inference.Question{
		Name: "words", System: "Count.", User: "A and B", MaxTokens: 100,
		Schema: map[string]any{"type": "object", "required": []string{"count"}},
	}
}

// saysChat answers with what the model said.
func saysChat(content, finish, refusal string) string {
	body, _ := json.Marshal(map[string]any{"choices": []any{ // made of strings, so it succeeds
		map[string]any{"finish_reason": finish, "message": map[string]any{"role": "assistant", "content": content, "refusal": refusal}},
	}})
	return string(body)
}

func TestAsk(t *testing.T) {
	t.Parallel()

	s := newServer(t, says(200, saysChat(` {"count":2,"word":"é"} `, "stop", "")))
	var got reply
	if err := s.client(t, inference.Options{Key: "secret"}).Ask(t.Context(), question(), &got); err != nil || got != (reply{2, "é"}) {
		t.Errorf("Ask = %+v, %v", got, err)
	}
	sent := s.seen()[0]
	want := map[string]any{
		"model": "large", "max_completion_tokens": 100.0, "temperature": sent.body["temperature"], "stream": false,
		"messages": []any{
			map[string]any{"role": "system", "content": "Count."},
			map[string]any{"role": "user", "content": "A and B"},
		},
		"response_format": map[string]any{"type": "json_schema", "json_schema": map[string]any{
			"name": "words", "strict": true, "schema": map[string]any{"type": "object", "required": []any{"count"}},
		}},
	}
	if diff := cmp.Diff(want, sent.body); diff != "" || sent.path != "/v1/chat/completions" {
		t.Errorf("request to %s (-want +got):\n%s", sent.path, diff)
	}
	if heat, ok := sent.body["temperature"].(float64); !ok || heat > 1e-9 {
		t.Errorf("temperature %v, want next to nothing", sent.body["temperature"])
	}
}

// TestModelsThatReasonTakeNoTemperature has the name of one.
func TestModelsThatReasonTakeNoTemperature(t *testing.T) {
	t.Parallel()

	s := newServer(t, says(200, saysChat(`{"count":1}`, "stop", "")))
	c := inference.New(inference.Options{URL: s.url, ChatModel: "o3-mini", Transport: closing(t)})
	if err := c.Ask(t.Context(), question(), new(reply)); err != nil {
		t.Fatal(err)
	}
	if heat, ok := s.seen()[0].body["temperature"]; ok {
		t.Errorf("temperature %v, want none", heat)
	}
}

func TestAnswersThatAreNoUse(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, body, want string }{
		{"no choices", `{"choices":[]}`, "it has no choices"},
		{"refused", saysChat(`{"count":1}`, "stop", "I would rather not"), "the model would not say it"},
		{"filtered", saysChat(`{"count":1}`, "content_filter", ""), "the model would not say it"},
		{"cut", saysChat(`{"count":1}`, "length", ""), "it was cut for its length"},
		{"prose", saysChat("Sure! Here it is.", "stop", ""), "the model did not keep to the schema"},
		{"fenced", saysChat("```json\n{\"count\":1}\n```", "stop", ""), "the model did not keep to the schema"},
		{"another type", saysChat(`{"count":"canary"}`, "stop", ""), "the model did not keep to the schema"},
		{"another member", saysChat(`{"count":1,"canary":2}`, "stop", ""), "the model did not keep to the schema"},
		{"more than that", saysChat(`{"count":1}{"count":2}`, "stop", ""), "the model said more than the schema allows"},
		{"empty", saysChat("", "stop", ""), "the model did not keep to the schema"},
		{"HTML", "<html>", "not of the form that the API documents"},
		{"nothing", "", "not of the form that the API documents"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			err := newServer(t, says(200, tt.body)).client(t, inference.Options{}).Ask(t.Context(), question(), new(reply))
			if inference.OutcomeOf(err) != inference.Invalid || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Ask: %v, want it invalid, as %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}

func TestSchemaThatIsNoJSON(t *testing.T) {
	t.Parallel()

	s := newServer(t, nil)
	q := question()
	q.Schema = map[string]any{"f": func() {}}
	if err := s.client(t, inference.Options{}).Ask(t.Context(), q, new(reply)); err == nil || len(s.seen()) > 0 {
		t.Errorf("Ask: %v after %d requests, want an error before any", err, len(s.seen()))
	}
}
