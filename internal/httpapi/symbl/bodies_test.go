package symbl

import (
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

func TestBodiesAreDescribed(t *testing.T) {
	t.Parallel()

	openapitest.CheckBodies(t, map[string]any{
		"Submission":         submission{},
		"MessageInput":       message{},
		"CustomEntity":       entity{},
		"TrackerRef":         tracker{},
		"ConversationUpdate": update{},
		"PersonInput":        memberBody{},
		"MemberUpdate":       memberBody{},
		"SpeakerEvents":      speakerEvents{},
		"TranscriptRequest":  transcriptRequest{},
	})
}
