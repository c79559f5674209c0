// Package steer is how people take a hand in the delivery of events: they look at what
// waits and what was given up, have it sent again or dropped, and pause endpoints.
//
// All that is sent again goes through the lanes, like everything else: in order, one
// at a time in its job, at the pace of its endpoint. Many events at once are a
// [webhook.Resend], which [Service.Run] works in portions, so that it may be
// cancelled, survives whoever works on it, and leaves room for what is new.
package steer
