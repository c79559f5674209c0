package operations_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

func TestMain(m *testing.M) { openapitest.Main(m, "operations") }
