package bench

// A Section groups workloads that do the same with different means, so that
// their figures can be compared.
type Section string

// The sections.
const (
	Submit   Section = "submit"
	Drain    Section = "drain"
	Mixed    Section = "mixed"
	Away     Section = "away"
	Everysec Section = "http-everysec"
	Always   Section = "http-always"
	Deliver  Section = "deliver"
	Latency  Section = "latency"
	Large    Section = "large"
	Memory   Section = "memory"
	Idle     Section = "idle"
)

// sections lists them in the order in which they are printed.
func sections() []Section {
	return []Section{Submit, Drain, Mixed, Away, Everysec, Always, Deliver, Latency, Large, Memory, Idle}
}

// title says what the workloads of a section do.
func (s Section) title() string {
	switch s {
	case Submit:
		return "Submitting from 64 producers, while nobody works"
	case Drain:
		return "Draining what was submitted before"
	case Mixed:
		return "Submitting from 64 producers and working at the same time"
	case Away:
		return "Draining from a worker that is 2.4 ms away from Redis"
	case Everysec:
		return "Requests to the HTTP API over 64 connections; the append-only file is synced every second"
	case Always:
		return "Requests to the HTTP API over 64 connections; the append-only file is synced before each answer"
	case Deliver:
		return "Webhooks, of which each job has three"
	case Latency:
		return "One job at a time, from its submission to completed"
	case Large:
		return "The same jobs in an empty Redis and beside many that wait"
	case Memory:
		return "Memory of Redis"
	case Idle:
		return "A system that has nothing to do"
	default:
		return string(s)
	}
}

// versus names what the ratios of a section are to.
func (s Section) versus() string {
	if s == Everysec || s == Always {
		return "× bare"
	}
	return "× asynq"
}
