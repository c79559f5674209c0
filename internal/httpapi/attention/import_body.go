package attention

import (
	"cmp"
	"net/url"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

const maxExternal = 256 // characters of an external id

// What an import adds to the metadata of its conversation.
const (
	importUser  = "userID"
	importMedia = "mediaURL"
	importApp   = "app"
)

// An importBody is the body of POST /v2/conversations/import. The text of a
// transcript has one of two forms. v1 has whole sentences, so it is preferred.
type importBody struct {
	Title *string `json:"title"`
	App   string  `json:"app"` // where it is from

	// What others of the vendor's pages call title, startTime, app and externalId.
	OtherTitle      *string    `json:"conversationTitle"`
	OtherStart      input.Time `json:"conversationStartedAt"`
	OtherApp        string     `json:"applicationName"`
	OtherExternalID input.ID   `json:"applicationExternalID"`

	Labels     input.Labels  `json:"labels"`
	ExternalID input.ID      `json:"externalId"` // or external_id, which is matched as well
	StartTime  input.Time    `json:"startTime"`
	CreatedAt  input.Time    `json:"createdAt"` // the same, as resources call it
	MediaURL   string        `json:"mediaURL"`
	UserID     input.ID      `json:"userID"`
	SkipEmpty  input.Boolean `json:"skipEmpty"` // leaves out lines without a text
	Transcript struct {
		V1 struct {
			Final input.List[importLine] `json:"final"`
		} `json:"v1"`
		V2 struct {
			Final input.List[importWords] `json:"final"`
		} `json:"v2"`
	} `json:"transcript"`
}

type importLine struct {
	Speaker  importSpeaker `json:"speaker"`
	Sentence string        `json:"sentence"`
	span
}

type importWords struct {
	Speaker importSpeaker `json:"speaker"`
	Words   input.List[struct {
		Text string `json:"text"`
		span
	}] `json:"words"`
}

// A span is when something was said, in seconds since the start.
type span struct {
	Start input.Number `json:"startTimestamp"`
	End   input.Number `json:"endTimestamp"`
}

// An importSpeaker is a name, which may be a number, or an object as in detailed transcripts.
type importSpeaker struct {
	ID    input.ID `json:"id"`
	Name  string   `json:"name"`
	Email string   `json:"email"`
}

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (s *importSpeaker) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if kind := dec.PeekKind(); kind == jsontext.KindString || kind == jsontext.KindNumber {
		return json.UnmarshalDecode(dec, (*input.ID)(&s.Name))
	}
	type plain importSpeaker
	return json.UnmarshalDecode(dec, (*plain)(s))
}

// adoptAliases takes over what is given by its other name alone.
func (b *importBody) adoptAliases() {
	b.Title = cmp.Or(b.Title, b.OtherTitle)
	b.App = cmp.Or(b.App, b.OtherApp)
	b.ExternalID = cmp.Or(b.ExternalID, b.OtherExternalID)
	if b.StartTime.IsZero() {
		b.StartTime = b.OtherStart
	}
}

// options checks everything but the text and returns the options of the analysis.
func (b *importBody) options() (analysis.Options, error) {
	b.adoptAliases()
	title, err := titleOf(b.Title)
	if err != nil {
		return analysis.Options{}, err
	}
	if err := input.CheckLabels("labels", b.Labels); err != nil {
		return analysis.Options{}, err
	}
	if input.Blank(string(b.ExternalID)) {
		b.ExternalID = ""
	}
	for _, f := range [...]struct {
		name, value string
		most        int
	}{{"externalId", string(b.ExternalID), maxExternal}, {importUser, string(b.UserID), input.MaxLabel}, {importApp, b.App, input.MaxLabel}} {
		if err := input.CheckLength(f.value, f.most); err != nil {
			return analysis.Options{}, input.Invalid(f.name, err)
		}
	}
	o := analysis.Options{Metadata: b.metadata(), StartTime: b.StartTime.Time}
	if o.StartTime.IsZero() {
		o.StartTime = b.CreatedAt.Time
	}
	if title != nil {
		o.Name = *title
	}
	return o, nil
}

// metadata returns what is stored of the body in addition to the text. The address
// of the media is only a hint for people, since nothing is fetched from it. It is
// stored without its query, which may contain signatures, if it is not too long.
func (b *importBody) metadata() map[string]string {
	metadata := map[string]string{}
	if b.UserID != "" {
		metadata[importUser] = string(b.UserID)
	}
	if b.App != "" {
		metadata[importApp] = b.App
	}
	if u, err := url.Parse(b.MediaURL); err == nil && u.Host != "" {
		address := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
		if input.CheckLength(address, input.MaxLabel) == nil {
			metadata[importMedia] = address
		}
	}
	return metadata
}
