package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// TestEitherFormOfTheID reads a conversation, and appends to it, by its UUID.
func TestEitherFormOfTheID(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(httpapitest.Hello)
	got := service.Do(http.MethodPut, "/v1/process/text/"+conversation.UUID(id), httpapitest.Hello)
	httpapitest.WantStatus(t, got, http.StatusCreated)
	if !strings.Contains(got.Body.String(), id) {
		t.Errorf("the receipt is %s, want the id %s as ever", got.Body, id)
	}
	service.RunJobs()
	byNumber := service.Do(http.MethodGet, "/v1/conversations/"+id+"/messages", "")
	byUUID := service.Do(http.MethodGet, "/v1/conversations/"+conversation.UUID(id)+"/messages", "")
	httpapitest.WantStatus(t, byUUID, http.StatusOK)
	if byNumber.Body.String() != byUUID.Body.String() || strings.Count(byUUID.Body.String(), "Hello.") != 2 {
		t.Errorf("by id %s\nby UUID %s\nwant two messages both times", byNumber.Body, byUUID.Body)
	}
}
