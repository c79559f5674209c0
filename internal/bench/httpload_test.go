package bench

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Calls of a connection reach a server of net/http one after the other, whole,
// and their answers come back to who asked.
func TestLoad(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got struct {
			Messages []struct{ Payload struct{ Content string } }
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.Header.Get("Authorization") != "Bearer secret" {
			http.Error(w, "no request of the bench's", http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(r.URL.Path + got.Messages[0].Payload.Content))
	}))
	defer server.Close()
	var answers []string
	note := func(b []byte) error {
		answers = append(answers, string(b))
		return nil
	}
	calls := [][]call{{
		{request(http.MethodPut, "/a", "secret", body(1)), note},
		{request(http.MethodPut, "/b", "secret", body(22)), note},
	}}
	took, err := load(t.Context(), server.Listener.Addr().String(), calls)
	if err != nil || len(took) != 2 {
		t.Fatalf("load = %v, %v; want the time of two calls", took, err)
	}
	if want := []string{"/a" + message(1), "/b" + message(22)}; strings.Join(answers, "|") != strings.Join(want, "|") {
		t.Errorf("answers = %q, want %q", answers, want)
	}

	calls[0][1].request = request(http.MethodPut, "/b", "wrong", body(22))
	if _, err := load(t.Context(), server.Listener.Addr().String(), calls); err == nil || !strings.Contains(err.Error(), "answered 400: no request") {
		t.Errorf("load of a request that is refused = %v, want an error that says so", err)
	}
}
