package management_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

func FuzzPatch(f *testing.F) {
	for _, body := range []string{
		`[{"op":"add","path":"/vocabulary","value":"x"}]`,
		`{"op":"remove","path":"/vocabulary","value":["b"]}`,
		`[{"op":"remove","path":"/excludeVocabulary"},{"op":"replace","path":"/name","value":"z\n"}]`,
		`[{"op":"add","path":"/languages","value":[]},{"op":"replace","path":"/categories","value":["\u200d","é"]}]`,
		`[{"op":"replace","path":"/description","value":"\ud83d\udc4b"}]`,
		`[[]]`, `null`, `[{"op":"add","path":"/vocabulary/-","value":{}}]`, `[{"OP":"add"},{"op":"add","op":"add"}]`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		service := httpapitest.NewService(t)
		created := service.Do("POST", "/v1/manage/tracker", `{"name":"a","vocabulary":["b","c"]}`)
		path := "/v1/manage/tracker/" + anID.FindStringSubmatch(created.Body.String())[1]
		patched := service.Do("PATCH", path, body, "Content-Type", "application/json")
		httpapitest.WantAnswer(t, patched)
		want := patched
		if patched.Code != 200 {
			want = created
		}
		got := service.Do("GET", path, "")
		if got.Body.String() != want.Body.String() {
			t.Fatalf("the patch answered %d %s\nand left %s", patched.Code, patched.Body, got.Body)
		}
		// What is answered can be sent back, and changes nothing but the time.
		sent := strings.TrimSuffix(strings.TrimPrefix(got.Body.String(), `{"tracker":`), `}`)
		again := service.Do("PUT", path, sent)
		names := map[string]string{}
		if again.Code != 200 || stripped(again, names) != stripped(got, names) {
			t.Fatalf("sent back, %s became %d %s", got.Body, again.Code, again.Body)
		}
	})
}
