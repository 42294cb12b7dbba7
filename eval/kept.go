package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/evenhand/evenhand/imaging/pdq"
	"github.com/evenhand/evenhand/text"
)

// keptSchema names the shape of a file of kept scores.
const keptSchema = "evenhand.detector-scores/1"

// maxKept bounds, in bytes, what is read of kept scores: about 250 a picture.
const maxKept = 1 << 30

// Kept holds a detector's scores on disk as they come, a line a picture, so that a
// measurement that was stopped goes on from there.
type Kept struct {
	name string

	mu    sync.Mutex
	file  *os.File
	err   error // the first that writing gave
	known map[string]keptScore
}

// keptHead is the first line: scores of other settings are of no use.
type keptHead struct {
	Schema   string `json:"schema"`
	Settings string `json:"settings"`
}

// keptScore is what is known of a picture, by the digest of its file.
type keptScore struct {
	File    string   `json:"file"`
	Score   float64  `json:"score"`
	Pixels  string   `json:"pixels"`
	PDQ     pdq.Hash `json:"pdq"`
	Quality int      `json:"quality"`
}

// OpenKept opens the scores kept in a file for a detector of these settings; where
// there are none, or others, it begins anew.
func OpenKept(name, settings string) (*Kept, error) {
	k := &Kept{name: name, known: map[string]keptScore{}}
	data, err := readUpTo(name, maxKept)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, reportProblem(name, err)
	}
	whole := k.read(data, settings)
	if k.file, err = os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, keptProblem(name, err)
	}
	// A line that was cut off as it was written is written over.
	err = k.file.Truncate(int64(whole))
	if err == nil {
		_, err = k.file.Seek(int64(whole), 0)
	}
	if err == nil && whole == 0 {
		err = json.NewEncoder(k.file).Encode(keptHead{keptSchema, settings})
	}
	if err != nil {
		return nil, errors.Join(keptProblem(name, err), k.file.Close())
	}
	return k, nil
}

// read takes what lines are whole, and says how many bytes they are: none where
// they are another detector's.
func (k *Kept) read(data []byte, settings string) (whole int) {
	in := bufio.NewReader(bytes.NewReader(data))
	for first := true; ; first = false {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return whole
		}
		if first {
			var head keptHead
			if json.Unmarshal(line, &head) != nil || head != (keptHead{keptSchema, settings}) {
				return 0
			}
		} else {
			var s keptScore
			if json.Unmarshal(line, &s) != nil || s.File == "" {
				return whole
			}
			k.known[s.File] = s
		}
		whole += len(line)
	}
}

// Known is how many scores there were to begin with, or have come since.
func (k *Kept) Known() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.known)
}

func (k *Kept) get(file string) (keptScore, bool) {
	if k == nil {
		return keptScore{}, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.known[file]
	return s, ok
}

func (k *Kept) put(s keptScore) {
	if k == nil {
		return
	}
	line, err := json.Marshal(s)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil && k.err == nil {
		_, err = k.file.Write(append(line, '\n'))
	}
	k.known[s.File], k.err = s, errors.Join(k.err, err)
}

// Close leaves the scores where they are.
func (k *Kept) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := errors.Join(k.err, k.file.Close()); err != nil {
		return keptProblem(k.name, err)
	}
	return nil
}

// Remove takes them away: they were made use of.
func (k *Kept) Remove() error { return os.Remove(k.name) }

func keptProblem(name string, err error) error {
	reason := text.Reason(err)
	return &LayoutError{name, text.Text{
		EN: fmt.Sprintf("the scores cannot be kept here: %s.", reason.EN),
		ZH: fmt.Sprintf("无法在此保存分数：%s。", reason.ZH),
	}}
}
