package symbl

import (
	"context"
	"fmt"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// checkSaved checks that the account has saved the trackers that a submission
// names by id.
func (h *handlers) checkSaved(ctx context.Context, account string, trackers []analysis.Tracker) error {
	saved, err := h.Trackers.Known(ctx, account, catalog.SavedIDs(trackers)...)
	if err != nil {
		return err
	}
	for i, t := range trackers {
		if t.ID != "" && !saved[t.ID] {
			return input.Invalid(fmt.Sprintf("trackers[%d].id", i), input.BadValue(fmt.Sprintf("must be the id of a saved tracker, but none has the id %q", t.ID)))
		}
	}
	return nil
}
