package httpapi

import "context"

// What the analysis does not look for yet has the form of an answer in which
// nothing was found.

// entities serves GET /v1/conversations/{id}/entities.
func (a *API) entities(ctx context.Context, x *exchange) (any, error) {
	return struct {
		Entities []struct{} `json:"entities"`
	}{}, a.known(ctx, x)
}

// intents serves GET /v1/conversations/{id}/intents.
func (a *API) intents(ctx context.Context, x *exchange) (any, error) {
	return struct {
		Intents []struct{} `json:"intents"`
	}{}, a.known(ctx, x)
}

// trackersDetected serves GET /v1/conversations/{id}/trackers-detected and
// …/trackers. The answer is an array, alone among all lists.
func (a *API) trackersDetected(ctx context.Context, x *exchange) (any, error) {
	return []struct{}{}, a.known(ctx, x)
}

// known makes sure that the path names a conversation, and tags the answer.
func (a *API) known(ctx context.Context, x *exchange) error {
	c, err := a.find(ctx, x)
	if err != nil {
		return err
	}
	x.tag(c)
	return nil
}
