package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/turnwise/turnwise/webhookverify"
)

// chat is what the demo submits: three appends, as they might come from a
// messenger while people write.
var chat = [...]string{ //nolint:gochecknoglobals // constant
	`{"name":"Moving the launch","detectPhrases":"true","messages":[
		{"payload":{"content":"Hi Priya, the payment provider has approved our account. Can we still make the 14th?"},
		 "from":{"name":"Tomas","userId":"tomas@example.com"}},
		{"payload":{"content":"Great news! The 14th is tight. I need two days for the migration, and Dr. Okafor has not seen the contract."},
		 "from":{"name":"Priya","userId":"priya@example.com"}}]}`,
	`{"messages":[
		{"payload":{"content":"I'll send her the contract today. Would the 18th be safe?"},
		 "from":{"name":"Tomas","userId":"tomas@example.com"}}]}`,
	`{"messages":[
		{"payload":{"content":"Yes, the 18th works. Let's call on Thursday at 10:30 to go through the checklist."},
		 "from":{"name":"Priya","userId":"priya@example.com"}},
		{"payload":{"content":"Deal 🎉"},"from":{"name":"Tomas","userId":"tomas@example.com"}}]}`,
}

// A demonstration sends a chat to the API of this process, with a webhook to
// itself, and prints what comes.
type demonstration struct {
	out    io.Writer
	api    string
	token  string
	hook   string                   // where it listens
	events chan webhookverify.Event // verified
}

// demo shows the whole thing at work once. The process stays up afterwards.
func demo(ctx context.Context, out io.Writer, api string, accounts *accounts) error {
	if api == "" || accounts.made.Token == "" {
		return fmt.Errorf("the demo needs the role api and no accounts: run it without a configuration file")
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the demo's webhooks: %w", err)
	}
	verifier, err := webhookverify.New([]string{accounts.made.WebhookSecret}, webhookverify.Options{})
	if err != nil {
		return fmt.Errorf("receive the demo's webhooks: %w", err)
	}
	d := &demonstration{
		out: out, api: api, token: accounts.made.Token,
		hook: "http://" + l.Addr().String() + "/hook", events: make(chan webhookverify.Event, 3*len(chat)),
	}
	receiver := &http.Server{Handler: verifier.Handler(http.HandlerFunc(d.receive)), ReadHeaderTimeout: 5 * time.Second}
	defer receiver.Close() //nolint:errcheck // it has done its work
	go receiver.Serve(l)   //nolint:errcheck // ends with Close
	if err := d.run(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

func (d *demonstration) run(ctx context.Context) error {
	fmt.Fprintf(d.out, "\nDemo: a chat arrives in %d appends, with a webhook to %s\n\n", len(chat), d.hook)
	conversation := ""
	for _, body := range chat {
		method, path := http.MethodPost, "/v1/process/text"
		if conversation != "" {
			method, path = http.MethodPut, path+"/"+conversation
		}
		var receipt struct{ ConversationID, JobID string }
		body = strings.Replace(body, "{", fmt.Sprintf("{%q:%q,", "webhookUrl", d.hook), 1)
		if err := d.call(ctx, method, path, body, &receipt); err != nil {
			return err
		}
		conversation = receipt.ConversationID
		fmt.Fprintf(d.out, "  %-4s %-38s 201  job %s\n", method, path, receipt.JobID)
	}
	fmt.Fprintln(d.out)
	for range 3 * len(chat) {
		select {
		case e := <-d.events:
			fmt.Fprintf(d.out, "  webhook  job %s  %-11s  sequence %d  signature ✓\n", e.JobID, e.Status, e.Sequence)
		case <-time.After(20 * time.Second):
			return fmt.Errorf("a webhook is missing after 20s; the log above says why")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := d.printMessages(ctx, conversation); err != nil {
		return err
	}
	if err := d.printInsights(ctx, conversation); err != nil {
		return err
	}
	return d.printNextSteps(conversation)
}

// receive takes an event that the middleware has verified.
func (d *demonstration) receive(_ http.ResponseWriter, r *http.Request) {
	e, _ := webhookverify.FromContext(r.Context())
	select {
	case d.events <- e:
	default: // delivery is at least once; the demo has seen enough
	}
}

// printMessages prints what is stored in the end.
func (d *demonstration) printMessages(ctx context.Context, conversation string) error {
	var got struct {
		Messages []struct {
			Text string
			From struct{ Name string }
		}
	}
	path := "/v1/conversations/" + conversation + "/messages"
	if err := d.call(ctx, http.MethodGet, path, "", &got); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "\n  GET  %s\n\n", path)
	for _, m := range got.Messages {
		fmt.Fprintf(d.out, "  %8s  %s\n", m.From.Name, m.Text)
	}
	return nil
}

// printInsights prints what was found in it.
func (d *demonstration) printInsights(ctx context.Context, conversation string) error {
	type insight struct {
		Type     string
		Text     string
		Assignee struct{ Name string }
		DueBy    string
	}
	var got struct{ Insights []insight }
	path := "/v1/conversations/" + conversation + "/insights"
	if err := d.call(ctx, http.MethodGet, path, "", &got); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "\n  GET  %s\n\n", path)
	for _, in := range got.Insights {
		fmt.Fprintf(d.out, "  %-11s  %s", in.Type, in.Text)
		if in.Assignee.Name != "" {
			fmt.Fprintf(d.out, "  → %s", in.Assignee.Name)
		}
		if in.DueBy != "" {
			fmt.Fprintf(d.out, "  due %s", in.DueBy)
		}
		fmt.Fprintln(d.out)
	}
	return nil
}

// printNextSteps prints how to go on by hand.
func (d *demonstration) printNextSteps(conversation string) error {
	_, err := fmt.Fprintf(d.out, `
Go on with curl:

  curl -X PUT %[1]s/v1/process/text/%[2]s \
    -H 'Authorization: Bearer %[3]s' -H 'Content-Type: application/json' \
    -d '{"messages":[{"payload":{"content":"One more thing. Who tells the press?"},"from":{"name":"Priya"}}]}'

  curl %[1]s/v1/conversations/%[2]s/messages -H 'Authorization: Bearer %[3]s'

or with the command line, which finds the token by itself:

  echo 'Tomas: I will.' | go run ./cmd/enqueue text --conversation %[2]s --wait
  go run ./cmd/enqueue messages %[2]s
  go run ./cmd/enqueue listen        # a receiver that checks every webhook

The worker stays up; Ctrl-C stops it.
`, d.api, conversation, d.token)
	return err
}

func (d *demonstration) call(ctx context.Context, method, path, body string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, method, d.api+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s answered %s: %s", method, path, resp.Status, content)
	}
	if err := json.Unmarshal(content, answer); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return nil
}
