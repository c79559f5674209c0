package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/alicebob/miniredis/v2/server"
)

// What a request to miniredis may hold. It takes what is announced on trust: it
// makes room for a length before anything has arrived, and panics at none.
const (
	maxParts  = 1 << 20  // of a request
	maxPart   = 64 << 20 // bytes; no script sends nearly as much
	maxDigits = 10       // of a number
)

var errFrame = errors.New("the request is malformed or too large")

// framed is a connection on which only well-formed requests can be read: arrays
// of 1 to maxParts strings, each of 0 to maxPart bytes. The first byte of
// anything else breaks it.
type framed struct {
	net.Conn

	parts  int    // of the request that are still to come
	bytes  int    // of the part that is being read, with its line end
	header []byte // as far as it has arrived
}

// Read implements [net.Conn].
func (f *framed) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		taken, bad := f.take(rest)
		if bad != nil {
			_ = f.Close() // who sends this gets no answer
			return 0, bad
		}
		rest = rest[taken:]
	}
	return n, err
}

// take reads on in the body of a part, or in a header.
func (f *framed) take(p []byte) (n int, err error) {
	if f.bytes > 0 {
		n = min(f.bytes, len(p))
		f.bytes -= n
		return n, nil
	}
	f.header = append(f.header, p[0])
	switch size := len(f.header); {
	case p[0] == '\n':
		err = f.begin(strings.TrimSuffix(string(f.header), "\r\n"))
		f.header = f.header[:0]
	case size > len("*")+maxDigits+len("\r"):
		err = errFrame
	}
	return 1, err
}

// begin reads a header: of a request, or of the next of its parts.
func (f *framed) begin(header string) error {
	kind, most := byte('*'), maxParts
	if f.parts > 0 {
		kind, most = '$', maxPart
	}
	if header == "" || header[0] != kind {
		return errFrame
	}
	n, digits := 0, header[1:]
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return errFrame
		}
		n = n*10 + int(c-'0')
	}
	if digits == "" || n > most || kind == '*' && n == 0 {
		return errFrame
	}
	if kind == '*' {
		f.parts = n
		return nil
	}
	f.parts--
	f.bytes = n + len("\r\n")
	return nil
}

// recoverIn returns a hook that answers a command that panics with an error,
// where the panic would end the process and lose all that it keeps.
func recoverIn(s *server.Server, log *slog.Logger) server.Hook {
	var under sync.Map // the peers whose commands are under way
	return func(c *server.Peer, name string, args ...string) (done bool) {
		if _, again := under.LoadOrStore(c, true); again {
			return false
		}
		defer under.Delete(c)
		defer func() {
			if cause := recover(); cause != nil {
				log.Error("embedded redis panicked", slog.String("command", name), slog.Any("panic", cause), slog.String("stack", string(debug.Stack())))
				c.WriteError(fmt.Sprintf("ERR the command %s panicked", name))
				done = true
			}
		}()
		s.Dispatch(c, append([]string{name}, args...))
		return true
	}
}
