package edge_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// Bodies that arrive without an end take a bounded part of memory. What is too
// much is refused at once, with 429, and another account's bodies are taken.
func TestUnfinishedBodiesAreBounded(t *testing.T) {
	srv := httpapitest.NewFull().API(httpapi.Options{Timeout: 20 * time.Second}).NewServer()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go srv.Serve(l)
	defer srv.Close()
	before := heap()

	// Each is one byte short of a mebibyte, and refused or waited for.
	refused := make(chan bool, 100)
	begun := make([]net.Conn, 100)
	for i := range begun {
		begun[i] = begin(t, l.Addr().String(), "ann", 1<<20)
		go func() {
			resp, err := readAnswer(begun[i])
			refused <- err == nil && resp == http.StatusTooManyRequests
		}()
	}
	for n := range 69 { // of 64 MiB an account may have half, less the bytes by which a body is one too long
		select {
		case ok := <-refused:
			if !ok {
				t.Fatal("a body was answered otherwise than with 429")
			}
		case <-time.After(15 * time.Second):
			t.Fatalf("%d of 100 unfinished bodies were refused, want 69", n)
		}
	}
	if grown := heap() - before; grown > 60<<20 {
		t.Errorf("unfinished bodies hold %d MiB", grown>>20)
	}
	// Another account, and a short body of the same one, are not held up.
	for _, token := range []string{"ann", "bob"} {
		conn := begin(t, l.Addr().String(), token, 2)
		_, _ = io.WriteString(conn, "}")
		if status, err := readAnswer(conn); err != nil || status != http.StatusBadRequest {
			t.Errorf("a short body of %s: %d, %v; want it read", token, status, err)
		}
	}
	conn := begin(t, l.Addr().String(), "bob", 1<<20)
	_, _ = io.WriteString(conn, " ")
	if status, err := readAnswer(conn); err != nil || status != http.StatusBadRequest {
		t.Errorf("a long body of another account: %d, %v; want it read", status, err)
	}
	for _, conn := range begun {
		_ = conn.Close()
	}
	// What they held is free again, once the server has seen that they are gone.
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn = begin(t, l.Addr().String(), "ann", 1<<20)
		_, _ = io.WriteString(conn, " ")
		status, err := readAnswer(conn)
		if err == nil && status == http.StatusBadRequest {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("a long body afterwards: %d, %v; want it read", status, err)
		}
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}

// begin sends a request but for the last byte of its body.
func begin(t *testing.T, addr, token string, size int) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintf(conn, "POST /v1/process/text HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", token, size)
	_, _ = io.WriteString(conn, "{"+strings.Repeat(" ", size-2)) // it may be refused meanwhile
	return conn
}

func readAnswer(conn net.Conn) (status int, err error) {
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
