package store

import (
	_ "embed" // the scripts

	"github.com/redis/go-redis/v9"
)

// What scripts share is put in front of them.
var (
	//go:embed lua/lib/lane.lua
	laneLib string
	//go:embed lua/lib/jobs.lua
	jobsLib string
	//go:embed lua/lib/events.lua
	eventsLib string
)

var (
	//go:embed lua/accept_job.lua
	acceptJobSource string
	//go:embed lua/claim_jobs.lua
	claimJobsSource string
	//go:embed lua/commit_jobs.lua
	commitJobsSource string
	//go:embed lua/fail_job.lua
	failJobSource string
	//go:embed lua/claim_event.lua
	claimEventSource string
	//go:embed lua/settle_event.lua
	settleEventSource string
	//go:embed lua/renew_lane.lua
	renewLaneSource string
	//go:embed lua/release_lane.lua
	releaseLaneSource string
	//go:embed lua/sweep_lanes.lua
	sweepLanesSource string
	//go:embed lua/begin_key.lua
	beginKeySource string
	//go:embed lua/confirm_key.lua
	confirmKeySource string
	//go:embed lua/forget_key.lua
	forgetKeySource string
	//go:embed lua/take_slot.lua
	takeSlotSource string
)

var (
	acceptJob   = redis.NewScript(laneLib + jobsLib + acceptJobSource)
	claimJobs   = redis.NewScript(laneLib + jobsLib + claimJobsSource)
	commitJobs  = redis.NewScript(laneLib + jobsLib + commitJobsSource)
	failJob     = redis.NewScript(laneLib + jobsLib + failJobSource)
	claimEvent  = redis.NewScript(laneLib + eventsLib + claimEventSource)
	settleEvent = redis.NewScript(laneLib + eventsLib + settleEventSource)
	renewLane   = redis.NewScript(laneLib + renewLaneSource)
	releaseLane = redis.NewScript(laneLib + releaseLaneSource)
	sweepLanes  = redis.NewScript(laneLib + sweepLanesSource)
	beginKey    = redis.NewScript(laneLib + beginKeySource)
	confirmKey  = redis.NewScript(confirmKeySource)
	forgetKey   = redis.NewScript(forgetKeySource)
	takeSlot    = redis.NewScript(laneLib + takeSlotSource)
)
