package store

import (
	"embed"

	"github.com/turnwise/turnwise/internal/redis/script"
)

// luaFiles has every script, and in lib what scripts share.
//
//go:embed lua
var luaFiles embed.FS

// scripts has all scripts.
var scripts = script.NewSet(luaFiles, "lua")

// The scripts, each with the libraries that it is put behind, in this order.
var (
	acceptJobs         = scripts.Script("accept_jobs", "base", "lane", "endpoints", "state", "listed", "jobs")
	claimJobs          = scripts.Script("claim_jobs", "base", "lane", "endpoints", "state", "listed", "jobs")
	commitJobs         = scripts.Script("commit_jobs", "base", "lane", "endpoints", "state", "listed", "jobs")
	stageEffects       = scripts.Script("stage_effects", "base", "state")
	stageMembers       = scripts.Script("stage_members", "state")
	failJob            = scripts.Script("fail_job", "base", "lane", "endpoints", "state", "listed", "jobs")
	steerLane          = scripts.Script("steer_lane", "base", "lane", "endpoints", "state", "listed", "jobs")
	goOnEvent          = scripts.Script("go_on_event", "base", "lane", "endpoints", "again")
	cancelJob          = scripts.Script("cancel_job", "state")
	claimEvent         = scripts.Script("claim_event", "base", "lane", "endpoints", "events", "turns")
	settleEvents       = scripts.Script("settle_events", "base", "lane", "endpoints", "events", "turns", "breaker", "dead")
	hearProbe          = scripts.Script("hear_probe", "base", "lane", "endpoints", "events", "breaker")
	renewEvent         = scripts.Script("renew_event", "base", "lane", "endpoints")
	releaseEvent       = scripts.Script("release_event", "base", "lane", "endpoints")
	putOffEvent        = scripts.Script("put_off_event", "base", "lane", "endpoints", "events", "turns")
	resendEvents       = scripts.Script("resend_events", "base", "lane", "endpoints", "again")
	resendEvent        = scripts.Script("resend_event", "base", "lane", "endpoints", "again")
	testEvent          = scripts.Script("test_event", "base", "lane", "endpoints")
	steerEndpoint      = scripts.Script("steer_endpoint", "base", "lane", "endpoints")
	renewLane          = scripts.Script("renew_lane", "base", "lane")
	releaseLane        = scripts.Script("release_lane", "base", "lane")
	sweepLanes         = scripts.Script("sweep_lanes", "base", "lane")
	putOffLane         = scripts.Script("put_off_lane", "base", "lane")
	listJobs           = scripts.Script("list_jobs")
	readConversation   = scripts.Script("read_conversation", "state")
	readList           = scripts.Script("read_list", "state")
	editConversation   = scripts.Script("edit_conversation", "base", "state")
	deleteConversation = scripts.Script("delete_conversation", "base", "lane", "endpoints", "state", "listed", "jobs")
	bindKey            = scripts.Script("bind_key")
	bindExternal       = scripts.Script("bind_external", "base")
	unbindExternal     = scripts.Script("unbind_external")
	takeSlot           = scripts.Script("take_slot", "base")
	addItems           = scripts.Script("add_items", "base", "items")
	replaceItem        = scripts.Script("replace_item", "base", "items")
	deleteItem         = scripts.Script("delete_item", "base", "items")
	lockItems          = scripts.Script("lock_items")
	unlockItems        = scripts.Script("unlock_items")
	issueToken         = scripts.Script("issue_token")
	addSecret          = scripts.Script("add_secret", "base")
	endSecret          = scripts.Script("end_secret", "base")
	probe              = scripts.Script("probe")
)
