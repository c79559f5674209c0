package telemetry_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/telemetry"
)

// Each verb of the metrics is called by the service. A metric whose verb nobody
// calls stays at zero.
func TestVerbsAreCalled(t *testing.T) {
	t.Parallel()

	var source strings.Builder
	for _, dir := range []string{root + "internal", root + "cmd"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			source.Write(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for verb := range reflect.TypeFor[*telemetry.Metrics]().Methods() {
		if !strings.Contains(source.String(), "."+verb.Name+"(") {
			t.Errorf("nobody calls Metrics.%s", verb.Name)
		}
	}
}
