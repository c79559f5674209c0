package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/turnwise/turnwise/client"
)

// exampleAPI answers the way the API does, to one conversation.
func exampleAPI() *httptest.Server {
	mux := http.NewServeMux()
	for pattern, document := range map[string]string{
		"POST /v1/process/text":                  `{"conversationId":"5815170693595136","jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"}`,
		"PUT /v1/process/text/5815170693595136":  `{"conversationId":"5815170693595136","jobId":"1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11"}`,
		"GET /v1/job/{id}":                       `{"id":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"completed"}`,
		"GET /v1/conversations":                  `{"conversations":[{"id":"5815170693595136","name":"Release call"}]}`,
		"GET /v1/conversations/5815170693595136": `{"id":"5815170693595136","name":"Release call","metadata":{"stage":"review"}}`,
		"PUT /v1/conversations/5815170693595136": `{"id":"5815170693595136","name":"Release call","metadata":{"stage":"done"}}`,
		"GET /v1/conversations/{id}/messages":    `{"messages":[{"text":"Shall we ship on Friday?","from":{"name":"Ana"}},{"text":"I would.","from":{"name":"Ben"}}]}`,
		"POST /oauth2/token:generate":            `{"accessToken":"a.b.c","expiresIn":86400}`,
		"POST /v1/manage/tracker":                `{"tracker":{"id":"4476908732794496","name":"Discount","vocabulary":["discount","rebate"]}}`,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"7-1"`)
			_, _ = io.WriteString(w, document)
		})
	}
	mux.HandleFunc("GET /v1/conversations/1", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"statusCode":404,"message":"The conversationId is either invalid or does not exist."}`)
	})
	return httptest.NewServer(mux)
}

// exampleClient returns a client of the API at server.
func exampleClient(server *httptest.Server) *client.Client {
	c, err := client.New(server.URL, "token", client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// Submit text, wait until it is stored, and read what became of it.
func Example() {
	server := exampleAPI() // your worker
	defer server.Close()
	ctx := context.Background()

	c, err := client.New(server.URL, "token", client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := c.SubmitText(ctx, client.Append{
		Name: "Release call",
		Messages: []client.NewMessage{
			{Content: "Shall we ship on Friday?", From: client.Speaker{Name: "Ana"}},
			{Content: "I would.", From: client.Speaker{Name: "Ben"}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := c.WaitJob(ctx, receipt.JobID); err != nil {
		log.Fatal(err)
	}
	messages, err := c.Messages(ctx, receipt.ConversationID, client.MessageOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range messages {
		fmt.Printf("%s: %s\n", m.From.Name, m.Text)
	}
	// Output:
	// Ana: Shall we ship on Friday?
	// Ben: I would.
}

// A program that may die between two tries names the key itself: whoever
// repeats the append after it, it takes effect once.
func ExampleClient_AppendText() {
	server := exampleAPI()
	defer server.Close()
	c := exampleClient(server)

	receipt, err := c.AppendText(context.Background(), "5815170693595136", client.Append{
		Messages:       []client.NewMessage{{Content: "One more thing."}},
		IdempotencyKey: "ticket-4711-comment-12",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.JobID)
	// Output: 1c0e8a52-7f9f-4a3b-8a57-0c5d8f6f4f11
}

func ExampleClient_Conversations() {
	server := exampleAPI()
	defer server.Close()
	c := exampleClient(server)

	for conv, err := range c.Conversations(context.Background(), client.ConversationQuery{
		Since:  time.Now().Add(-24 * time.Hour),
		Filter: "conversation.metadata.stage==review",
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(conv.ID, conv.Name)
	}
	// Output: 5815170693595136 Release call
}

// The ETag keeps an update from undoing what somebody else has changed since.
func ExampleClient_UpdateConversation() {
	server := exampleAPI()
	defer server.Close()
	c, ctx := exampleClient(server), context.Background()

	conv, err := c.Conversation(ctx, "5815170693595136")
	if err != nil {
		log.Fatal(err)
	}
	conv.Metadata["stage"] = "done"
	conv, err = c.UpdateConversation(ctx, conv.ID, client.ConversationUpdate{Metadata: conv.Metadata, IfMatch: conv.ETag})
	if errors.Is(err, client.ErrChanged) {
		log.Fatal("somebody was faster: read it again")
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(conv.Metadata["stage"])
	// Output: done
}

func ExampleClient_CreateTracker() {
	server := exampleAPI()
	defer server.Close()

	// The token is got with the id and the secret of an app, and renewed in time.
	c, err := client.New(server.URL, "", client.Options{AppID: "app", AppSecret: "secret"})
	if err != nil {
		log.Fatal(err)
	}
	tracker, err := c.CreateTracker(context.Background(), client.Tracker{Name: "Discount", Vocabulary: []string{"discount", "rebate"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tracker.ID, tracker.Vocabulary)
	// Output: 4476908732794496 [discount rebate]
}

func ExampleError() {
	server := exampleAPI()
	defer server.Close()

	_, err := exampleClient(server).Conversation(context.Background(), "1")
	fmt.Println(errors.Is(err, client.ErrNotFound))
	fmt.Println(err)
	// Output:
	// true
	// the API answers 404: The conversationId is either invalid or does not exist.
}

// A receiver of webhooks.
func ExampleVerifyWebhook() {
	const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" // that of the account
	receiver := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		event, err := client.VerifyWebhook(r.Header, body, secret)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Println(event.Sequence, event.Status)
		w.WriteHeader(http.StatusNoContent)
	})

	receiver(httptest.NewRecorder(), signedRequest(secret))
	// Output: 3 completed
}

// signedRequest is what the worker sends.
func signedRequest(secret string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hook", nil)
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		log.Fatal(err)
	}
	const body = `{"jobId":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","status":"completed","sequence":3}`
	now := time.Now()
	signature, err := signer.Sign("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d_3_5d2f1c9a", now, []byte(body))
	if err != nil {
		log.Fatal(err)
	}
	r.Header.Set("Webhook-Id", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d_3_5d2f1c9a")
	r.Header.Set("Webhook-Timestamp", fmt.Sprint(now.Unix()))
	r.Header.Set("Webhook-Signature", signature)
	r.Body = io.NopCloser(strings.NewReader(body))
	return r
}
