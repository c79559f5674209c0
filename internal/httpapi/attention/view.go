package attention

import (
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// A resource is a conversation as the v2 API answers it. It is the answer itself,
// and in lists an item of "data".
type resource struct {
	Type       string     `json:"type"`
	ID         string     `json:"id"`
	Attributes attributes `json:"attributes"`
	Links      struct {
		Self string `json:"self"`
	} `json:"links"`
}

// The attributes of a conversation are all those that are documented. What
// this service does not know of a conversation is empty and not left out, because
// clients loop over the lists and expect strings.
type attributes struct {
	UUID                  string            `json:"uuid"`
	Title                 string            `json:"title"`
	CreatedAt             string            `json:"createdAt"`
	FinishedAt            string            `json:"finishedAt"`
	LiveStreamStartedAt   string            `json:"liveStreamStartedAt"`
	LiveStreamEndedAt     string            `json:"liveStreamEndedAt"`
	UserUUID              string            `json:"userUUID"`
	TeamUUID              string            `json:"teamUUID"`
	Archived              bool              `json:"archived"`
	Referenceable         bool              `json:"referenceable"`
	Private               bool              `json:"private"`
	IsInternal            bool              `json:"isInternal"`
	IsEmpty               bool              `json:"isEmpty"`
	MediaDuration         float64           `json:"mediaDuration"` // seconds
	VideoUID              string            `json:"videoUID"`
	VideoStatus           string            `json:"videoStatus"`
	MediaStorageStatus    string            `json:"mediaStorageStatus"`
	TranscriptStatus      string            `json:"transcriptStatus"`
	CRMExportStatus       string            `json:"crmExportStatus"`
	ImportStatus          string            `json:"importStatus"`
	DealUUID              string            `json:"dealUUID"`
	EmailTemplateID       string            `json:"emailTemplateID"`
	ExternalOpportunityID string            `json:"externalIntelligenceOpportunityID"`
	ZoomMeetingJoinURL    string            `json:"zoomMeetingJoinUrl"`
	GoogleMeetJoinURL     string            `json:"googleMeetJoinUrl"`
	MicrosoftTeamsJoinURL string            `json:"microsoftTeamsJoinUrl"`
	WebexJoinURL          string            `json:"webexJoinUrl"`
	Transcript            any               `json:"transcript"` // a string, or []segment
	Participants          []participant     `json:"participants"`
	Attendees             []participant     `json:"attendees"`
	Bots                  []struct{}        `json:"bots"`
	Boards                []struct{}        `json:"boards"`
	Talktracks            []struct{}        `json:"talktracks"`
	ScorecardResults      []struct{}        `json:"scorecardResults"`
	ExternalOpportunity   opportunity       `json:"externalOpportunity"`
	ImportMetadata        map[string]string `json:"importMetadata"`
	LinkedCRMRecords      []struct{}        `json:"linkedCrmRecords"`
	ExternalAccounts      []struct{}        `json:"externalAccounts"`
	ExternalContacts      []struct{}        `json:"externalContacts"`
	Extracted             map[string]string `json:"extractedIntelligence,omitzero"` // both left out of
	Confirmed             map[string]string `json:"confirmedExtractedIntelligence,omitzero"`
	Labels                map[string]string `json:"labels"`
	LabelTags             []string          `json:"labelTagsToFilterIfNA"`
	LabelCategories       []string          `json:"deprecatedLabelCategories"`
	ExternalID            string            `json:"externalId"` // beside the documented ones
}

type participant struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	Name      string `json:"name"`
	Organizer bool   `json:"organizer"`
	Status    string `json:"status"`
}

type opportunity struct {
	UUID  string `json:"uuid"`
	Title string `json:"title"`
}

// resourceOf returns a conversation with a transcript that was made of its
// messages, and the words of the account for the status of an import.
func resourceOf(c conversation.Conversation, transcript any, words string) resource {
	id, status := conversation.UUID(c.ID), statusOf(c)
	r := resource{Type: "conversations", ID: id, Attributes: attributes{
		UUID:                id,
		Title:               c.Title(),
		CreatedAt:           formatTime(c.Start),
		FinishedAt:          formatTime(c.End),
		LiveStreamStartedAt: formatTime(c.Start),
		LiveStreamEndedAt:   formatTime(c.End),
		UserUUID:            c.Metadata[importUser],
		Archived:            c.Archived,
		Referenceable:       !c.Private,
		Private:             c.Private,
		IsEmpty:             c.Messages == 0,
		MediaDuration:       edge.Seconds(c.End.Sub(c.Start)),
		MediaStorageStatus:  status.media,
		TranscriptStatus:    status.text,
		ImportStatus:        importStatusOf(status.text, words),
		Transcript:          transcript,
		Participants:        participantsOf(c),
		Attendees:           participantsOf(c),
		ImportMetadata:      c.Metadata,
		Extracted:           map[string]string{},
		Confirmed:           map[string]string{},
		Labels:              c.Labels,
		ExternalID:          c.ExternalID,
	}}
	r.Links.Self = "/v2/conversations/" + id
	return r
}

// status is the status of a conversation in the terms of the v2 API. Clients wait
// for "ready" before they read, so media are ready once the text is stored, though
// there are none.
type status struct{ text, media string }

func statusOf(c conversation.Conversation) status {
	switch text := query.StatusOf(c); text {
	case query.Pending:
		return status{text, "pending"}
	case query.Failed:
		return status{text, "unavailable"}
	default:
		return status{text, "ready"}
	}
}

// importStatusOf returns the status of an import in the words that the account has
// chosen, since the documents have two kinds.
func importStatusOf(text, words string) string {
	switch {
	case words != account.FinishedWords:
		return text
	case text == query.Completed:
		return words
	default:
		return strings.ToUpper(text)
	}
}

// participantsOf returns the members. The organizer is the user of an import.
func participantsOf(c conversation.Conversation) []participant {
	all := make([]participant, len(c.Members))
	user := c.Metadata[importUser]
	for i, m := range c.Members {
		all[i] = participant{
			ID:        m.ID,
			Email:     m.UserID,
			Name:      m.Name,
			Organizer: user != "" && (strings.EqualFold(user, m.UserID) || user == m.Ref),
			Status:    "accepted",
		}
	}
	return all
}

// formatTime formats a time for answers of the v2 API: UTC, whole seconds, Z.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
