package tokens_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/httpapi/openapi/openapitest"
)

func TestMain(m *testing.M) {
	openapitest.Main(m, "tokens", "POST "+httpapitest.GeneratePath, "POST "+httpapitest.RefreshPath, "DELETE "+httpapitest.RevokePath)
}
