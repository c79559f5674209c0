package openapitest

import "strings"

// responses lists the shared responses of the document that the tests of a
// package have to see.
func responses() map[string][]string {
	return map[string][]string{
		"attention":  {"Resource", "Resources", "V2BadRequest", "V2Conflict", "V2Failure", "V2KeyReused", "V2NotFound", "V2NotJson", "V2NotLinked", "V2OtherVersion", "V2TooLarge", "V2TooManyJobs", "V2TooManyReads", "V2Unauthorized", "V2Unavailable"},
		"edge":       {"BadRequest", "Failure", "KeyReused", "NoConversation", "NotJson", "TooLarge", "TooManyReads", "Unauthorized", "Unavailable"},
		"insights":   {"NoSummary", "NotModified"},
		"management": {"Busy", "CreatedEntities", "CreatedGroups", "CreatedTrackers", "DeletedEntities", "DeletedEntity", "DeletedGroup", "DeletedTracker", "Entities", "Entity", "Group", "Groups", "NoItem", "Taken", "Tracker", "Trackers"},
		"operations": {"JobDetail", "Lane", "LaneConflict", "NoLane", "NotCancellable", "NotRetriable", "OthersAccount"},
		"symbl":      {"Accepted", "Conversation", "Conversations", "NoJob", "NoMember", "OtherVersion", "TooManyJobs"},
		"tokens":     {"Token", "TooManyGuesses"},
		"webhooks":   {"Deliveries", "Delivery", "Dropped", "Endpoint", "Endpoints", "NoDelivery", "NoEndpoint", "NoJobOrConversation", "NoResend", "NotResendable", "Resend", "Resends", "SecretConflict", "SecretsElsewhere", "TooManyResends"},
	}
}

// onlyOverNetwork reports whether a response can be shown by a connection
// alone: that a body takes too long, or that too many are on their way.
func onlyOverNetwork(response string) bool {
	return strings.HasSuffix(response, "BodyTimeout") || strings.HasSuffix(response, "TooManyBodies")
}
