package edge

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A text that is written in portions is the string that would be written as a whole.
func TestText(t *testing.T) {
	t.Parallel()
	for _, portions := range [][]string{
		nil,
		{""},
		{"Hi.", "", " \"Quoted\" \\ and \n\t\x00", "<b>é\u2028日本</b>"},
		{"not \xff\xfe UTF-8", "\xc3"},
		{strings.Repeat("long ", 50_000), "end"},
	} {
		var want, got strings.Builder
		if err := json.MarshalWrite(&want, strings.Join(portions, ""), jsontext.AllowInvalidUTF8(true)); err != nil {
			t.Fatal(err)
		}
		text := Text{To: &got}
		for n, p := range portions {
			write := text.WriteString
			if n%2 == 1 {
				write = func(s string) (int, error) { return text.Write([]byte(s)) }
			}
			if n, err := write(p); n != len(p) || err != nil {
				t.Errorf("wrote %d of %d bytes, %v", n, len(p), err)
			}
		}
		if whole := `"` + got.String() + `"`; whole != want.String() {
			t.Errorf("%.60q was written as %.80s, want %.80s", portions, whole, want.String())
		}
	}
}
