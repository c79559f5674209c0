package settings_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/settings"
)

// Each field of the settings is read by a row of the table and used by the
// worker. The program alone sets those that are not in the table.
func TestEveryFieldIsReadAndUsed(t *testing.T) {
	t.Parallel()

	table := sourceOf(t, "table.go")
	worker := sourceOf(t, "../../cmd/worker/*.go") + sourceOf(t, "settings.go") + sourceOf(t, "rules.go")
	for f := range reflect.TypeFor[settings.Settings]().Fields() {
		outside := slices.Contains([]string{"Accounts", "Demo", "Open", "Version", "Warnings", "WebhookEndpoints"}, f.Name)
		if !outside && !strings.Contains(table, "&s."+f.Name+")") && !strings.Contains(table, "&s."+f.Name+",") {
			t.Errorf("no row of the table sets %s", f.Name)
		}
		if f.Name != "Config" && !strings.Contains(worker, "."+f.Name) {
			t.Errorf("nothing in cmd/worker uses %s", f.Name)
		}
	}
}

// sourceOf returns the source of files, tests left out.
func sourceOf(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("find %s: %v, %v", pattern, files, err)
	}
	var source strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(content)
	}
	return source.String()
}
