package screening

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// MaxFiles bounds how many pictures the folders of one call may hold, so that
// naming "/" by mistake ends in a message and not in a day of work.
const MaxFiles = 20_000

// pictureEndings are the file name endings picked up from folders. A file
// that is named directly is always opened: its bytes say what it is.
var pictureEndings = map[string]bool{
	".jpg": true, ".jpeg": true, ".jpe": true, ".jfif": true, ".png": true, ".apng": true, ".gif": true,
	".webp": true, ".heic": true, ".heif": true, ".hif": true, ".avif": true, ".bmp": true, ".tif": true, ".tiff": true,
}

// errTooMany ends a walk at MaxFiles.
var errTooMany = errors.New("too many files")

// expand replaces the folders among names by the pictures in them, in the
// order of their names, and keeps everything else as the caller wrote it. A
// name given twice is kept once. Folders that cannot be walked, and folders
// without a picture, come back as errors under their own name.
func expand(ctx context.Context, names []string) (files []string, problems []FileError, err error) {
	seen := make(map[string]bool, len(names))
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			files = append(files, name)
		}
	}
	for _, name := range names {
		info, statErr := os.Stat(name)
		if statErr != nil || !info.IsDir() {
			add(name) // opening it will say what is wrong with it
			continue
		}
		found, walkProblems, walkErr := picturesUnder(ctx, name, MaxFiles-len(files))
		problems = append(problems, walkProblems...)
		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case errors.Is(walkErr, errTooMany):
			problems = append(problems, FileError{File: name, Text: tooManyText()})
		case walkErr != nil:
			problems = append(problems, FileError{File: name, Text: problemText(walkErr)})
		case len(found) == 0 && len(walkProblems) == 0:
			problems = append(problems, FileError{File: name, Text: emptyFolderText()})
		}
		for _, f := range found {
			add(f)
		}
	}
	return files, problems, nil
}

// picturesUnder lists at most limit pictures below the folder root, sorted.
// Names starting with a dot are left out, and links to folders are not
// followed, so a walk always ends. A folder inside that may not be read is a
// problem of its own; the rest is still listed.
func picturesUnder(ctx context.Context, root string, limit int) (files []string, problems []FileError, err error) {
	// The separator makes a root that is itself a link count as the folder it
	// points to; the caller asked for that one by name.
	err = filepath.WalkDir(root+string(os.PathSeparator), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			problems = append(problems, FileError{File: path, Text: problemText(err)})
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !isRoot(root, path) && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || !pictureEndings[strings.ToLower(filepath.Ext(path))]:
			return nil
		case len(files) >= limit:
			return errTooMany
		}
		files = append(files, path)
		return nil
	})
	return files, problems, err
}

func isRoot(root, path string) bool { return filepath.Clean(path) == filepath.Clean(root) }

func tooManyText() text.Text {
	return text.Text{
		EN: fmt.Sprintf("The folder holds more than %d pictures; only the first ones were looked at. Name a smaller folder.", MaxFiles),
		ZH: fmt.Sprintf("文件夹里的图片超过 %d 张，只查看了前面的部分。请改为指定更小的文件夹。", MaxFiles),
	}
}

func emptyFolderText() text.Text {
	return text.Text{
		EN: "There is no picture in this folder: name a folder that holds JPEG, PNG, GIF, WebP, HEIC, AVIF, BMP or TIFF files.",
		ZH: "这个文件夹里没有图片。请指定存有 JPEG、PNG、GIF、WebP、HEIC、AVIF、BMP 或 TIFF 文件的文件夹。",
	}
}
