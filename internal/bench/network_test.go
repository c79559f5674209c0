package bench

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"time"
)

// What goes over the network arrives whole and in order, either way, and not
// before the delay is over; its end arrives too.
func TestDelaying(t *testing.T) {
	t.Parallel()

	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		conn, err := echo.Accept()
		if err == nil {
			_, err = io.Copy(conn, conn)
		}
		ended <- err
	}()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan struct{})
	d := delaying{network: "tcp", addr: echo.Addr().String(), delay: 50 * time.Millisecond}
	go func() {
		defer close(served)
		_ = d.serve(ctx, l) // ends with its listener
	}()

	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := conn.Write([]byte{'x'}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 2*d.delay {
		t.Errorf("there and back took %v, want %v at least", took, 2*d.delay)
	}
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<14) // more than one chunk
	go func() { _, _ = conn.Write(sent) }()                 // what is missing shows below
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, sent) {
		t.Errorf("read %v, want what was sent", err)
	}
	_ = conn.Close()
	if err := <-ended; err != nil {
		t.Errorf("the end of the connection arrived as %v", err)
	}
	cancel()
	_ = l.Close()
	<-served
	_ = echo.Close()
}
