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
	//go:embed lua/lib/items.lua
	itemsLib string
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
	//go:embed lua/edit_conversation.lua
	editConversationSource string
	//go:embed lua/delete_conversation.lua
	deleteConversationSource string
	//go:embed lua/begin_key.lua
	beginKeySource string
	//go:embed lua/confirm_key.lua
	confirmKeySource string
	//go:embed lua/forget_key.lua
	forgetKeySource string
	//go:embed lua/bind_external.lua
	bindExternalSource string
	//go:embed lua/take_slot.lua
	takeSlotSource string
	//go:embed lua/add_items.lua
	addItemsSource string
	//go:embed lua/replace_item.lua
	replaceItemSource string
	//go:embed lua/delete_item.lua
	deleteItemSource string
	//go:embed lua/free_shelf.lua
	freeShelfSource string
	//go:embed lua/issue_token.lua
	issueTokenSource string
)

var (
	acceptJob    = redis.NewScript(laneLib + jobsLib + acceptJobSource)
	claimJobs    = redis.NewScript(laneLib + jobsLib + claimJobsSource)
	commitJobs   = redis.NewScript(laneLib + jobsLib + commitJobsSource)
	failJob      = redis.NewScript(laneLib + jobsLib + failJobSource)
	claimEvent   = redis.NewScript(laneLib + eventsLib + claimEventSource)
	settleEvent  = redis.NewScript(laneLib + eventsLib + settleEventSource)
	renewLane    = redis.NewScript(laneLib + renewLaneSource)
	releaseLane  = redis.NewScript(laneLib + releaseLaneSource)
	sweepLanes   = redis.NewScript(laneLib + sweepLanesSource)
	beginKey     = redis.NewScript(laneLib + beginKeySource)
	confirmKey   = redis.NewScript(confirmKeySource)
	forgetKey    = redis.NewScript(forgetKeySource)
	bindExternal = redis.NewScript(laneLib + bindExternalSource)
	takeSlot     = redis.NewScript(laneLib + takeSlotSource)
	addItems     = redis.NewScript(laneLib + itemsLib + addItemsSource)
	replaceItem  = redis.NewScript(laneLib + itemsLib + replaceItemSource)
	deleteItem   = redis.NewScript(laneLib + itemsLib + deleteItemSource)
	freeShelf    = redis.NewScript(freeShelfSource)
	issueToken   = redis.NewScript(issueTokenSource)

	editConversation   = redis.NewScript(laneLib + editConversationSource)
	deleteConversation = redis.NewScript(laneLib + jobsLib + deleteConversationSource)
)
