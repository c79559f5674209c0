package attention

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/spelling"
)

// A listRequest is a request for a list of the v2 API.
type listRequest struct {
	path   string
	params url.Values

	page, size int
	filter     query.Filter
	statuses   query.Filter // by the status of the conversations

	transcripts  bool // items have transcripts
	detailed     bool // in segments
	intelligence bool // items have the two maps of intelligence
}

// included returns the parameters that ask for more of a conversation, which is there
// anyway.
func included() []string {
	return []string{"filter[include_internal_participants]", "filter[include_zoom_metadata]", "filter[include_import_metadata]"}
}

// listParams returns the names of all parameters, of which some are refused.
func listParams() []string {
	return slices.Concat([]string{
		"fromDateTime", "toDateTime", "page", "size", "page[number]", "page[size]",
		"detailedTranscript", "withCrmRecords", "withIntelligenceItems",
		"filter[owner.id]", "filter[owner.email]", "filter[title]", "filter[participants.email]", "filter[external_opportunity.id]",
		"filter[crm_field.entity_code]", "filter[crm_field.field_name]", "filter[crm_field.values]", "filter[team.id]",
		"filter[hide_internal]", "filter[hide_non_analyzed]", "filter[hide_pending]", "filter[hide_transcript]", "filter[hide_failed]", "filter[analyzed]",
	}, included())
}

// parseList reads the query of the request.
func parseList(x *edge.Exchange) (*listRequest, error) {
	flags, err := input.Flags(x.Request.URL, "detailedTranscript", "withCrmRecords", "withIntelligenceItems")
	if err != nil {
		return nil, err
	}
	params, err := input.Query(x.Request.URL)
	if err != nil {
		return nil, err
	}
	l := &listRequest{
		path: x.Request.URL.Path, params: params,
		filter:      query.Filter{{Field: query.Archived, Op: query.Equal, Values: []string{"false"}}},
		transcripts: flags["detailedTranscript"],
		detailed:    flags["detailedTranscript"],
	}
	l.intelligence = !l.isShort() || flags["withCrmRecords"]
	for _, read := range [...]func() error{l.readPage, l.readWindow, l.readFilters} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *listRequest) query() query.Query {
	return query.Query{
		Filter: l.filter,
		Sort:   []query.Key{{Field: query.Start, Desc: true}},
		Offset: (l.page - 1) * l.size,
		Limit:  l.size,
		Count:  true,
	}
}

func (l *listRequest) isShort() bool { return strings.HasSuffix(l.path, "/list") }

// readPage reads which page is requested. Existing clients spell the parameters as
// in JSON:API.
func (l *listRequest) readPage() error {
	largest := maxPageSize
	if l.isShort() {
		largest = maxListSize
	}
	var err error
	if l.page, err = l.positive("page", "page[number]", 1, maxPageNumber); err != nil {
		return err
	}
	l.size, err = l.positive("size", "page[size]", defaultPageSize, largest)
	return err
}

// positive returns a number that is given under either name, or the default.
func (l *listRequest) positive(name, alias string, otherwise, most int) (int, error) {
	if !l.params.Has(name) {
		name = alias
	}
	n, err := input.IntParam(l.params, name, otherwise, most)
	if err == nil && n == 0 {
		err = input.Invalid(name, input.BadValue("must be greater than or equal to 1"))
	}
	return n, err
}

// readWindow reads the times between which the conversations started.
func (l *listRequest) readWindow() error {
	from, err := l.time("fromDateTime", query.GreaterEqual)
	if err != nil {
		return err
	}
	to, err := l.time("toDateTime", query.LessEqual)
	if err != nil {
		return err
	}
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return input.Invalid("toDateTime", input.BadValue("must not be earlier than fromDateTime"))
	}
	return nil
}

func (l *listRequest) time(name string, op query.Op) (time.Time, error) {
	t, err := input.TimeParam(l.params, name)
	if err == nil && !t.IsZero() {
		l.filter = append(l.filter, query.Condition{Field: query.Start, Op: op, Values: []string{edge.FormatTime(t)}, Times: []time.Time{t}})
	}
	return t, err
}

// readFilters reads filter[…]. A filter by something that this service does not
// know of conversations is refused: without it the list would have what the caller
// wants to leave out.
func (l *listRequest) readFilters() error {
	for _, name := range slices.Sorted(maps.Keys(l.params)) {
		field, isFilter := strings.CutPrefix(name, "filter[")
		field, closed := strings.CutSuffix(field, "]")
		values := splitValues(l.params[name])
		if !isFilter || !closed || len(values) == 0 {
			continue
		}
		if err := l.readFilter(name, field, values); err != nil {
			return err
		}
	}
	return nil
}

func (l *listRequest) readFilter(name, field string, values []string) error {
	switch field {
	case "title":
		return l.title(name)
	case "participants.email":
		l.filter = append(l.filter, query.Condition{Field: query.Email, Op: query.In, Values: values})
		return nil
	case "hide_transcript":
		hide, err := input.BoolParam(l.params, name)
		l.transcripts = err == nil && !*hide
		return err
	case "hide_internal", "include_internal_participants", "include_zoom_metadata", "include_import_metadata":
		_, err := input.BoolParam(l.params, name) // nothing is internal, and all metadata are included
		return err
	case "analyzed", "hide_non_analyzed", "hide_pending", "hide_failed":
		return l.status(name, field)
	case "owner.id", "owner.email", "team.id", "external_opportunity.id",
		"crm_field.entity_code", "crm_field.field_name", "crm_field.values":
		return input.Invalid(name, input.BadValue("is not supported: conversations here have no owners, teams or CRM records"))
	default:
		return input.Invalid(name, unknownFilter(name))
	}
}

// unknownFilter says which filter may have been meant.
func unknownFilter(name string) input.BadValue {
	near := spelling.Nearest(name, listParams())
	if near == "" {
		return "is not a filter that is known"
	}
	return input.BadValue("is not a filter that is known; did you mean " + near + "?")
}

// status filters by the status. A conversation counts as analysed once none of its
// jobs is unfinished and the last one has not failed.
func (l *listRequest) status(name, field string) error {
	yes, err := input.BoolParam(l.params, name)
	if err != nil {
		return err
	}
	c := query.Condition{Field: query.Status, Op: query.Equal, Values: []string{query.Completed}}
	switch {
	case field == "analyzed" && !*yes:
		c.Op = query.NotEqual
	case field != "analyzed" && !*yes:
		return nil // nothing is hidden
	case field == "hide_pending":
		c.Op, c.Values = query.NotEqual, []string{query.Pending}
	case field == "hide_failed":
		c.Op, c.Values = query.NotEqual, []string{query.Failed}
	}
	l.statuses = append(l.statuses, c)
	return nil
}

// title filters by a part of the title, which may contain commas.
func (l *listRequest) title(name string) error {
	part, err := input.Param(l.params, name)
	if err != nil {
		return err
	}
	if err := input.CheckLength(part, input.MaxName); err != nil {
		return input.Invalid(name, err)
	}
	l.filter = append(l.filter, query.Condition{Field: query.Name, Op: query.Contains, Values: []string{part}})
	return nil
}
