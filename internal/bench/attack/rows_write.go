package attack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// manyLines sends 10 × 64 KiB of one-letter lines every two seconds.
func manyLines(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(10, strings.Repeat("a\n", a.scaled(32<<10)))}
	return together(ctx, 1, func(ctx context.Context, _ int) error {
		if _, err := a.submit(ctx, "", s); err != nil {
			return err
		}
		return process.Rest(ctx, 2*time.Second)
	})
}

// longBodies sends as much as a body may have, four at once.
func longBodies(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(a.scaled(15), strings.Repeat("b", 64<<10))}
	return together(ctx, 4, func(ctx context.Context, _ int) error {
		_, err := a.submit(ctx, "", s)
		return err
	})
}

// inline returns trackers to come with a request.
func inline(n int) []tracker {
	all := make([]tracker, n)
	for i := range all {
		all[i] = tracker{Name: fmt.Sprint("Tracker ", i), Vocabulary: []string{"a", "a a"}}
	}
	return all
}

// inlineTrackers has twelve jobs at once find a thousand trackers in each word.
func inlineTrackers(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(12, strings.Repeat("a ", a.scaled(30_000))), Trackers: inline(a.scaled(1000))}
	return together(ctx, 12, func(ctx context.Context, _ int) error { return a.work(ctx, s) })
}

// shortWithTrackers brings much with little text: what is kept of it counts.
func shortWithTrackers(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(1, "We met."), Trackers: inline(a.scaled(1000))}
	return together(ctx, 4, func(ctx context.Context, _ int) error { return a.work(ctx, s) })
}

// manySpeakers makes conversations of 2,000 members, reads them and names one anew.
func manySpeakers(ctx context.Context, a *attacker) error {
	return together(ctx, 3, func(ctx context.Context, n int) error {
		id := ""
		for part := range 2 {
			var s submission
			for i := range a.scaled(1000) {
				m := says("Hi.", fmt.Sprintf("Speaker %d %d of %d", part, i, n))
				m.From.UserID = fmt.Sprintf("speaker-%d-%d-%d@example.com", part, i, n)
				s.Messages = append(s.Messages, m)
			}
			r, err := a.submit(ctx, id, s)
			if err != nil {
				return err
			}
			if err := a.finish(ctx, r); err != nil {
				return err
			}
			id = r.ConversationID
		}
		if id == "" {
			return nil
		}
		for _, what := range []string{"", "/members"} {
			if _, _, err := a.send(ctx, http.MethodGet, "/v1/conversations/"+id+what, nil); err != nil {
				return err
			}
		}
		return a.rename(ctx, id)
	})
}

// rename names the conversation and one of its members anew.
func (a *attacker) rename(ctx context.Context, id string) error {
	if _, _, err := a.send(ctx, http.MethodPut, "/v1/conversations/"+id, []byte(`{"name":"Anew"}`)); err != nil {
		return err
	}
	_, text, err := a.send(ctx, http.MethodGet, "/v1/conversations/"+id+"/members", nil)
	if err != nil {
		return err
	}
	_, member, found := strings.Cut(string(text), `"id":"`)
	if !found {
		return nil
	}
	member, _, _ = strings.Cut(member, `"`)
	body := fmt.Sprintf(`{"id":%q,"name":"Anew","email":"anew@example.com"}`, member)
	_, _, err = a.send(ctx, http.MethodPut, "/v1/conversations/"+id+"/members/"+member, []byte(body))
	return err
}

// waitingBodies has 40 long jobs wait in one conversation.
func waitingBodies(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(a.scaled(12), prose(64_000))}
	return together(ctx, 1, func(ctx context.Context, _ int) error {
		r, err := a.submit(ctx, "", s)
		for n := 0; n < 39 && err == nil; n++ {
			var last receipt
			if last, err = a.submit(ctx, r.ConversationID, s); last.JobID != "" {
				r = last
			}
		}
		if err != nil {
			return err
		}
		return a.finish(ctx, r)
	})
}

// manyMessages has jobs of a thousand messages be committed together.
func manyMessages(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(a.scaled(1000), "We will meet on Monday.")}
	return together(ctx, 8, func(ctx context.Context, _ int) error {
		r, err := a.submit(ctx, "", s)
		for n := 0; n < 3 && err == nil && r.ConversationID != ""; n++ {
			_, err = a.submit(ctx, r.ConversationID, s)
		}
		if err != nil {
			return err
		}
		return a.finish(ctx, r)
	})
}

// deletions deletes a conversation in which one long job holds up 3,000 short ones,
// each with a webhook.
func deletions(ctx context.Context, a *attacker) error {
	heavy := submission{Messages: texts(12, prose(64_000)), WebhookURL: a.hook}
	light := submission{Messages: texts(1, "Hi."), WebhookURL: a.hook}
	return together(ctx, 1, func(ctx context.Context, _ int) error {
		r, err := a.submit(ctx, "", heavy)
		if err != nil || r.ConversationID == "" {
			return err
		}
		left := make(chan struct{}, a.scaled(3000))
		for range cap(left) {
			left <- struct{}{}
		}
		filling, filled := context.WithCancel(ctx)
		err = together(filling, 16, func(ctx context.Context, _ int) error {
			select {
			case <-left:
				_, err := a.submit(ctx, r.ConversationID, light)
				return err
			default:
				filled()
				return nil
			}
		})
		filled()
		if err != nil {
			return err
		}
		_, _, err = a.send(ctx, http.MethodDelete, "/v1/conversations/"+r.ConversationID, nil)
		return err
	})
}

// refusedHooks submits jobs whose webhooks are refused at length.
func refusedHooks(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(1, "Hi."), WebhookURL: a.hook}
	return together(ctx, 8, func(ctx context.Context, _ int) error {
		if _, err := a.submit(ctx, "", s); err != nil {
			return err
		}
		return process.Rest(ctx, 20*time.Millisecond)
	})
}

// saveTrackers saves as many trackers as an account may have.
func saveTrackers(ctx context.Context, a *attacker) error {
	for n := range a.scaled(500) {
		t := tracker{Name: fmt.Sprint("Saved ", n)}
		for i := range 5 {
			t.Vocabulary = append(t.Vocabulary, fmt.Sprintf("saved term %d of %d", i, n))
		}
		if err := a.save(ctx, "trackers", t); err != nil {
			return err
		}
	}
	return nil
}

// saveEntities saves as many values of entities as an account may have.
func saveEntities(ctx context.Context, a *attacker) error {
	for n := range a.scaled(500) {
		values := make([]string, 1000)
		for i := range values {
			values[i] = fmt.Sprintf("v%d x%d", n, i)
		}
		entity := map[string]any{"type": "saved", "subType": fmt.Sprint("kind ", n), "category": "Custom", "values": values}
		if err := a.save(ctx, "entities", entity); err != nil {
			return err
		}
	}
	return nil
}

// save saves a thing of a kind.
func (a *attacker) save(ctx context.Context, kind string, what any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	status, text, err := a.send(ctx, http.MethodPost, "/v1/manage/"+kind, body)
	if err == nil && status != http.StatusOK && status != http.StatusCreated && status != http.StatusConflict {
		err = fmt.Errorf("one of the %s was answered %d %s", kind, status, text)
	}
	return err
}

func useTrackers(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(1, "We met the supplier and spoke of saved term 3 of 17, then of the budget."), EnableAllTrackers: true}
	return together(ctx, 4, func(ctx context.Context, _ int) error { return a.work(ctx, s) })
}

func useEntities(ctx context.Context, a *attacker) error {
	s := submission{Messages: texts(1, "We met the supplier in Berlin and spoke of v17 x300, then of the budget."), DetectEntities: true}
	return together(ctx, 4, func(ctx context.Context, _ int) error { return a.work(ctx, s) })
}

// guesses asks for tokens with wrong secrets.
func guesses(ctx context.Context, a *attacker) error {
	n := 0
	return together(ctx, 1, func(ctx context.Context, _ int) error {
		n++
		body := fmt.Sprintf(`{"type":"application","appId":%q,"appSecret":"guess %d"}`, appID, n)
		_, _, err := a.send(ctx, http.MethodPost, "/oauth2/token:generate", []byte(body))
		return err
	})
}
