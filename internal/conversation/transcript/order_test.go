package transcript_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/transcript"
)

// Few messages are read once and sorted, many in order read twice and not held, and
// only many out of order are held, if that is admitted.
func TestInOrder(t *testing.T) {
	t.Parallel()
	errFull := errors.New("full")
	tests := []struct {
		name     string
		count    int
		late     int // index of a message that begins before all others; -1 for none
		full     bool
		readings int
		admitted bool
	}{
		{"none", 0, -1, true, 1, false},
		{"few", 100, -1, true, 1, false},
		{"few, out of order", 100, 99, true, 1, false},
		{"many", 10_000, -1, true, 2, false},
		{"many, out of order", 10_000, 9_999, false, 2, true},
		{"many, out of order, without room", 10_000, 9_999, true, 1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stored []conversation.Message
			for n := range tt.count {
				at := time.Duration(n) * time.Second
				if n == tt.late {
					at = -time.Hour
				}
				stored = append(stored, said(fmt.Sprint(n), "", "Hi.", at, at))
			}
			readings, admitted := 0, 0
			more := stored
			messages := transcript.InOrder(func() transcript.Messages {
				readings++
				now := more
				more = append(more, said("new", "", "Hi.", -2*time.Hour, 0)) // before all, but after the first reading
				return read(now, nil)
			}, func(bytes int) error {
				admitted = bytes
				if tt.full {
					return errFull
				}
				return nil
			})
			var ids []string
			var failed error
			last := noon.Add(-2 * time.Hour)
			for m, err := range messages {
				if failed = err; err != nil {
					break
				}
				if ids = append(ids, m.ID); m.Start.Before(last) || m.ID == "new" {
					t.Fatalf("message %s begins before the one before it, or is new", m.ID)
				}
				last = m.Start
			}
			if refused := tt.full && tt.admitted; refused != errors.Is(failed, errFull) || !refused && len(ids) != tt.count {
				t.Errorf("%d messages, error %v", len(ids), failed)
			}
			if readings != tt.readings || admitted > 0 != tt.admitted || tt.admitted && admitted < 3*tt.count {
				t.Errorf("read %d times, want %d; %d bytes admitted, want %t", readings, tt.readings, admitted, tt.admitted)
			}
		})
	}
}

// An error of a reading, or of the writer, ends the transcript.
func TestBrokenOff(t *testing.T) {
	t.Parallel()
	lost := errors.New("lost")
	for _, write := range []func(*limited, transcript.Messages) error{
		func(w *limited, m transcript.Messages) error {
			return transcript.Markdown(w, standup(), m, transcript.Options{})
		},
		func(w *limited, m transcript.Messages) error {
			return transcript.SRT(w, standup(), m, transcript.Options{})
		},
	} {
		if err := write(&limited{left: 1 << 20}, read(talk(), lost)); !errors.Is(err, lost) {
			t.Errorf("with a reading that fails: %v", err)
		}
		for most := range 50 {
			w := &limited{left: most}
			if err := write(w, read(talk(), nil)); !errors.Is(err, errLimit) {
				t.Errorf("with a writer that takes %d bytes: %v", most, err)
			}
		}
	}
	ordered := transcript.InOrder(func() transcript.Messages { return read(talk(), lost) }, func(int) error { return nil })
	for _, err := range ordered {
		if !errors.Is(err, lost) {
			t.Errorf("in order, with a reading that fails: %v", err)
		}
	}
}

var errLimit = errors.New("no more")

// limited takes so many bytes.
type limited struct {
	strings.Builder
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errLimit
	}
	return l.Builder.Write(p)
}

func (l *limited) WriteString(s string) (int, error) { return l.Write([]byte(s)) }
