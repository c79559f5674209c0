-- items is put, after base, in front of the scripts that change the items that
-- an account has saved.
--
-- They share their first keys:
--
-- KEYS[1]  tw:{<account>}:saved:<kind>  hash, item by id
-- KEYS[2]  tw:{<account>}:keys:<kind>   hash, id by key of the item, and under ""
--                                      the number of the last item
-- KEYS[3]  tw:{<account>}:sums:<kind>   hash, number of its values by id of the
--                                      item, and under "" the request that
--                                      changed any item last
--
-- An item is three lines: version, time created, time updated, number among
-- all that were ever created, and id of the request that wrote it last; its
-- key, which is not empty; its body.
-- Used by:
--   counted: add_items, replace_item
--   key_of: delete_item, replace_item
--   stored: add_items, replace_item
--   write: add_items, replace_item

local function key_of(item)
  return string.match(item, "^[^\n]*\n([^\n]*)\n")
end

local function write(id, version, created, updated, number, request, key, body, values)
  local marks = { version, created, updated, number, request }
  redis.call("HSET", KEYS[1], id, table.concat(marks, " ") .. "\n" .. key .. "\n" .. body)
  redis.call("HSET", KEYS[2], key, id)
  redis.call("HSET", KEYS[3], id, values, "", request)
end

-- stored returns the bytes of all items.
local function stored()
  local bytes = 0
  for _, id in ipairs(redis.call("HKEYS", KEYS[1])) do
    bytes = bytes + redis.call("HSTRLEN", KEYS[1], id)
  end
  return bytes
end

-- counted returns the number of the values of all items.
local function counted()
  local count, all = 0, redis.call("HGETALL", KEYS[3])
  for n = 1, #all, 2 do
    count = count + (all[n] == "" and 0 or tonumber(all[n + 1]))
  end
  return count
end
