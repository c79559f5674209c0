package redistest

import (
	"net"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2/server"
)

// Fake starts what speaks the protocol of Redis and answers as the test says,
// and returns its address. HELLO and CLUSTER SLOTS it answers itself, as an old
// node that is alone in its Cluster. The answer may also hang up. Names are in upper case.
func Fake(t testing.TB, answer func(c *server.Peer, name string, args []string)) (addr string) {
	t.Helper()
	srv, err := server.NewServer("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	addr = srv.Addr().String()
	host, port, _ := net.SplitHostPort(addr) // it listens there
	srv.SetPreHook(func(c *server.Peer, name string, args ...string) bool {
		name = strings.ToUpper(name)
		switch name {
		case "CLUSTER":
			c.WriteRaw("*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n")
			c.WriteBulk(host)
			c.WriteRaw(":" + port + "\r\n")
			c.WriteBulk("id")
		case "HELLO":
			c.WriteError("ERR unknown command 'hello'") // so the client does without
		default:
			answer(c, name, args)
		}
		return true
	})
	return addr
}
