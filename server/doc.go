// Package server speaks HTTP for the desk: routes under /v1 with their roles,
// sessions, keys and links, problems in the caller's language, idempotency,
// live updates, uploads, documentation, health and figures. It decides nothing
// about claims: a handler translates, calls desk, translates back. It never
// sees SQL.
//
// A route is added by route (or handle, for what is not JSON), which takes
// beside the operation an Access: who may call it. There is no way to add one
// without, and the description at /openapi.json carries it as x-roles.
package server
