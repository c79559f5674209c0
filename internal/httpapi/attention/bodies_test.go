package attention

import (
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

func TestBodiesAreDescribed(t *testing.T) {
	t.Parallel()

	openapitest.CheckBodies(t, map[string]any{
		"ResourceUpdate": resourceUpdate{},
		"Import":         importBody{},
		"ImportSentence": importLine{},
		"ImportWords":    importWords{},
	})
}
