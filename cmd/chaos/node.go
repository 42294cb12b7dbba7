package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// node is one server process.
type node struct {
	addr string
	proc *exec.Cmd
	done chan struct{}
}

// start runs node i and waits until it answers.
func (t *trial) start(ctx context.Context, i int) error {
	n := &t.nodes[i]
	args := []string{"serve", "--data", t.dir, "--listen", n.addr, "--hurry", strconv.Itoa(hurry), "--allow-private-webhooks", "--no-require-totp"}
	if t.database != "" {
		args = append(args, "--database", t.database)
	}
	log, err := os.OpenFile(filepath.Join(t.dir, fmt.Sprintf("node%d.log", i)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n.proc = exec.Command(t.bin, args...)
	n.proc.Stdout, n.proc.Stderr = log, log
	if err := n.proc.Start(); err != nil {
		return err
	}
	n.done = make(chan struct{})
	go func(p *exec.Cmd, done chan struct{}) {
		_ = p.Wait() // it is meant to be killed
		_ = log.Close()
		close(done)
	}(n.proc, n.done)
	for range 600 {
		w, err := http.Get("http://" + n.addr + "/readyz")
		if err == nil {
			_ = w.Body.Close()
			if w.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-n.done:
			return fmt.Errorf("node %d ended by itself; see its log in %s", i, t.dir)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("node %d is not ready after a minute", i)
}

// kill ends a node without a word, as a power cut does.
func (n *node) kill() {
	if n.proc == nil {
		return
	}
	_ = n.proc.Process.Kill() // it may have ended
	<-n.done
	n.proc = nil
}

// stop lets a node end in order.
func (n *node) stop() {
	_ = n.proc.Process.Signal(syscall.SIGTERM)
	<-n.done
	n.proc = nil
}

// freeAddress is one that nobody listens on now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// mailbox receives webhooks.
type mailbox struct {
	url     string
	server  *http.Server
	mu      sync.Mutex
	bodies  map[string]string // by message id
	again   int
	changed []string // ids that came with another body
}

func newMailbox() (*mailbox, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &mailbox{url: "http://" + l.Addr().String() + "/in", bodies: map[string]string{}}
	m.server = &http.Server{Handler: m, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = m.server.Serve(l) }() // ends with close
	return m, nil
}

func (m *mailbox) close() { _ = m.server.Close() }

// ServeHTTP takes one message.
func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	id := r.Header.Get("webhook-id")
	if err != nil || id == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.bodies[id]; ok {
		m.again++
		if old != string(body) {
			m.changed = append(m.changed, id)
		}
	}
	m.bodies[id] = string(body)
}
