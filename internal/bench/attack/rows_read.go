package attack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// makeLong makes a conversation of 100,000 messages, once, and waits for its jobs.
func makeLong(ctx context.Context, a *attacker) error {
	if a.long != "" {
		return nil
	}
	var s submission
	for n := range a.scaled(1000) {
		s.Messages = append(s.Messages, says(fmt.Sprintf("We will send supplier %d the budget review of the system on Monday.", n), "Eve"))
	}
	r, err := a.submit(ctx, "", s)
	if err != nil {
		return err
	}
	for n := 1; n < 100; {
		last, err := a.submit(ctx, r.ConversationID, s)
		if err != nil {
			return err
		}
		if last.JobID != "" {
			r = last
			n++
		}
	}
	a.long = r.ConversationID
	return a.finish(ctx, r)
}

// makeMany makes 100,000 conversations, once.
func makeMany(ctx context.Context, a *attacker) error {
	if a.many {
		return nil
	}
	a.many = true
	var made atomic.Int64
	most := int64(a.scaled(100_000))
	making, enough := context.WithCancel(ctx)
	defer enough()
	last := make([]receipt, 64)
	err := together(making, len(last), func(ctx context.Context, n int) error {
		if made.Add(1) > most {
			enough()
			return nil
		}
		r, err := a.submit(ctx, "", submission{Messages: texts(1, "Hi.")})
		if r.JobID != "" {
			last[n] = r
		}
		return err
	})
	for n := 0; n < len(last) && err == nil; n++ {
		err = a.finish(ctx, last[n])
	}
	return err
}

// read reads something of the long conversation.
func (a *attacker) read(ctx context.Context, what string, headers ...string) error {
	_, _, err := a.send(ctx, http.MethodGet, "/v1/conversations/"+a.long+what, nil, headers...)
	return err
}

func readers(ctx context.Context, a *attacker) error {
	return together(ctx, 10, func(ctx context.Context, _ int) error {
		return a.read(ctx, "/messages", "Accept-Encoding", "identity")
	})
}

// silentReaders ask for much and read nothing of it, until they are closed.
func silentReaders(ctx context.Context, a *attacker) error {
	host, err := url.Parse(a.API)
	if err != nil {
		return err
	}
	ask := fmt.Sprintf("GET /v1/conversations/%s/messages?verbose=true HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", a.long, host.Host, a.Token)
	return together(ctx, 30, func(ctx context.Context, _ int) error {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", host.Host)
		if err != nil {
			return process.Rest(ctx, afterRefusal)
		}
		defer conn.Close() //nolint:errcheck // it was never read
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetReadBuffer(4 << 10) // where it is not permitted, the system takes a little more
		}
		if _, err := conn.Write([]byte(ask)); err != nil {
			return process.Rest(ctx, afterRefusal)
		}
		a.count("left unread")
		return process.Rest(ctx, 15*time.Second)
	})
}

// hangUps asks for topics in ever new words and hangs up, and for their headers alone.
func hangUps(ctx context.Context, a *attacker) error {
	var words atomic.Int64
	return together(ctx, 4, func(ctx context.Context, n int) error {
		path := fmt.Sprintf("/v1/conversations/%s/topics?customTopicVocabulary=word%d", a.long, words.Add(1))
		if n == 0 {
			_, _, err := a.send(ctx, http.MethodHead, path, nil)
			return err
		}
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		if _, _, err := a.send(short, http.MethodGet, path, nil); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return process.Rest(ctx, 20*time.Millisecond)
	})
}

// digests asks for what is computed of all messages, while they change.
func digests(ctx context.Context, a *attacker) error {
	what := []string{"/analytics", "/questions", "/follow-ups", "/comprehensive/action-items", "/summary"}
	return together(ctx, len(what)+1, func(ctx context.Context, n int) error {
		if n < len(what) {
			return a.read(ctx, what[n])
		}
		if _, err := a.submit(ctx, a.long, submission{Messages: texts(1, "Hi.")}); err != nil {
			return err
		}
		return process.Rest(ctx, 200*time.Millisecond)
	})
}

// transcripts asks for what is written of all messages at once.
func transcripts(ctx context.Context, a *attacker) error {
	kinds := []string{"text/markdown", "text/srt"}
	return together(ctx, 6, func(ctx context.Context, n int) error {
		if n < 2 {
			return a.read(ctx, []string{"/entities", "/trackers"}[n])
		}
		body := fmt.Sprintf(`{"contentType":%q,"createParagraphs":"true","showSpeakerSeparation":true}`, kinds[n%2])
		_, _, err := a.send(ctx, http.MethodPost, "/v1/conversations/"+a.long+"/transcript", []byte(body))
		return err
	})
}

// polls asks whether something has changed, when nothing has.
func polls(ctx context.Context, a *attacker) error {
	if err := a.read(ctx, "/messages"); err != nil {
		return err
	}
	return together(ctx, 4, func(ctx context.Context, _ int) error {
		a.mu.Lock()
		tag := a.longTag
		a.mu.Unlock()
		if err := a.read(ctx, "/messages", "If-None-Match", tag); err != nil {
			return err
		}
		return process.Rest(ctx, 20*time.Millisecond)
	})
}

// lists asks for pages in every order, and for what no conversation is.
func lists(ctx context.Context, a *attacker) error {
	nobody := "filter=" + url.QueryEscape("conversation.name==nobody")
	queries := []string{
		"sort=conversation.name", "sort=conversation.endTime&order=desc", "sort=conversation.startTime&offset=50000", nobody,
		"sort=conversation.name&cursor=", nobody + "&cursor=",
	}
	return together(ctx, 10, func(ctx context.Context, n int) error {
		query := "/v1/conversations?limit=20&" + queries[n%len(queries)]
		for next, more := "", true; more; {
			_, text, err := a.send(ctx, http.MethodGet, query+next, nil)
			if err != nil {
				return err
			}
			_, cursor, found := strings.Cut(string(text), `"cursor":"`)
			next, _, _ = strings.Cut(cursor, `"`)
			more = found && strings.HasSuffix(query, "cursor=")
		}
		return nil
	})
}
