package bench

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A receiver counts every event that is not the next one of its job.
func TestReceiver(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		ids  []string
		want received
	}{
		{"two jobs in order", []string{"a_1_x", "b_1_x", "a_2_x", "b_2_x"}, received{4, 0}},
		{"one twice", []string{"a_1_x", "a_1_x", "a_2_x"}, received{3, 1}},
		{"one lost", []string{"a_1_x", "a_3_x"}, received{2, 1}},
		{"two exchanged", []string{"a_2_x", "a_1_x", "a_3_x"}, received{3, 2}},
		{"no event of ours", []string{"a"}, received{1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			server := httptest.NewServer(newReceiver())
			defer server.Close()
			for _, id := range tt.ids {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+hookPath, nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Webhook-Id", id)
				resp, err := server.Client().Do(req)
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Fatalf("POST of %s = %v, %v", id, resp, err)
				}
				_ = resp.Body.Close()
			}
			got, err := countOf(t.Context(), server.Listener.Addr().String(), len(tt.ids))
			if err != nil || got != tt.want {
				t.Errorf("countOf = %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}
