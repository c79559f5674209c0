package transcript

import (
	"iter"
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
)

// window is how many bytes of messages are held to put them in order without asking.
const window = 256 << 10

// perMessage is what a message takes, in bytes, beside its text, about.
const perMessage = 256

// InOrder yields messages by their starts, as [SRT] needs them, where they are stored
// in the order of their acceptance. Few are held and sorted. Many are read twice: if
// the first reading finds them in order, which they nearly always are, the second one
// yields them and nothing is held. Else all are held, once admit grants their bytes.
//
// What read yields may grow between readings; what is new then is left out.
func InOrder(read func() Messages, admit func(bytes int) error) Messages {
	return func(yield func(conversation.Message, error) bool) {
		messages, err := inOrder(read, admit)
		if err != nil {
			yield(conversation.Message{}, err)
			return
		}
		messages(yield)
	}
}

func inOrder(read func() Messages, admit func(bytes int) error) (Messages, error) {
	var held []conversation.Message
	var last time.Time
	bytes, count, sorted := 0, 0, true
	for m, err := range read() {
		if err != nil {
			return nil, err
		}
		count++
		bytes += perMessage + len(m.Text)
		sorted = sorted && !m.Start.Before(last)
		last = m.Start
		if held = append(held, m); bytes > window {
			held = held[:0]
		}
	}
	if bytes > window && sorted {
		return first(read(), count), nil
	}
	if bytes > window {
		if err := admit(bytes); err != nil {
			return nil, err
		}
		held = nil
		for m, err := range first(read(), count) {
			if err != nil {
				return nil, err
			}
			held = append(held, m)
		}
	}
	slices.SortStableFunc(held, func(a, b conversation.Message) int { return a.Start.Compare(b.Start) })
	return all(held), nil
}

// first yields so many messages.
func first(messages Messages, count int) Messages {
	return func(yield func(conversation.Message, error) bool) {
		left := count
		for m, err := range messages {
			if left--; !yield(m, err) || err != nil || left == 0 {
				return
			}
		}
	}
}

func all(messages []conversation.Message) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		for _, m := range messages {
			if !yield(m, nil) {
				return
			}
		}
	}
}
