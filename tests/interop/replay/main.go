// Replays a mirrored log with Go's own sumdb packages (golang.org/x/mod): opens the checkpoint,
// hashes every entry, compares it with the tiles, which are authenticated by the checkpoint, follows
// the chain of `prev` hashes, and proves that the log extends an older checkpoint.
// Usage: replay FOLDER VERIFIER-KEY-FILE OLD-CHECKPOINT
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder string

// path bridges the two spellings: sumdb writes tile/8/L/N and tile/8/data/N, C2SP tile/L/N and
// tile/entries/N.
func (f folder) path(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return filepath.Join(string(f), strings.Replace(path, "tile/data/", "tile/entries/", 1))
}

func (f folder) Height() int                         { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte)     {}
func (f folder) read(tile tlog.Tile) ([]byte, error) { return os.ReadFile(f.path(tile)) }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// open verifies a signed checkpoint.
func open(path string, verifier note.Verifier) (tlog.Tree, error) {
	signed, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// leaf is the log's own envelope around a statement.
type leaf struct {
	Index    int64  `json:"index"`
	LoggedAt string `json:"loggedAt"`
	Prev     string `json:"prev"`
}

// entries reads every entry, in order.
func (f folder) entries(size int64, each func(index int64, entry []byte) error) error {
	for start := int64(0); start < size; start += 256 {
		tile := tlog.Tile{H: 8, L: -1, N: start / 256, W: 256}
		if size-start < 256 {
			tile.W = int(size - start)
		}
		data, err := f.read(tile)
		if err != nil {
			return err
		}
		for i := 0; i < tile.W; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return fmt.Errorf("bundle %d is cut short", tile.N)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			if err := each(start+int64(i), data[2:end]); err != nil {
				return err
			}
			data = data[end:]
		}
		if len(data) > 0 {
			return fmt.Errorf("bundle %d has bytes left over", tile.N)
		}
	}
	return nil
}

func (f folder) replay(key, old string) (string, error) {
	vkey, err := os.ReadFile(key)
	if err != nil {
		return "", err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return "", err
	}
	tree, err := open(filepath.Join(string(f), "checkpoint"), verifier)
	if err != nil {
		return "", err
	}
	before, err := open(old, verifier)
	if err != nil {
		return "", err
	}
	hashes := tlog.TileHashReader(tree, f)
	prev := tlog.Hash(sha256.Sum256([]byte(verifier.Name() + "\n")))
	last := ""
	err = f.entries(tree.N, func(index int64, entry []byte) error {
		var leaf leaf
		if err := json.Unmarshal(entry, &leaf); err != nil {
			return fmt.Errorf("entry %d: %v", index, err)
		}
		if leaf.Index != index || leaf.Prev != base64.StdEncoding.EncodeToString(prev[:]) {
			return fmt.Errorf("entry %d: the chain breaks", index)
		}
		if leaf.LoggedAt < last {
			return fmt.Errorf("entry %d: time goes back", index)
		}
		prev, last = tlog.RecordHash(entry), leaf.LoggedAt
		tiled, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		if tiled[0] != prev {
			return fmt.Errorf("entry %d: its hash is not the tile's", index)
		}
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return err
		}
		return tlog.CheckRecord(proof, tree.N, tree.Hash, index, prev)
	})
	if err != nil {
		return "", err
	}
	proof, err := tlog.ProveTree(tree.N, before.N, hashes)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries replayed, consistent with size %d", tree.N, before.N), nil
}

func main() {
	said, err := folder(os.Args[1]).replay(os.Args[2], os.Args[3])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(said)
}
