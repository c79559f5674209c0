package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
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
	whole := gzipped(t, hello)
	full := hello + strings.Repeat(" ", 1<<20-len(hello))
	sum := binary.LittleEndian.Uint32([]byte(whole[len(whole)-8:]))
	wrong := string(binary.LittleEndian.AppendUint32([]byte(whole[:len(whole)-8]), sum+1)) + whole[len(whole)-4:]
	tests := []struct {
		name, encoding, body string
		status               int
		message              string
	}{
		{"gzip", "gzip", whole, 201, ""},
		{"other spelling", "X-GZIP", whole, 201, ""},
		{"none", "identity", hello, 201, ""},
		{"as large as may be", "gzip", gzipped(t, full), 201, ""},
		{"a byte too large", "gzip", gzipped(t, full+" "), 413, large},
		{"large before it is expanded", "gzip", whole + strings.Repeat("x", 1<<20), 413, large},
		{"not gzip", "gzip", hello, 400, broken},
		{"half", "gzip", whole[:len(whole)/2], 400, broken},
		{"without its end", "gzip", whole[:len(whole)-1], 400, broken},
		{"a wrong sum", "gzip", wrong, 400, broken},
		{"two members", "gzip", whole + gzipped(t, " "), 400, broken},
		{"something behind it", "gzip", whole + "x", 400, broken},
		{"other encoding", "br", hello, 415, "The Content-Encoding must be gzip, or left out."},
		{"twice", "gzip, gzip", gzipped(t, whole), 415, "The Content-Encoding must be gzip, or left out."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			w := newWorld()
			got := serve(w.api(httpapi.Options{}), request("POST", "/v1/process/text", tt.body, "Content-Encoding", tt.encoding))
			if tt.status == 201 {
				wantStatus(t, got, 201)
				if text := w.only(t).Utterances[0].Text; text != "Hello." {
					t.Errorf("what arrived says %q", text)
				}
				return
			}
			wantRefusal(t, got, tt.status, tt.message)
			if offered := got.Header().Get("Accept-Encoding"); (offered == "gzip") != (tt.status == 415) {
				t.Errorf("Accept-Encoding is %q with status %d", offered, tt.status)
			}
		})
	}
}

// counter counts what is read.
type counter struct {
	io.Reader

	n int
}

func (c *counter) Read(p []byte) (int, error) {
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
	body := &counter{Reader: &bomb}
	r := request("POST", "/v1/process/text", "", "Content-Encoding", "gzip")
	r.Body, r.ContentLength = io.NopCloser(body), -1
	wantStatus(t, serve(newWorld().api(httpapi.Options{}), r), 413)
	if body.n > 150<<10 {
		t.Errorf("%d of %d bytes of the bomb were read, want a quarter", body.n, body.n+bomb.Len())
	}
}

// The same request is the same, compressed or not.
func TestFingerprintOfACompressedBody(t *testing.T) {
	t.Parallel()

	plain, zipped := newWorld(), newWorld()
	wantStatus(t, serve(plain.api(httpapi.Options{}), request("POST", "/v1/process/text", hello, "Idempotency-Key", "k")), 201)
	wantStatus(t, serve(zipped.api(httpapi.Options{}), request("POST", "/v1/process/text", gzipped(t, hello),
		"Idempotency-Key", "k", "Content-Encoding", "gzip")), 201)
	if plain.only(t).Fingerprint != zipped.only(t).Fingerprint {
		t.Error("a compressed request is another one")
	}
}

// long is a world whose conversation has a name that is worth compressing.
func long() *world {
	w := newWorld()
	w.conversation = conversation.Conversation{ID: conversationID, Type: "meeting", Name: strings.Repeat("long ", 400), Version: "7-2"}
	return w
}

func TestCompressedAnswers(t *testing.T) {
	t.Parallel()

	api := long().api(httpapi.Options{})
	const target = "/v1/conversations/" + conversationID
	plain := serve(api, request("GET", target, ""))
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
		got := serve(api, request(tt.method, target, "", "Accept-Encoding", tt.accept))
		wantStatus(t, got, 200)
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
	short := serve(api, request("GET", "/v1/job/"+jobID, "", "Accept-Encoding", "gzip"))
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

	api := long().api(httpapi.Options{})
	const target = "/v1/conversations/" + conversationID
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
		got := serve(api, request(tt.method, target, "", "If-None-Match", tt.condition, "Accept-Encoding", tt.accept))
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

	r := newReal(t)
	id := r.begin(hello)
	const body = `{"metadata":{"a":"b"}}`
	tag := r.do(http.MethodGet, "/v1/conversations/"+id, "").Header().Get("ETag")
	zipped := strings.TrimSuffix(tag, `"`) + `+gzip"`
	wantStatus(t, r.do(http.MethodPut, "/v1/conversations/"+id, body, "If-Match", zipped), 200)
	wantStatus(t, r.do(http.MethodPut, "/v1/conversations/"+id, body, "If-Match", zipped), http.StatusPreconditionFailed)
}

// halfway has the conversation but not what was said in it.
type halfway struct{ *world }

func (halfway) Messages(context.Context, string, string) ([]conversation.Message, error) {
	return nil, jobs.ErrUnavailable
}

func TestRefusalHasNoTag(t *testing.T) {
	t.Parallel()

	deps := long().deps()
	deps.Conversations = halfway{long()}
	api := httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{})
	got := serve(api, request("GET", "/v2/conversations/"+conversation.UUID(conversationID), ""))
	wantStatus(t, got, 503)
	if tag := got.Header().Get("ETag"); tag != "" {
		t.Errorf("a refusal has the ETag %s", tag)
	}
}
