// Package webhook tells others what happened: it signs messages per Standard
// Webhooks (standardwebhooks.com, specification 1.0.0), sends them, and keeps
// the log of tries in the desk's store. It is not a queue: each retry is a row
// and a job written in one transaction, and the store's runner wakes it.
//
// A message is delivered at least once, under an id that never changes; a
// receiver that keeps the ids it has seen gets each once.
package webhook
