package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// A Tracker is a set of terms to watch for. A saved one has an ID.
type Tracker struct {
	ID                string    `json:"id,omitempty"`
	Name              string    `json:"name,omitempty"` // unique among the saved ones
	Description       string    `json:"description,omitempty"`
	Categories        []string  `json:"categories,omitempty"`
	Languages         []string  `json:"languages,omitempty"` // ["en-US"] if empty
	Vocabulary        []string  `json:"vocabulary,omitempty"`
	ExcludeVocabulary []string  `json:"excludeVocabulary,omitempty"`
	CreatedOn         time.Time `json:"createdOn,omitzero"`
	UpdatedOn         time.Time `json:"updatedOn,omitzero"`
}

// A TrackerUpdate says what to change of a tracker. Fields that are nil change
// nothing; a list replaces the whole list.
type TrackerUpdate struct {
	Name              *string  `json:"name"`
	Description       *string  `json:"description"`
	Categories        []string `json:"categories"`
	Languages         []string `json:"languages"`
	Vocabulary        []string `json:"vocabulary"`
	ExcludeVocabulary []string `json:"excludeVocabulary"`
}

type oneTracker struct {
	Tracker Tracker `json:"tracker"`
}

type manyTrackers struct {
	Trackers []Tracker `json:"trackers"`
}

// CreateTracker saves a tracker and returns it with its ID. A name that is
// taken is [ErrConflict].
func (c *Client) CreateTracker(ctx context.Context, t Tracker) (Tracker, error) {
	made, err := create[oneTracker](ctx, c, t.input(), "v1", "manage", "tracker")
	return made.Tracker, err
}

// CreateTrackers saves all of the trackers, or none of them.
func (c *Client) CreateTrackers(ctx context.Context, all []Tracker) ([]Tracker, error) {
	inputs := make([]Tracker, len(all))
	for i, t := range all {
		inputs[i] = t.input()
	}
	made, err := create[manyTrackers](ctx, c, inputs, "v1", "manage", "trackers")
	return made.Trackers, err
}

// input returns t without the fields that the API sets.
func (t Tracker) input() Tracker {
	t.ID, t.CreatedOn, t.UpdatedOn = "", time.Time{}, time.Time{}
	return t
}

// Trackers returns the saved trackers of the account, or only the one that has
// the name if that is not empty.
func (c *Client) Trackers(ctx context.Context, name string) ([]Tracker, error) {
	query := url.Values{}
	if name != "" {
		query.Set("name", name)
	}
	list, err := get[manyTrackers](ctx, c, query, "v1", "manage", "trackers")
	return list.Trackers, err
}

// Tracker returns a saved tracker.
func (c *Client) Tracker(ctx context.Context, id string) (Tracker, error) {
	found, err := get[oneTracker](ctx, c, nil, "v1", "manage", "tracker", id)
	return found.Tracker, err
}

// UpdateTracker changes a saved tracker and returns it with the changes.
func (c *Client) UpdateTracker(ctx context.Context, id string, u TrackerUpdate) (Tracker, error) {
	changed, err := set[oneTracker](ctx, c, http.MethodPatch, u.steps(), "v1", "manage", "trackers", id)
	return changed.Tracker, err
}

// IsZero reports whether u changes nothing.
func (u TrackerUpdate) IsZero() bool { return len(u.steps()) == 0 }

// A step is one change of a PATCH.
type step struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

func (u TrackerUpdate) steps() []step {
	steps := []step{}
	replace := func(path string, value any) { steps = append(steps, step{"replace", path, value}) }
	for _, text := range [...]struct {
		path  string
		value *string
	}{{"/name", u.Name}, {"/description", u.Description}} {
		if text.value != nil {
			replace(text.path, *text.value)
		}
	}
	for _, list := range [...]struct {
		path  string
		value []string
	}{{"/categories", u.Categories}, {"/languages", u.Languages}, {"/vocabulary", u.Vocabulary}, {"/excludeVocabulary", u.ExcludeVocabulary}} {
		if list.value != nil {
			replace(list.path, list.value)
		}
	}
	return steps
}

// DeleteTracker deletes a saved tracker.
func (c *Client) DeleteTracker(ctx context.Context, id string) error {
	return remove(ctx, c, "v1", "manage", "tracker", id)
}
