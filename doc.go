// Package evenhand is the root of the module and holds no code: the binary is
// in cmd/evenhand, and ARCHITECTURE.md says where everything else lives.
package evenhand
