package importing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/wire"
	"github.com/turnwise/turnwise/internal/importer"
)

// A destination is the conversation that a chat becomes.
type destination struct {
	id       string // of the API, once there is one
	external string
	name     string
	stored   int               // messages of the chat that it has
	digest   digest            // of these
	known    bool              // the digest is known
	added    int               // messages that were sent
	metadata map[string]string // that it has
}

// A portion is a part of a chat that is sent at once.
type portion struct {
	messages []client.NewMessage
	first    int // the place of the first one in the chat
	digest   digest
	key      string
	bytes    int
}

// A target takes chats, portion by portion.
type target interface {
	// open returns the conversation of a chat, with what it has of it.
	open(ctx context.Context, external, name string) (*destination, error)
	// send makes the portion a part of the conversation, and has its digest kept
	// with it. The portions of a chat come in order.
	send(ctx context.Context, c *destination, p *portion, format importer.Format) error
	// done says that nothing more comes.
	done(ctx context.Context, c *destination) error
}

// A feed is a Sink for the second time through a source. It cuts chats into
// portions, leaves out those messages that the conversation has, and gives the
// rest to a target.
type feed struct {
	ctx       context.Context //nolint:containedctx // the methods of a Sink have none, and a feed lives as long as one call
	to        target
	format    importer.Format
	chats     []chat // of the first time through
	recording time.Time
	fresh     bool // make conversations of their own of chats that were changed
	progress  *progress
	refused   func(name string, err error) error

	at     int // of chats
	seen   int // messages of the chat
	digest digest
	now    *destination
	about  importer.Chat
	skip   bool // the rest of the chat, which was refused
	open   *portion
	result result
}

// A result counts what became of messages.
type result struct {
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"` // that were added
	Before        int `json:"already"`  // that were there before
	Refused       int `json:"refused"`  // conversations
}

func (f *feed) Begin(c importer.Chat) error {
	if err := f.end(); err != nil {
		return err
	}
	f.at++
	f.about, f.now, f.open, f.seen, f.digest, f.skip = c, nil, nil, 0, digest{}, false
	return nil
}

func (f *feed) Skip(int, string) {}
func (f *feed) Note(string)      {}

func (f *feed) Add(m importer.Message) error {
	for _, piece := range wire.Pieces(m) {
		if err := f.add(piece); err != nil {
			return err
		}
	}
	return nil
}

func (f *feed) add(m importer.Message) error {
	if f.skip {
		return nil
	}
	if f.now == nil {
		if err := f.begin(); err != nil || f.skip {
			return err
		}
	}
	f.digest = f.digest.next(m)
	f.seen++
	if f.seen <= f.now.stored {
		f.result.Before++
		f.progress.add(1)
		if f.seen == f.now.stored && f.now.known && f.digest != f.now.digest {
			return f.refuse(errChanged)
		}
		return nil
	}
	w := wire.Message(m, f.recording)
	n := wire.Size(w)
	if f.open != nil && (len(f.open.messages) >= wire.MostMessages || f.open.bytes+n > wire.MostBytes || f.open.first == 0) {
		if err := f.flush(); err != nil || f.skip {
			return err
		}
	}
	if f.open == nil {
		f.open = &portion{first: f.seen - 1}
	}
	f.open.messages = append(f.open.messages, w)
	f.open.bytes += n
	f.open.digest = f.digest
	return nil
}

// begin finds the conversation of the chat whose first message is there.
func (f *feed) begin() (err error) {
	found := f.chats[f.at-1]
	external := identify(f.format, f.about, found.first, found.all, f.fresh)
	f.now, err = f.to.open(f.ctx, external, wire.Cut(f.about.Title, wire.MostTitle))
	if err != nil {
		return f.refuse(err)
	}
	return nil
}

// refuse goes on with the next chat if the error is about this one.
func (f *feed) refuse(err error) error {
	if err = f.refused(f.about.Title, err); err != nil {
		return err
	}
	f.result.Refused++
	f.skip, f.open = true, nil
	return nil
}

// flush sends the portion. Its key follows from what is in it and before it.
func (f *feed) flush() error {
	p := f.open
	f.open = nil
	if p == nil {
		return nil
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", f.now.external, p.first, p.digest))
	p.key = "import-" + hex.EncodeToString(sum[:16])
	if err := f.to.send(f.ctx, f.now, p, f.format); err != nil {
		return f.refuse(err)
	}
	f.result.Messages += len(p.messages)
	f.progress.add(len(p.messages))
	return nil
}

// end ends the chat.
func (f *feed) end() error {
	if f.now == nil || f.skip {
		return nil
	}
	if err := f.flush(); err != nil || f.skip {
		return err
	}
	now := f.now
	f.now = nil
	f.result.Conversations++
	if err := f.to.done(f.ctx, now); err != nil {
		return f.refuse(err)
	}
	return nil
}
