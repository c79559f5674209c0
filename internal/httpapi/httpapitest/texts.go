package httpapitest

// What requests name and send.
const (
	JobID          = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
	ConversationID = "5815170693595136"
	Hello          = `{"messages":[{"payload":{"content":"Hello."}}]}`
	WideWindow     = "startTime=2020-01-01T00:00:00Z" // a window of a list, so that none is assumed
	GeneratePath   = "/oauth2/token:generate"
	RefreshPath    = "/oauth2/token:refresh"
	RevokePath     = "/oauth2/token:revoke"
	AnnSecret      = `"appId":"app-ann","appSecret":"secret-ann"`
	AnnGenerates   = `{"type":"application",` + AnnSecret + `}`
)

// The sentences of refusals.
const (
	NoConversation = "The conversationId is either invalid or does not exist."
	NoJob          = "The jobId is either invalid or does not exist."
	NoToken        = "Token validation failed for provided token."
	Unavailable    = "The service is not available just now. Send the request again; with an Idempotency-Key it takes effect once."
)
