package edge_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCompressedBodies(t *testing.T) {
	t.Parallel()

	const broken = "The body is not whole gzip data of one member, as its Content-Encoding promises."
	const large = "The body must not be larger than 1048576 bytes. Send less at a time."
	whole := gzipped(t, httpapitest.Hello)
	full := httpapitest.Hello + strings.Repeat(" ", 1<<20-len(httpapitest.Hello))
	sum := binary.LittleEndian.Uint32([]byte(whole[len(whole)-8:]))
	wrong := string(binary.LittleEndian.AppendUint32([]byte(whole[:len(whole)-8]), sum+1)) + whole[len(whole)-4:]
	tests := []struct {
		name, encoding, body string
		status               int
		message              string
	}{
		{"gzip", "gzip", whole, 201, ""},
		{"other spelling", "X-GZIP", whole, 201, ""},
		{"none", "identity", httpapitest.Hello, 201, ""},
		{"as large as may be", "gzip", gzipped(t, full), 201, ""},
		{"a byte too large", "gzip", gzipped(t, full+" "), 413, large},
		{"large before it is expanded", "gzip", whole + strings.Repeat("x", 1<<20), 413, large},
		{"not gzip", "gzip", httpapitest.Hello, 400, broken},
		{"half", "gzip", whole[:len(whole)/2], 400, broken},
		{"without its end", "gzip", whole[:len(whole)-1], 400, broken},
		{"a wrong sum", "gzip", wrong, 400, broken},
		{"two members", "gzip", whole + gzipped(t, " "), 400, broken},
		{"something behind it", "gzip", whole + "x", 400, broken},
		{"other encoding", "br", httpapitest.Hello, 415, "The Content-Encoding must be gzip, or left out."},
		{"twice", "gzip, gzip", gzipped(t, whole), 415, "The Content-Encoding must be gzip, or left out."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", tt.body, "Content-Encoding", tt.encoding))
			if tt.status == 201 {
				httpapitest.WantStatus(t, got, 201)
				if text := backend.OnlySubmitted(t).Utterances[0].Text; text != "Hello." {
					t.Errorf("what arrived says %q", text)
				}
				return
			}
			httpapitest.WantRefusal(t, got, tt.status, tt.message)
			if offered := got.Header().Get("Accept-Encoding"); (offered == "gzip") != (tt.status == 415) {
				t.Errorf("Accept-Encoding is %q with status %d", offered, tt.status)
			}
		})
	}
}

// countingReader counts what is read.
type countingReader struct {
	io.Reader

	n int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// Of what would become 4 MiB, eight times its size, only the part that becomes
// the first MiB is looked at.
func TestBombIsNotExpanded(t *testing.T) {
	t.Parallel()

	var bomb bytes.Buffer
	w, err := gzip.NewWriterLevel(&bomb, gzip.HuffmanOnly)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	body := &countingReader{Reader: &bomb}
	r := httpapitest.Request("POST", "/v1/process/text", "", "Content-Encoding", "gzip")
	r.Body, r.ContentLength = io.NopCloser(body), -1
	httpapitest.WantStatus(t, httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), r), 413)
	if body.n > 150<<10 {
		t.Errorf("%d of %d bytes of the bomb were read, want a quarter", body.n, body.n+bomb.Len())
	}
}

// The same request is the same, compressed or not.
func TestFingerprintOfACompressedBody(t *testing.T) {
	t.Parallel()

	plain, zipped := httpapitest.NewBackend(), httpapitest.NewBackend()
	httpapitest.WantStatus(t, httpapitest.Serve(plain.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello, "Idempotency-Key", "k")), 201)
	httpapitest.WantStatus(t, httpapitest.Serve(zipped.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", gzipped(t, httpapitest.Hello),
		"Idempotency-Key", "k", "Content-Encoding", "gzip")), 201)
	if plain.OnlySubmitted(t).Fingerprint != zipped.OnlySubmitted(t).Fingerprint {
		t.Error("a compressed request is another one")
	}
}

// newLongName returns a Backend whose conversation has a name that is worth compressing.
func newLongName() *httpapitest.Backend {
	backend := httpapitest.NewBackend()
	backend.Stored.Conversation = conversation.Conversation{ID: httpapitest.ConversationID, Type: "meeting", Name: strings.Repeat("long ", 400), Version: "7-2"}
	return backend
}

func TestCompressedAnswers(t *testing.T) {
	t.Parallel()

	api := newLongName().API(httpapi.Options{})
	const target = "/v1/conversations/" + httpapitest.ConversationID
	plain := httpapitest.Serve(api, httpapitest.Request("GET", target, ""))
	tests := []struct {
		method, accept string
		zipped         bool
	}{
		{"GET", "", false},
		{"GET", "gzip", true},
		{"HEAD", "gzip", true},
		{"GET", "br, GZIP;q=0.5", true},
		{"GET", "x-gzip", true},
		{"GET", "*", true},
		{"GET", "gzip;q=1, *;q=0", true},
		{"GET", "*;q=1, gzip;q=0", false},
		{"GET", "gzip; Q=0.000", false},
		{"GET", "gzip;q=x", false},
		{"GET", "br, identity", false},
		{"GET", "gzipped", false},
	}
	for _, tt := range tests {
		got := httpapitest.Serve(api, httpapitest.Request(tt.method, target, "", "Accept-Encoding", tt.accept))
		httpapitest.WantStatus(t, got, 200)
		h := got.Header()
		if h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: Vary is %q", tt.accept, h.Get("Vary"))
		}
		if h.Get("Content-Length") != strconv.Itoa(got.Body.Len()) {
			t.Errorf("%q: Content-Length is %s of %d", tt.accept, h.Get("Content-Length"), got.Body.Len())
		}
		text, coding, tag := got.Body.String(), "", `"7-2"`
		if tt.zipped {
			text, coding, tag = unzip(t, got.Body), "gzip", `"7-2+gzip"`
		}
		if text != plain.Body.String() || h.Get("Content-Encoding") != coding || h.Get("ETag") != tag {
			t.Errorf("%s with %q: Content-Encoding %q, ETag %s, %d bytes; want %q, %s", tt.method, tt.accept, h.Get("Content-Encoding"), h.Get("ETag"), len(text), coding, tag)
		}
	}
	short := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "", "Accept-Encoding", "gzip"))
	if h := short.Header(); h.Get("Content-Encoding") != "" || h.Get("Vary") != "" {
		t.Errorf("a short answer has Content-Encoding %q and Vary %q", h.Get("Content-Encoding"), h.Get("Vary"))
	}
}

func unzip(t *testing.T, r io.Reader) string {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestConditions(t *testing.T) {
	t.Parallel()

	api := newLongName().API(httpapi.Options{})
	const target = "/v1/conversations/" + httpapitest.ConversationID
	tests := []struct {
		method, condition, accept string
		status                    int
	}{
		{"GET", `"7-2"`, "", 304},
		{"HEAD", `"7-2"`, "", 304},
		{"GET", `W/"7-2"`, "", 304},
		{"GET", `*`, "", 304},
		{"GET", `"7-1" , "7-2"`, "", 304},
		{"GET", `"7-2+gzip"`, "", 304},
		{"GET", `"7-2+gzip"`, "gzip", 304},
		{"GET", `"7-1"`, "", 200},
		{"GET", `7-2`, "", 200},
		{"GET", `"7-2`, "", 200},
	}
	for _, tt := range tests {
		got := httpapitest.Serve(api, httpapitest.Request(tt.method, target, "", "If-None-Match", tt.condition, "Accept-Encoding", tt.accept))
		if got.Code != tt.status {
			t.Errorf("%s if not %s: status %d, want %d", tt.method, tt.condition, got.Code, tt.status)
		}
		h := got.Header()
		tag := `"7-2"`
		if tt.accept != "" {
			tag = `"7-2+gzip"`
		}
		if h.Get("ETag") != tag || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s if not %s: ETag %s, Vary %q", tt.method, tt.condition, h.Get("ETag"), h.Get("Vary"))
		}
		if got.Code == 304 && (got.Body.Len() > 0 || h.Get("Content-Type") != "" || h.Get("Content-Length") != "" || h.Get("Content-Encoding") != "") {
			t.Errorf("304 with %d bytes and %v", got.Body.Len(), h)
		}
	}
}

// What a caller got compressed it may name when it changes it.
func TestTagOfACompressedAnswer(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(httpapitest.Hello)
	const body = `{"metadata":{"a":"b"}}`
	tag := service.Do(http.MethodGet, "/v1/conversations/"+id, "").Header().Get("ETag")
	zipped := strings.TrimSuffix(tag, `"`) + `+gzip"`
	httpapitest.WantStatus(t, service.Do(http.MethodPut, "/v1/conversations/"+id, body, "If-Match", zipped), 200)
	httpapitest.WantStatus(t, service.Do(http.MethodPut, "/v1/conversations/"+id, body, "If-Match", zipped), http.StatusPreconditionFailed)
}

// withoutMessages has the conversation but not what was said in it.
type withoutMessages struct{ *httpapitest.Backend }

func (withoutMessages) EachMessage(context.Context, string, string, int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) { yield(conversation.Message{}, jobs.ErrUnavailable) }
}

func TestRefusalHasNoTag(t *testing.T) {
	t.Parallel()

	deps := newLongName().Deps()
	deps.Conversations = withoutMessages{newLongName()}
	api := httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{})
	got := httpapitest.Serve(api, httpapitest.Request("GET", "/v2/conversations/"+conversation.UUID(httpapitest.ConversationID), ""))
	httpapitest.WantStatus(t, got, 503)
	if tag := got.Header().Get("ETag"); tag != "" {
		t.Errorf("a refusal has the ETag %s", tag)
	}
}
