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

// ForwardTo has the receiver send events on.
func (r *receiver) ForwardTo(url string) (err error) {
	r.onward, err = newForwarder(url)
	return err
}
