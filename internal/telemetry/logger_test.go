package telemetry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode"

	"github.com/turnwise/turnwise/internal/telemetry"
)

// Hostile values, each of which would do something to a terminal or a line.
func hostile() []string {
	return []string{
		"a\nlevel=ERROR msg=forged",
		"\x1b[2J\x07\x00\x7f",
		"\u009b31m and \u0085",
		"user\u202egnp.exe",
		"zero\u200bwidth\ufeff",
		"tag \U000e0041 note \U0001d173",
		"line\u2028paragraph\u2029",
		"not \xff UTF-8",
	}
}

func TestLogStaysPrintable(t *testing.T) {
	t.Parallel()

	for _, format := range []string{"text", "json"} {
		for _, value := range hostile() {
			var out bytes.Buffer
			log, err := telemetry.NewLogger(&out, "debug", format)
			if err != nil {
				t.Fatal(err)
			}
			log.InfoContext(t.Context(), "job submitted", slog.String("value", value),
				slog.Any("err", errors.New(value)), slog.Group("g", slog.Any("list", []string{value})))
			line, ended := strings.CutSuffix(out.String(), "\n")
			if !ended || strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%s of %q is %q, want one line of printable characters", format, value, out.String())
			}
		}
	}
}

func TestJSONLogKeepsValues(t *testing.T) {
	t.Parallel()

	for _, value := range append(hostile(), "plain", "Grüße, 世界 👋") {
		var out bytes.Buffer
		log, err := telemetry.NewLogger(&out, "info", "json")
		if err != nil {
			t.Fatal(err)
		}
		log.InfoContext(t.Context(), "job submitted", slog.String("value", value))
		var record struct{ Msg, Value string }
		if err := json.Unmarshal(out.Bytes(), &record); err != nil {
			t.Fatalf("the record of %q is %q: %v", value, out.String(), err)
		}
		if want := strings.ToValidUTF8(value, "\ufffd"); record.Value != want || record.Msg != "job submitted" {
			t.Errorf("the record of %q reads back as %+v", value, record)
		}
	}
}

func TestLogKeepsPrintableTextReadable(t *testing.T) {
	t.Parallel()

	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log, err := telemetry.NewLogger(&out, "info", format)
		if err != nil {
			t.Fatal(err)
		}
		log.InfoContext(t.Context(), "job submitted", slog.String("name", "Grüße, 世界 👋"))
		if !strings.Contains(out.String(), "Grüße, 世界 👋") {
			t.Errorf("%s is %q, want the name as it is", format, out.String())
		}
	}
}

func TestLoggerSettings(t *testing.T) {
	t.Parallel()

	tests := []struct {
		level, format string
		lowest        slog.Level
		err           string
	}{
		{level: "debug", format: "text", lowest: slog.LevelDebug},
		{level: "info", format: "json", lowest: slog.LevelInfo},
		{level: "warn", format: "text", lowest: slog.LevelWarn},
		{level: "error", format: "json", lowest: slog.LevelError},
		{level: "loud", format: "json", err: `log level "loud" is unknown: want debug, info, warn or error`},
		{level: "info", format: "xml", err: `log format "xml" is unknown: want text or json`},
	}
	for _, tt := range tests {
		t.Run(tt.level+" "+tt.format, func(t *testing.T) {
			t.Parallel()

			log, err := telemetry.NewLogger(&bytes.Buffer{}, tt.level, tt.format)
			if err != nil || tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Fatalf("NewLogger(%q, %q) = %v, want %s", tt.level, tt.format, err, tt.err)
				}
				return
			}
			if !log.Enabled(t.Context(), tt.lowest) || log.Enabled(t.Context(), tt.lowest-1) {
				t.Errorf("NewLogger(%q, %q) does not log exactly from %v on", tt.level, tt.format, tt.lowest)
			}
		})
	}
}

func BenchmarkLogger(b *testing.B) {
	for _, format := range []string{"text", "json"} {
		b.Run(format, func(b *testing.B) {
			log, err := telemetry.NewLogger(discard{}, "info", format)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				log.LogAttrs(b.Context(), slog.LevelInfo, "webhook attempted",
					slog.String("job", "7f3c0e5a-0000-4000-8000-000000000000"), slog.Int("code", 200))
			}
		})
	}
}

// Discard is io.Discard as slog does not know it, so that it formats at all.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
