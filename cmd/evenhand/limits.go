package main

import (
	"log/slog"

	"github.com/evenhand/evenhand/server"
)

// limitFlags bound what one node holds at once. What is bounded beside them,
// such as the size of a body, follows from the operations and is no setting.
type limitFlags struct {
	MaxConnections           int `default:"4096" env:"EVENHAND_MAX_CONNECTIONS" placeholder:"N" help:"Connections that the node holds; beyond, the one idle for longest makes room."`
	MaxConnectionsPerAddress int `default:"512" env:"EVENHAND_MAX_CONNECTIONS_PER_ADDRESS" placeholder:"N" help:"Connections of one address, unless it is a trusted proxy's."`
	MaxRequestsPerAddress    int `default:"256" env:"EVENHAND_MAX_REQUESTS_PER_ADDRESS" placeholder:"N" help:"Requests of one address under way, also behind a trusted proxy; live updates not counted."`
	MaxStreams               int `default:"2000" env:"EVENHAND_MAX_STREAMS" placeholder:"N" help:"Streams of live updates that the node holds."`
	MaxStreamsPerAddress     int `default:"200" env:"EVENHAND_MAX_STREAMS_PER_ADDRESS" placeholder:"N" help:"Streams of live updates of one address."`
	MaxStreamsPerCaller      int `default:"12" env:"EVENHAND_MAX_STREAMS_PER_CALLER" placeholder:"N" help:"Streams of live updates of one person, key or link."`
}

// limits are the flags as the server takes them. A node whose open files are
// fewer than its connections would fail at everything else once they are used
// up, so it holds fewer.
func (f limitFlags) limits() server.Limits {
	return server.Limits{
		Connections: min(f.MaxConnections, connectionsFor(openFiles())), ConnectionsPerAddress: f.MaxConnectionsPerAddress,
		RequestsPerAddress: f.MaxRequestsPerAddress, Streams: f.MaxStreams, StreamsPerAddress: f.MaxStreamsPerAddress, StreamsPerCaller: f.MaxStreamsPerCaller,
	}
}

// otherFiles are kept free of connections: databases, evidence, films.
const otherFiles = 200

// connectionsFor is how many connections a process with so many open files may
// hold; a request may have a file open beside its connection.
func connectionsFor(files int) int { return max((files-otherFiles)*2/3, 16) }

// tellLimits says so where there are fewer connections than asked for.
func (f limitFlags) tellLimits(log *slog.Logger) {
	if files := openFiles(); connectionsFor(files) < f.MaxConnections {
		log.Warn("fewer connections than --max-connections, for the process may open few files (LimitNOFILE, ulimit -n)", "connections", connectionsFor(files), "files", files)
	}
}
