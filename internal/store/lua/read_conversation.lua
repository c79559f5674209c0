-- read_conversation returns a conversation and its members as they are at one
-- instant, unless these are too many for one step. It is a script because a
-- transaction is refused by a full Redis even if it only reads.
--
-- KEYS[1]  tw:{s}:c:<lane>  hash, the conversation
-- KEYS[2]  tw:{s}:p:<lane>  hash, its members and who they are known as
-- KEYS[3]  tw:{s}:l:<lane>  string, the state of its lane
--
-- Returns {"read", conversation, members, state, ""}, the first two as HGETALL has
-- them, the state "" if there is no conversation. If there are more fields of members
-- than one step may read these are left out, and the last is "1".

return reading("read", KEYS[1], KEYS[2], redis.call("GET", KEYS[3]) or "")
