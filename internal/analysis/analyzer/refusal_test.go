package analyzer_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

func TestRefusal(t *testing.T) {
	t.Parallel()

	const invalid = "the analyzer's answer is invalid: "
	tests := []struct {
		name      string
		status    int
		answer    string
		want      string
		permanent bool
	}{
		{"message", 400, `{"message":"no such\n language","code":7}`, "no such language", true},
		{"long message", 422, `{"message":"` + strings.Repeat("é", 300) + `"}`, strings.Repeat("é", 200), true},
		{"text", 403, " not\r\nyours ", "not yours", true},
		{"long text", 413, strings.Repeat("é", 300), strings.Repeat("é", 200), true},
		{"longer than is read", 413, strings.Repeat("a", 1<<20), strings.Repeat("a", 200), true},
		{"other JSON", 404, `{"message":7}`, `{"message":7}`, true},
		{"not UTF-8", 400, "a\xffb", "a�b", true},
		{"nothing said", 401, "", "the analyzer answered 401", true},
		{"empty message", 400, `{"message":" "}`, "the analyzer answered 400", true},

		{"request timeout", 408, "secret", "the analyzer answered 408", false},
		{"too early", 425, "secret", "the analyzer answered 425", false},
		{"too many requests", 429, `{"message":"secret"}`, "the analyzer answered 429", false},
		{"broken", 500, "secret", "the analyzer answered 500", false},
		{"away", 503, "secret", "the analyzer answered 503", false},
		{"moved", 307, "secret", "the analyzer answered 307", false},
		{"moved for good", 301, "secret", "the analyzer answered 301", false},

		{"nothing", 200, "", invalid + "it is not JSON", true},
		{"no JSON", 200, "ok", invalid + "it is not JSON", true},
		{"more than JSON", 200, "{}{}", invalid + "it is not JSON", true},
		{"no object", 200, "[]", invalid + "it is a JSON array, not an object", true},
		{"insights are no list", 200, `{"insights":{}}`, invalid + "insights cannot be a JSON object", true},
		{"score is a string", 200, scored(`"1"`), invalid + "insights.score cannot be a JSON string", true},
		{"score below 0", 200, scored("1", "-0.1"), invalid + "insights[1].score is -0.1, not between 0 and 1", true},
		{"score above 1", 200, scored("1.1"), invalid + "insights[0].score is 1.1, not between 0 and 1", true},
		{
			"no type", 200, `{"insights":[{"text":"Q","messageIds":["` + m0 + `"]}]}`,
			invalid + `insights[0].type is "", not question, action_item or follow_up`, true,
		},
		{
			"unknown type, low score", 200, `{"insights":[{"type":"task","score":0,"text":"Q","messageIds":["` + m0 + `"]}]}`,
			invalid + `insights[0].type is "task", not question, action_item or follow_up`, true,
		},
		{
			"blank text", 200, `{"insights":[{"type":"question","text":" ","messageIds":["` + m0 + `"]}]}`,
			invalid + "insights[0].text is missing", true,
		},
		{
			"NUL", 200, `{"insights":[{"type":"question","text":"Q\u0000?","messageIds":["` + m0 + `"]}]}`,
			invalid + "insights[0].text contains the character NUL", true,
		},
		{
			"no message", 200, `{"insights":[{"type":"question","text":"Q","messageIds":[]}]}`,
			invalid + "insights[0].messageIds is missing", true,
		},
		{
			"a message of another job", 200, `{"insights":[{"type":"question","text":"Q","messageIds":["` + m0 + `","1"]}]}`,
			invalid + `insights[0].messageIds[1] is "1", no message of this job`, true,
		},
		{
			"strange id", 200, `{"insights":[{"id":"a:b","type":"question","text":"Q","messageIds":["` + m0 + `"]}]}`,
			invalid + `insights[0].id is "a:b", not 1 to 20 decimal digits`, true,
		},
		{
			"an id twice", 200, `{"insights":[{"id":"7","type":"question","text":"Q","messageIds":["` + m0 + `"]},
				{"id":"7","type":"question","text":"R","messageIds":["` + m0 + `"]}]}`,
			invalid + "insights[1].id 7 stands for another insight already", true,
		},
		{
			"a long reason", 200, `{"insights":[{"type":"` + strings.Repeat("x", 1<<20) + `"}]}`,
			invalid + `insights[0].type is "` + strings.Repeat("x", 200-len(`insights[0].type is "`)), true,
		},
		{"as many insights as may be", 200, scored(slices.Repeat([]string{"0"}, 300)...), "", false},
		{"too many insights", 200, scored(slices.Repeat([]string{"0"}, 301)...), invalid + "it has 301 insights, and 300 at most are taken for the 3 messages of the job", true},
		{"very many insights", 200, `{"insights":[{}` + strings.Repeat(",{}", 89_999) + `]}`, invalid + "it has 90000 insights, and 300 at most are taken for the 3 messages of the job", true},
		{
			"a long text", 200, `{"insights":[{"type":"question","text":"` + strings.Repeat("x", 64<<10+1) + `","messageIds":["` + m0 + `"]}]}`,
			invalid + "insights[0].text has 65537 bytes, more than 65536", true,
		},
		{"as large as may be", 200, `{"insights":[` + strings.Repeat(" ", 8<<20-15) + `]}`, "", false},
		{"too large", 200, `{"insights":[` + strings.Repeat(" ", 8<<20-14) + `]}`, invalid + "it is larger than 8 MiB", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := serve(t, answer(tt.status, tt.answer), 0).Analyze(t.Context(), task())
			checkError(t, err, tt.want, tt.permanent)
		})
	}
}

// TestBusyAnalyzer checks that an analyzer may say when to be asked again, up to an
// hour from now.
func TestBusyAnalyzer(t *testing.T) {
	t.Parallel()

	tests := []struct {
		status int
		header string
		want   time.Duration // 0 if it asks for nothing
	}{
		{429, "120", 2 * time.Minute},
		{503, "7", 7 * time.Second},
		{503, "86400", time.Hour},
		{503, "soon", 0},
		{500, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.header, func(t *testing.T) {
			t.Parallel()

			_, err := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.header)
				w.WriteHeader(tt.status)
			}, 0).Analyze(t.Context(), task())
			checkError(t, err, "the analyzer answered "+strconv.Itoa(tt.status), false)
			var after time.Duration
			if busy, ok := errors.AsType[*jobs.BusyError](err); ok {
				after = busy.After
			}
			if after != tt.want {
				t.Errorf("Retry-After %q: the next attempt is to wait %v, want %v", tt.header, after, tt.want)
			}
		})
	}
}

func checkError(t *testing.T, err error, want string, permanent bool) {
	t.Helper()

	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("Analyze: error %q, want %q", got, want)
	}
	if _, is := errors.AsType[*jobs.PermanentError](err); is != permanent {
		t.Errorf("Analyze: permanent %t, want %t (%v)", is, permanent, err)
	}
}
