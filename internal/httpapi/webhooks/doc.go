// Package webhooks serves what Turnwise itself offers about webhooks: deliveries and
// their attempts, endpoints, and what can be done about them. No other API has these
// calls.
package webhooks
