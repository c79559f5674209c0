package process

// What is added to the priority of the bench: a low number goes first.
const (
	LessUrgent = 10  // for who has machines of its own elsewhere
	moreUrgent = -10 // for Redis
)
