package importing

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/turnwise/turnwise/internal/importer"
)

// A digest is that of all messages up to one.
type digest [16]byte

func (d digest) String() string { return hex.EncodeToString(d[:]) }

// next returns the digest with one more message. It depends on what the export
// says, not on how it was read: a time without a zone counts as it was written.
func (d digest) next(m importer.Message) digest {
	h := sha256.New()
	h.Write(d[:])
	at := fmt.Sprint(m.From)
	if !m.Start.IsZero() {
		at = m.Start.Format("2006-01-02T15:04:05.999999999")
	}
	for _, part := range [...]string{at, m.Sender.ID, m.Sender.Name, m.Sender.Email, m.Text} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return digest(h.Sum(nil)[:16])
}

// identify returns the external id of the conversation that a chat becomes: the
// same for the same chat, whenever it is exported. A chat of a format that does
// not grow is known by all of it, any other by its key and, if that is none that
// is used once, by its first message.
func identify(format importer.Format, c importer.Chat, first, all digest, fresh bool) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d:%s\n", string(format), len(c.Key), c.Key)
	switch {
	case !format.Grows() || fresh:
		h.Write(all[:])
	case !c.Unique:
		h.Write(first[:])
	}
	return "import-" + hex.EncodeToString(h.Sum(nil)[:16])
}
