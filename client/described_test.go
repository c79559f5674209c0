package client_test

import (
	"testing"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

// What the API describes of these, a caller of the client can read.
func TestTypesAreDescribed(t *testing.T) {
	t.Parallel()

	openapitest.CheckBodies(t, map[string]any{
		"Analytics":     client.Analytics{},
		"Attempt":       client.Attempt{},
		"Conversation":  client.Conversation{},
		"Delivery":      client.Delivery{},
		"Endpoint":      client.Endpoint{},
		"Entity":        client.Entity{},
		"Group":         client.Group{},
		"InsightEntity": client.InsightEntity{},
		"Job":           client.Job{},
		"Member":        client.Member{},
		"Message":       client.Message{},
		"Phrase":        client.Phrase{},
		"Receipt":       client.Receipt{},
		"Resend":        client.Resend{},
		"ResendRequest": client.ResendRequest{},
		"Sentiment":     client.Sentiment{},
		"Share":         client.Share{},
		"Topic":         client.Topic{},
		"Tracker":       client.Tracker{},
		"WebhookSecret": client.WebhookSecret{},
		"Word":          client.Word{},
	})
}
