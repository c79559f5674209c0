package insights_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

func TestBadParametersOfInsights(t *testing.T) {
	t.Parallel()

	for target, message := range map[string]string{
		"GET /topics?sentiment=2":             `"sentiment" must be a boolean`,
		"GET /topics?parentRefs=yes":          `"parentRefs" must be a boolean`,
		"GET /topics?refresh=2":               `"refresh" must be a boolean`,
		"GET /summary?refresh=now":            `"refresh" must be a boolean`,
		"POST /summary?refresh=now":           `"refresh" must be a boolean`,
		"GET /summary?refresh=a&refresh=true": `"refresh" is given more than once`,
		"GET /topics?%":                       `The query string is malformed: use name=value, joined by &, percent-encoded.`,
	} {
		httpapitest.WantRefusal(t, httpapitest.Serve(httpapitest.NewInterview().API(httpapi.Options{}), httpapitest.RequestLine(target, "")), 400, message)
	}
}

func TestBadTranscript(t *testing.T) {
	t.Parallel()

	for body, message := range map[string]string{
		``:                             `The body is empty. It must be a JSON object.`,
		`{}`:                           `"contentType" is required`,
		`{"contentType":"text/vtt"}`:   `"contentType" must be one of [text/markdown, text/srt]`,
		`{"contentType":["text/srt"]}`: `"contentType" must be a string`,
		`{"contentType":"text/srt","createParagraphs":2}`:                                 `"createParagraphs" must be a boolean`,
		`{"contentType":"text/srt","showSpeakerSeparation":"no"}`:                         `"showSpeakerSeparation" must be a boolean`,
		`{"contentType":"text/srt","phrases":true}`:                                       `"phrases" must be of type object`,
		`{"contentType":"text/srt","phrases":{"highlightAllKeyPhrases":"x"}}`:             `"phrases.highlightAllKeyPhrases" must be a boolean`,
		`{"contentType":"text/srt","phrases":{"highlightOnlyInsightKeyPhrases":"maybe"}}`: `"phrases.highlightOnlyInsightKeyPhrases" must be a boolean`,
	} {
		httpapitest.WantRefusal(t, httpapitest.Serve(httpapitest.NewInterview().API(httpapi.Options{}), httpapitest.RequestLine("POST /transcript", body)), 400, message)
	}
}

func TestSummaryOfUnfinishedJobs(t *testing.T) {
	t.Parallel()

	for _, target := range []string{"GET /summary", "POST /summary"} {
		backend := httpapitest.NewInterview()
		backend.Stored.Conversation.Pending = 1
		got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.RequestLine(target, ""))
		httpapitest.WantRefusal(t, got, 404, "The summary is not there yet: the conversation has unfinished jobs. Ask again when they have finished.")
		if tag := got.Header().Get("ETag"); tag != "" {
			t.Errorf("%s: there is no summary, but the ETag %s", target, tag)
		}
	}
}

func TestSummaryAsAPage(t *testing.T) {
	t.Parallel()

	for body, status := range map[string]int{
		`{"name":"text-summary"}`: 404, `{"name":5}`: 404, `{"name":""}`: 404,
		`{"name":null}`: 200, `{}`: 200, ` `: 200, `[]`: 400, `{`: 400,
	} {
		httpapitest.WantStatus(t, httpapitest.Serve(httpapitest.NewInterview().API(httpapi.Options{}), httpapitest.RequestLine("POST /summary", body)), status)
	}
	httpapitest.WantRefusal(t, httpapitest.Serve(httpapitest.NewInterview().API(httpapi.Options{}), httpapitest.RequestLine("POST /summary", `{"name":"text-summary"}`)), 404,
		`Pages for a summary are not offered. Leave "name" out to get the summary itself.`)
}
