package webhook

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Whatever a receiver does, an attempt is one request, ends in time, reads
// little and leaves nothing behind (see TestMain).
func TestSendSurvivesItsReceiver(t *testing.T) {
	t.Parallel()

	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	filler := strings.Repeat("x", 1<<10)
	tests := []struct {
		name    string
		answer  string
		then    ending
		more    string
		outcome Outcome
		code    int
		err     string // part of it
	}{
		{"well-behaved", ok, hangs, "", Delivered, 200, ""},
		{"no content", "HTTP/1.1 204 No Content\r\n\r\n", hangs, "", Delivered, 204, ""},
		{"says more than was asked", ok + ok + ok, closes, "", Delivered, 200, ""},
		{"accepts and hangs", "", hangs, "", Retry, 0, "the time was up while waiting for the answer"},
		{"accepts and closes", "", closes, "", Retry, 0, "the connection was closed while waiting for the answer"},
		{"closes in the header", "HTTP/1.1 200 OK\r\nX: ", closes, "", Retry, 0, "the connection was closed"},
		{"header drips", "HTTP/1.1 200 OK\r\nX: ", drips, "x", Retry, 0, "the time was up"},
		{"header never ends", "HTTP/1.1 200 OK\r\nX: ", floods, filler, Retry, 0, "too long"},
		{"headers never end", "HTTP/1.1 200 OK\r\n", floods, "X: y\r\n", Retry, 0, "too long"},
		{"early hints never end", "", floods, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", Retry, 0, "too long"},
		{"status line never ends", "HTTP/1.1 200 ", floods, filler, Retry, 0, "too long"},
		{"body drips", "HTTP/1.1 200 OK\r\n\r\n", drips, "x", Delivered, 200, ""},
		{"body hangs", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", hangs, "", Delivered, 200, ""},
		{"body never ends", "HTTP/1.1 200 OK\r\n\r\n", floods, filler, Delivered, 200, ""},
		{"body shorter than said", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort", closes, "", Delivered, 200, ""},
		{"chunks never end", "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n", floods, "1\r\nx\r\n", Retry, 500, "500 Internal Server Error"},
		{"broken chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", closes, "", Delivered, 200, ""},
		{"compressed bomb", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb(t), closes, "", Delivered, 200, ""},
		{"garbage", "\x00\x01\x02\r\n\r\n", closes, "", Retry, 0, "not HTTP"},
		{"another protocol", "SSH-2.0-OpenSSH_9.6\r\n", hangs, "", Retry, 0, "not HTTP"},
		{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", closes, "", Retry, 0, "not HTTP"},
		{"odd status", "HTTP/1.1 999 Odd\r\n\r\n", closes, "", Retry, 999, "999 which is no known status"},
		{"switches protocols", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", hangs, "", Retry, 101, "101 Switching Protocols"},
		{"301", redirect("301 Moved Permanently", "{self}/"), hangs, "", Retry, 301, "redirects are not followed, this one leads to http://127.0.0.1"},
		{"302", redirect("302 Found", "{self}/"), hangs, "", Retry, 302, "not followed"},
		{"303", redirect("303 See Other", "{self}/"), hangs, "", Retry, 303, "not followed"},
		{"304", redirect("304 Not Modified", "{self}/"), hangs, "", Retry, 304, "not followed"},
		{"307", redirect("307 Temporary Redirect", "{self}/"), hangs, "", Retry, 307, "not followed"},
		{"308", redirect("308 Permanent Redirect", "{self}/"), hangs, "", Retry, 308, "not followed"},
		{"redirect to nobody", redirect("307 Temporary Redirect", "http://:80/"), hangs, "", Retry, 307, "not followed"},
		{"redirect to another host", redirect("307 Temporary Redirect", "//169.254.169.254/"), hangs, "", Retry, 307, "not followed"},
		{"redirect to what is no URL", redirect("307 Temporary Redirect", "http:\\\\127.0.0.1\xff%"), hangs, "", Retry, 307, "not followed"},
		{"redirect to a long URL", redirect("307 Temporary Redirect", "/"+strings.Repeat("a", 2000)), hangs, "", Retry, 307, "/aaaa"},
		{"redirect to nowhere", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", hangs, "", Retry, 302, "302 Found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			receiver := newRawReceiver(t, tt.answer, tt.then, tt.more)
			sender := newSender(t, SenderOptions{Timeout: 500 * time.Millisecond})
			read := countReads(sender)

			began := time.Now()
			r := sender.Send(t.Context(), event(receiver.url), 1)
			took := time.Since(began)

			if r.Outcome != tt.outcome || r.Attempt.Code != tt.code || !strings.Contains(r.Attempt.Error, tt.err) || (tt.err == "") != (r.Attempt.Error == "") {
				t.Errorf("got %s, code %d, error %q; want %s, code %d, error %q",
					r.Outcome, r.Attempt.Code, r.Attempt.Error, tt.outcome, tt.code, tt.err)
			}
			if n := receiver.requests.Load(); n != 1 {
				t.Errorf("the receiver got %d requests, want 1", n)
			}
			if took > 2*time.Second {
				t.Errorf("took %s, want half a second and the scheduler's share", took)
			}
			if n := read.Load(); n > maxHeader+8*(maxAnswer+maxDrain) { // a chunk of one byte takes six
				t.Errorf("%d bytes were read", n)
			}
			if a := r.Attempt; len(a.Answer) > maxAnswer || !utf8.ValidString(a.Answer) || len(a.Error) > 512 || !utf8.ValidString(a.Error) {
				t.Errorf("the record holds %d bytes of answer and %d of error, want bounded and valid UTF-8", len(a.Answer), len(a.Error))
			}
		})
	}
}

func redirect(status, to string) string {
	return "HTTP/1.1 " + status + "\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n"
}

// bomb returns a few kilobytes that unpack to four megabytes.
func bomb(t *testing.T) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}
