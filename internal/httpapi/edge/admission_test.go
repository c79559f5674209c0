package edge_test

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// endless yields messages for ever, and closes gone when nobody wants more.
type endless struct {
	*httpapitest.Backend

	begun chan struct{} // closed with the first message
	gone  chan struct{}
	wait  bool // for the context, after the first message
}

func (e endless) EachMessage(ctx context.Context, _, _ string, _ int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		defer close(e.gone)
		close(e.begun)
		m := conversation.Message{ID: "1", Text: strings.Repeat("word ", 1000), Start: time.Unix(0, 0), End: time.Unix(1, 0)}
		for yield(m, nil) {
			if e.wait {
				<-ctx.Done()
			}
			if ctx.Err() != nil {
				yield(m, ctx.Err())
				return
			}
		}
	}
}

func (e endless) api(opts httpapi.Options) *httpapi.API {
	deps := e.Deps()
	deps.Conversations = e
	return httpapi.New(deps, slog.New(slog.DiscardHandler), opts)
}

const messagesRoute = "/v1/conversations/" + httpapitest.ConversationID + "/messages"

// TestReadsOfOneAccountAreBounded has the memory for answers of an account taken
// by one that is being read: the next request is refused at once, until that is
// over. What other accounts may have is still there.
func TestReadsOfOneAccountAreBounded(t *testing.T) {
	t.Parallel()

	e := endless{httpapitest.NewBackend(), make(chan struct{}), make(chan struct{}), true}
	api := e.api(httpapi.Options{ReadMemory: 3 * edge.Reading})
	ctx, hangUp := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		defer func() { _ = recover() }() // http.ErrAbortHandler
		api.ServeHTTP(httptest.NewRecorder(), httpapitest.Request("GET", messagesRoute, "").WithContext(ctx))
	}()
	<-e.begun
	got := httpapitest.Serve(api, httpapitest.Request("GET", messagesRoute, ""))
	httpapitest.WantRefusal(t, got, http.StatusTooManyRequests, "The answers that this account reads at the moment take all the memory that it may have for them. Send the request again when some are read.")
	if got.Header().Get("Retry-After") != "1" {
		t.Error("the refusal does not say when to try again")
	}
	hangUp()
	<-over
	<-e.gone
}

// TestSlowReaderIsCut has a caller that takes nothing of a long answer: it loses
// the connection, and its memory is free.
func TestSlowReaderIsCut(t *testing.T) {
	t.Parallel()

	e := endless{httpapitest.NewBackend(), make(chan struct{}), make(chan struct{}), false}
	server := httptest.NewServer(e.api(httpapi.Options{}))
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET "+messagesRoute+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-e.gone:
	case <-time.After(30 * time.Second):
		t.Error("who reads nothing is still served after 30 s")
	}
}

// TestHungUpReaderIsLeft has a caller hang up in the middle of an answer.
func TestHungUpReaderIsLeft(t *testing.T) {
	t.Parallel()

	e := endless{httpapitest.NewBackend(), make(chan struct{}), make(chan struct{}), false}
	server := httptest.NewServer(e.api(httpapi.Options{}))
	t.Cleanup(server.Close)
	ctx, hangUp := context.WithCancel(t.Context())
	r := httpapitest.Request("GET", server.URL+messagesRoute, "").WithContext(ctx)
	r.RequestURI = ""
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	hangUp()
	<-e.gone
}
