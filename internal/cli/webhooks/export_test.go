package webhooks

// What the tests use of the receiver.
type (
	Receiver = receiver
	Arrival  = arrival
)

// What the tests use of the receiver.
const EventLimit = eventLimit

// What the tests use of the receiver.
var NewReceiver = newReceiver

// Summary is summary.
func (r *receiver) Summary() string { return r.summary() }
