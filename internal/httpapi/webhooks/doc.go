// Package webhooks serves what Turnwise itself offers about webhooks: the
// attempts to deliver them. No other API has these calls.
package webhooks
