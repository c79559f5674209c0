package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/settings"
)

func TestAPIConnections(t *testing.T) {
	t.Parallel()

	tests := []struct {
		set         int
		descriptors uint64
		want        int
	}{
		{0, 0, 2000},
		{0, 200, 100},
		{0, 1024, 512},
		{0, 65536, 2000},
		{0, 1 << 63, 2000},
		{10, 200, 10},
		{5000, 65536, 5000},
		{5000, 1024, 512}, // the reserve stays
	}
	for _, tt := range tests {
		if got := apiConnections(settings.Settings{Connections: tt.set}, tt.descriptors); got != tt.want {
			t.Errorf("apiConnections(%d, %d descriptors) = %d, want %d", tt.set, tt.descriptors, got, tt.want)
		}
	}
}

// With more idle connections than the API has, it and the ops listener answer,
// and the ops listener knows its own names only.
func TestIdleConnectionsKeepNobodyOut(t *testing.T) {
	t.Parallel()

	w := startWorker(t, "EMBEDDED=memory", "CONNECTIONS=50")
	for _, base := range []string{w.api, w.ops} {
		for range 120 {
			conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprint(conn, "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
		}
	}
	time.Sleep(200 * time.Millisecond)
	for url, want := range map[string]int{w.api + "/openapi.json": http.StatusOK, w.ops + "/readyz": http.StatusOK} {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: answered %s, want %d", url, resp.Status, want)
		}
	}
	req, _ := http.NewRequest(http.MethodGet, w.ops+"/metrics", nil)
	req.Host = "evil.example"
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("under another name: answered %s, want 421", resp.Status)
	}
}
