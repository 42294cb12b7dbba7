package server

import (
	"sync"

	"github.com/evenhand/evenhand/text"
)

// streams counts those who listen to live updates: by caller and by address,
// so that nobody takes the place of others, and in all, for each costs memory
// and a look at every event.
type streams struct {
	most, mostOfAddress, mostOfCaller int

	mu        sync.Mutex
	n         int
	addresses map[string]int
	callers   map[string]int
	replays   map[string]bool // callers who are told what they missed
}

func newStreams(l Limits) *streams {
	return &streams{
		most: l.Streams, mostOfAddress: l.StreamsPerAddress, mostOfCaller: l.StreamsPerCaller,
		addresses: map[string]int{}, callers: map[string]int{}, replays: map[string]bool{},
	}
}

// How long one is told to stay away: somebody's own streams end when they
// close a page, a node is full for longer. Pages ask for what is new meanwhile.
const (
	streamsOfOneWait = 30 // seconds
	streamsFullWait  = 60
)

// enter counts a listener in until out is called; or says why not.
func (s *streams) enter(req *request) (out func(), refused *Problem) {
	caller, address := ownerOf(req.Caller), limitKey(req.Address)
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused := s.room(req, caller, address); refused != nil {
		return nil, refused
	}
	s.n++
	s.callers[caller]++
	s.addresses[address]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.n--
		less(s.callers, caller)
		less(s.addresses, address)
	}), nil
}

// replay lets a caller be told what it missed, once at a time.
func (s *streams) replay(caller string) (done func(), alone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.replays[caller] {
		return func() {}, false
	}
	s.replays[caller] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.replays, caller)
	}, true
}

// room says why there is none for one more.
func (s *streams) room(req *request, caller, address string) *Problem {
	switch {
	case s.callers[caller] >= s.mostOfCaller:
		return later(req, codeRate, streamsOfOneWait, text.Both("You have as many live connections as one caller may; close a page, or ask for what is new now and then.", "您的实时连接数已达上限，请关闭部分页面，或改为定期查询。"))
	case s.addresses[address] >= s.mostOfAddress:
		return later(req, codeRate, streamsOfOneWait, text.Both("Your address has as many live connections as one may; ask for what is new now and then.", "您所在地址的实时连接数已达上限，请改为定期查询。"))
	case s.n >= s.most:
		return later(req, codeUnavailable, streamsFullWait, text.Both("This node has no room for more live connections; ask for what is new now and then.", "该节点的实时连接已满，请改为定期查询。"))
	}
	return nil
}

// less counts one down and forgets it at none.
func less(of map[string]int, key string) {
	if of[key]--; of[key] <= 0 {
		delete(of, key)
	}
}
