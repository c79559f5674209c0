// Package insights serves the part of the API of Symbl that answers what was
// found in conversations: insights, topics, entities, trackers, the summary and
// the analytics.
package insights
