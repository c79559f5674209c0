package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/lane"
)

// shardKeys names the keys of one shard. See doc.go for what they hold.
type shardKeys string

func keysOf(shard int) shardKeys { return shardKeys("tw:{" + strconv.Itoa(shard) + "}:") }

// ready has the accounts that have lanes of a kind, see lua/lib/lane.lua.
func (k shardKeys) ready(kind lane.Kind) string { return string(k) + "ready:" + string(kind) }

// lanes has the append lanes of an account, by due time, or its endpoints.
func (k shardKeys) lanes(kind lane.Kind, account string) string { return k.ready(kind) + ":" + account }

// waiting has the lanes of an endpoint that wait, by due time, and flight those under a
// lease, by deadline: see lua/lib/endpoints.lua.
func (k shardKeys) waiting(account, endpoint string) string {
	return k.lanes(lane.Deliver, account) + ":" + endpoint
}

func (k shardKeys) flight(account, endpoint string) string {
	return string(k) + "flight:" + account + ":" + endpoint
}

// endpoint has the state of an endpoint, see lua/lib/breaker.lua, and endpoints the
// ids of those of an account, by when their state was written last.
func (k shardKeys) endpoint(account, id string) string {
	return string(k) + "endpoint:" + account + ":" + id
}

func (k shardKeys) endpoints(account string) string { return string(k) + "endpoints:" + account }

// open has the endpoints that are open, by when they are probed next; held those that
// asked to be left alone, by until when; paused those that an operator stopped.
func (k shardKeys) open() string   { return string(k) + "open" }
func (k shardKeys) held() string   { return string(k) + "held" }
func (k shardKeys) paused() string { return string(k) + "paused" }

// dead has the events of an endpoint that were given up, see lua/lib/dead.lua.
func (k shardKeys) dead(account, endpoint string) string {
	return string(k) + "dead:" + account + ":" + endpoint
}

func (k shardKeys) bell(kind lane.Kind) string { return string(k) + "bell:" + string(kind) }

// claims has the lane of each claim of a kind that is in force.
func (k shardKeys) claims(kind lane.Kind) string { return string(k) + "claims:" + string(kind) }

// clock has what is kept of the shard's clock.
func (k shardKeys) clock() string { return string(k) + "clock" }

func (k shardKeys) conversation(member string) string { return string(k) + "c:" + member }
func (k shardKeys) members(member string) string      { return string(k) + "p:" + member }
func (k shardKeys) staged(member string) string       { return string(k) + "s:" + member }
func (k shardKeys) messages(member string) string     { return string(k) + "m:" + member }
func (k shardKeys) insights(member string) string     { return string(k) + "i:" + member }
func (k shardKeys) queue(member string) string        { return string(k) + "q:" + member }
func (k shardKeys) body(member string) string         { return string(k) + "b:" + member }
func (k shardKeys) deletedBy(member string) string    { return string(k) + "u:" + member }
func (k shardKeys) deleted(member string) string      { return string(k) + "g:" + member }

// index has the conversations of an account in this shard.
func (k shardKeys) index(account string) string { return string(k) + "x:" + account }

// archive has those of them that are archived.
func (k shardKeys) archive(account string) string { return string(k) + "z:" + account }

// jobs and done have the jobs of an account, see lua/lib/listed.lua.
func (k shardKeys) jobs(account string) string { return string(k) + "jobs:" + account }
func (k shardKeys) done(account string) string { return string(k) + "done:" + account }

// trouble has the lanes of conversations of an account whose heads have failed attempts,
// or that are held, by since when; halted those of webhooks that wait for somebody.
func (k shardKeys) trouble(account string) string { return string(k) + "trouble:" + account }
func (k shardKeys) halted(account string) string  { return string(k) + "halted:" + account }

// payloads has the bodies of the jobs of a conversation that have failed, by id.
func (k shardKeys) payloads(member string) string { return string(k) + "k:" + member }

// failures has why the attempts at a job failed.
func (k shardKeys) failures(member string) string { return string(k) + "f:" + member }

func (k shardKeys) job(member string) string      { return string(k) + "j:" + member }
func (k shardKeys) events(member string) string   { return string(k) + "e:" + member }
func (k shardKeys) attempts(member string) string { return string(k) + "t:" + member }

// state holds the claim of a lane.
func (k shardKeys) state(kind lane.Kind, member string) string {
	if kind == lane.Append {
		return string(k) + "l:" + member
	}
	return string(k) + "d:" + member
}

// member names a lane, a conversation or a job of an account.
func member(account, id string) string { return account + ":" + id }

// splitMember undoes [member].
func splitMember(m string) (account, id string) {
	account, id, _ = strings.Cut(m, ":")
	return account, id
}

func idempotencyKey(account, key string) string { return digestKey("k", account, key) }

func externalKey(account, id string) string { return digestKey("x", account, id) }

// digestKey names the key of something that a caller has given a name, which
// has a hash tag of its own.
func digestKey(kind, account, name string) string {
	sum := sha256.Sum256([]byte(account + "\x00" + name))
	return "tw:{" + kind + ":" + hex.EncodeToString(sum[:16]) + "}:" + account
}

func slotsKey(account string) string { return "tw:{" + account + "}:slots" }

// tokensKey has the tokens in force of an account's application.
func tokensKey(account, app string) string { return "tw:{" + account + "}:tokens:" + app }

// secretsKey has what an account signs its webhooks with, beside the configuration.
func secretsKey(account string) string { return "tw:{" + account + "}:secrets" }

// markerKey tells whose data this is, see [Store.Open].
const markerKey = "tw:shards"

// processesKey has the records of the processes that are there, see [Store.Beat].
const processesKey = "tw:processes"

// probe is a key that is never there, see [Store.Probe].
func (k shardKeys) probe() string { return string(k) + "probe" }
