package httpapitest

import (
	"embed"
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

//go:embed testdata/answers
var documents embed.FS

// WantDocument compares an answer with a file of testdata/answers.
func WantDocument(t *testing.T, got *httptest.ResponseRecorder, name string) {
	t.Helper()
	file := "testdata/answers/" + name + ".json"
	var answer, document any
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	data, err := documents.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if diff := cmp.Diff(document, answer); diff != "" {
		t.Errorf("-%s +answer\n%s", file, diff)
	}
}

// WantRefusal checks an answer against the one form that errors have.
func WantRefusal(t testing.TB, got *httptest.ResponseRecorder, status int, message string) {
	t.Helper()
	data, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	WantStatus(t, got, status)
	var body struct {
		StatusCode int
		Message    string
	}
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		t.Fatalf("the error is not JSON: %v: %s", err, got.Body)
	}
	if body.StatusCode != status || body.Message != message {
		t.Errorf("got  %s\nwant {\"statusCode\":%d,\"message\":%s}", got.Body, status, data)
	}
	if ct := got.Header().Get("Content-Type"); ct != "application/json; charset=utf-8" {
		t.Errorf("Content-Type of an error is %q", ct)
	}
}

// WantStatus stops the test if an answer has another status.
func WantStatus(t testing.TB, got *httptest.ResponseRecorder, status int) {
	t.Helper()
	if got.Code != status {
		t.Fatalf("status %d, want %d; body %s", got.Code, status, got.Body)
	}
}

// WantAnswer checks what holds for every answer, whatever was asked: no
// fault of the server, valid JSON, and the one form if it is an error.
func WantAnswer(t *testing.T, got *httptest.ResponseRecorder) {
	t.Helper()
	if got.Code >= 500 {
		t.Fatalf("status %d: %s", got.Code, got.Body)
	}
	if !utf8.Valid(got.Body.Bytes()) {
		t.Fatalf("the answer is not UTF-8: %q", got.Body)
	}
	var body struct {
		StatusCode int    `json:"statusCode"`
		Message    string `json:"message"`
	}
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		t.Fatalf("the answer is not JSON: %v: %q", err, got.Body)
	}
	if got.Code >= 400 && (body.StatusCode != got.Code || body.Message == "") {
		t.Fatalf("the error of status %d is %s", got.Code, got.Body)
	}
}

// WantEveryField checks that each field of a struct is set in one of the
// values, so that a field that is added to the struct gets into the test.
func WantEveryField[T any](t testing.TB, values ...T) {
	t.Helper()
	for f := range reflect.TypeFor[T]().Fields() {
		set := func(v T) bool { return !reflect.ValueOf(v).FieldByIndex(f.Index).IsZero() }
		if !slices.ContainsFunc(values, set) {
			t.Errorf("the field %s of %s is set nowhere; add it to the data of this test", f.Name, reflect.TypeFor[T]())
		}
	}
}
