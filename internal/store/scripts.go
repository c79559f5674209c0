package store

import (
	_ "embed" // the scripts

	"github.com/redis/go-redis/v9"
)

// What scripts share is put in front of them.
var (
	//go:embed lua/lib/time.lua
	timeLib string
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
	//go:embed lua/bind_external.lua
	bindExternalSource string
	//go:embed lua/bind_key.lua
	bindKeySource string
	//go:embed lua/unbind_external.lua
	unbindExternalSource string
	//go:embed lua/hold_shelf.lua
	holdShelfSource string
	//go:embed lua/read_conversation.lua
	readConversationSource string
	//go:embed lua/put_off_lane.lua
	putOffLaneSource string
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
	//go:embed lua/probe.lua
	probeSource string
)

var (
	acceptJob   = redis.NewScript(timeLib + laneLib + jobsLib + acceptJobSource)
	claimJobs   = redis.NewScript(timeLib + laneLib + jobsLib + claimJobsSource)
	commitJobs  = redis.NewScript(timeLib + laneLib + jobsLib + commitJobsSource)
	failJob     = redis.NewScript(timeLib + laneLib + jobsLib + failJobSource)
	claimEvent  = redis.NewScript(timeLib + laneLib + eventsLib + claimEventSource)
	settleEvent = redis.NewScript(timeLib + laneLib + eventsLib + settleEventSource)
	renewLane   = redis.NewScript(timeLib + laneLib + renewLaneSource)
	releaseLane = redis.NewScript(timeLib + laneLib + releaseLaneSource)
	sweepLanes  = redis.NewScript(timeLib + laneLib + sweepLanesSource)
	putOffLane  = redis.NewScript(timeLib + laneLib + putOffLaneSource)

	readConversation   = redis.NewScript(readConversationSource)
	editConversation   = redis.NewScript(timeLib + editConversationSource)
	deleteConversation = redis.NewScript(timeLib + laneLib + jobsLib + deleteConversationSource)

	bindKey        = redis.NewScript(bindKeySource)
	bindExternal   = redis.NewScript(timeLib + bindExternalSource)
	unbindExternal = redis.NewScript(unbindExternalSource)
	takeSlot       = redis.NewScript(timeLib + takeSlotSource)
	addItems       = redis.NewScript(timeLib + itemsLib + addItemsSource)
	replaceItem    = redis.NewScript(timeLib + itemsLib + replaceItemSource)
	deleteItem     = redis.NewScript(timeLib + itemsLib + deleteItemSource)
	holdShelf      = redis.NewScript(holdShelfSource)
	freeShelf      = redis.NewScript(freeShelfSource)
	issueToken     = redis.NewScript(issueTokenSource)
	probe          = redis.NewScript(probeSource)
)
