// Package store keeps everything of Turnwise in Redis: one Lua script per
// change, so that a change and its consequences are one atomic step, and no
// crash can fall between them.
//
// # Keys
//
// Everything of a conversation lives in one shard, under one hash tag, so the
// scripts work on a Redis Cluster too. Here {s} is the number of the shard, a
// lane is <account>:<conversation id> or <account>:<job id>, and all times are
// Unix milliseconds by the clock of the shard, which is that of Redis as long as
// that does not step back.
//
//	tw:{s}:ready:append   sorted set  due time by append lane that is not empty
//	tw:{s}:ready:deliver  sorted set  due time by deliver lane that is not empty
//	tw:{s}:bell:append    string      until when a ring is on its way; expires
//	tw:{s}:bell:deliver   string      likewise
//	tw:{s}:claims:append  hash        append lane by claim, of the claims in force
//	tw:{s}:claims:deliver hash        likewise
//	tw:{s}:clock          string      the latest time of the shard that was kept, and
//	                         by how much its clock is ahead of that of Redis
//
//	tw:{s}:c:<lane>  hash    a conversation: created, name, metadata (JSON),
//	                         start, end, messages; begin: its start until the
//	                         first message is stored; labels (JSON), archived,
//	                         private, external: present if it has or is so;
//	                         accepted, settled: how many of its jobs are, the
//	                         difference being the length of its lane; failed:
//	                         what settled was when a job failed last; claim,
//	                         attempts: the state of the lane, see
//	                         lib/lane.lua; last: the job
//	                         settled last of those that want webhooks, "" if
//	                         none does, absent before there can be members;
//	                         people, edits: how often the members, or anything
//	                         by a caller's edit, were changed; requests: ids
//	                         of the last edits
//	tw:{s}:q:<lane>  list    ids of its unfinished jobs, oldest first
//	tw:{s}:p:<lane>  hash    its members: m:<member id> → member as JSON,
//	                         key of a speaker → member id, and a:<member id>
//	                         of one who was merged → the member who remains
//	tw:{s}:m:<lane>  list    its messages as JSON, in the order of acceptance
//	tw:{s}:i:<lane>  list    its insights as JSON
//	tw:{s}:g:<lane>  string  present if it was deleted and has jobs to fail
//	tw:{s}:u:<lane>  string  id of the request that deleted it; expires
//
//	tw:{s}:x:<account>  sorted set  start time by id of the account's
//	                         conversations in the shard
//	tw:{s}:z:<account>  sorted set  the same of those that are archived
//
//	tw:{s}:j:<lane>  hash    a job: conversation, sequence, status, accepted,
//	                         started, finished, message, after (the job before
//	                         it), events (how many it has had), hook (present
//	                         if it wants webhooks);
//	                         body: a line of JSON that is kept as long as the
//	                         job, which in the end says whose findings it has;
//	                         then, until it is final, a line with its options,
//	                         one with the keys of its speakers and one with
//	                         its messages. It expires after the end of the
//	                         job and its last event
//	tw:{s}:e:<lane>  list    its events to deliver: "<sequence> <status> <time>"
//	tw:{s}:d:<lane>  hash    state of its deliver lane: claim, attempts, as
//	                         lib/lane.lua has them; since: when its head was
//	                         attempted first; refused: present if the receiver
//	                         has refused that; next: the lane that waits for
//	                         it; gone when idle
//	tw:{s}:t:<lane>  list    records of its delivery attempts as JSON; expires
//	                         with the job
//
//	tw:{k:<digest>}:<account>  hash        an idempotency key, see bind_key.lua; expires
//	tw:{x:<digest>}:<account>  hash        an external id, see bind_external.lua
//	tw:{<account>}:slots       sorted set  unfinished jobs of an account with a limit
//	tw:{<account>}:tokens:<app>  hash      tokens of an application in force:
//	                         t:<id> → key, time of issue and of expiry;
//	                         newest: id of the last; expires with them
//	tw:{<account>}:saved:<kind>  hash    what it has saved, by id: trackers, groups
//	                         or entities, each as lib/items.lua describes it
//	tw:{<account>}:keys:<kind>   hash    id by key, of which no two have the same,
//	                         and under "" the number of the last item
//	tw:{<account>}:hold:<kind>   string  who creates or updates some just now; expires
//	tw:{<account>}:gone:<kind>   string  the request that deleted one last; expires
//	tw:process:<process>       string      present while the process lives; expires
//	tw:shards                  string      marks the data set: the number of shards,
//	                         fixed at first start, a random id, and how often
//	                         the marker was gone and a process put it back
//	tw:{s}:probe               never there, see probe.lua
//
// Account ids are made of letters, digits, - and _, the other ids of digits or
// those of a UUID: nothing a caller sends enters a key as it is.
//
// # Why it is so
//
// A claim asks a shard for the lane that is due longest instead of naming one.
// So a wake-up need not say which lane it is for, one wake-up serves as many
// lanes as are due, and a crowd of lanes that become due together causes one
// ring per shard, not one each: the bell key is the mark that a ring is on its
// way. A sweep, likewise, has only to look at the first entry of an index. The
// step that ends one claim grants the next, so a job costs one round trip.
//
// Scripts that are called at the same time travel in one round trip, each as a
// command of its own; one that Redis does not know is sent again in full, alone.
//
// Every step may be repeated, because the caller cannot tell a lost reply from
// a lost request, and is, by [Store] itself, until there is a reply or the
// caller's time is up. It returns its first result: a job is accepted once under
// its id; a claim is found by the id that its caller chose, and so is the claim
// that a commit goes on with; an edit or a deletion is known by the id of its
// request. A claim whose reply never came is asked for again by the next one of
// its shard.
//
// The name of its process stands in each claim. An attempt whose lease ran out
// counts if that process is dead, which is known when it has shown no sign of
// life for ten seconds, and does not count if it lives.
package store
