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
//	tw:{s}:ready:append   sorted set  accounts that have append lanes which are not
//	                         empty, by turn, see lib/lane.lua
//	tw:{s}:ready:append:<account>  sorted set  due time by lane of these
//	tw:{s}:ready:deliver, tw:{s}:ready:deliver:<account>, tw:{s}:ready:deliver:<account>:<endpoint>
//	                         likewise, with the endpoints of an account in between:
//	                         see lib/endpoints.lua
//	tw:{s}:turn:deliver     string      whose turn a step has not ended, see lib/turns.lua;
//	                         expires
//	tw:{s}:flight:<account>:<endpoint>  sorted set  its lanes under a lease, by deadline
//	tw:{s}:endpoint:<account>:<endpoint>  hash  its state, of which all that says
//	                         nothing is left out: origin (scheme, host, port); until,
//	                         before which it is not to be asked, for what paused (since,
//	                         by an operator), held (until, as it asked), open and free
//	                         (of its rate) say; full: present if it has no slot left;
//	                         fast: until when it counts as fast; from, sent, failed,
//	                         open, opened, pause: see lib/breaker.lua. It expires
//	tw:{s}:endpoints:<account>  sorted set  when each was written last; expires
//	tw:{s}:open             sorted set  <account>:<endpoint> of those that are open, by
//	                         when they are probed next
//	tw:{s}:held             sorted set  those that asked to be left alone, by until when
//	tw:{s}:paused           sorted set  those that an operator stopped, by since when
//	tw:{s}:dead:<account>:<endpoint>  sorted set  events that were given up: see
//	                         lib/dead.lua; expires
//	tw:{s}:halted:<account>  sorted set  lanes that wait for an operator, by since when
//	tw:{s}:trouble:<account>  sorted set  lanes of conversations whose heads have failed
//	                         attempts, or that are held, by since when
//	tw:{s}:bell:append    string      until when a ring is on its way; expires
//	tw:{s}:bell:deliver   string      likewise
//	tw:{s}:claims:append  hash        by claim, what it was granted, until its first
//	                         step: what became of the step that granted it, and
//	                         each lane with its number of jobs
//	tw:{s}:claims:deliver hash        deliver lane and endpoint by claim, of the claims in force
//	tw:{s}:clock          string      the latest time of the shard that was kept, and
//	                         by how much its clock is ahead of that of Redis
//
//	tw:{s}:c:<lane>  hash    what a conversation has beside its state: name,
//	                         metadata (JSON), labels (JSON), archived, private,
//	                         external: present if it has or is so; failed: how many of
//	                         its jobs were final when one failed last; edits:
//	                         how often anything was changed by a caller's edit;
//	                         requests: ids of the last edits
//	tw:{s}:l:<lane>  string  the state of its lane, with what each commit changes:
//	                         see lib/state.lua
//	tw:{s}:q:<lane>  list    its unfinished jobs, oldest first: each a line "<id>
//	                         <accepted> <1 if it wants webhooks, 2 if none of its
//	                         beginning>" and its body,
//	                         which is what is kept of it, its options, the keys
//	                         of its speakers and its messages, a line of JSON each
//	tw:{s}:b:<lane>  string  of a job with much text its options and messages, which do
//	                         not stand in its lane then; expires as long as the job
//	                         is not accepted
//	tw:{s}:p:<lane>  hash    its members: m:<member id> → member as JSON,
//	                         key of a speaker → member id, and a:<member id>
//	                         of one who was merged → the member who remains
//	tw:{s}:s:<lane>  hash    the same as a commit that is under way has it, and
//	                         claim: see stage_members.lua; expires
//	tw:{s}:m:<lane>  list    its messages, packed, see message.go, in the order of
//	                         acceptance
//	tw:{s}:i:<lane>  list    its insights as JSON
//	tw:{s}:g:<lane>  string  present if it was deleted and has jobs to fail
//	tw:{s}:u:<lane>  string  id of the request that deleted it; expires
//
//	tw:{s}:x:<account>  sorted set  start time by id of the account's
//	                         conversations in the shard
//	tw:{s}:z:<account>  sorted set  the same of those that are archived
//
//	tw:{s}:jobs:<account>  sorted set  "<job> <conversation>" by status and since when
//	                         it is in it, unless it is completed: see lib/listed.lua
//	tw:{s}:done:<account>  stream      those that are completed, by when they were
//	tw:{s}:k:<lane>  hash    what stood in its lane for jobs that have failed, by id: 1,000
//	                         at most. Expires, after the last of them
//	tw:{s}:f:<lane>  list    "<time> <reason>" of attempts at a job that failed; expires
//	tw:{s}:j:<lane>  hash    a job: state, see job_state.go; message, if it failed;
//	                         after (the job before
//	                         it of those that want webhooks), events (how many it
//	                         has had), hook (id of their endpoint, if it wants webhooks),
//	                         told (the statuses of which it wants them, unless all);
//	                         cancelled: when its text was taken away, which it is failed for;
//	                         body: what is kept of it, a line of JSON, which in
//	                         the end says whose findings it has. It expires after the end of the
//	                         job and its last event. All values are short, so
//	                         that Redis packs the hash
//	tw:{s}:e:<lane>  list    its events to deliver: "<sequence> <status> <time>", and " r"
//	                         if it is sent once more
//	tw:{s}:d:<lane>  hash    state of its deliver lane: claim, attempts, as
//	                         lib/lane.lua has them; since: when its head was
//	                         attempted first; refused: present if the receiver
//	                         has refused that; next: the lane that waits for
//	                         it; halted: since when it waits for an operator;
//	                         gone when idle
//	tw:{s}:t:<lane>  list    records of its delivery attempts, each a JSON array
//	                         with those of one claim; expires with the job
//
//	tw:{k:<digest>}:<account>  hash        an idempotency key, see bind_key.lua; expires
//	tw:{x:<digest>}:<account>  hash        an external id, see bind_external.lua
//	tw:{<account>}:slots       sorted set  unfinished jobs of an account with a limit
//	tw:{<account>}:tokens:<app>  hash      tokens of an application in force:
//	                         t:<id> → key, time of issue and of expiry;
//	                         newest: id of the last; expires with them
//	tw:{<account>}:secrets     hash        what it signs its webhooks with: s:<id> →
//	                         scheme, time of creation, of expiry (0 if it does not),
//	                         and the secret, sealed if there is a key; r:<id> → from
//	                         when on a secret of the configuration does not sign;
//	                         ended: the request that ended one last
//	tw:{<account>}:saved:<kind>  hash    what it has saved, by id: trackers, groups
//	                         or entities, each as lib/items.lua describes it
//	tw:{<account>}:keys:<kind>   hash    id by key, of which no two have the same,
//	                         and under "" the number of the last item
//	tw:{<account>}:sums:<kind>   hash    number of its values by id, and under "" the
//	                         request that changed any of them last
//	tw:{<account>}:hold:<kind>   string  who creates or updates some just now; expires
//	tw:{<account>}:gone:<kind>   string  the request that deleted one last; expires
//	tw:resends                 sorted set  resends that run, see resend_tasks.go:
//	                         <account>:<id> by when they are worked next
//	tw:{<account>}:resends     sorted set  ids of an account's by when they were begun
//	tw:{<account>}:resend:<id> hash        one of them; expires
//	tw:{<account>}:working:<id>  string    who works it now; expires
//	tw:trimmed                 string      present while the indexes of jobs need no look;
//	                         expires
//	tw:process:<process>       string      present while the process lives; expires
//	tw:processes               hash        records of the processes that are there, by
//	                         their ids, each behind the time of its writing,
//	                         see processes.go; expires
//	tw:shards                  string      marks the data set: the number of shards,
//	                         fixed at first start, a random id, how often the
//	                         marker was gone and a process put it back, and the
//	                         version of this layout
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
// way. A sweep, likewise, has only to look at the first entry of an index.
//
// One step ends the claims of several lanes of a shard and claims the next ones,
// because a call costs as much as the commands of a job. Each lane has its fence,
// its attempts and its deadline all the same: one that was lost, or whose keys are
// damaged, is told apart in the reply and harms no other. A lane whose attempts
// have ended without effect is claimed alone, since its job may be what kills its
// workers. A grant is bounded in lanes, jobs and bytes of text, and whoever has it
// gives back what it does not begin soon: see package jobs.
//
// Likewise what callers ask of the deliver lanes of a shard at the same time is one
// call, which answers each of them: see settle_events.lua. A claim of such a lane
// has the first events of it that need not wait, so a job whose three events wait
// costs one step.
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
