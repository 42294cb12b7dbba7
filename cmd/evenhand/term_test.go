//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// command is this program as a process of its own.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: self, Args: append([]string{"evenhand"}, args...), Env: append(os.Environ(), "LC_ALL=C")}
}

// connected opens a connection and sends what is given.
func connected(t *testing.T, address, text string) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTermEndsWhatWouldLast: a real process that is told to stop does not wait
// for those who listen, who say nothing, or who send slowly: it is gone long
// before the patience that requests under way have is over. How long it took is in the log.
func TestTermEndsWhatWouldLast(t *testing.T) {
	dir := t.TempDir()
	serve := command(t, "serve", "--data", dir, "--listen", "127.0.0.1:0")
	out, err := serve.StdoutPipe()
	if err == nil {
		err = serve.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	defer func() { _ = serve.Process.Kill() }() // in case it did not end
	lines := bufio.NewReader(out)
	address := ""
	for rx := regexp.MustCompile(`listens on http://([0-9.:]+)`); address == ""; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("it does not say where it listens: %v", err)
		}
		if m := rx.FindStringSubmatch(line); m != nil {
			address = m[1]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines); ended <- serve.Wait() }()
	made, err := command(t, "key", "create", "test", "--data", dir).Output()
	key := regexp.MustCompile(`ehk_[\w-]+`).FindString(string(made))
	if err != nil || key == "" {
		t.Fatalf("%v: %s", err, made)
	}
	auth := "Host: desk\r\nAuthorization: Bearer " + key + "\r\n"
	for range 10 {
		c := connected(t, address, "GET /v1/live HTTP/1.1\r\n"+auth+"\r\n")
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
			t.Fatalf("no stream: %q, %v", line, err)
		}
	}
	for range 5 {
		connected(t, address, "")                                                                    // says nothing
		connected(t, address, "GET /v1/me HTTP/1.1\r\nHo")                                           // not to the end
		connected(t, address, "GET /readyz HTTP/1.1\r\nHost: desk\r\nContent-Length: 1000\r\n\r\nx") // nobody reads this
		connected(t, address, "PUT /v1/orders/o1 HTTP/1.1\r\n"+auth+"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	}
	// The last of them has been taken in when a later request is answered.
	if line, err := bufio.NewReader(connected(t, address, "GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n")).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("%q, %v", line, err)
	}
	start := time.Now()
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
		t.Logf("ended after %.2f s", time.Since(start).Seconds())
	case <-time.After(shutdownPatience / 2):
		t.Error("it waits for what would last")
	}
}
