package management

import (
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

func TestBodiesAreDescribed(t *testing.T) {
	t.Parallel()

	openapitest.CheckBodies(t, map[string]any{
		"TrackerInput": trackerBody{},
		"GroupInput":   groupBody{},
		"EntityInput":  entityBody{},
		"PatchStep":    opBody{},
	})
}
