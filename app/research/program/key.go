package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"parvis/internal/seal"
)

type keyGroup struct {
	New keyNew `cmd:"" help:"Make a key pair: its public half seals personal data, its secret half opens them."`
}

type keyNew struct {
	Out string `help:"The file for the key. It must not be there yet." required:"" type:"path" placeholder:"FILE"`
}

// Run makes the pair. The secret half goes into the file and nowhere else.
func (k *keyNew) Run(m *Main) error {
	pair, err := seal.NewPair()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(k.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already. A key that is overwritten opens nothing any more; choose another name", k.Out)
	}
	if err != nil {
		return fmt.Errorf("making the key file: %w", err)
	}
	_, err = file.Write(pair.File(m.p.Now()))
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("saving the key: %w", err)
	}
	m.print(`The key is in %s. Keep it safe and keep a copy elsewhere: without it nobody can open the personal data.
Its public half goes into the sheet study of the workbook, in a row with the name recipient:
%s
`, k.Out, pair.Recipient)
	return nil
}
