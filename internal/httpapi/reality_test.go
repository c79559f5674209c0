package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
)

// TestEitherFormOfTheID reads a conversation, and appends to it, by its UUID.
func TestEitherFormOfTheID(t *testing.T) {
	t.Parallel()

	r := newReal(t)
	id := r.begin(hello)
	got := r.do(http.MethodPut, "/v1/process/text/"+conversation.UUID(id), hello)
	wantStatus(t, got, http.StatusCreated)
	if !strings.Contains(got.Body.String(), id) {
		t.Errorf("the receipt is %s, want the id %s as ever", got.Body, id)
	}
	r.work()
	byNumber := r.do(http.MethodGet, "/v1/conversations/"+id+"/messages", "")
	byUUID := r.do(http.MethodGet, "/v1/conversations/"+conversation.UUID(id)+"/messages", "")
	wantStatus(t, byUUID, http.StatusOK)
	if byNumber.Body.String() != byUUID.Body.String() || strings.Count(byUUID.Body.String(), "Hello.") != 2 {
		t.Errorf("by id %s\nby UUID %s\nwant two messages both times", byNumber.Body, byUUID.Body)
	}
}
